"""How each kind of setting is read from text; a ValueError's words complete the sentence "NAME …"."""

import base64
import ipaddress
import re
from collections.abc import Callable, Mapping
from email.utils import parseaddr
from importlib import import_module
from pathlib import Path
from typing import Any

from shared.addresses import LAST_PORT, apart
from shared.bus.address import check as check_bus

DATABASE_SCHEMES = ("postgresql+psycopg://", "sqlite:///")
MAIL_SCHEMES = ("smtp://", "smtps://", "file:")
DIGITS = 9
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
#: Control characters, and halves of a pair, which stand for bytes that are no UTF-8.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_ESCAPE = "special characters of a password must be written as %XX"
_UNREADABLE = f"cannot be read as an address: its port must be a number, and {_ESCAPE}"


def content(path: str) -> str:
    """What the file holds that a setting named by NAME_FILE stands in."""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ValueError("holds something else than text in UTF-8") from None


def printable(value: str) -> str:
    """The value itself, where it can be written down."""
    _require(not UNPRINTABLE.search(value), "must be text in UTF-8 without control characters")
    return value


def database(value: str) -> str:
    """The address of a PostgreSQL database or of a SQLite file."""
    _starts(value, DATABASE_SCHEMES)
    # Not imported: only a process that opens databases should load the library, and only when it is ready to.
    try:
        address = import_module("sqlalchemy.engine").make_url(value)
        arguments = address.get_dialect()().create_connect_args(address)[1]
    except Exception:  # noqa: BLE001 - whatever it is, its words may hold the password
        raise ValueError(_UNREADABLE) from None
    if value.startswith("sqlite"):
        _require(bool(address.database), "must name a file: sqlite:///path (four slashes: absolute)")
        return value
    _require(bool(address.host or {"host", "service"} & set(address.query)), "must name a host")
    _require(bool(address.database), "must name a database")
    _require(address.port is None or 0 < address.port <= LAST_PORT, f"must have a port from 1 to {LAST_PORT}")
    _require(_known_to_driver(arguments), "has an option after the ? that PostgreSQL does not know")
    return value


def _known_to_driver(arguments: Mapping[str, Any]) -> bool:
    try:
        import_module("psycopg.conninfo").make_conninfo(**arguments)
    except Exception:  # noqa: BLE001 - a driver's error of its own; its words may hold a secret
        return False
    return True


def bus(value: str) -> str:
    """The address of the event log."""
    check_bus(value)
    return value


def web_address(value: str) -> str:
    """An http(s) address, without the final slash."""
    parts = apart(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("must start with http:// or https:// and have neither query nor fragment")
    _require(not re.search(r"\s", value), "must have no spaces")
    return value.rstrip("/")


def mail_server(value: str) -> str:
    """A mail server, or a folder to write messages into."""
    _starts(value, MAIL_SCHEMES)
    parts = apart(value)
    if parts.scheme == "file":
        _require(bool(parts.path.strip("/")), "must name a folder: file:/path")
        return value
    _require(bool(parts.hostname), "must name a host")
    _require(parts.path in ("", "/") and not parts.query and not parts.fragment, f"has more than a host; {_ESCAPE}")
    return value


def mailbox(value: str) -> str:
    """Who mail comes from: an address, with or without a name before it."""
    local, at, domain = parseaddr(value)[1].rpartition("@")
    _require(bool(local and at and domain) and not re.search(r"[\r\n]", value), "must be one mail address")
    return value


def _starts(value: str, schemes: tuple[str, ...]) -> None:
    _require(value.startswith(schemes), f"must start with {' or '.join(schemes)}")


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise ValueError(otherwise)


def networks(value: str) -> tuple[Any, ...]:
    """IP networks, comma separated."""
    return tuple(ipaddress.ip_network(part.strip(), strict=False) for part in value.split(",") if part.strip())


def words(value: str) -> tuple[str, ...]:
    """Words, comma separated."""
    return tuple(part.strip() for part in value.split(",") if part.strip())


def secret_text(value: str) -> bytes:
    """A long random text, as bytes."""
    if len(value) < 32:
        raise ValueError("must have at least 32 characters")
    return value.encode()


def sealing_keys(value: str) -> tuple[bytes, ...]:
    """Keys of 32 bytes in base64, comma separated."""
    try:
        keys = tuple(base64.b64decode(part, validate=True) for part in words(value))
    except ValueError:
        raise ValueError("must be base64") from None
    if not keys or any(len(key) != 32 for key in keys):
        raise ValueError("each must be 32 bytes in base64")
    return keys


def limit(value: str) -> str:
    """So many per second, minute, hour or day."""
    if not re.fullmatch(r"[1-9]\d*/(second|minute|hour|day)", value):
        raise ValueError("must look like 30/hour")
    return value


def whole(low: int, high: int) -> Callable[[str], int]:
    """A whole number within bounds."""

    def parse(value: str) -> int:
        if not value.isdecimal() or len(value) > DIGITS or not low <= int(value) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(value)

    return parse


def existing(value: str) -> Path:
    """The path of something that is there."""
    path = Path(value)
    try:
        there = path.exists()
    except OSError:  # too long a name, for one
        there = False
    _require(there, "names nothing that exists")
    return path


def host(value: str) -> str:
    """What to listen on: a name or an IP address, without a port."""
    named = re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,252})", value, re.ASCII)
    _require(bool(named) or _is_address(value), "must be a host name or an IP address, without a port")
    return value


def _is_address(value: str) -> bool:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return True


def log_level(value: str) -> str:
    """How much is logged."""
    _require(value.upper() in LOG_LEVELS, f"must be one of {', '.join(LOG_LEVELS)}")
    return value.upper()
