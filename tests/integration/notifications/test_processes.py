"""Real worker processes: from the bus to the provider, killed in the middle, several at once."""

import re
import time
from collections import Counter

import pytest

from commonground.demo.provider import Fault
from tests.integration.notifications.stage import PHONE, Resident
from tests.servers.processes import wait_until

PHONE_PATTERN = re.compile(r"\+?1215555\d{4}")


def people(count: int) -> list[Resident]:
    return [Resident(phone=f"+1215555{number:04}") for number in range(100, 100 + count)]


def test_from_the_bus_to_the_phone_and_back_onto_the_bus(workers, phone_company, resident):
    workers.publish(resident.wrote(), resident.opened(), resident.answered("Mended."))
    process = workers.start()
    workers.wait_for("two texts", accepted=2)
    assert [text.recipient for text in phone_company.ledger.sent()] == [PHONE] * 2
    wait_until(lambda: len(workers.announced()) == 2, 10, "delivery.changed on the bus")
    assert {(said["template"], said["status"]) for said in workers.announced()} == {
        ("acknowledgement", "accepted"),
        ("reply", "accepted"),
    }
    process.stop()


def test_a_text_goes_out_within_a_moment_of_its_event(workers, phone_company, resident):
    workers.start()
    workers.publish(resident.wrote(), resident.opened())
    workers.wait_for("the acknowledgement", accepted=1)
    reply = resident.answered("Mended.")
    began = time.monotonic()
    workers.publish(reply)
    wait_until(lambda: len(phone_company.ledger.sent()) == 2, 10, "the reply")
    assert time.monotonic() - began < 2.0


def test_events_that_come_twice_and_early_are_one_text(workers, phone_company, resident):
    opened, wrote = resident.opened(), resident.wrote()
    workers.publish(opened, opened, wrote, wrote, opened)
    workers.start()
    workers.wait_for("one text", accepted=1)
    other = Resident(phone="+12155550177")
    workers.publish(opened, wrote, other.wrote(), other.opened())
    workers.wait_for("the other's text", accepted=2)
    assert [text.recipient for text in phone_company.ledger.sent()] == [PHONE, "+12155550177"]


@pytest.mark.parametrize("accepts", [True, False], ids=["the provider took it", "the provider did not"])
def test_killed_in_the_middle_of_a_call_the_text_is_unknown_and_never_sent_again(
    workers, phone_company, resident, accepts
):
    phone_company.ledger.script(Fault("hang", seconds=3, accepts=accepts))
    workers.publish(resident.wrote(), resident.opened())
    killed = workers.start()
    wait_until(lambda: len(phone_company.ledger.calls()) > 0, 20, "the call")
    killed.kill()
    assert workers.states() == {"sending": 1}
    workers.start()
    other = Resident(phone="+12155550177")
    workers.publish(other.wrote(), other.opened())
    workers.wait_for("the next text, while the fate of the first is open", sending=1, accepted=1)
    workers.forward(31)
    workers.wait_for("giving up", unknown=1, accepted=1)
    workers.forward(86_400)
    third = Resident(phone="+12155550178")
    workers.publish(third.wrote(), third.opened())
    workers.wait_for("one more", unknown=1, accepted=2)
    sent = Counter(text.recipient for text in phone_company.ledger.sent())
    assert sent[PHONE] == int(accepts)
    wait_until(lambda: "unknown" in {said["status"] for said in workers.announced()}, 10, "telling it")


def test_of_two_workers_one_is_killed_and_nobody_gets_two_texts(workers, phone_company):
    everybody = people(60)
    phone_company.ledger.script(*[Fault("delay", seconds=0.05)] * 60)
    workers.publish(*[event for resident in everybody for event in (resident.wrote(), resident.opened())])
    killed = workers.start()
    workers.start()
    wait_until(lambda: len(phone_company.ledger.sent()) >= 30, 30, "work in full swing")
    killed.kill()
    workers.forward(31)
    wait_until(lambda: sum(workers.states().get(s, 0) for s in ("accepted", "unknown")) == 60, 40, "the end")
    sent = Counter(text.recipient for text in phone_company.ledger.sent())
    assert set(sent.values()) == {1}
    assert workers.states().get("unknown", 0) <= 4, "no more than were in the killed worker's hands"
    assert len(sent) >= 56
    assert PHONE_PATTERN.search("".join(workers.logs())) is None


def test_a_worker_ends_in_time_and_finishes_its_call(workers, phone_company, resident):
    phone_company.ledger.script(Fault("delay", seconds=1.0))
    workers.publish(resident.wrote(), resident.opened())
    process = workers.start()
    wait_until(lambda: workers.states() == {"sending": 1}, 20, "the call")
    began = time.monotonic()
    process.stop()
    assert time.monotonic() - began < 10
    assert workers.states() == {"accepted": 1}
