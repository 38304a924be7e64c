"""Clears the inbox of what the bus cannot bring again, and keeps each subject's newest row."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, delete, exists, select

from shared.ids import moment_of
from shared.inbox.tables import INBOX

#: The bus keeps seven days.
KEEP = timedelta(days=8)
#: What is younger has its row still, however the clocks of publisher and database differ.
SURELY_KEPT = KEEP - timedelta(days=1)
PAGE = 5_000
START = UUID(int=0)


def prune_handled(
    conn: Connection, consumer: str, now: datetime, after: UUID = START, keep: timedelta = KEEP
) -> UUID | None:
    """Delete old rows among the next 5,000 of a consumer; where to go on, None at the end.

    The newest row of a subject stays, however old: it says which sequence comes next. Event ids grow with
    time, so the walk along the primary key ends where the rows become too young.
    """
    mine = INBOX.c.consumer == consumer
    page = select(INBOX.c.event_id).where(mine, INBOX.c.event_id > after).order_by(INBOX.c.event_id)
    last: UUID | None = conn.execute(page.offset(PAGE - 1).limit(1)).scalar()
    newer = INBOX.alias()
    has_newer = exists().where(
        newer.c.consumer == INBOX.c.consumer,
        newer.c.source == INBOX.c.source,
        newer.c.subject == INBOX.c.subject,
        newer.c.sequence > INBOX.c.sequence,
    )
    old = delete(INBOX).where(mine, INBOX.c.event_id > after, INBOX.c.handled_at < now - keep, has_newer)
    conn.execute(old if last is None else old.where(INBOX.c.event_id <= last))
    return None if last is None or moment_of(last) >= now - keep else last
