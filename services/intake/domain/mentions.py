"""Finds in free text who or what must be kept from a police team: a person, a badge, a unit, conduct."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Protocol


class Words(Protocol):
    """What to look for in one language: titles before names, words before numbers, phrases about conduct."""

    @property
    def titles(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def badges(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def conduct(self) -> tuple[str, ...]: ...  # noqa: D102


def _any_of(words: Iterable[str]) -> str:
    """An alternation, longest first, in which any white space matches any other; nothing when empty."""
    ordered = sorted({_folded(word) for word in words}, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered) or r"(?!)"


def _folded(text: str) -> str:
    """Without accents, so that "capitan" finds "capitán"; letters keep their case."""
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


class Mentions:
    """The words of every language of a city, made ready once; texts mix languages, so all are tried."""

    def __init__(self, words: Iterable[Words]) -> None:
        every = list(words)
        titles = _any_of(word for each in every for word in each.titles)
        badges = _any_of(word for each in every for word in each.badges)
        conduct = _any_of(word for each in every for word in each.conduct)
        # A title in any case, then a capitalised name or initials: "officer Vance", "Sgt. J. Vance", "OFFICER GS".
        self._person = re.compile(
            rf"(?<!\w)(?i:(?:{titles})(?:e?s)?)\b\.?,?\s++(?:[^\W\d_]\.?\s*+){{0,2}}(?=[^\W\d_a-z])[^\W\d_]"
        )
        # A word such as "badge", then a number: "badge #1234", "placa número 77", "unit 12-A".
        self._number = re.compile(
            rf"(?i)(?<!\w)(?:{badges})\s*+(?:(?:no|nr|num|number|numero)\b\.?\s*+)?(?:[:#№]\s*+)?[a-z]{{0,2}}-?\d"
        )
        self._conduct = re.compile(rf"(?i)(?<!\w)(?:{conduct})(?!\w)")

    def names_somebody(self, text: str) -> bool:
        """Whether a person, badge or unit is named."""
        plain = _folded(text)
        return bool(self._person.search(plain) or self._number.search(plain))

    def tells_of_conduct(self, text: str) -> bool:
        """Whether the text is about how police behaved, whatever category was chosen."""
        return bool(self._conduct.search(_folded(text)))

    def is_sensitive(self, text: str) -> bool:
        """Either of the two: people outside the police read it first."""
        plain = _folded(text)
        return bool(self._conduct.search(plain) or self._person.search(plain) or self._number.search(plain))
