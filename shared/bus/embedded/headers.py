"""Packs a record's headers into one blob: each name and value behind its length."""

import struct
from collections.abc import Sequence

LENGTHS = struct.Struct(">HI")


def pack(headers: Sequence[tuple[str, bytes]]) -> bytes:
    """One blob for all, in order."""
    parts = []
    for name, value in headers:
        encoded = name.encode()
        parts += [LENGTHS.pack(len(encoded), len(value)), encoded, value]
    return b"".join(parts)


def unpack(blob: bytes) -> tuple[tuple[str, bytes], ...]:
    """What pack() was given."""
    found, at = [], 0
    while at < len(blob):
        name_length, value_length = LENGTHS.unpack_from(blob, at)
        middle = at + LENGTHS.size + name_length
        found.append((blob[at + LENGTHS.size : middle].decode(), blob[middle : middle + value_length]))
        at = middle + value_length
    return tuple(found)
