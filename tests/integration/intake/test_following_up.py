"""A receipt opens the conversation: what routing decided, what was said, and a way to write back."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from services.intake import app as web
from tests.integration.intake.front_door import SENDER

REPLY = "0192d3a0-0000-7000-8000-000000000001"
PERSON = "0192d3a0-0000-7000-8000-0000000000aa"


def state_changed(door, case, state, sentence=None, outcome=None):
    sealed = {"sentence": sentence} if sentence else None
    door.route(case, "state.changed", sealed, public_state=state, at=door.now().isoformat(), outcome=outcome)


def reply(door, case, text, message_id=REPLY):
    door.route(
        case,
        "reply.written",
        {"text": text},
        message_id=message_id,
        by=PERSON,
        public_state="with_a_person",
        at=door.now().isoformat(),
    )


def test_a_new_concern_is_received_and_shows_its_own_words(door):
    answer = door.tell("The lamp is dark")
    document = door.status(answer["receipt"]).get_json()
    assert document["state"] == "received"
    assert [each["state"] for each in document["history"]] == ["received"]
    assert [(each["from"], each["text"]) for each in document["messages"]] == [("you", "The lamp is dark")]
    assert document["sequence"] == 1


def test_the_whole_way_of_a_concern_is_seen_by_its_resident(door):
    answer = door.tell("The lamp is dark")
    case = answer["id"]
    door.open_case(case)
    state_changed(door, case, "with_a_person")
    door.route(case, "case.assigned", owner_id=PERSON, organisation="police", at=door.now().isoformat())
    reply(door, case, "Which corner is it?")
    door.route(case, "note.added", note_id=REPLY, by=PERSON, at=door.now().isoformat())
    state_changed(door, case, "answered", "The lamp is mended.", "action_taken")
    document = door.status(answer["receipt"]).get_json()
    assert document["state"] == "answered"
    assert [each["state"] for each in document["history"]] == ["received", "with_a_person", "answered"]
    assert [(each["from"], each["text"]) for each in document["messages"]] == [
        ("you", "The lamp is dark"),
        ("us", "Which corner is it?"),
        ("us", "The lamp is mended."),
    ]
    assert document["sequence"] == 7


def test_events_in_one_batch_mean_the_same_as_one_by_one(door):
    first, second = door.tell("One")["id"], door.tell("Two")["id"]
    at = door.now().isoformat()
    batch = []
    for case in (first, second):
        opened = {"public_state": "received", "organisation": "police", "first_response_due_at": at}
        batch.append(door.event(case, "case.opened", **opened))
    for case in (first, second):
        batch.append(door.event(case, "state.changed", public_state="with_a_person", at=at))
        batch.append(door.event(case, "state.changed", public_state="asked_you", at=at))
    door.hear(batch)
    for row in door.rows("submissions"):
        assert (row["public_state"], row["case_sequence"], row["organisation"]) == ("asked_you", 3, "police")
    assert len(door.rows("public_history")) == 4


def test_an_event_heard_twice_changes_nothing(door):
    answer = door.tell()
    door.open_case(answer["id"])
    event = door.event(
        answer["id"],
        "reply.written",
        {"text": "Yes"},
        message_id=REPLY,
        by=PERSON,
        public_state="with_a_person",
        at=door.now().isoformat(),
    )
    door.hear([event])
    before = door.status(answer["receipt"]).get_json()
    door.hear([event])
    assert door.status(answer["receipt"]).get_json() == before


def test_a_case_that_did_not_begin_here_is_left_alone(door):
    door.open_case(PERSON)
    assert door.rows("public_history") == []


def test_a_resident_writes_back_and_the_event_stands_in_line(door):
    answer = door.tell("The lamp is dark")
    assert door.write(answer["receipt"], "Still dark").status_code == 201
    assert door.write(answer["receipt"], "And today").status_code == 201
    events = door.events()
    assert [event["sequence"] for event in events] == ["1", "2", "3"]
    assert {event["subject"] for event in events} == {answer["id"]}
    assert [door.opened(event)["text"] for event in events[1:]] == ["Still dark", "And today"]
    messages = door.status(answer["receipt"]).get_json()["messages"]
    assert [each["text"] for each in messages] == ["The lamp is dark", "Still dark", "And today"]


def test_what_is_written_back_is_sealed(door):
    answer = door.tell()
    door.write(answer["receipt"], "A secret sentence")
    assert "secret sentence" not in repr([door.rows(table) for table in door.counts()])


@pytest.mark.parametrize("typed", ["{0}", "{1}", " {0} ", "{2}"])
def test_separators_of_a_receipt_are_optional(lite, typed):
    receipt = lite.tell()["receipt"]
    digits = receipt.replace("-", "")
    spaced = " ".join(digits[i : i + 2] for i in range(0, 16, 2))
    assert lite.status(typed.format(receipt, digits, spaced)).status_code == 200


@pytest.mark.parametrize("receipt", ["0000-0000-0000-0000", "nonsense", "1", "9" * 300])
def test_a_wrong_receipt_is_one_404_whatever_it_looks_like(lite, receipt):
    known, wrong = lite.tell()["receipt"], lite.status(receipt)
    other = lite.status("1" * 16 if known[0] != "1" else "2" * 16)
    assert wrong.status_code == other.status_code == 404
    assert wrong.get_json() == other.get_json()
    assert wrong.content_type == "application/problem+json"
    assert lite.write(receipt, "hello").status_code == 404


def test_a_wrong_receipt_asks_the_database_as_much_as_a_right_one(lite):
    asked = []
    engine = lite.app.extensions[web.EXTENSION].engine
    receipt = lite.tell()["receipt"]
    event.listen(engine, "before_cursor_execute", lambda _c, _u, statement, *_: asked.append(statement))
    lite.status(receipt)
    right, asked[:] = list(asked), []
    lite.status("0000-0000-0000-0000")
    assert [statement.split("WHERE")[0] for statement in asked] == [each.split("WHERE")[0] for each in right]


def test_no_receipt_at_all_is_401_and_says_how(lite):
    response = lite.client.get("/api/v1/feedback/status")
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert lite.client.post("/api/v1/feedback/messages", json={"text": "x"}).status_code == 401


def test_the_promise_is_the_one_routing_made(door):
    answer = door.tell()
    due = door.now() + timedelta(hours=9)
    door.open_case(answer["id"], first_response_due_at=due.isoformat())
    [row] = door.rows("submissions")
    assert row["first_response_due_at"] == due
    assert row["answered_at"] is None
    reply(door, answer["id"], "Yes")
    assert door.rows("submissions")[0]["answered_at"] is not None


def test_a_case_by_text_has_a_conversation_without_a_receipt(door):
    door.text("The lamp is dark")
    [row] = door.rows("submissions")
    assert row["receipt_hash"] is None
    assert SENDER not in repr(row)


def test_what_is_written_later_says_whether_it_names_somebody(lite):
    answer = lite.tell("Music until four", category="noise")
    for text in ("Still loud tonight", "Officer Vance pushed me", "An officer hit my son"):
        assert lite.write(answer["receipt"], text).status_code == 201
    said = [event["data"]["names_person"] for event in lite.events("message.received")]
    assert said == [False, True, True]
