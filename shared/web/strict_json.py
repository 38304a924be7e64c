"""JSON (RFC 8259) read strictly: what two readers could understand differently is refused."""

import json
import re
from collections.abc import Iterator
from typing import Any

MAX_DEPTH = 32
LONGEST_INTEGER = 18

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
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
    """The document. Raises Malformed. Look at `unstorable_places` before keeping it."""
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
    except ValueError:
        raise Malformed(Malformed.SYNTAX) from None


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed(Malformed.DUPLICATE)
    return found


def _no_constant(_word: str) -> None:
    """NaN and Infinity are JavaScript, not JSON."""
    raise Malformed(Malformed.SYNTAX)


def _integer(digits: str) -> int | float:
    """Beyond 18 digits readers disagree (RFC 8259, section 6): then a double, for schemas to refuse."""
    return int(digits) if len(digits) <= LONGEST_INTEGER else float(digits)


_decode = json.JSONDecoder(
    object_pairs_hook=_without_duplicates, parse_constant=_no_constant, parse_int=_integer
).decode


def _is_too_deep(body: bytes) -> bool:
    if body.count(b"[") + body.count(b"{") <= MAX_DEPTH:
        return False
    depth = 0
    for byte in _STRING.sub(b"", body).translate(None, _NOT_BRACKETS):
        depth += 1 if byte in b"[{" else -1
        if depth > MAX_DEPTH:
            return True
    return False


def unstorable_places(body: bytes, document: Any) -> list[tuple[object, ...]]:
    """The steps to every string of the document that no database here can keep."""
    # Raw NUL is a syntax error and a raw surrogate no UTF-8: only an escape brings them in.
    return list(_unstorable(document)) if b"\\u" in body else []


def _unstorable(document: Any) -> Iterator[tuple[object, ...]]:
    waiting: list[tuple[tuple[object, ...], Any]] = [((), document)]
    while waiting:
        steps, value = waiting.pop()
        if isinstance(value, str) and is_unstorable(value):
            yield steps
        elif isinstance(value, dict):
            yield from ((*steps, key) for key in value if is_unstorable(key))
            waiting.extend(((*steps, key), inner) for key, inner in value.items())
        elif isinstance(value, list):
            waiting.extend(((*steps, index), inner) for index, inner in enumerate(value))
