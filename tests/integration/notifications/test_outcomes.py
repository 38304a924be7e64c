"""What is known after a hand-over, and what follows: retried, given up, or unknown and never sent again."""

import socket
from dataclasses import replace
from threading import Thread

import pytest

from commonground.demo.provider import Fault
from services.notifications.domain.failures import INVALID_NUMBER, THROTTLED
from services.notifications.domain.outcome import Accepted, NotTaken
from services.notifications.models import breakers
from services.notifications.sender import port
from services.notifications.sender.mail_folder import MailFolder
from services.notifications.sender.port import CallTime, TooLate
from services.notifications.sender.record import give_up_lost, record
from tests.integration.notifications.stage import Resident

MAYBE = [
    Fault("error", status=500),
    Fault("error", status=503, accepts=True),
    Fault("reset"),
    Fault("reset", accepts=True),
    Fault("garble", accepts=True),
    Fault("refuse", status=408, code=20408),
    Fault("hang", seconds=0.8, accepts=True),
]


@pytest.fixture
def impatient(monkeypatch):
    """A call gets half a second."""
    starting = CallTime.starting

    def soon(_cls, now=None):
        return replace(starting(now), end_by=starting(now).begin_by - port.START_WITHIN_S + 0.5)

    monkeypatch.setattr(CallTime, "starting", classmethod(soon))


@pytest.mark.parametrize("fault", MAYBE, ids=lambda fault: f"{fault.kind} {fault.status} {fault.accepts}")
@pytest.mark.usefixtures("impatient")
def test_what_may_have_gone_out_is_unknown_and_never_sent_again(stage, resident, phone_company, fault):
    phone_company.ledger.script(fault)
    stage.hear(resident.wrote(), resident.opened())
    stage.sender().drain()
    assert (stage.message.state, stage.message.failure) == ("unknown", "no_answer")
    assert stage.announced == ["unknown"]
    stage.clock.forward(days=3)
    stage.hear(resident.opened())
    assert stage.sender().drain() == 0
    assert len(phone_company.ledger.sent()) == int(fault.accepts)
    assert len(phone_company.ledger.calls()) <= 2  # one call; an accepting fault leaves two notes


@pytest.mark.parametrize(
    "fault", [Fault("refuse", status=429, code=20429), Fault("refuse", status=401, code=20003)]
)
def test_a_definite_no_for_now_is_tried_again_later(stage, resident, phone_company, fault):
    phone_company.ledger.script(fault)
    stage.hear(resident.wrote(), resident.opened())
    stage.sender().drain()
    assert stage.message.state == "pending"
    assert stage.sender().drain() == 0
    stage.clock.forward(seconds=6)
    assert stage.sender().drain() == 1
    assert (stage.message.state, stage.message.attempts) == ("accepted", 2)
    assert len(phone_company.ledger.sent()) == 1
    assert [attempt.state for attempt in stage.attempts] == ["not_taken", "accepted"]


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        (21211, "invalid_number"),
        (21614, "not_mobile"),
        (21408, "region_not_allowed"),
        (30006, "landline"),
        (21999, "refused"),
    ],
)
def test_a_definite_no_for_good_is_shown_and_not_repeated(stage, resident, phone_company, code, failure):
    phone_company.ledger.script(Fault("refuse", status=400, code=code))
    stage.hear(resident.wrote(), resident.opened())
    stage.sender().drain()
    assert (stage.message.state, stage.message.failure, stage.message.code) == ("rejected", failure, str(code))
    assert stage.announced == ["failed"]
    stage.clock.forward(days=3)
    assert stage.sender().drain() == 0


def test_the_provider_knowing_of_a_stop_stops_us(stage, resident, phone_company):
    phone_company.ledger.script(Fault("refuse", status=400, code=21610))
    stage.hear(resident.wrote(), resident.opened())
    stage.sender().drain()
    assert (stage.consent.status, stage.consent.cause) == ("stopped", "provider")
    stage.hear(resident.answered())
    stage.sender().drain()
    assert stage.states == ["rejected", "suppressed"]
    assert phone_company.ledger.sent() == []


def test_a_provider_that_is_not_there_gets_the_text_when_it_is(stage, resident, phone_company):
    away = replace(phone_company.twilio(), base="http://127.0.0.1:1")
    stage.hear(resident.wrote(), resident.opened())
    stage.sender(sms=away).drain()
    assert (stage.message.state, stage.message.failure) == ("pending", "provider_unreachable")
    stage.clock.forward(minutes=5)
    stage.sender().drain()
    assert stage.message.state == "accepted"


def test_a_text_refused_again_and_again_is_given_up(stage, resident, phone_company):
    phone_company.ledger.script(*[Fault("refuse", status=429, code=20429)] * 20)
    stage.hear(resident.wrote(), resident.opened())
    for _ in range(20):
        stage.sender().drain()
        stage.clock.forward(hours=1)
    assert stage.message.state == "rejected"
    assert stage.announced == ["failed"]
    assert stage.message.attempts <= 8


def test_five_failures_in_a_row_open_the_breaker_and_one_probe_closes_it(stage, phone_company):
    residents = [Resident(phone=f"+1215555012{n}") for n in range(8)]
    for resident in residents:
        stage.hear(resident.wrote(), resident.opened())
    phone_company.ledger.script(*[Fault("error", status=500)] * 5)
    sender = stage.sender()
    assert sender.drain() == 5
    assert stage.rows(breakers)[0].opened_at is not None
    stage.clock.forward(seconds=29)
    assert sender.drain() == 0
    stage.clock.forward(seconds=2)
    assert sender.drain() == 3
    assert sorted(stage.states) == ["accepted"] * 3 + ["unknown"] * 5
    assert stage.rows(breakers)[0].opened_at is None


def test_a_failing_probe_keeps_the_breaker_open(stage, phone_company):
    for number in range(8):
        resident = Resident(phone=f"+1215555012{number}")
        stage.hear(resident.wrote(), resident.opened())
    phone_company.ledger.script(*[Fault("error", status=500)] * 6)
    sender = stage.sender()
    assert sender.drain() == 5
    stage.clock.forward(seconds=31)
    assert sender.drain() == 1
    stage.clock.forward(seconds=29)
    assert sender.drain() == 0
    stage.clock.forward(seconds=2)
    assert sender.drain() == 2


def test_without_a_provider_messages_are_held_and_sent_when_there_is_one(stage, resident, phone_company, tmp_path):
    stage.hear(resident.wrote(), resident.answered("The answer."))
    stage.sender(email=MailFolder(tmp_path, "listen@example.org")).drain()
    assert (stage.message.state, stage.message.failure) == ("held", "not_configured")
    assert stage.announced == ["held"]
    sender = stage.sender()
    sender._release()
    sender.drain()
    assert stage.announced == ["held", "accepted"]
    assert len(phone_company.ledger.sent()) == 1


def test_an_attempt_nobody_came_back_from_becomes_unknown(stage, resident, phone_company):
    stage.hear(resident.wrote(), resident.opened())
    stage.claim()
    assert stage.sender().drain() == 0
    assert stage.message.state == "sending"
    stage.clock.forward(seconds=31)
    assert stage.sender().drain() == 0
    assert (stage.message.state, stage.attempts[0].state) == ("unknown", "unknown")
    stage.clock.forward(days=1)
    assert stage.sender().drain() == 0
    assert phone_company.ledger.sent() == []


@pytest.mark.parametrize(
    ("answer", "state"),
    [(Accepted("SM1"), "accepted"), (NotTaken(THROTTLED), "pending"), (NotTaken(INVALID_NUMBER), "rejected")],
)
def test_the_own_late_answer_of_an_attempt_settles_what_was_given_up(stage, resident, answer, state):
    stage.hear(resident.wrote(), resident.opened())
    claimed = stage.claim()
    stage.clock.forward(seconds=31)
    with stage.outbox.transaction() as tx:
        give_up_lost(tx)
    assert stage.message.state == "unknown"
    with stage.outbox.transaction() as tx:
        record(tx, claimed, answer)
    assert stage.message.state == state


def test_a_process_that_slept_before_the_call_does_not_make_it(stage, resident, phone_company, monkeypatch):
    starting = CallTime.starting
    monkeypatch.setattr(CallTime, "starting", classmethod(lambda _cls, now=None: replace(starting(), begin_by=0.0)))
    stage.hear(resident.wrote(), resident.opened())
    stage.sender().drain()
    assert phone_company.ledger.calls() == []
    assert (stage.message.state, stage.message.failure) == ("pending", "not_started_in_time")
    assert stage.rows(breakers) == []


def test_nothing_is_sent_when_connecting_took_too_long(phone_company):
    from services.notifications.sender.http import Request, ask

    request = Request("POST", phone_company.base + "/x", b"", {})
    with pytest.raises(TooLate):
        ask(request, replace(CallTime.starting(), begin_by=0.0))


def test_a_broken_adapter_leaves_the_message_unknown_and_the_provider_alone(stage):
    class Broken:
        name = "broken"

        def send(self, outgoing, call):
            raise RuntimeError("a fault of ours")

    for number in range(6):
        resident = Resident(phone=f"+1215555012{number}")
        stage.hear(resident.wrote(), resident.opened())
    stage.sender(sms=Broken()).drain()
    assert stage.states == ["unknown"] * 6
    assert stage.rows(breakers) == []


def test_a_silent_listener_counts_as_unknown_a_closed_port_as_not_sent():
    """The two ends of the scale, on raw sockets."""
    from services.notifications.sender.http import NoAnswer, NotSent, Request, ask

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port_number = listener.getsockname()[1]
        quick = replace(CallTime.starting(), end_by=CallTime.starting().begin_by - port.START_WITHIN_S + 0.3)
        with pytest.raises(NotSent):
            ask(Request("POST", f"http://127.0.0.1:{port_number}/", b"x", {}), quick)
        listener.listen()
        accepted = []
        accepting = Thread(target=lambda: accepted.append(listener.accept()[0]))
        accepting.start()
        with pytest.raises(NoAnswer):
            ask(Request("POST", f"http://127.0.0.1:{port_number}/", b"x", {}), quick)
        accepting.join()
        accepted[0].close()
