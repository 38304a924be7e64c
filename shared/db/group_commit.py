"""Group commit: requests that arrive together share one transaction, and none fails for another's sake."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from sqlalchemy.exc import TimeoutError  # noqa: A004 - the one that counts as an absent database

from shared.db.engine import is_outage

Item = TypeVar("Item")
Result = TypeVar("Result")

AT_MOST = 128


class _Place(Generic[Item, Result]):
    """One caller's place in the line."""

    __slots__ = ("error", "item", "result", "settled", "turn")

    def __init__(self, item: Item) -> None:
        self.item = item
        self.turn = threading.Event()
        self.settled = False
        self.result: Result
        self.error: Exception | None = None

    def outcome(self) -> Result:
        if self.error is not None:
            raise self.error
        return self.result


class GroupCommit(Generic[Item, Result]):
    """Call it with an item; `write` gets everything that waits, writes it in one transaction, and answers in order.

    The first caller writes; whoever comes meanwhile waits, and the first of them writes for all of those.
    So a single caller commits at once, and the busier it gets the more share a commit. Works with threads
    and with greenlets. When a batch fails for any reason but an absent database, each item is written alone.
    """

    def __init__(self, write: Callable[[Sequence[Item]], Sequence[Result]], *, at_most: int = AT_MOST) -> None:
        self._write = write
        self._at_most = at_most
        self._lock = threading.Lock()
        self._line: deque[_Place[Item, Result]] = deque()
        self._writing = False

    def __call__(self, item: Item) -> Result:
        """Return what `write` answered for this item, or raise what it raised for it."""
        place: _Place[Item, Result] = _Place(item)
        with self._lock:
            self._line.append(place)
            leads, self._writing = not self._writing, True
        if not leads:
            place.turn.wait()
        if not place.settled:
            self._lead()
        return place.outcome()

    def _lead(self) -> None:
        with self._lock:
            batch = [self._line.popleft() for _ in range(min(self._at_most, len(self._line)))]
        try:
            self._settle(batch)
        finally:
            self._hand_over()
            for place in batch:
                place.settled = True
                place.turn.set()

    def _hand_over(self) -> None:
        """Wake the first in line, who writes next; without one, the next caller does."""
        with self._lock:
            self._writing = bool(self._line)
            if self._line:
                self._line[0].turn.set()

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
