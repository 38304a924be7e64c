"""Who works here, as far as the person asking may know."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, true

from services.routing.desk import Desk
from services.routing.models import people as people_table
from shared.cities import label


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody by name."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody by name and place."""

    id: UUID
    login: str
    name: str
    role: str
    team: str | None
    organisation: str | None
    languages: tuple[str, ...]
    available: bool


@dataclass(frozen=True, slots=True)
class TeamView:
    """A team by name and place."""

    code: str
    name: str
    organisation: str


def known(desk: Desk) -> ColumnElement[bool]:
    """Which people the desk's person knows: everybody for those who see every case, else her organisation."""
    if desk.sight.everything or desk.actor.role == "administrator":
        return true()
    return people_table.c.organisation == desk.actor.organisation


def knows(desk: Desk, person: Mapping[str, Any]) -> bool:
    """The same for one person's row."""
    everybody = desk.sight.everything or desk.actor.role == "administrator"
    return everybody or (desk.actor.organisation is not None and person["organisation"] == desk.actor.organisation)


def people(desk: Desk) -> tuple[Colleague, ...]:
    """Everybody active the person knows, by name."""
    c = people_table.c
    columns = (c.id, c.login, c.name, c.role, c.team, c.organisation, c.languages, c.available)
    wanted = select(*columns).where(c.active, known(desk)).order_by(c.name, c.login)
    return tuple(
        Colleague(**{**row, "languages": tuple(row["languages"])}) for row in desk.conn.execute(wanted).mappings()
    )


def names(desk: Desk) -> dict[UUID, str]:
    """Names of everybody the person knows, those who left included: old cases still speak of them."""
    wanted = select(people_table.c.id, people_table.c.name).where(known(desk))
    return {row.id: row.name for row in desk.conn.execute(wanted)}


def teams(desk: Desk) -> tuple[TeamView, ...]:
    """The teams of the organisations the person knows, in the order of the city pack."""
    everybody = desk.sight.everything or desk.actor.role == "administrator"
    return tuple(
        TeamView(code=team.code, name=label(team.labels, "en"), organisation=team.organisation)
        for team in desk.office.city.teams.values()
        if everybody or team.organisation == desk.actor.organisation
    )


__all__ = ["Colleague", "Person", "TeamView", "known", "knows", "names", "people", "teams"]
