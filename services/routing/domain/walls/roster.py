"""Everybody who works here, ready to be found in what residents write."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.routing.domain.walls.folding import code, folded, phrase, words_of
from services.routing.domain.walls.subjects import FOUND, NAMED, ORGANISATION, PERSON, UNIT, Subject

_SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
#: "A-101" in a text is a badge by its look; a number alone needs a word such as "badge" before it.
_LETTERED = re.compile(r"(?<!\w)[a-z]{1,3}[-. ]?\d{2,}(?!\w)")
LONGEST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Somebody as residents may call them."""

    id: UUID
    name: str
    aliases: tuple[str, ...] = ()
    badge: str | None = None
    unit: str | None = None
    #: Whether a surname alone counts in a text about police: for police, not for those who answer such texts.
    by_surname: bool = True


Key = tuple[str, str]


class Roster:
    """An index of names. `titles` and `badge_words` are the city's, `units` gives each unit's other names,
    `organisations` the labels of each that a complaint may be about.
    """

    def __init__(
        self,
        staff: Iterable[Staff],
        *,
        titles: Iterable[str] = (),
        badge_words: Iterable[str] = (),
        units: Mapping[str, Sequence[str]] | None = None,
        organisations: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        self._phrases: dict[str, set[Key]] = defaultdict(set)
        self._pairs: dict[tuple[str, str], set[Key]] = defaultdict(set)
        self._titled: dict[str, set[Key]] = defaultdict(set)
        self._surnames: dict[str, set[Key]] = defaultdict(set)
        self._watched: dict[str, set[Key]] = defaultdict(set)
        self._badges: dict[str, Key] = {}
        self._organisations: dict[str, Key] = {}
        self._titles = {phrase(title).rpartition(" ")[2] for title in titles}
        self._numbered = _numbered(badge_words)
        for each in staff:
            self._enter(each)
        for unit, others in (units or {}).items():
            for name in (unit, *others):
                self._phrases[phrase(name)].add((UNIT, phrase(unit)))
        for organisation, labels in (organisations or {}).items():
            for name in (organisation, *labels):
                self._organisations[phrase(name)] = (ORGANISATION, organisation)
        self._spaceless = {name: keys for name, keys in self._phrases.items() if _SPACELESS.search(name)}
        self._starts = {name.partition(" ")[0] for name in self._phrases}

    def _enter(self, each: Staff) -> None:
        key = (PERSON, str(each.id))
        words = words_of(each.name)
        self._enter_name(words, key)
        if words and each.by_surname:
            self._watched[words[-1]].add(key)
        for alias in each.aliases:
            self._phrases[phrase(alias)].add(key)
            self._titled[words_of(alias)[-1] if words_of(alias) else ""].add(key)
        if each.badge and code(each.badge):
            self._badges[code(each.badge)] = key
        if each.unit and phrase(each.unit):
            self._phrases[phrase(each.unit)].add((UNIT, phrase(each.unit)))

    def _enter_name(self, words: tuple[str, ...], key: Key) -> None:
        """Rowan J. Sample is found as that, Rowan Sample, Sample Rowan, R. Sample, and after a title by less."""
        if not words:
            return
        first, last = words[0], words[-1]
        if _SPACELESS.search("".join(words)):
            self._phrases["".join(words)].add(key)
        if len(words) > 1:
            for written in (" ".join(words), f"{first} {last}", f"{last} {first}", f"{first[0]} {last}"):
                self._phrases[written].add(key)
            self._pairs[first, last].add(key)
            for initials in (f"{first[0]}{last[0]}", f"{first[0]} {last[0]}"):
                self._titled[initials].add(key)
        self._titled[first].add(key)
        self._titled[last].add(key)
        self._surnames[last].add(key)

    def found_in(self, text: str, *, wary: bool = False) -> frozenset[Subject]:
        """Whom and what a free text mentions. `wary`, for a text that is about police anyhow: a surname alone
        counts too, unless the text names somebody of that surname in full.
        """
        words = words_of(text)
        keys = self._by_words(words) | self._by_badge(folded(text))
        if wary:
            keys |= _alone(self._watched, words, keys)
        if self._spaceless and _SPACELESS.search(text):
            together = "".join(words)
            keys |= {key for name, those in self._spaceless.items() if name in together for key in those}
        keys |= {key for name, key in self._organisations.items() if f" {name} " in f" {' '.join(words)} "}
        return frozenset(Subject(kind, key, FOUND) for kind, key in keys)

    def _by_words(self, words: tuple[str, ...]) -> set[Key]:
        found: set[Key] = set()
        for place, word in enumerate(words):
            after = words[place + 1 : place + LONGEST]
            if word in self._titles and after:
                found |= self._titled.get(after[0], set()) | self._titled.get(" ".join(after[:2]), set())
            if len(after) > 1:
                found |= self._pairs.get((word, after[1]), set())
            for length in range(LONGEST) if word in self._starts else ():
                found |= self._phrases.get(" ".join((word, *after[:length])), set())
        return found

    def _by_badge(self, text: str) -> set[Key]:
        written = [match[0] for match in _LETTERED.finditer(text)]
        written += [match["badge"] for match in self._numbered.finditer(text)] if self._badges else []
        return {self._badges[code(each)] for each in written if code(each) in self._badges}

    def named(self, entries: Iterable[Mapping[str, str | None]]) -> frozenset[Subject]:
        """Whom a resident, or a colleague, named in so many words: {name, badge, unit}, each perhaps absent."""
        keys = {key for entry in entries for key in self._entry(entry)}
        return frozenset(Subject(kind, key, NAMED) for kind, key in keys)

    def _entry(self, entry: Mapping[str, str | None]) -> set[Key]:
        found: set[Key] = set()
        for written in filter(None, (entry.get("name"), entry.get("unit"))):
            found |= {(each.kind, each.key) for each in self.found_in(written)}
            found |= _alone(self._surnames, words_of(written), found)
            found |= found or self._titled.get(phrase(written), set())
        badge = code(entry.get("badge") or "")
        if badge in self._badges:
            found.add(self._badges[badge])
        return found


def _alone(surnames: Mapping[str, set[Key]], words: Iterable[str], known: set[Key]) -> set[Key]:
    """Who bears a surname that stands alone: of those of whom nobody is known by more."""
    namesakes = [surnames[word] for word in words if word in surnames]
    return set().union(*(those for those in namesakes if not those & known))


def _numbered(badge_words: Iterable[str]) -> re.Pattern[str]:
    """A badge after its word: "badge no. 1234", "placa: A-101"."""
    ordered = sorted({folded(word) for word in badge_words}, key=lambda word: (-len(word), word))
    either = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered) or r"(?!)"
    number = r"(?:(?:no|nr|num|number|numero)\b\.?\s*+)?"
    return re.compile(rf"(?<!\w)(?:{either})\s*+{number}(?:[:#№]\s*+)?(?P<badge>[a-z]{{0,3}}[-. ]?\d[\w-]*)")
