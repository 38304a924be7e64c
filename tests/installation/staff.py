"""The demo city's people, added by command as an operator would."""

import json

from shared.cities import load
from tests.installation.compose import ROOT
from tests.installation.installation import Installation

AS = "routing-worker"


def add_staff(installation: Installation) -> dict[str, str]:
    """Add everybody of the demo city pack; the first login of each role."""
    logins: dict[str, str] = {}
    for person in load(ROOT / "cities/port-alder").staff:
        team = ("--team", person.team) if person.team else ()
        languages = tuple(part for code in person.languages for part in ("--language", code))
        named = ("--name", person.name, "--role", person.role)
        installation.command("user", "add", person.login, *named, *team, *languages, of=AS)
        logins.setdefault(person.role, person.login)
    return logins


def staff_token(installation: Installation, login: str) -> str:
    """A token with the rights of that person."""
    issued = installation.command("token", "create", "--user", login, "--json", of=AS)
    return str(json.loads(issued)["token"])
