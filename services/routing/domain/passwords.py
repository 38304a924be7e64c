"""What a password must be: long, and not what anybody would try first (NIST SP 800-63B, section 5.1.1)."""

import unicodedata

SHORTEST, LONGEST = 12, 200

#: Beginnings of the passwords tried first; a long one made of one of them is no better.
WELL_KNOWN = (
    "password", "passwort", "contraseña", "123456", "qwerty", "letmein", "welcome", "iloveyou",
    "admin", "changeme", "commonground", "abc123", "football", "dragon", "monkey",
)  # fmt: skip


def normalised(password: str) -> str:
    """The same keys typed on another machine give the same password (Unicode NFKC)."""
    return unicodedata.normalize("NFKC", password)


def weakness(password: str, login: str, name: str = "") -> str | None:
    """What is wrong with it, as a sentence; None when it will do."""
    password = normalised(password)
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters. Four words in a row do well."
    if len(password) > LONGEST:
        return f"Use at most {LONGEST} characters."
    if len(set(password)) < 5:
        return "Use more different characters."
    lowered = password.lower()
    if any(lowered.startswith(word) and len(lowered) < len(word) + 8 for word in WELL_KNOWN):
        return "That begins like the passwords tried first. Take other words."
    if any(part and part.lower() in lowered and len(part) >= 4 for part in (login, *name.split())):
        return "Leave your own name out of it."
    return None
