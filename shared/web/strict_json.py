"""JSON (RFC 8259) read strictly: what two readers could understand differently is refused."""

import json
import re
from collections.abc import Iterator
from typing import Any

MAX_DEPTH = 32
MAX_INTEGER = 2**63

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
# Only escapes can bring NUL or a lone surrogate, and only long digits an oversize number.
_SUSPICIOUS = re.compile(rb"\\u|\d{19}")
# A string, closed or not: possessive, so that hostile input costs linear time.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


class Malformed(ValueError):
    """The body is not JSON as we read it; `reason` is one of the words below."""

    SYNTAX, DUPLICATE, DEEP, ENCODING = "syntax", "duplicate_key", "too_deep", "not_utf8"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def is_unstorable(text: str) -> bool:
    """Whether it holds NUL or a lone surrogate, which no database here can keep."""
    return _UNSTORABLE.search(text) is not None


def read(body: bytes) -> Any:
    """The document. Raises Malformed. Look at `places` before keeping it."""
    if _is_too_deep(body):
        raise Malformed(Malformed.DEEP)
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise Malformed(Malformed.ENCODING) from None
    try:
        return _decode(text)
    except Malformed:
        raise
    except ValueError:  # also what Python says to numbers of over 4300 digits
        raise Malformed(Malformed.SYNTAX) from None


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed(Malformed.DUPLICATE)
    return found


def _no_constant(_word: str) -> None:
    """NaN and Infinity are JavaScript, not JSON."""
    raise Malformed(Malformed.SYNTAX)


_decode = json.JSONDecoder(object_pairs_hook=_without_duplicates, parse_constant=_no_constant).decode


def _is_too_deep(body: bytes) -> bool:
    if body.count(b"[") + body.count(b"{") <= MAX_DEPTH:
        return False
    depth = 0
    for byte in _STRING.sub(b"", body).translate(None, _NOT_BRACKETS):
        depth += 1 if byte in b"[{" else -1
        if depth > MAX_DEPTH:
            return True
    return False


def places(body: bytes, document: Any) -> list[tuple[tuple[object, ...], str]]:
    """Where the document holds what no database here keeps: (steps, "text" or "number")."""
    return list(_places(document)) if _SUSPICIOUS.search(body) else []


def _places(document: Any) -> Iterator[tuple[tuple[object, ...], str]]:
    waiting: list[tuple[tuple[object, ...], Any]] = [((), document)]
    while waiting:
        steps, value = waiting.pop()
        if isinstance(value, str):
            if is_unstorable(value):
                yield steps, "text"
        elif isinstance(value, dict):
            yield from (((*steps, key), "text") for key in value if is_unstorable(key))
            waiting.extend(((*steps, key), inner) for key, inner in value.items())
        elif isinstance(value, list):
            waiting.extend(((*steps, index), inner) for index, inner in enumerate(value))
        elif isinstance(value, int) and not -MAX_INTEGER <= value < MAX_INTEGER:
            yield steps, "number"
