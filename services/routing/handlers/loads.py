"""People's loads: the count of open cases each owns, moved with every case that changes hands or wakes."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection, bindparam, update

from services.routing.models import people


def shift_loads(conn: Connection, changes: Iterable[tuple[UUID | None, int]]) -> None:
    """Add to each person's count. Rows are locked in the order of their ids, so that two workers never
    wait for each other crosswise; no owner is no load.
    """
    sums: dict[UUID, int] = {}
    for person, by in changes:
        if person is not None:
            sums[person] = sums.get(person, 0) + by
    statement = (
        update(people)
        .where(people.c.id == bindparam("person"))
        .values(open_cases=people.c.open_cases + bindparam("change"))
    )
    for person, by in sorted(sums.items()):
        if by:
            conn.execute(statement, {"person": person, "change": by})
