"""People by login, and all of them."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, RowMapping, select

from services.routing.domain.refusals import Invalid
from services.routing.models import people


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


def list_people(conn: Connection) -> list[PersonRow]:
    """Everybody, those who left included, by login."""
    superior = people.alias("superior")
    columns = [people.c[name] for name in PersonRow.__slots__ if name not in ("reports_to", "languages")]
    wanted = (
        select(*columns, people.c.languages, superior.c.login.label("reports_to"))
        .join_from(people, superior, people.c.reports_to == superior.c.id, isouter=True)
        .order_by(people.c.login)
    )
    return [PersonRow(**{**row, "languages": tuple(row["languages"])}) for row in conn.execute(wanted).mappings()]


def person_by_login(conn: Connection, login: str) -> RowMapping:
    """The person's row. Raises Invalid when nobody has this login."""
    row = conn.execute(select(people).where(people.c.login == login.strip().lower())).mappings().one_or_none()
    if row is None:
        raise Invalid("/login", "unknown_login", f"Nobody has the login {login!r}.")
    return row
