"""What a check finds."""

from dataclasses import dataclass

OK, NOTE, WRONG = "ok", "note", "wrong"


@dataclass(frozen=True)
class Finding:
    """One answer: `state` is ok, note (may be meant so) or wrong; `todo` says what to do about it."""

    about: str
    state: str
    words: str
    todo: str = ""


def ok(about: str, words: str) -> Finding:
    """All is well."""
    return Finding(about, OK, words)


def note(about: str, words: str, todo: str = "") -> Finding:
    """Worth knowing."""
    return Finding(about, NOTE, words, todo)


def wrong(about: str, words: str, todo: str) -> Finding:
    """Has to be mended."""
    return Finding(about, WRONG, words, todo)
