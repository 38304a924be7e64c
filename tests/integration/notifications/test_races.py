"""Threads against threads: who sends and who stops take turns, however they meet."""

import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Thread

from commonground.demo.provider import Fault
from shared.inbox import NotYet
from shared.pulse import Pulse
from tests.integration.notifications.stage import Resident

ROUNDS = 60


def stop_until_it_holds(stage, resident, pause):
    """What the inbox does: come back until the handler takes it. The moment after it committed."""
    time.sleep(pause)
    stop = resident.consents("stop")
    while True:
        try:
            stage.hear(stop)
        except NotYet:
            time.sleep(0.002)
        else:
            return datetime.now(UTC)


def undisturbed(stage):
    """Seconds that two texts take on this machine at this moment."""
    resident = Resident(phone="+12155559999")
    stage.hear(resident.wrote(), resident.opened(), resident.answered())
    began = time.monotonic()
    stage.sender().drain()
    return time.monotonic() - began


def test_nothing_is_handed_over_after_stop_has_committed(stage, phone_company):
    dice = random.Random(7)
    suppressed, usual = 0, min(undisturbed(stage) for _ in range(3)) + 0.02
    with ThreadPoolExecutor(2) as pool:
        for number in range(ROUNDS):
            resident = Resident(phone=f"+1215555{number:04}")
            stage.hear(resident.wrote(), resident.opened(), resident.answered())
            phone_company.ledger.script(*[Fault("delay", seconds=dice.random() * 0.02)] * 2)
            sender = stage.sender()
            sending = pool.submit(sender.drain)
            stopping = pool.submit(stop_until_it_holds, stage, resident, dice.random() * 2 * usual)
            sending.result()
            stopped_at = stopping.result()
            sent = phone_company.ledger.sent(resident.phone)
            late = [text for text in sent if datetime.fromisoformat(text.at) > stopped_at]
            assert late == [], f"round {number}"
            suppressed += len(sent) < 2
            while phone_company.ledger.next_fault(resident.phone):
                pass
    assert 0 < suppressed < ROUNDS, "the race went only one way: it proves nothing"


def test_many_senders_send_each_message_once(stage, phone_company):
    everybody = [Resident(phone=f"+1215555{number:04}") for number in range(40)]
    for resident in everybody:
        stage.hear(resident.wrote(), resident.opened())
    phone_company.ledger.script(*[Fault("delay", seconds=0.01)] * 40)
    pulse = Pulse()
    senders = [Thread(target=stage.sender().run, args=(pulse,)) for _ in range(3)]
    for each in senders:
        each.start()
    deadline = time.monotonic() + 30
    while stage.states != ["accepted"] * 40 and time.monotonic() < deadline:
        time.sleep(0.05)
    pulse.stop()
    for each in senders:
        each.join()
    assert stage.states == ["accepted"] * 40
    assert Counter(text.recipient for text in phone_company.ledger.sent()) == {r.phone: 1 for r in everybody}
    assert [row.attempts for row in stage.rows()] == [1] * 40
    assert phone_company.ledger.calls().count("accepted") == 40


def test_a_receipt_and_the_answer_at_the_same_time_end_delivered(stage, phone_company):
    """The callback overtakes the answer or crosses it; never is the state lost or the sequence torn."""
    from services.notifications.domain.outcome import Accepted
    from services.notifications.sender.record import record

    with ThreadPoolExecutor(2) as pool:
        for number in range(25):
            resident = Resident(phone=f"+1215555{number:04}")
            stage.hear(resident.wrote(), resident.opened())
            (pending,) = [row.id for row in stage.rows() if row.case_id == resident.case_id]
            claimed = stage.claim(pending)

            def answer(claimed=claimed, number=number):
                with stage.outbox.transaction() as tx:
                    record(tx, claimed, Accepted(f"SM{number}"))

            def report(claimed=claimed, number=number):
                stage.receive("delivered", reference=f"SM{number}", attempt=claimed.outgoing.attempt_id)

            for done in [pool.submit(answer), pool.submit(report)]:
                done.result()
    assert set(stage.states) == {"delivered"}
