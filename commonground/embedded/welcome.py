"""What `commonground run` tells when everything is up: addresses, sign-ins of the demo, things to try."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commonground.demo.passwords import password_of
from shared.cities import City, StaffMember, label

ADDRESSES = {
    "Residents": "/",
    "Tell us": "/report",
    "Follow up": "/track",
    "Console": "/console/",
    "Supervisor": "/supervisor/",
    "Administration": "/admin/",
    "A phone to text from": "/demo/phone",
}
DEMO_ONLY = ("A phone to text from",)
#: The role of each sign-in that is shown, in order, and what it is called.
SIGN_INS = {
    "liaison": "police liaison",
    "partner": "partner liaison",
    "supervisor": "supervisor",
    "oversight": "oversight",
    "administrator": "administrator",
}
TRY = """\
1. Tell us about noise in district 9 at {url}/report and keep the receipt. Sign in to the console as
   {liaison}: the concern is there. Answer it, then read the answer at {url}/track and write back.
2. Text from {url}/demo/phone. The acknowledgement comes at once; answer it in the console
   as {oversight}, who reads what nobody could sort.
3. Look at {url}/supervisor/ as {supervisor}: how long people waited, and who carries
   how much. Then count for yourself, in another terminal: {command} reconcile"""


@dataclass(frozen=True)
class SignIn:
    """One member of the demo's staff, ready to sign in."""

    role: str
    login: str
    password: str
    about: str


def sign_ins(city: City, key: bytes) -> list[SignIn]:
    """One person of each role, for trying; the liaison is the one of the district the first thing to try names."""
    chosen = {role: _first(city, role) for role in SIGN_INS}
    return [
        SignIn(SIGN_INS[role], person.login, password_of(person.login, key), _about(city, person))
        for role, person in chosen.items()
        if person is not None
    ]


def _first(city: City, role: str) -> StaffMember | None:
    of_role = [person for person in city.staff if person.role == role]
    in_district = [person for person in of_role if "9" in _districts(city, person)]
    return next(iter(in_district or of_role), None)


def _districts(city: City, person: StaffMember) -> frozenset[str]:
    team = city.teams.get(person.team or "")
    return team.districts if team else frozenset()


def _about(city: City, person: StaffMember) -> str:
    team = city.teams.get(person.team or "")
    where = label(city.organisations[team.organisation].labels, "en") if team else "accounts and settings"
    return f"{person.name}, {where}"


def facts(url: str, people: list[SignIn], receipt: str | None) -> dict[str, Any]:
    """The same for programs."""
    addresses = {name: f"{url}{path}" for name, path in ADDRESSES.items() if people or name not in DEMO_ONLY}
    return {
        "url": url,
        "addresses": addresses,
        "sign_ins": [{"role": p.role, "login": p.login, "password": p.password} for p in people],
        "receipt": receipt,
    }


def for_people(told: Mapping[str, Any], people: list[SignIn], city: City, folder: str, command: str) -> str:
    """The whole text."""
    lines = [f"Common Ground listens for {city.name()}.", ""]
    lines += [f"  {name:<22}{address}" for name, address in told["addresses"].items()]
    if people:
        lines += ["", "Everybody here is invented. Sign in at " + told["url"] + "/console/ as", ""]
        lines += _in_columns([(p.role, p.login, p.password, p.about) for p in people] + _resident(told))
        lines += ["", "Three things to try", "", _try(told["url"], people, command)]
    return "\n".join([*lines, "", f"Data is kept in {folder}, logs in {folder}/logs. Ctrl-C stops."])


def _resident(told: Mapping[str, Any]) -> list[tuple[str, ...]]:
    if not told["receipt"]:
        return []
    return [("resident", "no sign-in", told["receipt"], f"a receipt for {told['url']}/track")]


def _in_columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(cell) for cell in column) + 2 for column in zip(*rows, strict=True)]
    lines = ["".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return [f"  {line.rstrip()}" for line in lines]


def _try(url: str, people: list[SignIn], command: str) -> str:
    logins = {person.role: person.login for person in people}
    return TRY.format(
        url=url,
        command=command,
        liaison=logins.get("police liaison", "the liaison"),
        oversight=logins.get("oversight", "oversight"),
        supervisor=logins.get("supervisor", "the supervisor"),
    )
