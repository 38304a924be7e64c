"""How a person works, as the rules look at it: skills, the week, days away, a cap, a share of a full load."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import update

from services.routing.domain.refusals import Invalid
from services.routing.domain.rules.week import windows
from services.routing.handlers.people.find import person_by_login
from services.routing.models import people
from shared.outbox import Transaction

SKILL = re.compile(r"[a-z0-9][a-z0-9-]{0,39}\Z")
MOST_SKILLS, MOST_PERIODS = 30, 50
MOST_CASES = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """No shift: always there. No cap: as many as come. `away` are first and last days; `weight` is in percent."""

    skills: tuple[str, ...] = ()
    shift: str | None = None
    away: tuple[tuple[date, date], ...] = ()
    cap: int | None = None
    weight: int = 100


#: What holds for somebody of whom nothing was said.
ALWAYS_THERE = Work()


def set_work(tx: Transaction, login: str, work: Work) -> None:
    """What holds from now on; what the person owns stays theirs. Raises Invalid."""
    check_work(work)
    person_id = person_by_login(tx.conn, login)["id"]
    tx.conn.execute(update(people).where(people.c.id == person_id).values(as_columns(work)))


def check_work(work: Work) -> None:
    """Raise Invalid for a week that is none, a period that ends before it begins, a number out of bounds."""
    if len(work.skills) > MOST_SKILLS or not all(SKILL.match(skill) for skill in work.skills):
        raise Invalid("/skills", "malformed_skill", "Skills are words of small letters, digits and dashes.")
    if work.shift is not None:
        _check_shift(work.shift)
    if len(work.away) > MOST_PERIODS or any(first > last for first, last in work.away):
        raise Invalid("/away", "wrong_period", "A time away ends on the day it begins, or later.")
    if work.cap is not None and not 0 <= work.cap <= MOST_CASES:
        raise Invalid("/cap", "out_of_bounds", f"The most open cases are a number from 0 to {MOST_CASES:,}.")
    if not 1 <= work.weight <= 100:
        raise Invalid("/weight", "out_of_bounds", "The share of a full load is a number from 1 to 100.")


def _check_shift(shift: str) -> None:
    try:
        windows(shift)
    except ValueError as error:
        raise Invalid("/shift", "malformed_shift", str(error)) from None


def as_columns(work: Work) -> dict[str, Any]:
    """As the table keeps it."""
    away = [{"from": first.isoformat(), "to": last.isoformat()} for first, last in sorted(work.away)]
    return {**asdict(work), "skills": sorted(set(work.skills)), "away": away}


def work_of(row: Mapping[Any, Any]) -> Work:
    """From a row of the table."""
    away = tuple((date.fromisoformat(each["from"]), date.fromisoformat(each["to"])) for each in row["away"])
    return Work(skills=tuple(row["skills"]), shift=row["shift"], away=away, cap=row["cap"], weight=row["weight"])
