"""The SQLite file of the embedded bus: how it is opened, and how its transactions and errors behave."""

import os
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from shared.bus.embedded.schema import SCHEMA, VERSION
from shared.bus.port import BusStuck, BusUnavailable

BUSY_TIMEOUT_S = 5.0
RETRY_PAUSE_S = (0.0005, 0.003)

Durability = Literal["FULL", "NORMAL"]


class Store:
    """One connection. Used by one thread at a time; every writing transaction is BEGIN IMMEDIATE.

    FULL syncs the disk at every commit. NORMAL does not, and is meant for leases: a lease lost in a power
    cut is no loss, and whatever FULL writes later syncs what came before it.
    """

    def __init__(self, path: Path, durability: Durability = "FULL") -> None:
        self._path = path
        with errors_translated():
            self._open(path, durability)
            self._prepare()

    @contextmanager
    def writing(self, timeout_s: float = BUSY_TIMEOUT_S) -> Iterator[sqlite3.Connection]:
        """A transaction that holds the one write lock; rolled back when the block raises."""
        with errors_translated():
            self._same_file()
            self._lock(time.monotonic() + timeout_s)
            try:
                yield self.connection
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A snapshot: all statements in the block see the same state."""
        with errors_translated():
            self.connection.execute("BEGIN")
            try:
                yield self.connection
            finally:
                self.connection.execute("ROLLBACK")

    def changed_since(self, seen: int | None) -> int | None:
        """A number that moves whenever another connection commits; None when it still is `seen`."""
        with errors_translated():
            version: int = self.connection.execute("PRAGMA data_version").fetchone()[0]
        return None if version == seen else version

    def close(self) -> None:
        """Close the connection; never raises."""
        try:
            self.connection.close()
        except sqlite3.Error:
            return

    def _open(self, path: Path, durability: Durability) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        _create(path)
        self._inode = path.stat().st_ino
        self.connection = sqlite3.connect(
            path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
        )
        _switch_to_wal(self.connection)
        self.connection.execute(f"PRAGMA synchronous = {durability}")

    def _prepare(self) -> None:
        if self._version() == 0:
            with self.writing() as connection:
                if self._version() == 0:
                    for statement in SCHEMA.split(";\n"):
                        connection.execute(statement)
                    connection.execute(f"PRAGMA user_version = {VERSION}")
        if self._version() != VERSION:
            raise ValueError(f"{self._path} was written by another version of this program")

    def _lock(self, deadline: float) -> None:
        """BEGIN IMMEDIATE. SQLite's own waiting pauses ever longer, so that busy writers starve the others."""
        self.connection.execute("PRAGMA busy_timeout = 0")
        try:
            while True:
                try:
                    self.connection.execute("BEGIN IMMEDIATE")
                except sqlite3.OperationalError:
                    if time.monotonic() > deadline:
                        raise
                    time.sleep(random.uniform(*RETRY_PAUSE_S))  # noqa: S311 - no secret
                else:
                    return
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {int(BUSY_TIMEOUT_S * 1000)}")

    def _version(self) -> int:
        return int(self.connection.execute("PRAGMA user_version").fetchone()[0])

    def _same_file(self) -> None:
        """A file deleted or replaced under us takes writes that nobody will ever read."""
        try:
            same = self._path.stat().st_ino == self._inode
        except FileNotFoundError:
            same = False
        if not same:
            raise BusStuck(f"{self._path} is not the file it was; whoever has it open must start anew")


def _create(path: Path) -> None:
    """Make the file, for its owner's eyes only; an existing one must not even be opened here.

    Closing any descriptor of a file drops every lock the process holds on it (fcntl(2)). SQLite would then
    take the file for unused and delete the log that our other connections write to.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Several processes may do this at once, and SQLite does not wait for its lock here."""
    deadline = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


@contextmanager
def errors_translated() -> Iterator[None]:
    """Trouble with the file or its locks is BusUnavailable; anything else is a mistake and stays what it is."""
    try:
        yield
    except (sqlite3.OperationalError, OSError) as error:
        raise BusUnavailable(f"The bus file does not answer: {error}") from error
