"""Looks a city's words up in a text, word by word: the lists are long, and every text passes them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_WORD = re.compile(r"\w+")
#: Chinese and Japanese are written without spaces, so their words stand anywhere.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
#: What Arabic glues in front of a word: "and", "so", "by", "as", "for", and "the".
_GLUED = ("ال", "وال", "بال", "فال", "كال", "لل", "ولل", "و", "ب", "ل", "ف")


@dataclass(frozen=True, slots=True)
class Text:
    """A text made ready: without accents, in lower case, and its words in order."""

    plain: str
    words: tuple[str, ...]

    @classmethod
    def of(cls, folded: str) -> "Text":
        """From a text whose accents are gone."""
        plain = folded.casefold()
        return cls(plain, tuple(_WORD.findall(plain)))


class Phrases:
    """Words and phrases that count as whole words; one that ends with * is a beginning of words."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._unspaced: list[str] = []
        self._following: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        self._beginnings: set[str] = set()
        for phrase in phrases:
            self._add(phrase.casefold())
        self._lengths = sorted({len(beginning) for beginning in self._beginnings})
        self._firsts = frozenset(self._following)

    def _add(self, phrase: str) -> None:
        first, *rest = _WORD.findall(phrase) or [""]
        if _UNSPACED.search(phrase):
            self._unspaced.append(phrase)
        elif phrase.endswith("*") and not rest:
            self._beginnings.add(first)
        elif first:
            end = ["*"] if phrase.endswith("*") else []
            self._following[first].append((*rest, *end))

    def stand_in(self, text: Text) -> bool:
        """Whether one of them stands in the text."""
        known = set(text.words)
        if not text.plain.isascii():
            known |= {bare for word in text.words for bare in _bare(word)}
            if any(phrase in text.plain for phrase in self._unspaced):
                return True
        return self._begins(known) or any(self._follows(text.words, first) for first in self._firsts & known)

    def _begins(self, known: Iterable[str]) -> bool:
        return any(word[:length] in self._beginnings for word in known for length in self._lengths)

    def _follows(self, words: tuple[str, ...], first: str) -> bool:
        rests = self._following[first]
        if () in rests:
            return True
        places = [i for i, word in enumerate(words, 1) if word == first or first in _bare(word)]
        return any(_fits(rest, words[i : i + len(rest)]) for i in places for rest in rests)


def _fits(rest: tuple[str, ...], words: tuple[str, ...]) -> bool:
    if rest[-1] != "*":
        return rest == words
    whole, last = rest[:-2], rest[-2]
    return words[: len(whole)] == whole and len(words) > len(whole) and words[len(whole)].startswith(last)


def _bare(word: str) -> Iterator[str]:
    """An Arabic word without each of what may be glued to it."""
    if _ARABIC.match(word):
        yield from (word.removeprefix(glued) for glued in _GLUED if word.startswith(glued))
