"""How long to wait before the next try."""


def delay_s(tries: int, *, first_s: float, most_s: float, factor: float = 2.0) -> float:
    """Seconds before try number `tries + 1`: first_s after the first failure, growing, never above most_s."""
    # The exponent is bounded so that a row tried for a year does not overflow a float.
    return min(most_s, first_s * factor ** min(max(tries - 1, 0), 64))
