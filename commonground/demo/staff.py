"""The demo's people, signed up from the city pack."""

from commonground.demo.passwords import password_of
from services.routing.handlers import people
from services.routing.service import Routing
from shared.cities import StaffMember
from shared.config import Settings
from shared.outbox import Transaction


def sign_up(settings: Settings) -> None:
    """Add those of the city pack who are not there yet. Somebody an operator disabled stays so."""
    routing = Routing.assemble(settings, pool_size=2)
    try:
        with routing.outbox.transaction() as tx:
            there = {person.login for person in people.list_people(tx.conn)}
        for person in _superiors_first(routing.office.city.staff):
            if person.login not in there:
                with routing.outbox.transaction() as tx:
                    _add(tx, routing, person, settings.secret_key)
    finally:
        routing.close()


def _superiors_first(staff: tuple[StaffMember, ...]) -> list[StaffMember]:
    """In an order in which everybody's superior comes before them; the pack has no circles."""
    known = {person.login: person for person in staff}
    ordered: dict[str, StaffMember] = {}

    def place(person: StaffMember) -> None:
        if person.reports_to in known and person.reports_to not in ordered:
            place(known[person.reports_to])
        ordered[person.login] = person

    for person in staff:
        place(person)
    return list(ordered.values())


def _add(tx: Transaction, routing: Routing, person: StaffMember, key: bytes) -> None:
    new = people.NewPerson(
        login=person.login,
        name=person.name,
        role=person.role,
        team=person.team,
        unit=person.unit,
        badge=person.badge,
        reports_to=person.reports_to,
        languages=person.languages,
    )
    people.add_person(tx, routing.office, new)
    people.set_password(tx, person.login, password_of(person.login, key))
