"""Receipts: the sixteen digits that bring a resident back to what they told us."""

import secrets
import unicodedata

DIGITS = 16
GROUP = 4


def draw() -> str:
    """A new receipt: sixteen random digits (53 bits), without separators."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def grouped(digits: str) -> str:
    """As people read it: `1234-5678-9012-3456`."""
    return "-".join(digits[start : start + GROUP] for start in range(0, len(digits), GROUP))


def normalised(entered: str) -> str:
    """The digits of what was typed, in any script, without whatever stands between them.

    Something that is no receipt comes back as digits too (perhaps none): it is looked up like any
    other, so that a malformed one costs the same time as a wrong one.
    """
    values = (unicodedata.digit(character, None) for character in entered[: 8 * DIGITS])
    return "".join(str(value) for value in values if value is not None)
