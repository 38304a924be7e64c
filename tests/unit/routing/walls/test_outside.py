"""Where a case waits when those who would answer it are behind its wall."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.routing.domain.decision import decide
from services.routing.domain.facts import Queue
from services.routing.domain.walls import beyond
from tests.unit.routing.city import KINDS, QUEUES, directory, facts, person, staffing

BODY = Queue(code="ombuds", organisation="ombuds", name="the ombudsperson")
CITY = replace(directory(queues=(*QUEUES, BODY), kinds=KINDS | {"ombuds": "partner"}), outside=BODY)
KEEPER, REVIEWER, ANOTHER = (person(n).id for n in (20, 21, 22))


def placed(told, excluded=(), city=CITY, **more):
    reasons = dict.fromkeys(excluded, "named")
    keepers = {"front-desk": KEEPER, "triage": ANOTHER, "oversight": REVIEWER}
    wall = beyond(keepers, {REVIEWER, ANOTHER}, reasons, **more)
    return decide(told, city, staffing(person(1), excluded=reasons, beyond=wall))


def test_without_a_wall_nothing_changes():
    assert placed(facts()).owner_id == person(1).id
    assert placed(facts("force")).queue == "oversight"


def test_a_queue_whose_keeper_is_closed_out_gives_way_to_oversight():
    certificate = placed(facts("noise", "9"), [KEEPER])
    assert (certificate.queue, certificate.organisation, certificate.state) == ("oversight", "fair", "in_review")
    assert placed(facts("force", preferred_partner="partner"), [ANOTHER]).queue == "oversight"


def test_with_nobody_of_oversight_left_the_outside_body_takes_it():
    assert placed(facts("force"), [REVIEWER]).queue == "oversight"
    certificate = placed(facts("force"), [REVIEWER, ANOTHER])
    assert (certificate.queue, certificate.organisation, certificate.rule) == ("ombuds", "ombuds", "outside_body")
    assert placed(facts("noise", "9"), [KEEPER, REVIEWER, ANOTHER]).queue == "ombuds"


def test_what_is_about_the_liaisons_themselves_goes_there_directly():
    certificate = placed(facts(), directly=True)
    assert (certificate.queue, certificate.owner_id, certificate.rule) == ("ombuds", None, "outside_body")
    assert placed(facts(quarantine="blank"), directly=True).state == "quarantined"


def test_a_city_without_such_a_body_keeps_it_with_oversight():
    assert placed(facts("force"), [REVIEWER, ANOTHER], city=directory()).queue == "oversight"
    assert placed(facts(), directly=True, city=directory()).queue == "oversight"


def test_nobody_is_sent_to_the_outside_body_for_want_of_a_partner():
    assert placed(facts("force", preferred_partner="partner")).queue == "triage"


@given(st.sets(st.sampled_from([KEEPER, REVIEWER, ANOTHER, person(1).id])), st.sampled_from(["1", "9", None]))
def test_it_never_waits_where_its_keeper_may_not_see_it(excluded, district):
    certificate = placed(facts("noise", district), excluded)
    keeper = {"front-desk": KEEPER}.get(certificate.queue)
    assert keeper not in excluded
    assert certificate.owner_id not in excluded
