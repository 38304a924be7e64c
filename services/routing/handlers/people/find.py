"""People by login, and all of them."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, RowMapping, func, select

from services.routing.domain.refusals import Invalid
from services.routing.domain.states import OPEN
from services.routing.models import cases, exclusions, people


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as administrators list her. `reports_to` is a login."""

    id: UUID
    login: str
    name: str
    role: str
    team: str | None
    organisation: str | None
    unit: str | None
    badge: str | None
    reports_to: str | None
    languages: tuple[str, ...]
    active: bool
    available: bool
    open_cases: int


def list_people(conn: Connection, viewer: UUID | None = None) -> list[PersonRow]:
    """Everybody, those who left included, by login. What a case behind the viewer's wall adds to a load is not
    counted: a number tells of a case as well as its name does.
    """
    superior = people.alias("superior")
    columns = [people.c[name] for name in PersonRow.__slots__ if name not in ("reports_to", "languages")]
    wanted = (
        select(*columns, people.c.languages, superior.c.login.label("reports_to"))
        .join_from(people, superior, people.c.reports_to == superior.c.id, isouter=True)
        .order_by(people.c.login)
    )
    hidden = _hidden_loads(conn, viewer) if viewer else {}
    return [
        PersonRow(
            **{
                **row,
                "languages": tuple(row["languages"]),
                "open_cases": row["open_cases"] - hidden.get(row["id"], 0),
            }
        )
        for row in conn.execute(wanted).mappings()
    ]


def _hidden_loads(conn: Connection, viewer: UUID) -> dict[UUID, int]:
    """Of each person's open cases, how many the viewer must not learn of."""
    wanted = (
        select(cases.c.owner_id, func.count().label("hidden"))
        .join(exclusions, exclusions.c.case_id == cases.c.id)
        .where(
            exclusions.c.person_id == viewer,
            cases.c.owner_id.is_not(None),
            cases.c.state.in_(sorted(OPEN)),
        )
        .group_by(cases.c.owner_id)
    )
    return {row.owner_id: row.hidden for row in conn.execute(wanted)}


def person_by_login(conn: Connection, login: str) -> RowMapping:
    """The person's row. Raises Invalid when nobody has this login."""
    row = conn.execute(select(people).where(people.c.login == login.strip().lower())).mappings().one_or_none()
    if row is None:
        raise Invalid("/login", "unknown_login", f"Nobody has the login {login!r}.")
    return row
