"""`commonground rules publish`: a file becomes a proposal, and with an approval a version."""

from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from sqlalchemy import Connection

from commonground.cli.output import json_option, say, show_json
from commonground.cli.progress import working
from commonground.cli.rules.file import given, text_of
from commonground.cli.staffing import routing
from commonground.failures import Failed
from services.routing.domain.sight import Actor
from services.routing.handlers import people
from services.routing.handlers import rules as writing
from services.routing.queries.actors import actor_by_id
from services.routing.service import Routing


@click.command()
@click.argument("file", type=given)
@click.option("--by", "author", metavar="LOGIN", required=True, help="Who wrote it.")
@click.option("--approved-by", "approver", metavar="LOGIN", help="Who of another organisation approves it.")
@click.option("--valid-from", type=click.DateTime(), help="In the city's time; at once when it is not given.")
@json_option
def publish(*, file: Path, author: str, approver: str | None, valid_from: datetime | None, as_json: bool) -> None:
    """Propose FILE; published when a partner or oversight approves it, never by the organisation that wrote it.

    Without --approved-by it waits at /admin/rules for the approval. Nothing is proposed while a row of its
    table fails, a rule can never match, or a complaint could reach the unit it is about.
    """
    text = text_of(file)
    with routing() as (opened, _), working("Looking the rules over …"):
        draft_id, version = _publish(opened, text, author, approver, _moment(opened, valid_from))
    if as_json:
        show_json({"draft": draft_id, "version": version, "published": version is not None})
    elif version is None:
        say("Proposed. It holds when somebody of another organisation approves it at /admin/rules.")
    else:
        say(f"Published as version {version}.")


def _publish(
    opened: Routing, text: str, author: str, approver: str | None, valid_from: datetime | None
) -> tuple[UUID, int | None]:
    """One transaction: a refused approval leaves no proposal behind."""
    with opened.outbox.transaction() as tx:
        writer = _actor(tx.conn, author)
        draft_id = writing.save(tx, writer, text)
        writing.propose(tx, opened.office, writer, draft_id, 1, valid_from=valid_from)
        if approver is None:
            return draft_id, None
        return draft_id, writing.approve(tx, opened.office, _actor(tx.conn, approver), draft_id, 2)


def _actor(conn: Connection, login: str) -> Actor:
    person: Any = people.person_by_login(conn, login)
    actor = actor_by_id(conn, person["id"])
    if actor is None:
        raise Failed(f"{login} has left.")
    return actor


def _moment(opened: Routing, given_at: datetime | None) -> datetime | None:
    return given_at.replace(tzinfo=opened.office.city.time_zone) if given_at else None
