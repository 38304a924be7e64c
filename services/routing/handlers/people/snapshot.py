"""What other services know of a person, published whole with every change."""

from uuid import UUID

from sqlalchemy import select

from services.routing.models import people, tokens
from shared.outbox import Transaction, advance


def publish(tx: Transaction, person_id: UUID) -> None:
    """Emit person.changed with everything that holds at this moment; the tokens by their hashes."""
    sequence = advance(tx.conn, people, person_id)
    person = tx.conn.execute(select(people).where(people.c.id == person_id)).one()
    valid = select(tokens.c.hash, tokens.c.expires_at).where(
        tokens.c.person_id == person_id, tokens.c.revoked_at.is_(None), tokens.c.expires_at > tx.now
    )
    issued = [
        {"hash": row.hash, "expires_at": row.expires_at.isoformat()}
        for row in tx.conn.execute(valid.order_by(tokens.c.created_at))
    ]
    tx.emit(
        "person.changed",
        person_id,
        sequence,
        {
            "role": person.role,
            "team": person.team,
            "organisation": person.organisation,
            "active": person.active,
            "tokens": issued if person.active else [],
        },
    )
