"""The certificate of an assignment: which rule, which facts, every candidate kept or left out and why."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.routing.domain.facts import NOTHING_BEYOND, Beyond, Facts
from services.routing.domain.rules.values import NOTHING_MORE, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who was considered. `reason`: eligible, or the first thing that speaks against her: why the case
    is closed to her (recused, named, declared, chain, unit or organisation), else inactive, away, off_shift,
    language, skill or full.
    """

    id: UUID
    login: str
    name: str
    open_cases: int
    reason: str
    weight: int = 100

    @property
    def kept(self) -> bool:
        """Whether the choice was among those like her."""
        return self.reason == "eligible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """One decision, complete: the same facts, people and loads under the same rules give the same again.

    Either `owner_id` is set, or `queue` is: never both, never neither. `roster` and `arrangement` are the
    digests of the people and of the city's arrangement it was made with; "" for what a person decided.
    """

    rule: str
    facts: Facts
    organisation: str
    team: str | None
    queue: str | None
    owner_id: UUID | None
    state: str
    candidates: tuple[Candidate, ...]
    sentence: str
    rules: str = ""
    version: int | None = None
    outcome: Outcome = NOTHING_MORE
    continuity: UUID | None = None
    beyond: Beyond = NOTHING_BEYOND
    roster: str = ""
    arrangement: str = ""

    def as_data(self) -> dict[str, Any]:
        """The certificate as JSON values."""
        return {
            "rules": self.rules,
            "version": self.version,
            "rule": self.rule,
            "facts": self.facts.as_data(),
            "organisation": self.organisation,
            "team": self.team,
            "queue": self.queue,
            "owner_id": str(self.owner_id) if self.owner_id else None,
            "state": self.state,
            "skill": self.outcome.skill,
            "priority": self.outcome.priority,
            "policy": self.outcome.policy,
            "continuity": str(self.continuity) if self.continuity else None,
            "beyond": self.beyond.as_data(),
            "candidates": [_candidate_data(candidate) for candidate in self.candidates],
            "sentence": self.sentence,
            "roster": self.roster,
            "arrangement": self.arrangement,
        }


#: A load in a sentence, such as " (3)".
_LOAD = re.compile(r" \(\d+\)")


def _candidate_data(candidate: Candidate) -> dict[str, Any]:
    return {
        "id": str(candidate.id),
        "login": candidate.login,
        "name": candidate.name,
        "open_cases": candidate.open_cases,
        "weight": candidate.weight,
        "kept": candidate.kept,
        "reason": candidate.reason,
    }


def without_excluded(certificate: dict[str, Any]) -> dict[str, Any]:
    """The certificate as the owner sees it: who was left out, and how many, stays with oversight. Loads stay too,
    for they count cases the owner may not know of.
    """
    kept = [
        {name: value for name, value in candidate.items() if name != "open_cases"}
        for candidate in certificate["candidates"]
        if candidate["kept"]
    ]
    known = certificate.get("continuity")
    shown = known if any(candidate["id"] == known for candidate in kept) else None
    sentence = _LOAD.sub("", certificate["sentence"])
    return certificate | {"candidates": kept, "continuity": shown, "sentence": sentence, "beyond": None}


REASONS = {
    "eligible": "could take it",
    "inactive": "has left",
    "away": "is away",
    "off_shift": "is not on shift",
    "language": "does not read the language",
    "skill": "lacks the skill",
    "full": "has as many open cases as they may",
    "recused": "stepped aside",
}


def sentences(certificate: Mapping[str, Any]) -> list[str]:
    """The certificate as it is told to a person; of one without the excluded, nothing of them."""
    said = [str(certificate["sentence"])]
    if certificate.get("version") is not None:
        said.append(f"Rule {certificate['rule']} of {rules_in_words(certificate)} decided.")
    said += [f"{word.capitalize()}: {certificate[word]}." for word in ("skill", "policy") if certificate.get(word)]
    for each in certificate["candidates"]:
        reason = REASONS.get(each["reason"], "is kept from it")
        load = f"; open cases: {each['open_cases']}" if "open_cases" in each else ""
        said.append(f"{each['name']} {reason}{load}.")
    return said


def rules_in_words(certificate: Mapping[str, Any]) -> str:
    """Which rules, such as "the built-in rules" or "Winter rules (version 3)"."""
    if certificate["version"] == 0:
        return "the built-in rules"
    return f"{certificate['rules']} (version {certificate['version']})"


def for_resident(certificate: Mapping[str, Any]) -> str:
    """Why this person, in one plain sentence that names nobody and no rule."""
    facts = certificate["facts"]
    if certificate["owner_id"] is None:
        return "A person reads it first and says who answers."
    if facts.get("preferred_partner") == "partner":
        return "You asked for the community partner, and one of them has it."
    where = f" in district {facts['district']}" if facts.get("district") else ""
    return f"The person who has it answers for such concerns{where}."
