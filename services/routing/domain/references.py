"""Case references people can read out: random, so that they tell nothing about order or number."""

import os

# No letter that is heard or read as another one or as a digit (B D I O Q S U V Z); no 0.
LETTERS = "ACEFGHJKLMNPRTWXY"
DIGITS = "123456789"
DRAWN_BYTES = 8


def new_reference() -> str:
    """Such as K7-418-352, one of 81 million; the database refuses the second of two alike."""
    return _written(int.from_bytes(os.urandom(DRAWN_BYTES)))


def new_references(count: int) -> list[str]:
    """So many references, all different."""
    drawn: dict[str, None] = {}
    while len(drawn) < count:
        pool = os.urandom(DRAWN_BYTES * (count - len(drawn)))
        for start in range(0, len(pool), DRAWN_BYTES):
            drawn[_written(int.from_bytes(pool[start : start + DRAWN_BYTES]))] = None
    return list(drawn)


def _written(number: int) -> str:
    """Of 64 random bits no reference is noticeably likelier than another."""
    number, letter = divmod(number, len(LETTERS))
    digits = []
    for _ in range(7):
        number, digit = divmod(number, len(DIGITS))
        digits.append(DIGITS[digit])
    return "{}{}-{}{}{}-{}{}{}".format(LETTERS[letter], *digits)
