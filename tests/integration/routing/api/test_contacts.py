"""Calls, visits and letters logged by a program, and the clocks it reads."""

from tests.integration.routing.acting import owner_of


def test_a_call_is_logged_and_every_clock_is_read(world, staff, program):
    case_id = world.told()
    mine, at = program(owner_of(world, staff, case_id)), f"/cases/{case_id}/contacts"
    assert mine.post(at, {"way": "pigeon", "outcome": "reached"}, 1).status_code == 422
    missed = mine.post(at, {"way": "call", "outcome": "missed"}, 1)
    assert (missed.status_code, missed.json["first_responded_at"]) == (201, None)
    assert missed.json["due_clock"] == "first_response"
    reached = mine.post(at, {"way": "call", "outcome": "reached", "text": "A photo comes."}, 2)
    assert reached.json["first_responded_at"] is not None
    opened = mine.get(f"/cases/{case_id}").json
    assert [said["text"] for said in opened["conversation"] if said["kind"] == "contact"] == ["A photo comes."]
    clocks = {clock["clock"]: clock for clock in opened["clocks"]}
    assert set(clocks) == {"first_response", "resolution", "acceptance"}
    assert clocks["first_response"]["stopped_at"] is not None
    assert clocks["resolution"]["stopped_at"] is None
