"""Who sees what: the condition of the database and the rule of the domain are the same."""

from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, select

from services.routing.domain.roles import ROLES
from services.routing.domain.sight import Actor, Placing, sees, sight_of
from services.routing.models import cases, exclusions, metadata
from services.routing.queries.sight import visible

ME, OTHER = UUID(int=1), UUID(int=2)
CASE = UUID(int=9)


def actor(role="liaison", **more):
    known = {"team": "harbour", "organisation": "police"} | more
    return Actor(id=ME, login="me", name="Me", role=role, **known)


def placing(**more):
    known = {"owner_id": None, "team": None, "queue": None, "organisation": "police"} | more
    return Placing(**known)


@pytest.mark.parametrize(
    ("who", "where", "seen"),
    [
        (actor(), placing(owner_id=ME), True), (actor(), placing(owner_id=OTHER, team="harbour"), True),
        (actor(), placing(owner_id=OTHER, team="orchard"), False), (actor(), placing(queue="front-desk"), False),
        (actor(queues=frozenset({"front-desk"})), placing(queue="front-desk"), True),
        (actor(team=None), placing(owner_id=OTHER), False),
        (actor("supervisor", team=None), placing(owner_id=OTHER, team="orchard"), True),
        (actor("supervisor", team=None), placing(queue="oversight", organisation="fair"), False),
        (actor("supervisor", team=None), placing(owner_id=OTHER, organisation="lantern"), False),
        (actor("oversight", organisation="fair"), placing(owner_id=OTHER), True),
        (actor("auditor", organisation=None, team=None), placing(queue="oversight", organisation="fair"), True),
        (actor("administrator"), placing(owner_id=ME, team="harbour"), False),
        (actor("clown"), placing(owner_id=ME, team="harbour"), False),
        (actor(), placing(owner_id=ME, excluded=frozenset({ME})), False),
        (actor("oversight"), placing(excluded=frozenset({ME})), False),
    ],
)  # fmt: skip
def test_examples(who, where, seen):
    assert sees(sight_of(who), where) is seen


CODES = st.none() | st.sampled_from(["harbour", "orchard", "oversight"])
ACTORS = st.builds(
    Actor, id=st.just(ME), login=st.just("me"), name=st.just("Me"), role=st.sampled_from([*ROLES, "clown"]),
    team=CODES, organisation=st.none() | st.sampled_from(["police", "fair"]),
    queues=st.frozensets(st.sampled_from(["front-desk", "oversight"]), max_size=2),
)  # fmt: skip
PLACINGS = st.builds(
    Placing, owner_id=st.none() | st.sampled_from([ME, OTHER]), team=CODES,
    queue=st.none() | st.sampled_from(["front-desk", "oversight"]),
    organisation=st.sampled_from(["police", "fair"]),
    excluded=st.frozensets(st.sampled_from([ME, OTHER])),
)  # fmt: skip


@pytest.fixture(scope="module")
def database():
    engine = create_engine("sqlite://")
    metadata.create_all(engine, tables=[cases, exclusions, metadata.tables["people"]])
    with engine.connect() as conn:
        conn.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        yield conn
    engine.dispose()


def stand(conn, where):
    """One case that stands there, all else left out."""
    conn.rollback()
    filled = {
        column.name: "" if column.type.python_type is str else 0
        for column in cases.c
        if not column.nullable and column.type.python_type in (str, int, bool)
    }
    moments = dict.fromkeys(
        ("received_at", "opened_at", "updated_at", "first_response_due_at"), "2026-01-01 00:00:00"
    )
    placed = {
        "owner_id": where.owner_id.hex if where.owner_id else None, "team": where.team, "queue": where.queue,
        "organisation": where.organisation, "id": CASE.hex, "key_wrapped": b"",
    }  # fmt: skip
    row = filled | moments | placed
    names = ", ".join(row)
    marks = ", ".join("?" for _ in row)
    conn.exec_driver_sql(f"INSERT INTO cases ({names}) VALUES ({marks})", tuple(row.values()))
    for person in where.excluded:
        wall = (CASE.hex, person.hex, "named", "2026-01-01 00:00:00")
        conn.exec_driver_sql("INSERT INTO exclusions VALUES (?, ?, ?, ?)", wall)


@settings(max_examples=200, deadline=None)
@given(ACTORS, PLACINGS)
def test_the_database_sees_what_the_domain_sees(database, who, where):
    stand(database, where)
    sight = sight_of(who)
    found = database.execute(select(cases.c.id).where(visible(sight))).all()
    assert bool(found) is sees(sight, where)
