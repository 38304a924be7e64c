"""Looking a text over: what speaks against publishing it in this city, with these people."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from services.routing.domain.rules import Document, Known, Problem, Unreadable, problems_of, read
from services.routing.models import people
from services.routing.office import Office


@dataclass(frozen=True, slots=True)
class Examination:
    """A text looked over. `document` is None when it is no rule set at all."""

    document: Document | None
    problems: tuple[Problem, ...]


def examine(conn: Connection, office: Office, text: str) -> Examination:
    """What the text says, and everything that is wrong with it."""
    try:
        document = read(text)
    except Unreadable as error:
        return Examination(None, error.problems)
    return Examination(document, tuple(problems_of(document, office.directory, vocabulary(conn, office))))


def vocabulary(conn: Connection, office: Office) -> Known:
    """What rules may name besides the directory: districts, promises, skills of people who are there.

    Units are not held against the people: residents name those too in which nobody works here.
    """
    able = select(people.c.skills).where(people.c.active)
    return Known(
        districts=frozenset(district.code for district in office.city.districts.values()),
        policies=frozenset(policy.code for policy in office.city.policies),
        skills=frozenset(skill for skills in conn.scalars(able) for skill in skills),
    )
