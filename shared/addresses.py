"""Takes addresses apart; what is wrong is said in words that never repeat any of it, for it may hold a secret."""

from urllib.parse import SplitResult, urlsplit

LAST_PORT = 65535


def apart(address: str) -> SplitResult:
    """The parts of an address. Raises ValueError for one that cannot be read, such as half an IPv6 address."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise ValueError(
            f"cannot be read as an address: its port must be a whole number from 1 to {LAST_PORT}, "
            "and special characters of a password must be written as %XX"
        ) from None
    if port == 0:
        raise ValueError(f"must have a port from 1 to {LAST_PORT}")
    return parts
