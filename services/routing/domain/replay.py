"""Replaying a decision: the certificate made again from what it was made with."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from services.routing.domain.choosing import OF_THE_PERSON, Staffing
from services.routing.domain.decision import decide
from services.routing.domain.directory import Directory
from services.routing.domain.facts import Beyond, Colleague, Facts
from services.routing.domain.rules import RuleSet, built_in


def replayed(
    kept: Mapping[str, Any],
    directory: Directory,
    roster: Mapping[str, Iterable[Colleague]],
    rules: RuleSet | None,
) -> dict[str, Any]:
    """The certificate that these rules give for the facts of a kept one, the people and loads of that moment.

    `rules` None stands for version 0, which is made from the directory.
    """
    made = decide(Facts.of(kept["facts"]), directory, staffing_of(kept, roster), rules or built_in(directory))
    return replace(made, roster=kept["roster"], arrangement=kept["arrangement"]).as_data()


def staffing_of(kept: Mapping[str, Any], roster: Mapping[str, Iterable[Colleague]]) -> Staffing:
    """Loads and exclusions as the certificate's candidates show them."""
    considered = kept["candidates"]
    return Staffing(
        roster=roster,
        loads={UUID(each["id"]): each["open_cases"] for each in considered},
        excluded={UUID(each["id"]): each["reason"] for each in considered if each["reason"] not in OF_THE_PERSON},
        continuity=UUID(kept["continuity"]) if kept["continuity"] else None,
        beyond=Beyond.of(kept["beyond"]),
    )
