"""Group commit: requests that arrive together share one transaction, and none fails for another's sake."""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from sqlalchemy.exc import TimeoutError  # noqa: A004 - the one that counts as an absent database

from shared.db.engine import is_outage

Item = TypeVar("Item")
Result = TypeVar("Result")

AT_MOST = 128
PATIENCE_S = 10.0


class _Place(Generic[Item, Result]):
    """One caller's place in the line; `leads` says that it writes for those behind it."""

    __slots__ = ("error", "item", "leads", "result", "turn")

    def __init__(self, item: Item) -> None:
        self.item = item
        self.turn = threading.Event()
        self.leads = False
        self.result: Result
        self.error: Exception | None = None

    def outcome(self) -> Result:
        if self.error is not None:
            raise self.error
        return self.result


class GroupCommit(Generic[Item, Result]):
    """Call it with an item; `write` gets everything that waits, writes it in one transaction, and answers in order.

    The first caller writes; whoever comes meanwhile waits, and the first of them writes for all of those.
    So a single caller commits at once, and the busier it gets the more share a commit. As many batches as
    there are `lanes` may be under way: where the disk is slow, one is flushed while another gathers. Works
    with threads and with greenlets. When a batch fails for any reason but an absent database, each item is
    written alone. Nobody waits longer than `patience_s` for others: a database that freezes in one commit
    must not silence those behind it.
    """

    def __init__(
        self,
        write: Callable[[Sequence[Item]], Sequence[Result]],
        *,
        lanes: int = 1,
        at_most: int = AT_MOST,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._write = write
        self._patience_s = patience_s
        self._free = lanes
        self._at_most = at_most
        self._lock = threading.Lock()
        self._line: deque[_Place[Item, Result]] = deque()

    def __call__(self, item: Item) -> Result:
        """Return what `write` answered for this item, or raise what it raised for it.

        Raises TimeoutError when others take too long: whether the item was written may be unknown then.
        """
        place: _Place[Item, Result] = _Place(item)
        with self._lock:
            self._line.append(place)
            self._appoint()
        if not place.turn.wait(self._patience_s):
            self._leave(place)
        if place.leads:
            self._lead(place)
        return place.outcome()

    def _appoint(self) -> None:
        """Let the first in line lead, if a lane is free. Called with the lock held."""
        if self._free and self._line:
            self._free -= 1
            first = self._line.popleft()
            first.leads = True
            first.turn.set()

    def _leave(self, place: _Place[Item, Result]) -> None:
        """Give up, unless it is this caller's turn just now."""
        with self._lock:
            if place in self._line:
                self._line.remove(place)
                raise TimeoutError("the commits before this one take too long; nothing was written")
            if not place.turn.is_set():
                raise TimeoutError("the shared commit takes too long; whether it was written is unknown")

    def _lead(self, first: _Place[Item, Result]) -> None:
        time.sleep(0)  # whoever can reach the line this moment, does: a fuller commit, at no cost when idle
        with self._lock:
            others = min(self._at_most - 1, len(self._line))
            batch = [first, *(self._line.popleft() for _ in range(others))]
        try:
            self._settle(batch)
        finally:
            with self._lock:
                self._free += 1
                self._appoint()
            for place in batch[1:]:
                place.turn.set()

    def _settle(self, batch: Sequence[_Place[Item, Result]]) -> None:
        try:
            results = self._write([place.item for place in batch])
        except Exception as error:  # noqa: BLE001 - raised again in the caller whose item it is
            if len(batch) == 1 or is_outage(error):
                _fail(batch, error)
            else:
                for place in batch:
                    self._settle([place])
        except BaseException:
            # The writer itself is being ended. Whether the commit happened is unknown to the others.
            _fail(batch, TimeoutError("the shared commit was interrupted"))
            raise
        else:
            for place, result in zip(batch, results, strict=True):
                place.result = result


def _fail(batch: Sequence[_Place[Item, Result]], error: Exception) -> None:
    for place in batch:
        place.error = error
