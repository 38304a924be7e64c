"""What programs send that is none of what was asked for: always refused with the place, and nothing is changed."""

import base64
from uuid import uuid4

import pytest


def place(moment):
    """A cursor of the box `all` as somebody would make it up."""
    return base64.urlsafe_b64encode(f'["all", "{moment}", "{uuid4()}"]'.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/cases", {"box": "theirs"}), ("/cases", {"limit": "201"}), ("/cases", {"limit": "0"}),
        ("/cases", {"cursor": "abc"}), ("/cases", {"cursor": "x" * 401}), ("/cases", {"state": "lost"}),
        ("/cases", {"colour": "red"}), ("/response-times", {"by": "colour"}),
        ("/response-times", {"from": "yesterday"}), ("/response-times", {"from": "0001-01-01T00:00:00+14:00"}),
        ("/response-times", {"to": "9999-12-31T23:00:00-05:00"}),
        ("/cases", {"cursor": place("0001-01-01T00:00:00+14:00")}),
        ("/cases", {"cursor": place("9999-12-31T23:00:00-05:00")}),
        ("/cases", {"cursor": place("2026-11-20T21:30:00")}),
    ],
)  # fmt: skip
def test_malformed_questions_are_refused(staff, program, path, query):
    response = program(staff["ash"]).get(path, **query)
    assert response.status_code == 422
    assert response.json["errors"][0]["pointer"] == "/" + next(iter(query))


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("replies", {}, 422), ("replies", {"text": ""}, 422), ("replies", {"text": "   "}, 422),
        ("replies", {"text": 7}, 422), ("replies", {"text": "x" * 10_001}, 422),
        ("replies", {"text": "x", "more": 1}, 422), ("replies", {"text": "a\u0000b"}, 422),
        ("assignment", {"owner_id": "nobody", "reason": "x"}, 422),
        ("assignment", {"owner_id": str(uuid4()), "reason": "x"}, 422),
        ("assignment", {"owner_id": str(uuid4())}, 422), ("recusal", {}, 422),
        ("state", {"state": "lost"}, 422), ("state", {"state": "closed"}, 409),
        ("state", {"state": "assigned"}, 409), ("state", {"state": "new"}, 409),
    ],
)  # fmt: skip
def test_malformed_acts_change_nothing(program, world, path, body, status):
    staff = world.staff()
    case_id = world.told("noise", "1")
    owner = program(next(a for a in staff.values() if a.id == world.case(case_id)["owner_id"]))
    response = owner.post(f"/cases/{case_id}/{path}", body, 1)
    assert response.status_code == status, response.data
    assert response.content_type == "application/problem+json"
    assert world.case(case_id)["sequence"] == 1
    assert world.names(case_id) == ["case.opened"]
