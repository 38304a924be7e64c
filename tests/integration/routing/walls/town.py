"""A town with a chart: two desks, a sergeant and a captain above them, oversight, an outside body."""

from contextlib import suppress

from sqlalchemy import select

from services.routing.domain.refusals import NotFound
from services.routing.models import case_subjects, exclusions, people
from services.routing.queries import case_view, inbox

PLACES = (
    ("captain", {"role": "supervisor", "unit": "Command"}),
    ("sergeant", {"role": "supervisor", "unit": "Harbour sergeants", "reports_to": "captain"}),
    ("vance", {"team": "harbour", "unit": "Harbour district desk", "badge": "A-101", "reports_to": "sergeant"}),
    ("mate", {"team": "harbour", "unit": "Harbour district desk", "reports_to": "sergeant"}),
    ("orchard", {"team": "orchard", "unit": "Orchard district desk", "reports_to": "captain"}),
    ("willow", {"role": "partner", "team": "lantern-house"}),
    ("puente", {"role": "partner", "team": "puente"}),
    ("laurel", {"role": "oversight", "team": "oversight"}),
    ("linden", {"role": "oversight", "team": "oversight"}),
    ("juno", {"role": "partner", "team": "state-advocate"}),
    ("audit", {"role": "auditor"}),
    ("admin", {"role": "administrator"}),
)
NAMES = {
    "vance": "Jordan Vance",
    "mate": "Kim Tide",
    "sergeant": "Robin Shoal",
    "laurel": "Laurel Bench",
    "audit": "Audit Trail",
    "admin": "Admin Desk",
}

#: Whom a case about Vance is closed to.
BESIDE = {"vance": "named", "mate": "unit", "sergeant": "chain", "captain": "chain"}


def town(world):
    """Everybody by login."""
    for login, more in PLACES:
        world.person(login, name=NAMES.get(login), **more)
    with world.routing.engine.connect() as conn:
        found = {row.login: row.id for row in conn.execute(select(people.c.login, people.c.id))}
    return {login: world.actor(person_id) for login, person_id in found.items()}


def excluded(world, case_id):
    """{login: reason}"""
    wanted = (
        select(people.c.login, exclusions.c.reason)
        .join(people, people.c.id == exclusions.c.person_id)
        .where(exclusions.c.case_id == case_id)
    )
    with world.routing.engine.connect() as conn:
        return {row.login: row.reason for row in conn.execute(wanted)}


def subjects(world, case_id):
    """[(kind, source, state)]"""
    c = case_subjects.c
    wanted = select(c.id, c.kind, c.source, c.state).where(c.case_id == case_id).order_by(c.kind, c.key)
    with world.routing.engine.connect() as conn:
        return conn.execute(wanted).all()


def seen_by(world, case_id, staff):
    """The logins of those who find the case, by its address and in their list alike."""
    seen = set()
    for login, actor in staff.items():
        if actor.role == "administrator":
            continue
        opened = False
        with suppress(NotFound), world.desk(actor) as desk:
            opened = case_view(desk, case_id).row.id == case_id
        with world.desk(actor) as desk:
            listed = any(row.id == case_id for row in inbox(desk, "all", limit=200).items)
        assert opened == listed, login
        seen |= {login} if opened else set()
    return seen


def decide(world, actor, command, *args):
    with world.desk(actor) as desk:
        return command(desk, *args)
