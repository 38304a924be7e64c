"""`commonground user`: staff come and go."""

from typing import Any

import click

from commonground.cli.output import json_option, say, show_json, show_table
from commonground.cli.staffing import routing
from services.routing.handlers import people
from shared.events.catalogue.people import ROLES

COLUMNS = {
    "login": "login", "name": "name", "role": "role", "team": "team", "unit": "unit",
    "badge": "badge", "reports_to": "reports to", "active": "active",
}  # fmt: skip
FIELDS = ("id", *COLUMNS)


@click.group()
def user() -> None:
    """Staff: who may sign in, as what, and for whom."""


@user.command()
@click.argument("login")
@click.option("--name", required=True, help="As colleagues know them.")
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--team", metavar="CODE", help="A team of the city pack; it decides the organisation.")
@click.option("--unit", metavar="U", help="The unit they serve in.")
@click.option("--badge", metavar="B")
@click.option("--reports-to", metavar="LOGIN", help="Their superior.")
@click.option("--language", "languages", metavar="CODE", multiple=True, help="One they answer in; may be repeated.")
@click.option("--skill", "skills", metavar="CODE", multiple=True, help="What a rule may ask for; may be repeated.")
@click.option(
    "--shift", metavar="WEEK", help='When the rules give them cases, such as "Mo-Fr 08:00-16:00"; always.'
)
@click.option("--cap", type=int, metavar="N", help="Open cases at which the rules stop giving them more.")
@click.option("--weight", type=int, default=100, show_default=True, help="Their share of a full load, in percent.")
@json_option
def add(*, login: str, as_json: bool, languages: tuple[str, ...], **known: Any) -> None:
    """Add a person, and print a one-time link by which they set their password."""
    with routing() as (opened, settings), opened.outbox.transaction() as tx:
        work = people.Work(**{name: known.pop(name) for name in ("skills", "shift", "cap", "weight")})
        new = people.NewPerson(login=login, languages=languages, work=work, **known)
        person_id = people.add_person(tx, opened.office, new)
        secret = people.invite(tx, opened.office, login)
        link = f"{settings.public_url}/account/password/{secret}"
    if as_json:
        show_json({"id": person_id, "login": login.strip().lower(), "link": link})
    else:
        say(
            f"{known['name']} may sign in as {login.strip().lower()} after setting a password, once, within 3 days:"
        )
        say(link)


@user.command("list")
@json_option
def list_(*, as_json: bool) -> None:
    """Everybody, those who left included."""
    with routing() as (opened, _), opened.engine.connect().execution_options(read_only=True) as conn:
        rows = [{name: getattr(person, name) for name in FIELDS} for person in people.list_people(conn)]
    if as_json:
        show_json(rows)
    elif rows:
        show_table([{**row, "active": "yes" if row["active"] else "no"} for row in rows], COLUMNS)
    else:
        say("Nobody yet. Add the first: commonground user add LOGIN --name NAME --role administrator")


@user.command()
@click.argument("login")
@json_option
def disable(*, login: str, as_json: bool) -> None:
    """End a person's sessions and tokens now, and give what they own to others."""
    with routing() as (opened, _), opened.outbox.transaction() as tx:
        moved = people.disable_person(tx, opened.office, login)
    if as_json:
        show_json({"login": login, "active": False, "cases_handed_over": moved})
    else:
        say(f"{login} is signed out everywhere and can no longer sign in. Cases handed over: {moved}.")
