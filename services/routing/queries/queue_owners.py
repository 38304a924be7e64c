"""Who answers for each queue now."""

from sqlalchemy import Connection, select

from services.routing.models import people, queues


def queue_owners(conn: Connection) -> dict[str, str]:
    """Names by the code of the queue; a queue nobody may answer for is missing."""
    wanted = select(queues.c.code, people.c.name).join(people, people.c.id == queues.c.owner_id)
    return {row.code: row.name for row in conn.execute(wanted)}
