"""Sends the rows over several connections, notes each, and stops cleanly."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from commonground.loading.columns import Columns, UnusableRow
from commonground.loading.file import Loaded, Rows
from commonground.loading.journal import Journal
from commonground.loading.rejected import Rejected
from commonground.loading.sending import Answer, Door, Stopped
from shared.cities import City


@dataclass(frozen=True)
class Result:
    """How it went. `before` rows went in with an earlier load of the same file."""

    rows: int
    accepted: int
    before: int
    rejected: int
    rejected_file: Path | None
    seconds: float
    stopped: bool

    @property
    def complete(self) -> bool:
        """Whether every row is in."""
        return self.accepted + self.before == self.rows


class Loader:
    """Loads one file."""

    def __init__(
        self, rows: Rows, columns: Columns, city: City | None, *, journal: Journal, rejected: Rejected
    ) -> None:
        self._rows = rows
        self._columns = columns
        self._city = city
        self._journal = journal
        self._rejected = rejected
        self.accepted = 0

    def wanted(self, limit: int) -> int:
        """How many rows are to be in at the end."""
        return min(self._rows.count, limit)

    def before(self, limit: int) -> int:
        """How many of them are in already."""
        return sum(1 for number in self._journal.done if number <= self.wanted(limit))

    def load(
        self, door: Door, *, limit: int, connections: int, advance: Callable[[], None] = lambda: None
    ) -> Result:
        """Send every row up to the limit that is not in yet; `advance` is called for each that is dealt with.

        Raises Failed when the address stops answering. The event `door.stop` ends it early.
        """
        began = time.monotonic()
        wanted, before = self.wanted(limit), self.before(limit)
        with ThreadPoolExecutor(connections, thread_name_prefix="load") as pool:
            try:
                self._send(pool, door, self._due(wanted), connections, advance)
            except BaseException:
                door.stop.set()
                raise
        return Result(
            rows=wanted,
            accepted=self.accepted,
            before=before,
            rejected=self._rejected.count,
            rejected_file=self._rejected.path,
            seconds=time.monotonic() - began,
            stopped=door.stop.is_set(),
        )

    def _due(self, wanted: int) -> Iterator[Loaded]:
        for row in self._rows:
            if row.number > wanted:
                return
            if row.number not in self._journal.done:
                yield row

    def _send(
        self,
        pool: ThreadPoolExecutor,
        door: Door,
        due: Iterator[Loaded],
        connections: int,
        advance: Callable[[], None],
    ) -> None:
        """Keep every connection busy, without reading the file far ahead of them."""
        sending: dict[Future[Answer], Loaded] = {}
        for row in due:
            if door.stop.is_set():
                break
            sending[pool.submit(self._post, door, row)] = row
            if len(sending) >= connections * 2:
                self._settle(sending, FIRST_COMPLETED, advance)
        while sending:
            self._settle(sending, FIRST_COMPLETED, advance)

    def _post(self, door: Door, row: Loaded) -> Answer:
        if door.stop.is_set():
            raise Stopped
        try:
            body = self._columns.body(row.values, self._city)
        except UnusableRow as error:
            return Answer(accepted=False, reason=str(error))
        return door.post(body, self._key(row))

    def _key(self, row: Loaded) -> str:
        """The same for a row as long as the same file is loaded by the same columns in the same generation."""
        parts = (self._rows.digest[:32], self._columns.digest[:8], self._journal.generation, row.number)
        return "-".join(("load", *map(str, parts)))

    def _settle(self, sending: dict[Future[Answer], Loaded], when: str, advance: Callable[[], None]) -> None:
        done, _ = wait(sending, return_when=when)
        for future in done:
            row = sending.pop(future)
            try:
                answer = future.result()
            except Stopped:
                continue
            if answer.accepted:
                self._journal.note(row.number)
                self.accepted += 1
            else:
                self._rejected.add(row.number, row.values, answer.reason)
            advance()
