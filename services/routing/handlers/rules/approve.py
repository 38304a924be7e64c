"""Publishing: a proposal becomes a version when somebody of another organisation than the author's approves it."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from services.routing.domain.facts import OVERSIGHT, PARTNER
from services.routing.domain.refusals import Impossible, NotAllowed
from services.routing.domain.roles import APPROVE_RULES, may, need
from services.routing.domain.rules import read
from services.routing.domain.sight import Actor
from services.routing.handlers.rules.drafts import PROPOSED, PUBLISHED, Draft, change, draft, refuse_problems
from services.routing.models import rule_sets
from services.routing.office import Office
from shared.db import insert_rows
from shared.outbox import Transaction


def approve(tx: Transaction, office: Office, approver: Actor, draft_id: UUID, expected: int) -> int:
    """Publish the proposal as it was read; the version. It holds from its moment on, at the earliest from now.

    Raises NotAllowed for somebody of the author's own organisation, Impossible when it was changed or when
    something speaks against it by now.
    """
    need(approver.role, APPROVE_RULES)
    found = draft(tx.conn, draft_id)
    if found is None or found.state != PROPOSED:
        raise Impossible("This is not proposed any more.")
    if not may_approve(office, approver, found):
        raise NotAllowed(
            "Rules are approved by a partner or by oversight, never by the organisation that wrote them."
        )
    refuse_problems(tx.conn, office, found.text)
    return _publish(tx, approver, found, expected)


def may_approve(office: Office, approver: Actor, proposal: Draft) -> bool:
    """Whether this person's organisation is another than the author's, and not the police."""
    return (
        may(approver.role, APPROVE_RULES)
        and approver.id != proposal.author_id
        and approver.organisation != proposal.author_organisation
        and office.directory.kind(approver.organisation) in (PARTNER, OVERSIGHT)
    )


def _publish(tx: Transaction, approver: Actor, found: Draft, expected: int) -> int:
    version = (tx.conn.scalar(select(func.max(rule_sets.c.version))) or 0) + 1
    change(tx, found.id, expected, (PROPOSED,), {"state": PUBLISHED, "version": version, "updated_at": tx.now})
    published = {
        "version": version,
        "name": read(found.text).rules.name,
        "text": found.text,
        "valid_from": max(found.valid_from or tx.now, tx.now),
        "author_id": found.author_id,
        "author_organisation": found.author_organisation,
        "approved_by": approver.id,
        "approver_organisation": approver.organisation,
        "published_at": tx.now,
    }
    try:
        insert_rows(tx.conn, rule_sets, [published])
    except IntegrityError:
        raise Impossible("Other rules were published at this moment. Try again.") from None
    return version
