"""Cuts connections held too long, so that a request which waits for a frozen server is answered all the same."""

import logging
import os
import socket
import threading
import time
from contextlib import suppress
from typing import Any

import psycopg
from sqlalchemy import Engine, event

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.5


def limit_holding(engine: Engine, most_s: float) -> None:
    """From now on, cut what is taken from the engine's pool and not given back within `most_s`.

    A frozen server still acknowledges what it is sent, so no time-out of the socket ends the wait, and
    those of the server's own stand still with it. Whoever holds the connection gets an OperationalError:
    what becomes of the statement under way is unknown.
    """
    _Holding(engine, most_s)


class _Holding:
    """What is taken from one pool and since when, and the thread that looks at it while there is any."""

    def __init__(self, engine: Engine, most_s: float) -> None:
        self._most_s = most_s
        self._lock = threading.Lock()
        self._held: dict[Any, tuple[Any, float]] = {}
        self._watched = False
        # Before the listener that asks a rested connection whether it lives: that question may freeze too.
        event.listen(engine, "checkout", self._taken, insert=True)
        for given_back in ("checkin", "invalidate"):
            event.listen(engine, given_back, self._back)

    def _taken(self, connection: Any, record: Any, _proxy: Any) -> None:
        with self._lock:
            self._held[record] = connection, time.monotonic()
            start, self._watched = not self._watched, True
        if start:
            threading.Thread(target=self._watch, name="database holding", daemon=True).start()

    def _back(self, _connection: Any, record: Any, _error: Any = None) -> None:
        with self._lock:
            self._held.pop(record, None)

    def _watch(self) -> None:
        """Look until nothing has been taken between two looks: an idle process needs no thread."""
        idle = False
        while True:
            time.sleep(LOOK_EVERY_S)
            with self._lock:
                for record, (connection, since) in list(self._held.items()):
                    if time.monotonic() - since > self._most_s:
                        del self._held[record]
                        _cut(connection)
                if idle and not self._held:
                    self._watched = False
                    return
                idle = not self._held


def _cut(connection: Any) -> None:
    """End the connection under its holder, who wakes and reads its end; closing is left to the pool."""
    log.error("A connection to the database was held too long and is cut")
    with suppress(psycopg.Error, OSError), socket.socket(fileno=os.dup(connection.pgconn.socket)) as line:
        line.shutdown(socket.SHUT_RDWR)
