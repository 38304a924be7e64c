"""Calls, visits and letters logged by a program, and the clocks it reads."""

from services.routing.app import create_app
from services.routing.handlers import people
from services.routing.web.desk import EXTENSION
from tests.integration.routing.acting import owner_of
from tests.integration.routing.test_staff_api import Program


def test_a_call_is_logged_and_every_clock_is_read(lite):
    staff = lite.staff()
    case_id = lite.told()
    owner = owner_of(lite, staff, case_id)
    with lite.routing.outbox.transaction() as tx:
        issued = people.issue_token(tx, lite.routing.office, owner.login)
    app = create_app(lite.settings)
    mine, at = Program(app, issued.token), f"/cases/{case_id}/contacts"
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
    app.extensions[EXTENSION].close()
