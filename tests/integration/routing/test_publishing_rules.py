"""Rules come into force: checked, approved by another organisation, never changed afterwards."""

import pytest
from sqlalchemy import select

from services.routing.domain.refusals import Impossible, Invalid, NotAllowed
from services.routing.handlers import rules
from services.routing.handlers.rules.drafts import change
from services.routing.models import rule_sets
from services.routing.queries.rules import rules_by_version, rules_in_force
from tests.integration.routing.publishing import proposed, publish, text_of

NOISE = '[[rule]]\ncode = "noise"\nwhen = { category = "noise", guarded = false, wants_partner = false }\n'
TO_CITYWIDE = NOISE + 'then = { team = "citywide" }\n'


def approve(world, person, draft_id, expected=2):
    with world.routing.outbox.transaction() as tx:
        return rules.approve(tx, world.routing.office, person, draft_id, expected)


def in_force(world):
    with world.routing.engine.connect() as conn:
        return rules_in_force(conn, world.routing.clock.now())


def test_nothing_is_in_force_before_another_organisation_approves(world):
    staff = world.staff()
    draft_id = proposed(world, staff["admin"], text_of(world, TO_CITYWIDE))
    assert in_force(world) is None
    assert approve(world, staff["willow"], draft_id) == 1
    assert in_force(world).rules[0].code == "noise"
    with world.routing.engine.connect() as conn:
        row = conn.execute(select(rule_sets)).one()
    assert (row.author_id, row.approved_by, row.approver_organisation) == (
        staff["admin"].id, staff["willow"].id, "lantern-house",
    )  # fmt: skip


def test_nobody_approves_what_their_own_organisation_wrote(world):
    staff = world.staff()
    draft_id = proposed(world, staff["laurel"], text_of(world))
    for person in ("laurel", "linden", "admin", "sage", "ash", "audit"):
        with pytest.raises(NotAllowed):
            approve(world, staff[person], draft_id)
    assert in_force(world) is None
    assert approve(world, staff["willow"], draft_id) == 1


def test_police_write_no_rules(lite):
    staff = lite.staff()
    for person in ("ash", "sage", "audit"):
        with pytest.raises(NotAllowed):
            proposed(lite, staff[person], text_of(lite))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            '[[rule]]\ncode = "c"\nwhen = { category = "force" }\nthen = { team = "harbour" }\n',
            "",
            "The police could",
        ),
        (TO_CITYWIDE + TO_CITYWIDE.replace('"noise"\n', '"again"\n', 1), "", "It can never match"),
        (
            TO_CITYWIDE,
            '[[expect]]\ngiven = { category = "noise", district = "1" }\nteam = "harbour"\n',
            "goes to team",
        ),
        (NOISE + 'then = { team = "nowhere" }\n', "", "There is no team nowhere"),
        (NOISE + "then = 7\n", "", "must be a table"),
    ],
)
def test_what_speaks_against_it_stops_it(lite, before, after, said):
    staff = lite.staff()
    with pytest.raises(Impossible, match=said):
        proposed(lite, staff["admin"], text_of(lite, before) + after)
    with lite.routing.engine.connect() as conn:
        # The proposal was one transaction with its draft: nothing is half there.
        assert rules.drafts(conn) == []


def test_it_is_looked_over_again_when_it_is_approved(lite):
    staff = lite.staff()
    with lite.routing.outbox.transaction() as tx:
        draft_id = rules.save(tx, staff["admin"], text_of(lite, NOISE + 'then = { team = "nowhere" }\n'))
        change(tx, draft_id, 1, ("draft",), {"state": "proposed"})
    with pytest.raises(Impossible, match="There is no team nowhere"):
        approve(lite, staff["laurel"], draft_id)


def test_nobody_approves_what_they_have_not_read(world):
    staff = world.staff()
    draft_id = proposed(world, staff["admin"], text_of(world))
    with world.routing.outbox.transaction() as tx:
        rules.save(tx, staff["admin"], text_of(world, TO_CITYWIDE), draft_id, 2)
        rules.propose(tx, world.routing.office, staff["admin"], draft_id, 3)
    with pytest.raises(Impossible, match="since you read it"):
        approve(world, staff["laurel"], draft_id, expected=2)
    assert approve(world, staff["laurel"], draft_id, expected=4) == 1
    with pytest.raises(Impossible, match="not proposed any more"):
        approve(world, staff["laurel"], draft_id, expected=5)


def test_a_draft_may_be_as_wrong_as_it_likes_but_not_endless(lite):
    staff = lite.staff()
    with lite.routing.outbox.transaction() as tx:
        draft_id = rules.save(tx, staff["admin"], "not yet")
    with lite.routing.engine.connect() as conn:
        assert rules.draft(conn, draft_id).text == "not yet"
    for text in ("", " \n", "x" * 300_000):
        with pytest.raises(Invalid), lite.routing.outbox.transaction() as tx:
            rules.save(tx, staff["admin"], text)


def test_what_was_published_stays_as_it_was(world):
    staff = world.staff()
    assert publish(world, staff, TO_CITYWIDE) == 1
    first = in_force(world)
    assert publish(world, staff) == 2
    assert in_force(world).version == 2
    with world.routing.engine.connect() as conn:
        assert rules_by_version(conn, 1) == first
        assert rules_by_version(conn, 3) is None


def test_a_draft_is_let_go(lite):
    staff = lite.staff()
    draft_id = proposed(lite, staff["admin"], text_of(lite))
    with lite.routing.outbox.transaction() as tx:
        rules.discard(tx, staff["admin"], draft_id, 2)
    with lite.routing.engine.connect() as conn:
        assert rules.drafts(conn) == []
    with pytest.raises(Impossible):
        approve(lite, staff["laurel"], draft_id)
