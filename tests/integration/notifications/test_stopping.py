"""STOP while a text is in flight: that one is waited for, and no other is begun, whatever happens in between."""

import pytest

from commonground.demo.provider import Fault
from services.notifications.domain.failures import OPTED_OUT
from services.notifications.domain.outcome import Accepted, NotTaken
from services.notifications.models import bar, lock_number, set_status
from services.notifications.sender.record import record
from shared.events.sealed import phone_hash
from shared.inbox import NotYet
from shared.sealing import KeyedHash
from tests.integration.notifications.stage import PHONE, SECRET, Resident
from tests.servers.processes import wait_until

NUMBER = phone_hash(KeyedHash(SECRET), PHONE)


def texts(phone_company):
    return [text.body.split("\n")[0] for text in phone_company.ledger.sent()]


@pytest.fixture
def in_flight(stage, resident):
    """A text that a sender holds in its hands."""
    stage.hear(resident.wrote(), resident.answered("A"))
    return stage.claim()


def lands(stage, claimed):
    with stage.outbox.transaction() as tx:
        record(tx, claimed, Accepted("SM1"))


def refuse(stage, *events):
    with pytest.raises(NotYet) as waiting:
        stage.hear_together(*events)
    assert waiting.value.event_ids == {event.id for event in events}


@pytest.mark.parametrize(("action", "end"), [("stop", "suppressed"), ("hold", "held")])
def test_no_other_text_is_begun_while_stop_waits(stage, resident, in_flight, action, end):
    stop = resident.consents(action)
    refuse(stage, stop)
    stage.hear(resident.answered("B"))
    for _ in range(3):
        stage.sender().drain()
        stage.clock.forward(seconds=2)
        refuse(stage, stop)
    assert stage.states == ["sending", "pending"]
    lands(stage, in_flight)
    stage.hear(stop)
    stage.sender().drain()
    assert stage.states == ["accepted", end]
    assert len(stage.attempts) == 1


def test_what_waits_does_not_keep_a_sender_busy(stage, resident, in_flight):
    refuse(stage, resident.consents("stop"))
    stage.hear(resident.answered("B"))
    assert stage.sender().drain() == 1
    assert stage.sender().drain() == 0
    stage.clock.forward(seconds=2)
    assert stage.sender().drain() == 1


def test_start_after_stop_opens_the_number_again(stage, resident, phone_company, in_flight):
    stop, start = resident.consents("stop"), resident.consents("start")
    refuse(stage, stop, start)
    stage.hear(resident.answered("B"))
    stage.sender().drain()
    assert texts(phone_company) == []
    lands(stage, in_flight)
    stage.hear_together(stop, start)
    stage.clock.forward(seconds=2)
    stage.sender().drain()
    assert texts(phone_company) == ["B"]


def test_a_start_before_the_stop_does_not_open_the_number_meanwhile(stage, resident, in_flight):
    refuse(stage, resident.consents("start"), resident.consents("stop"))
    assert stage.consent.status == "stopping"


def test_others_in_the_batch_do_not_wait(stage, resident, in_flight):
    other = Resident(phone="+12155550188")
    stop, theirs = resident.consents("stop"), other.consents("stop")
    with pytest.raises(NotYet) as waiting:
        stage.hear_together(stop, theirs)
    assert waiting.value.event_ids == {stop.id}


def test_the_same_stop_again_after_it_was_obeyed_bars_nothing(stage, resident, in_flight):
    """Two workers hold the same STOP: one obeys it and a START, and then the slower one comes to bar the number."""
    with stage.outbox.transaction() as tx:
        seen = lock_number(tx.conn, NUMBER, tx.now)
    lands(stage, in_flight)
    stage.hear(resident.consents("stop"), resident.consents("start"))
    with stage.outbox.transaction() as tx:
        bar(tx.conn, NUMBER, seen, tx.now)
    assert stage.consent.status == "allowed"


def test_a_sender_that_died_delays_stop_and_lets_nothing_through(stage, resident, phone_company, in_flight):
    stop = resident.consents("stop")
    refuse(stage, stop)
    stage.hear(resident.answered("B"))
    stage.clock.forward(seconds=31)
    stage.sender().drain()
    stage.hear(stop)
    stage.clock.forward(seconds=2)
    stage.sender().drain()
    assert stage.states == ["unknown", "suppressed"]
    assert texts(phone_company) == []


def test_a_start_said_during_the_call_outlives_the_refusal(stage, resident, in_flight):
    """The provider refused because of a STOP that its owner has taken back since."""
    with stage.outbox.transaction() as tx:
        set_status(tx.conn, NUMBER, "stopped", "keyword", tx.now)
    stage.hear(resident.consents("start"))
    with stage.outbox.transaction() as tx:
        record(tx, in_flight, NotTaken(OPTED_OUT))
    assert (stage.consent.status, stage.message.state) == ("allowed", "rejected")


def test_in_real_workers_a_reply_queued_behind_stop_never_goes_out(workers, phone_company, resident):
    phone_company.ledger.script(Fault("delay", seconds=6.0))
    workers.publish(resident.wrote(), resident.answered("A"))
    workers.start()
    workers.start()
    wait_until(lambda: workers.states() == {"sending": 1}, 20, "A at the provider")
    workers.publish(resident.consents("stop"))
    wait_until(lambda: workers.consent() == "stopping", 5.0, "STOP being read")
    workers.publish(resident.answered("B"))
    workers.wait_for("A to land and B to be dropped", accepted=1, suppressed=1)
    assert texts(phone_company) == ["A"]
    assert workers.consent() == "stopped"


def test_a_worker_killed_while_stop_waits_leaves_it_to_the_next(workers, phone_company, resident):
    phone_company.ledger.script(Fault("hang", seconds=6.0, accepts=True))
    workers.publish(resident.wrote(), resident.answered("A"))
    killed = workers.start()
    wait_until(lambda: len(phone_company.ledger.calls()) > 0, 20, "A at the provider")
    workers.publish(resident.consents("stop"))
    wait_until(lambda: workers.consent() == "stopping", 5.0, "STOP being read")
    killed.kill()
    workers.publish(resident.answered("B"))
    workers.start()
    workers.wait_for("B in the queue", sending=1, pending=1)
    workers.forward(31)
    workers.wait_for("the end of both", unknown=1, suppressed=1)
    assert texts(phone_company) == ["A"]
    assert workers.consent() == "stopped"
