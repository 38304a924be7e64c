"""The provider's memory in one SQLite file: every text in and out, every call, what to do wrong next."""

import json
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

from commonground.demo.provider.faults import Fault

SCHEMA = """
CREATE TABLE IF NOT EXISTS texts (
    sid TEXT PRIMARY KEY, direction TEXT NOT NULL, sender TEXT NOT NULL, recipient TEXT NOT NULL,
    body TEXT NOT NULL, status TEXT NOT NULL, error_code INTEGER, callback TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS texts_recipient ON texts (recipient, at);
CREATE TABLE IF NOT EXISTS calls (
    id INTEGER PRIMARY KEY, recipient TEXT NOT NULL, result TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS faults (id INTEGER PRIMARY KEY, recipient TEXT NOT NULL, fault TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS endings (recipient TEXT PRIMARY KEY, status TEXT NOT NULL, error_code INTEGER);
CREATE TABLE IF NOT EXISTS opt_outs (number TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS callbacks (
    id INTEGER PRIMARY KEY, sid TEXT NOT NULL, status TEXT NOT NULL, error_code INTEGER,
    due REAL NOT NULL, tries INTEGER NOT NULL DEFAULT 0, answer INTEGER);
"""
ANYBODY = "*"
OUT, IN, CARRIER = "outbound-api", "inbound", "outbound-carrier"


@dataclass(frozen=True)
class Text:
    """One text. `direction` is outbound-api (from the service), inbound, or outbound-carrier (our own answer)."""

    sid: str
    direction: str
    sender: str
    recipient: str
    body: str
    status: str
    error_code: int | None
    callback: str
    at: str


def new_sid() -> str:
    """A message's identifier as Twilio makes them."""
    return "SM" + secrets.token_hex(16)


def now() -> str:
    """This moment, UTC, in a form that sorts."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


class Ledger:
    """Usable from any thread and any process that knows the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with self.open() as db:
            db.execute("PRAGMA journal_mode=WAL")
            db.executescript(SCHEMA)

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """A connection whose work is one transaction."""
        db = sqlite3.connect(self.path, timeout=15, isolation_level="IMMEDIATE")
        db.row_factory = sqlite3.Row
        try:
            db.execute("PRAGMA synchronous=NORMAL")
            with db:
                yield db
        finally:
            db.close()

    def write_down(self, text: Text) -> Text:
        """Keep a text; from here on it counts as sent or received."""
        with self.open() as db:
            marks = ", ".join(f":{field.name}" for field in fields(Text))
            db.execute(f"INSERT INTO texts VALUES ({marks})", asdict(text))  # noqa: S608 - the dataclass's own names
        return text

    def texts(self, number: str | None = None, direction: str | None = None) -> list[Text]:
        """Texts to or from a number (None: anybody's), oldest first."""
        with self.open() as db:
            rows = db.execute(
                "SELECT * FROM texts WHERE (?1 IS NULL OR recipient = ?1 OR sender = ?1)"
                " AND (?2 IS NULL OR direction = ?2) ORDER BY at, rowid",
                (number, direction),
            ).fetchall()
        return [Text(**row) for row in rows]

    def text(self, sid: str) -> Text | None:
        """One text."""
        with self.open() as db:
            row = db.execute("SELECT * FROM texts WHERE sid = ?", (sid,)).fetchone()
        return Text(**row) if row else None

    def sent(self, number: str | None = None) -> list[Text]:
        """What the service had sent: the texts that were accepted."""
        return [text for text in self.texts(direction=OUT) if number in (None, text.recipient)]

    def note_call(self, recipient: str, result: str) -> None:
        """Keep that somebody asked for a text, and what became of it."""
        with self.open() as db:
            db.execute("INSERT INTO calls (recipient, result, at) VALUES (?, ?, ?)", (recipient, result, now()))

    def calls(self, number: str | None = None) -> list[str]:
        """The result of every call, oldest first."""
        with self.open() as db:
            rows = db.execute("SELECT result FROM calls WHERE ?1 IS NULL OR recipient = ?1 ORDER BY id", (number,))
            return [row["result"] for row in rows]

    def script(self, *faults: Fault, recipient: str = ANYBODY) -> None:
        """What goes wrong with the next calls, one fault each, for a number or for anybody."""
        with self.open() as db:
            rows = [(recipient, json.dumps(asdict(fault))) for fault in faults]
            db.executemany("INSERT INTO faults (recipient, fault) VALUES (?, ?)", rows)

    def next_fault(self, recipient: str) -> Fault | None:
        """Take the next scripted fault of this number, else of anybody."""
        with self.open() as db:
            row = db.execute(
                "DELETE FROM faults WHERE id = (SELECT id FROM faults WHERE recipient IN (?, ?)"
                " ORDER BY recipient = '*', id LIMIT 1) RETURNING fault",
                (recipient, ANYBODY),
            ).fetchone()
        return Fault(**json.loads(row["fault"])) if row else None

    def ends_as(self, recipient: str) -> tuple[str, int | None]:
        """What becomes of texts to this number in the end."""
        with self.open() as db:
            row = db.execute("SELECT status, error_code FROM endings WHERE recipient = ?", (recipient,)).fetchone()
        return (row["status"], row["error_code"]) if row else ("delivered", None)

    def let_end(self, recipient: str, status: str, error_code: int | None = None) -> None:
        """Let texts to this number end so, such as ("undelivered", 30003)."""
        with self.open() as db:
            db.execute("INSERT OR REPLACE INTO endings VALUES (?, ?, ?)", (recipient, status, error_code))

    def opt_out(self, number: str, *, out: bool) -> None:
        """The carrier's own list of those who texted STOP."""
        with self.open() as db:
            statement = (
                "INSERT OR IGNORE INTO opt_outs VALUES (?)" if out else "DELETE FROM opt_outs WHERE number = ?"
            )
            db.execute(statement, (number,))

    def is_out(self, number: str) -> bool:
        """Whether the number's owner texted STOP."""
        with self.open() as db:
            return db.execute("SELECT 1 FROM opt_outs WHERE number = ?", (number,)).fetchone() is not None
