"""`commonground token`: what staff programs show instead of a password."""

import click

from commonground.cli.output import json_option, say, show_json
from commonground.cli.staffing import routing
from services.routing.handlers import people


@click.group()
def token() -> None:
    """Tokens for staff programs; each carries the rights of its user."""


@token.command()
@click.option("--user", "login", metavar="LOGIN", required=True, help="Whose rights it carries.")
@click.option("--days", type=click.IntRange(1, 366), default=30, show_default=True, help="How long it is valid.")
@click.option("--label", default="", help="What it is for.")
@json_option
def create(*, login: str, days: int, label: str, as_json: bool) -> None:
    """Print a new token, this once; only its hash is kept."""
    with routing() as (opened, _), opened.outbox.transaction() as tx:
        issued = people.issue_token(tx, opened.office, login, days, label)
    if as_json:
        expires = issued.expires_at.isoformat()
        show_json({"token": issued.token, "expires_at": expires, "id": issued.id})
    else:
        say(issued.token)
        say(f"Valid until {issued.expires_at:%Y-%m-%d %H:%M} UTC. It is not shown again; its id is {issued.id}.")


@token.command()
@click.argument("token")
@json_option
def revoke(*, token: str, as_json: bool) -> None:
    """End a token, given itself or its id; everywhere within five seconds."""
    with routing() as (opened, _), opened.outbox.transaction() as tx:
        people.revoke_token(tx, opened.office, token)
    if as_json:
        show_json({"revoked": True})
    else:
        say("The token is no longer valid.")
