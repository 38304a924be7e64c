"""The certificate of an assignment: which rule, which facts, every candidate kept or left out and why."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.routing.domain.facts import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who was considered. `reason`: eligible, inactive, away, or why the case is closed to her:
    recused, named, declared, chain, unit or organisation.
    """

    id: UUID
    login: str
    name: str
    open_cases: int
    reason: str

    @property
    def kept(self) -> bool:
        """Whether the choice was among those like her."""
        return self.reason == "eligible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """One decision, complete: the same facts, people and loads under the same rules give the same again.

    Either `owner_id` is set, or `queue` is: never both, never neither.
    """

    rules: str
    rule: str
    facts: Facts
    organisation: str
    team: str | None
    queue: str | None
    owner_id: UUID | None
    state: str
    candidates: tuple[Candidate, ...]
    sentence: str

    def as_data(self) -> dict[str, Any]:
        """The certificate as JSON values."""
        return {
            "rules": self.rules,
            "rule": self.rule,
            "facts": self.facts.as_data(),
            "organisation": self.organisation,
            "team": self.team,
            "queue": self.queue,
            "owner_id": str(self.owner_id) if self.owner_id else None,
            "state": self.state,
            "candidates": [_candidate_data(candidate) for candidate in self.candidates],
            "sentence": self.sentence,
        }


#: A load in a sentence, such as " (3)".
_LOAD = re.compile(r" \(\d+\)")


def _candidate_data(candidate: Candidate) -> dict[str, Any]:
    return {
        "id": str(candidate.id),
        "login": candidate.login,
        "name": candidate.name,
        "open_cases": candidate.open_cases,
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
    return certificate | {"candidates": kept, "sentence": _LOAD.sub("", certificate["sentence"])}
