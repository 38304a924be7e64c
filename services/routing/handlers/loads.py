"""People's loads: the count of open cases each owns, moved with every case that changes hands or wakes."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection, bindparam, update

from services.routing.models import people


def shift_loads(conn: Connection, changes: Iterable[tuple[UUID | None, int]]) -> frozenset[UUID]:
    """Add to each person's count. Rows are locked in the order of their ids, so that two workers never
    wait for each other crosswise; no owner is no load.

    Returns those who were given more and have left. The lock waits for whoever disables a person, and who
    disables one waits for it: so either is seen here, or the disabling finds the new case.
    """
    sums: dict[UUID, int] = {}
    for person, by in changes:
        if person is not None:
            sums[person] = sums.get(person, 0) + by
    statement = (
        update(people)
        .where(people.c.id == bindparam("person"))
        .values(open_cases=people.c.open_cases + bindparam("change"))
        .returning(people.c.active)
    )
    left = set()
    for person, by in sorted(sums.items()):
        if by and not conn.scalar(statement, {"person": person, "change": by}) and by > 0:
            left.add(person)
    return frozenset(left)
