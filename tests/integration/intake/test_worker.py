"""Intake's worker as a process: sends what was accepted, follows routing over the bus, forgets old answers."""

import signal
import subprocess
import sys
import time
import uuid
from contextlib import contextmanager

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from services.intake import worker
from services.intake.models import metadata
from shared.bus import TOPICS, connect
from shared.events import encode, from_record, to_message
from shared.events.catalogue.cases import CASES
from shared.sealing import Keyring
from shared.worker import open_runtime
from tests.integration.intake.front_door import ROOT

PROGRAM = """
import sys
from pathlib import Path
from services.intake import worker
from tests.integration.intake.front_door import settings_for
sys.exit(worker.run(settings_for(sys.argv[1], Path(sys.argv[2]), metrics_port=0)))
"""


@contextmanager
def running(url, tmp_path):
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, url, str(tmp_path)], cwd=ROOT)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0


def until(found, seconds=30):
    """What `found` returns, as soon as it returns something."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if result := found():
            return result
        time.sleep(0.05)
    raise AssertionError("it did not happen")


@pytest.fixture
def bus(door):
    opened = connect(door.settings.bus_url)
    opened.create_topics(TOPICS)
    yield opened
    opened.close()


def test_what_is_accepted_reaches_the_bus_and_what_routing_says_reaches_the_resident(
    door, intake_url, tmp_path, bus
):
    listener = bus.subscriber("commonground.test", ["commonground.feedback"])
    answer = door.tell("The lamp is dark")
    with running(intake_url, tmp_path):
        [record] = until(lambda: listener.poll(10, 0.1))
        event = from_record(record)
        assert (event.subject, event.name, event.sequence) == (uuid.UUID(answer["id"]), "feedback.received", 1)
        publisher = bus.publisher()
        publisher.publish([message(each) for each in answers(door, answer["id"])], 10)
        until(lambda: door.status(answer["receipt"]).get_json()["state"] == "with_a_person")
        publisher.close()
    document = door.status(answer["receipt"]).get_json()
    assert [each["text"] for each in document["messages"]] == ["The lamp is dark", "Which corner?"]
    assert door.rows("parked") == []
    listener.close()


def message(event):
    attributes, body = encode(event)
    return to_message("commonground.cases", attributes, body)


def answers(door, case):
    at = door.now().isoformat()
    person = str(uuid.UUID(int=7))
    ownership = {"owner_id": person, "team": None, "queue": None, "organisation": "police"}
    opened = {
        "reference": "A-1",
        "kind": "concern",
        "category": "unsure",
        "district": None,
        "language": "en",
        "channel": "api",
        "state": "assigned",
        "public_state": "with_a_person",
        "policy": "default",
        "policy_version": 1,
        "first_response_due_at": at,
        "opened_at": at,
        **ownership,
    }
    reply = {"message_id": str(uuid.UUID(int=9)), "by": person, "public_state": "with_a_person", "at": at}
    yield door.event(case, "case.opened", **opened)
    yield door.event(case, "reply.written", {"text": "Which corner?"}, **reply)


def test_answers_to_keys_are_forgotten_after_their_day(door):
    door.post({"text": "Once"}, {"Idempotency-Key": "a"})
    door.advance(hours=23)
    door.post({"text": "Twice"}, {"Idempotency-Key": "b"})
    with open_runtime("intake", door.settings) as runtime:
        assert worker.Forgetting(runtime).forget() == 0
        door.advance(hours=2)
        assert worker.Forgetting(runtime).forget() == 1
    assert len(door.rows("idempotency")) == 1
    assert len(door.rows("submissions")) == 2


def test_every_event_of_a_case_is_followed():
    assert set(worker.handlers(Keyring([b"k" * 32]))) == {*CASES, "person.changed"}


def test_the_migrations_make_the_tables_of_the_models(door):
    with door.engine.connect() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
