"""Case references people can read out: random, so that they tell nothing about order or number."""

import secrets

# No letter that is heard or read as another one or as a digit (B D I O Q S U V Z).
LETTERS = "ACEFGHJKLMNPRTWXY"
DIGITS = "123456789"


def new_reference() -> str:
    """Such as K7-418-352, one of 81 million; the database refuses the second of two alike."""
    head = secrets.choice(LETTERS) + secrets.choice(DIGITS)
    tail = ["".join(secrets.choice(DIGITS) for _ in range(3)) for _ in range(2)]
    return "-".join([head, *tail])


def new_references(count: int) -> list[str]:
    """So many references, all different."""
    drawn: dict[str, None] = {}
    while len(drawn) < count:
        drawn[new_reference()] = None
    return list(drawn)
