"""How each kind of setting is read from text; a ValueError's words complete the sentence "NAME …"."""

import base64
import binascii
import ipaddress
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


def url(*schemes: str) -> Callable[[str], str]:
    """An address with one of the schemes."""

    def parse(value: str) -> str:
        if not value.startswith(schemes):
            raise ValueError(f"must start with {' or '.join(schemes)}")
        return value

    return parse


def web_address(value: str) -> str:
    """An http(s) address, without the final slash."""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("must be an http(s) address without query or fragment")
    return value.rstrip("/")


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
    except binascii.Error:
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
        if not value.isdecimal() or not low <= int(value) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(value)

    return parse


def existing(value: str) -> Path:
    """The path of something that is there."""
    path = Path(value)
    if not path.exists():
        raise ValueError("names nothing that exists")
    return path


def mail_server(value: str) -> str:
    """A mail server, or a folder to write messages into."""
    return url("smtp://", "smtps://", "file:")(value)
