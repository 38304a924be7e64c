"""Finds in free text who or what must be kept from a police team: a person, a badge, a unit, conduct."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Protocol

from shared.mentions.phrases import Phrases, Text


class Words(Protocol):
    """What to look for in one language: titles before names, words before numbers, phrases about conduct, and
    words for police that tell of conduct once a word for a wrong act stands in the same text.
    """

    @property
    def titles(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def badges(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def conduct(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def police(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def acts(self) -> tuple[str, ...]: ...  # noqa: D102


def _any_of(words: Iterable[str]) -> str:
    """An alternation, longest first, in which any white space matches any other; nothing when empty."""
    ordered = sorted({_folded(word) for word in words}, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered) or r"(?!)"


def _folded(text: str) -> str:
    """Without accents, so that "capitan" finds "capitán" and "danh" finds "đánh"; letters keep their case."""
    if text.isascii():
        return text
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return plain.translate(_STROKES)


#: Letters whose stroke is no accent to Unicode, but is left out by people who type in a hurry; quotation marks
#: that telephones put in for an apostrophe.
_STROKES = str.maketrans("đĐøØłŁ’‘", "dDoOlL''")


PLURALS = ("", "s", "es")


class Mentions:
    """The words of every language of a city, made ready once; texts mix languages, so all are tried."""

    def __init__(self, words: Iterable[Words]) -> None:
        every = list(words)
        titles = _any_of(word for each in every for word in each.titles)
        badges = _any_of(word for each in every for word in each.badges)
        # The patterns are dear, so they look only at texts in which a word of theirs stands.
        self._titles = Phrases(_folded(word) + end for each in every for word in each.titles for end in PLURALS)
        self._badges = Phrases(_folded(word) for each in every for word in each.badges)
        # A title in any case, then a capitalised name or initials: "officer Vance", "Sgt. J. Vance", "OFFICER GS".
        self._person = re.compile(
            rf"(?<!\w)(?i:(?:{titles})(?:e?s)?)\b\.?,?\s++(?:[^\W\d_]\.?\s*+){{0,2}}(?=[^\W\d_a-zа-яё])[^\W\d_]"
        )
        # A word such as "badge", then a number: "badge #1234", "placa número 77", "unit 12-A".
        self._number = re.compile(
            rf"(?i)(?<!\w)(?:{badges})\s*+(?:(?:no|nr|num|number|numero)\b\.?\s*+)?(?:[:#№]\s*+)?[a-z]{{0,2}}-?\d"
        )
        self._conduct = Phrases(_folded(word) for each in every for word in each.conduct)
        self._police = Phrases(_folded(word) for each in every for word in each.police)
        self._acts = Phrases(_folded(word) for each in every for word in each.acts)

    def names_somebody(self, text: str) -> bool:
        """Whether a person, badge or unit is named."""
        plain = _folded(text)
        return self._named(plain, Text.of(plain))

    def tells_of_conduct(self, text: str) -> bool:
        """Whether the text is about how police behaved, whatever category was chosen."""
        return self._conducted(Text.of(_folded(text)))

    def is_sensitive(self, text: str) -> bool:
        """Either of the two: people outside the police read it first."""
        plain = _folded(text)
        words = Text.of(plain)
        return self._conducted(words) or self._named(plain, words)

    def _named(self, plain: str, words: Text) -> bool:
        titled = self._titles.stand_in(words) and self._person.search(plain)
        return bool(titled or (self._badges.stand_in(words) and self._number.search(plain)))

    def _conducted(self, text: Text) -> bool:
        return self._conduct.stand_in(text) or (self._police.stand_in(text) and self._acts.stand_in(text))
