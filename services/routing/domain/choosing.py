"""Choosing the person of a team: who is left out and why, and who of the others it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from services.routing.domain.certificate import Candidate
from services.routing.domain.facts import NOTHING_BEYOND, Beyond, Colleague, Facts


@dataclass(frozen=True, slots=True)
class Needs:
    """What a concern asks of its owner. No language: nobody of the team reads it, or it does not matter."""

    language: str | None = None
    skill: str | None = None


class Chosen(NamedTuple):
    """Who it is, and in words why it is them and not another."""

    candidate: Candidate
    why: str


#: Why somebody is left out who may not even know that there is a case; what else hides nobody.
OF_THE_PERSON = ("eligible", "inactive", "away", "off_shift", "language", "skill", "full")


@dataclass(frozen=True, slots=True)
class Staffing:
    """Who could own cases: the people of each team, their open cases, and whom this case must not reach.

    `excluded` maps a person to the class of the reason. `continuity` is who owned this resident's last case,
    `beyond` what the wall closes besides the people of the teams.
    """

    roster: Mapping[str, Iterable[Colleague]]
    loads: Mapping[UUID, int]
    excluded: Mapping[UUID, str] = field(default_factory=dict)
    continuity: UUID | None = None
    beyond: Beyond = NOTHING_BEYOND


def candidates(colleagues: Iterable[Colleague], needs: Needs, staffing: Staffing) -> tuple[Candidate, ...]:
    """Everybody who was considered, by login, each with the first reason that leaves her out."""
    return tuple(
        Candidate(
            id=colleague.id,
            login=colleague.login,
            name=colleague.name,
            open_cases=(load := staffing.loads.get(colleague.id, 0)),
            weight=colleague.weight,
            reason=_reason(colleague, load, needs, staffing),
        )
        for colleague in sorted(colleagues, key=lambda colleague: colleague.login)
    )


def _reason(colleague: Colleague, load: int, needs: Needs, staffing: Staffing) -> str:  # noqa: PLR0911 - a list
    if colleague.id in staffing.excluded:
        # Before all else: a wall counts as one even where somebody who has left is behind it.
        return staffing.excluded[colleague.id]
    if not colleague.active:
        return "inactive"
    if not colleague.available:
        return "away"
    if not colleague.on_shift:
        return "off_shift"
    if needs.language is not None and not reads(colleague, needs.language):
        return "language"
    if needs.skill is not None and needs.skill not in colleague.skills:
        return "skill"
    if colleague.cap is not None and load >= colleague.cap:
        return "full"
    return "eligible"


def reads(colleague: Colleague, language: str) -> bool:
    """Whether she reads the language or its base; when nobody said what she reads, nothing speaks against it."""
    base = language.partition("-")[0]
    return not colleague.languages or any(known.partition("-")[0] == base for known in colleague.languages)


def needs_of(facts: Facts, skill: str | None, colleagues: Iterable[Colleague]) -> Needs:
    """The language counts where somebody of the team reads it: else it would keep the concern from everybody."""
    read = any(colleague.active and reads(colleague, facts.language) for colleague in colleagues)
    return Needs(language=facts.language if read else None, skill=skill)


def choose(considered: tuple[Candidate, ...], continuity: UUID | None) -> Chosen | None:
    """The one who knows the resident, else the least weighted load, else the first by login; None: nobody."""
    kept = [candidate for candidate in considered if candidate.kept]
    if not kept:
        return None
    for candidate in kept:
        if candidate.id == continuity:
            return Chosen(candidate, f"{candidate.name} has answered this resident before")
    least = min(kept, key=lambda candidate: (candidate.open_cases * 100 / candidate.weight, candidate.login))
    why = f"Of those who are there, {least.name} has the least open work ({least.open_cases})"
    return Chosen(least, why)
