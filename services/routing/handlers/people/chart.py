"""The chart: a change of unit or superior is proposed by one, and holds once oversight has signed it."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select, update

from services.routing.desk import Desk
from services.routing.domain.refusals import Impossible, Invalid, NotAllowed, NotFound
from services.routing.domain.roles import MANAGE_PEOPLE, need
from services.routing.domain.walls import concerned
from services.routing.handlers.casework import lock, move_away, rewall
from services.routing.handlers.people.find import person_by_login
from services.routing.handlers.people.snapshot import publish
from services.routing.models import aliases, case_subjects, people, posts
from services.routing.office import Office
from services.routing.queries.walls import all_posts
from shared.db import among, insert_new, insert_rows
from shared.ids import new_id
from shared.outbox import Transaction

LONGEST = 200


def begin_post(tx: Transaction, office: Office, person: dict[str, Any]) -> None:
    """The first post of somebody who begins. It needs no signature, for it opens nothing: whoever begins in a
    unit that a case is closed to is closed out as well.
    """
    post = _row(tx, person["id"], person["unit"], person["reports_to"], person["organisation"])
    insert_rows(tx.conn, posts, [post | {"since": tx.now}])
    rewall_around(tx, office, person["id"])


def propose_post(desk: Desk, login: str, unit: str | None, reports_to: str | None) -> UUID:
    """Ask for another unit or superior (a login); the proposal's id. Raises Invalid, NotAllowed."""
    need(desk.actor.role, MANAGE_PEOPLE)
    person = person_by_login(desk.conn, login)
    above = person_by_login(desk.conn, reports_to)["id"] if reports_to else None
    unit = (unit or "").strip() or None
    if unit and len(unit) > LONGEST:
        raise Invalid("/unit", "too_long", f"Use at most {LONGEST} characters.")
    if (unit, above) == (person["unit"], person["reports_to"]):
        raise Invalid("/unit", "unchanged", "This is where the person works already.")
    _check_circle(desk.conn, person["id"], above)
    row = _row(desk.tx, person["id"], unit, above, person["organisation"])
    insert_rows(desk.conn, posts, [row | {"proposed_by": desk.actor.id}])
    proposal: UUID = row["id"]
    return proposal


def _row(
    tx: Transaction, person_id: UUID, unit: str | None, reports_to: UUID | None, organisation: str | None
) -> dict[str, Any]:
    return {
        "id": new_id(), "person_id": person_id, "unit": unit, "reports_to": reports_to,
        "organisation": organisation, "proposed_at": tx.now,
    }  # fmt: skip


def _check_circle(conn: Connection, person_id: UUID, above: UUID | None) -> None:
    seen = {person_id}
    while above is not None:
        if above in seen:
            raise Invalid("/reports_to", "circle", "This person would report to herself in the end.")
        seen.add(above)
        above = conn.scalar(select(people.c.reports_to).where(people.c.id == above))


def sign_post(desk: Desk, proposal: UUID) -> int:
    """Oversight lets the change hold from now on; the walls of how many cases were worked out anew."""
    post = _proposed(desk, proposal)
    _check_circle(desk.conn, post["person_id"], post["reports_to"])
    desk.conn.execute(update(posts).where(posts.c.id == proposal).values(signed_by=desk.actor.id, since=desk.now))
    moved = update(people).where(people.c.id == post["person_id"])
    desk.conn.execute(moved.values(unit=post["unit"], reports_to=post["reports_to"]))
    publish(desk.tx, post["person_id"])
    return rewall_around(desk.tx, desk.office, post["person_id"])


def refuse_post(desk: Desk, proposal: UUID) -> None:
    """Oversight does not let it hold."""
    _proposed(desk, proposal)
    desk.conn.execute(update(posts).where(posts.c.id == proposal).values(refused_at=desk.now))


def _proposed(desk: Desk, proposal: UUID) -> Any:
    if desk.actor.role != "oversight":
        raise NotAllowed("Only oversight signs a change of the chart.")
    wanted = select(posts).where(posts.c.id == proposal, posts.c.since.is_(None), posts.c.refused_at.is_(None))
    post = desk.conn.execute(wanted.with_for_update()).mappings().one_or_none()
    if post is None:
        raise NotFound
    if desk.actor.id == post["person_id"]:
        raise Impossible("Somebody else of oversight signs where you work.")
    return post


def rewall_around(tx: Transaction, office: Office, person_id: UUID) -> int:
    """Work out anew the walls that may rest on somebody's place, cases in the order of their ids; how many."""
    held = all_posts(tx.conn)
    keys = concerned(person_id, [post for every in held.values() for post in every])
    about = select(case_subjects.c.case_id).where(among(tx.conn, case_subjects.c.key, sorted(keys)))
    found = sorted(set(tx.conn.scalars(about)))
    for case_id in found:
        work = lock(tx, office, case_id)
        if work is not None and rewall(work, held):
            move_away(work, "chart")
            work.save()
    return len(found)


def add_alias(tx: Transaction, login: str, alias: str) -> None:
    """Another name residents use for somebody; it counts for what is written from now on."""
    written = alias.strip()
    if not written or len(written) > LONGEST:
        raise Invalid("/alias", "blank", f"Write a name of at most {LONGEST} characters.")
    person = person_by_login(tx.conn, login)
    insert_new(tx.conn, aliases, [{"person_id": person["id"], "alias": written}], "alias")
    publish(tx, person["id"])
