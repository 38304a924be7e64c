"""Staff: added and checked, published as snapshots, answering for queues, leaving nothing behind."""

from datetime import datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select

from services.routing.domain.refusals import Impossible, Invalid
from services.routing.handlers import commands, people
from services.routing.handlers.people import NewPerson
from services.routing.models import metadata, queues
from services.routing.models import people as people_table
from shared.events.sealed import token_hash
from tests.integration.routing.acting import act


def add(world, **given):
    with world.routing.outbox.transaction() as tx:
        return people.add_person(
            tx,
            world.routing.office,
            NewPerson(**{"login": "fern", "name": "Fern Sample", "role": "liaison"} | given),
        )


def keepers(world):
    wanted = select(queues.c.code, people_table.c.login).join_from(
        queues, people_table, queues.c.owner_id == people_table.c.id, isouter=True
    )
    with world.routing.engine.connect() as conn:
        return {row.code: row.login for row in conn.execute(wanted)}


def test_migrations_make_what_the_models_say(world):
    with world.routing.engine.connect() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


@pytest.mark.parametrize(
    ("given", "organisation"),
    [
        ({"team": "harbour"}, "police"), ({}, "police"), ({"role": "supervisor"}, "police"),
        ({"role": "partner", "team": "puente"}, "puente"), ({"role": "oversight"}, "fair-hearing"),
        ({"role": "partner", "organisation": "lantern-house"}, "lantern-house"),
        ({"role": "administrator"}, None), ({"role": "auditor"}, None),
    ],
)  # fmt: skip
def test_the_organisation_follows_from_team_and_role(lite, given, organisation):
    add(lite, **given)
    with lite.routing.engine.connect() as conn:
        (person,) = people.list_people(conn)
    assert person.organisation == organisation


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"login": ""}, "/login"), ({"login": "Two words"}, "/login"), ({"login": "x" * 81}, "/login"),
        ({"name": "  "}, "/name"), ({"role": "chief"}, "/role"), ({"team": "nowhere"}, "/team"),
        ({"team": "puente"}, "/team"), ({"role": "partner", "team": "harbour"}, "/team"),
        ({"role": "oversight", "team": "harbour"}, "/team"), ({"role": "auditor", "team": "harbour"}, "/team"),
        ({"role": "auditor", "organisation": "police"}, "/team"), ({"organisation": "fbi"}, "/organisation"),
        ({"reports_to": "nobody"}, "/login"), ({"login": "ASH"}, "/login"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_and_nothing_is_kept(lite, given, pointer):
    lite.person("ash", team="harbour")
    with pytest.raises(Invalid) as refused:
        add(lite, **given)
    assert refused.value.pointer == pointer
    with lite.routing.engine.connect() as conn:
        assert [person.login for person in people.list_people(conn)] == ["ash"]


def test_people_are_listed_with_their_superiors(lite):
    lite.person("sage", role="supervisor")
    add(lite, team="harbour", reports_to="sage", unit="Harbour desk", badge="A-9", languages=("es", "en"))
    with lite.routing.engine.connect() as conn:
        fern = people.list_people(conn)[0]
    assert (fern.login, fern.reports_to, fern.unit, fern.badge) == ("fern", "sage", "Harbour desk", "A-9")
    assert (fern.languages, fern.active, fern.open_cases) == (("es", "en"), True, 0)


def test_snapshots_hold_everything_others_may_know_and_no_name(world):
    person_id = add(world, team="harbour")
    office = world.routing.office
    with world.routing.outbox.transaction() as tx:
        first = people.issue_token(tx, office, "fern", days=7)
    with world.routing.outbox.transaction() as tx:
        second = people.issue_token(tx, office, "fern", days=1)
    with world.routing.outbox.transaction() as tx:
        people.revoke_token(tx, office, str(first.id))
    snapshots = [data for _, data in world.published(person_id)]
    assert [len(snapshot["tokens"]) for snapshot in snapshots] == [0, 1, 2, 1]
    last = snapshots[-1]
    assert last["tokens"][0]["hash"] == token_hash(office.hashes, second.token)
    assert datetime.fromisoformat(last["tokens"][0]["expires_at"]) == second.expires_at
    assert (last["role"], last["team"], last["organisation"], last["active"]) == (
        "liaison", "harbour", "police", True,
    )  # fmt: skip
    assert "Fern" not in str(snapshots)
    assert first.token not in str(snapshots)


def test_tokens_that_have_ended_are_left_out(lite):
    person_id = add(lite, team="harbour")
    with lite.routing.outbox.transaction() as tx:
        people.issue_token(tx, lite.routing.office, "fern", days=1)
    lite.later(days=2)
    with lite.routing.outbox.transaction() as tx:
        people.issue_token(tx, lite.routing.office, "fern", days=1)
    assert len(lite.published(person_id)[-1][1]["tokens"]) == 1


def test_disabling_ends_tokens_in_the_snapshot_and_enabling_brings_none_back(lite):
    lite.staff()
    person_id = add(lite, team="harbour")
    office = lite.routing.office
    with lite.routing.outbox.transaction() as tx:
        people.issue_token(tx, office, "fern")
    with lite.routing.outbox.transaction() as tx:
        people.disable_person(tx, office, "fern")
    with lite.routing.outbox.transaction() as tx:
        people.enable_person(tx, office, "fern")
    gone, back = [data for _, data in lite.published(person_id)][-2:]
    assert (gone["active"], gone["tokens"], back["active"], back["tokens"]) == (False, [], True, [])
    with pytest.raises(Invalid), lite.routing.outbox.transaction() as tx:
        people.disable_person(tx, office, "nobody")


def test_every_queue_has_a_keeper_as_soon_as_somebody_can_keep_it(world):
    world.staff()
    assert keepers(world) == {
        "front-desk": "sage", "partner-triage": "willow", "puente-desk": None, "oversight": "laurel",
        "state-advocate": None,
    }  # fmt: skip
    world.person("sage.sample", role="supervisor")
    world.person("laurel.sample", role="oversight")
    assert keepers(world)["front-desk"] == "sage.sample"
    assert keepers(world)["oversight"] == "laurel.sample"
    with world.routing.outbox.transaction() as tx:
        people.disable_person(tx, world.routing.office, "laurel.sample")
    assert keepers(world)["oversight"] == "laurel"


def test_the_last_of_oversight_cannot_leave_complaints_behind(world):
    staff = world.staff()
    case_id = world.told("force")
    act(world, staff["laurel"], commands.accept, case_id)
    office = world.routing.office
    with world.routing.outbox.transaction() as tx:
        assert people.disable_person(tx, office, "laurel") == 1
    assert world.case(case_id)["owner_id"] == staff["linden"].id
    with pytest.raises(Impossible), world.routing.outbox.transaction() as tx:
        people.disable_person(tx, office, "linden")
    with world.routing.engine.connect() as conn:
        assert conn.scalar(select(people_table.c.active).where(people_table.c.login == "linden")) is True
    assert world.loads_agree()


def test_tokens_of_others_are_not_revoked_by_id(lite):
    staff = lite.staff()
    office = lite.routing.office
    with lite.routing.outbox.transaction() as tx:
        issued = people.issue_token(tx, office, "ash")
    for wrong in (str(issued.id), issued.token):
        with pytest.raises(Invalid), lite.routing.outbox.transaction() as tx:
            people.revoke_token(tx, office, wrong, owner=staff["birch"].id)
    with pytest.raises(Invalid), lite.routing.outbox.transaction() as tx:
        people.revoke_token(tx, office, "cg_nothing")
