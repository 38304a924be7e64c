"""The staff interface: shapes, versions, sight, refusals, as a program meets them."""

from uuid import uuid4

import pytest

from services.routing.handlers import people
from tests.integration.routing.api.program import API, Program


def test_reply_over_the_interface(world, staff, program):
    case_id = world.told("noise", "1", "The bar plays music until four")
    owner = next(actor for actor in staff.values() if actor.id == world.case(case_id)["owner_id"])
    mine = program(owner)

    listed = mine.get("/cases", box="mine").json["items"]
    assert [item["id"] for item in listed] == [str(case_id)]
    assert listed[0]["owner"] == {"id": str(owner.id), "name": owner.name}

    opened = mine.get(f"/cases/{case_id}")
    assert opened.headers["ETag"] == '"1"'
    assert [said["text"] for said in opened.json["conversation"]] == ["The bar plays music until four"]

    answered = mine.post(f"/cases/{case_id}/replies", {"text": "We pass by tonight."}, 1)
    assert answered.status_code == 201
    assert answered.headers["ETag"] == '"3"'
    assert answered.json["state"] == "in_progress"
    assert world.names(case_id) == ["case.opened", "reply.written", "state.changed"]


def test_acts_need_the_version_that_was_read(world, staff, program):
    case_id = world.told()
    owner = program(next(a for a in staff.values() if a.id == world.case(case_id)["owner_id"]))
    without = owner.post(f"/cases/{case_id}/notes", {"text": "called back"})
    assert (without.status_code, without.json["status"]) == (428, 428)
    assert owner.post(f"/cases/{case_id}/notes", {"text": "called back"}, 1).status_code == 201
    for stale in (1, 'W/"2"', '"x"', '"1", "2"', f'"{"9" * 5_000}"', '"²"'.encode().decode("latin-1")):
        assert owner.post(f"/cases/{case_id}/notes", {"text": "again"}, stale).status_code == 412
    assert owner.post(f"/cases/{case_id}/notes", {"text": "whatever"}, "*").status_code == 201
    assert world.case(case_id)["sequence"] == 3


def test_what_is_not_to_be_seen_is_not_there(world, staff, program):
    """Every route answers the same for a case behind sight and for one that does not exist."""
    conduct = world.told("force", "1")
    liaison = program(staff["ash"])
    absent = uuid4()
    for method, path, body in [
        ("get", "", None), ("get", "/certificate", None), ("get", "/events", None),
        ("post", "/replies", {"text": "x"}), ("post", "/notes", {"text": "x"}), ("post", "/acceptance", None),
        ("post", "/assignment", {"owner_id": str(staff["ash"].id), "reason": "x"}),
        ("post", "/contacts", {"way": "call", "outcome": "missed"}),
        ("post", "/recusal", {"reason": "x"}), ("post", "/naming", {"name": "x"}),
        ("post", "/state", {"state": "closed"}),
    ]:  # fmt: skip
        answers = []
        for case_id in (conduct, absent):
            at = f"/cases/{case_id}{path}"
            response = liaison.get(at) if method == "get" else liaison.post(at, body, 1)
            headers = {k: v for k, v in response.headers if k not in ("X-Request-ID", "Correlation-ID")}
            answers.append((response.status_code, response.data, headers.get("ETag"), sorted(headers)))
        assert answers[0][0] == 404, path
        assert answers[0] == answers[1], path
    assert liaison.get("/cases", box="all").json["items"] == []
    assert program(staff["laurel"]).get("/cases").json["items"][0]["id"] == str(conduct)


def test_the_description_names_every_route(app):
    described = app.test_client().get("/api/staff/openapi.json").json
    assert described["openapi"].startswith("3.1")
    assert set(described["paths"]) == {
        f"{API}{path}"
        for path in (
            "/cases", "/cases/{case_id}", "/cases/{case_id}/replies", "/cases/{case_id}/notes",
                "/cases/{case_id}/contacts",
            "/cases/{case_id}/assignment", "/cases/{case_id}/acceptance", "/cases/{case_id}/recusal",
            "/cases/{case_id}/naming", "/cases/{case_id}/state", "/cases/{case_id}/certificate",
            "/cases/{case_id}/events", "/people", "/teams", "/me", "/response-times",
        )
    }  # fmt: skip
    for operations in described["paths"].values():
        for name, operation in operations.items():
            if name in ("get", "post"):
                assert operation["security"] == [{"staff_token": []}]
    parameters = described["paths"][f"{API}/cases/{{case_id}}/replies"]["post"]["parameters"]
    assert "If-Match" in [parameter["name"] for parameter in parameters]


def test_answers_fit_their_description(world, staff, program, app):
    """Every documented shape loads what was answered, without unknown or missing fields."""
    from services.routing.schemas import shown

    case_id = world.told("noise", "1")
    overseer = program(staff["laurel"])
    for path, schema in [
        ("/cases", shown.Cases), (f"/cases/{case_id}", shown.OpenedCase),
        (f"/cases/{case_id}/certificate", shown.Certificate), (f"/cases/{case_id}/events", shown.Steps),
        ("/people", shown.Colleagues), ("/teams", shown.Teams), ("/me", shown.Me),
        ("/response-times?by=owner", shown.ResponseTimes),
    ]:  # fmt: skip
        answer = overseer.get(path)
        assert answer.status_code == 200, answer.data
        assert schema().validate(answer.json) == {}, path


def test_resolving_needs_an_outcome_and_a_sentence(world, staff, program):
    case_id = world.told("noise", "1")
    owner = program(next(a for a in staff.values() if a.id == world.case(case_id)["owner_id"]))
    assert owner.post(f"/cases/{case_id}/acceptance", None, 1).json["state"] == "in_progress"
    at = f"/cases/{case_id}/state"
    assert owner.post(at, {"state": "resolved"}, 2).json["errors"][0]["pointer"] == "/outcome"
    bare = owner.post(at, {"state": "resolved", "outcome": "explained"}, 2)
    assert bare.json["errors"][0]["pointer"] == "/sentence"
    done = owner.post(at, {"state": "resolved", "outcome": "explained", "sentence": "The bar has a permit."}, 2)
    assert (done.status_code, done.json["state"], done.json["outcome"]) == (200, "resolved", "explained")
    finding = {"state": "resolved", "outcome": "sustained", "sentence": "x"}
    assert owner.post(at, finding, 3).status_code == 409


@pytest.mark.parametrize("by_way_of", ["in_review", "referred"])
def test_closing_what_nobody_resolved_needs_a_reason(world, staff, program, by_way_of):
    case_id = world.told("force")
    laurel, at = program(staff["laurel"]), f"/cases/{case_id}/state"
    if by_way_of == "referred":
        assert laurel.post(at, {"state": "referred"}, "*").status_code == 200
    bare = laurel.post(at, {"state": "closed"}, "*")
    assert (bare.status_code, bare.json["errors"][0]["pointer"]) == (422, "/reason")
    assert world.case(case_id)["state"] == by_way_of
    done = laurel.post(at, {"state": "closed", "reason": "The other body has answered."}, "*")
    assert (done.status_code, done.json["state"]) == (200, "closed")


def test_tokens_open_nothing_when_wrong_or_revoked(world, staff, program, app):
    bare = app.test_client().get(f"{API}/me")
    assert (bare.status_code, bare.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert Program(app, "cg_guess").get("/me").status_code == 401
    mine = program(staff["ash"])
    assert mine.get("/me").json["login"] == "ash"
    token = mine.headers["Authorization"].removeprefix("Bearer ")
    with world.routing.outbox.transaction() as tx:
        people.revoke_token(tx, world.routing.office, token)
    assert mine.get("/me").status_code == 401
    assert world.published(staff["ash"].id)[-1][1]["tokens"] == []


def test_a_disabled_person_is_out_at_once_and_owns_nothing(world, staff, program):
    cases = [world.told("noise", "1") for _ in range(4)]
    mine = program(staff["ash"])
    with world.routing.outbox.transaction() as tx:
        assert people.disable_person(tx, world.routing.office, "ash") == 2
    assert mine.get("/me").status_code == 401
    assert {world.case(case_id)["owner_id"] for case_id in cases} == {staff["birch"].id}
    assert world.loads_agree()


@pytest.mark.parametrize(
    ("said", "kept"),
    [("action taken", "action_taken"), ("policy_changed", "policy_changed"), ("no action and why", "no_action")],
)
def test_an_outcome_may_be_written_as_it_is_spoken(world, staff, program, said, kept):
    case_id = world.told()
    mine = program(next(actor for actor in staff.values() if actor.id == world.case(case_id)["owner_id"]))
    assert mine.post(f"/cases/{case_id}/replies", {"text": "We look."}, "*").status_code == 201
    answer = mine.post(
        f"/cases/{case_id}/state", {"state": "resolved", "outcome": said, "sentence": "It is quiet."}, "*"
    )
    assert (answer.status_code, answer.json["outcome"]) == (200, kept)
