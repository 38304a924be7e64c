"""Who answers for each queue: the owner the city pack names, or the next who may while that one is away."""

from sqlalchemy import Connection, exists, select, update

from services.routing.domain.facts import OVERSIGHT, PARTNER, POLICE
from services.routing.domain.states import OPEN
from services.routing.models import cases, people, queues
from services.routing.office import Office
from shared.cities import Queue
from shared.db import insert_new

#: Who may answer for a queue of each kind of organisation.
KEEPERS = {POLICE: "supervisor", PARTNER: "partner", OVERSIGHT: "oversight"}


def sync_queues(conn: Connection, office: Office) -> None:
    """Bring the table up to the city pack and the people; at every start, and when somebody comes or goes."""
    found = sorted(office.city.queues.values(), key=lambda queue: queue.code)
    insert_new(conn, queues, [{"code": queue.code, "organisation": queue.organisation} for queue in found], "code")
    for queue in found:
        _settle(conn, office, queue)


def _settle(conn: Connection, office: Office, queue: Queue) -> None:
    keeper = KEEPERS[office.directory.kinds[queue.organisation]]
    able = (
        select(people.c.id)
        .where(people.c.active, people.c.role == keeper, people.c.organisation == queue.organisation)
        .order_by(people.c.login != queue.owner, people.c.login)
        .limit(1)
    )
    conn.execute(
        update(queues)
        .where(queues.c.code == queue.code)
        .values(organisation=queue.organisation, owner_id=able.scalar_subquery())
    )


def deserted(conn: Connection) -> frozenset[str]:
    """Queues in which open cases wait and for which nobody answers."""
    waiting = select(cases.c.id).where(cases.c.queue == queues.c.code, cases.c.state.in_(sorted(OPEN)))
    return frozenset(conn.scalars(select(queues.c.code).where(queues.c.owner_id.is_(None), exists(waiting))))
