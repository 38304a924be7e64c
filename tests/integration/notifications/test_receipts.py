"""What carriers report: in any order, more than once, about texts we gave up on."""

import itertools

import pytest

from shared.ids import new_id
from tests.integration.notifications.stage import Resident


@pytest.fixture
def sent(stage, resident, phone_company):
    """A text the provider took; its reference."""
    stage.hear(resident.wrote(), resident.opened())
    stage.sender().drain()
    return phone_company.ledger.sent()[0].sid


@pytest.mark.parametrize("order", list(itertools.permutations(["queued", "sent", "delivered"])), ids=" ".join)
def test_receipts_in_any_order_end_delivered(stage, sent, order):
    for status in order:
        assert stage.receive(status, reference=sent)
    assert (stage.message.state, stage.message.carrier_status) == ("delivered", "delivered")
    assert stage.announced == ["accepted", "delivered"]


def test_the_same_receipt_again_changes_nothing(stage, sent):
    for _ in range(3):
        stage.receive("delivered", reference=sent)
    assert stage.announced == ["accepted", "delivered"]


@pytest.mark.parametrize(
    ("code", "failure"),
    [(30003, "phone_unreachable"), (30007, "filtered"), (30005, "unknown_number"), (None, "refused")],
)
def test_an_undelivered_text_says_why_and_stays_so(stage, sent, code, failure):
    stage.receive("undelivered", reference=sent, code=code)
    stage.receive("sent", reference=sent)
    stage.receive("delivered", reference=sent)
    assert (stage.message.state, stage.message.failure) == ("undelivered", failure)
    assert stage.announced == ["accepted", "undelivered"]
    stage.clock.forward(days=1)
    assert stage.sender().drain() == 0


def test_a_receipt_with_21610_is_an_opt_out(stage, sent, resident):
    stage.receive("failed", reference=sent, code=21610)
    assert (stage.consent.status, stage.consent.cause) == ("stopped", "provider")
    stage.hear(resident.answered())
    stage.sender().drain()
    assert sorted(stage.states) == ["suppressed", "undelivered"]


def test_an_old_21610_does_not_undo_a_newer_start(stage, sent, resident):
    stage.hear(resident.consents("stop"), resident.consents("start"))
    stage.receive("failed", reference=sent, code=21610)
    assert stage.consent.status == "allowed"


def test_a_21610_turns_a_hold_into_a_stop_and_ends_what_was_held(stage, sent, resident):
    """A hold after the text began says nothing against it: only START would."""
    stage.hear(resident.consents("hold", "free_text"), resident.answered())
    stage.sender().drain()
    stage.receive("failed", reference=sent, code=21610)
    assert stage.consent.status == "stopped"
    assert sorted(stage.states) == ["suppressed", "undelivered"]


def test_unknown_is_settled_by_the_receipt_that_names_the_attempt(stage, resident):
    stage.hear(resident.wrote(), resident.opened())
    attempt = stage.claim().outgoing.attempt_id
    stage.clock.forward(seconds=31)
    stage.sender().drain()
    assert stage.message.state == "unknown"
    assert stage.receive("sent", reference="SM77", attempt=attempt)
    assert (stage.message.state, stage.message.reference, stage.attempts[0].state) == (
        "accepted",
        "SM77",
        "accepted",
    )
    assert stage.receive("delivered", reference="SM77")
    assert stage.announced == ["unknown", "accepted", "delivered"]


def test_a_receipt_that_overtakes_the_answer_is_not_undone_by_it(stage, resident):
    from services.notifications.domain.outcome import Accepted
    from services.notifications.sender.record import record

    stage.hear(resident.wrote(), resident.opened())
    claimed = stage.claim()
    stage.receive("delivered", reference="SM5", attempt=claimed.outgoing.attempt_id)
    with stage.outbox.transaction() as tx:
        record(tx, claimed, Accepted("SM5"))
    assert stage.message.state == "delivered"
    assert stage.announced == ["delivered"]


def test_a_text_believed_refused_that_went_out_after_all_is_not_sent_again(stage, resident, phone_company):
    from commonground.demo.provider import Fault

    phone_company.ledger.script(Fault("refuse", status=429, code=20429))
    stage.hear(resident.wrote(), resident.opened())
    stage.sender().drain()
    assert stage.message.state == "pending"
    stage.receive("sent", reference="SM9", attempt=stage.attempts[0].id)
    stage.clock.forward(hours=1)
    assert stage.sender().drain() == 0
    assert stage.message.state == "accepted"


def test_a_receipt_about_nothing_of_ours_is_not_known(stage, sent):
    assert not stage.receive("delivered", reference="SMother")
    assert not stage.receive("delivered", reference=sent, attempt=new_id())
    assert stage.message.state == "accepted"


def test_a_second_reference_for_one_message_is_refused_loudly(stage, sent, caplog):
    stage.receive("delivered", reference="SMother", attempt=stage.attempts[0].id)
    assert stage.message.state == "accepted"
    assert "One message has two references" in caplog.text


def test_each_case_has_its_own_gapless_sequence(stage, phone_company):
    from services.notifications.models import outbox

    for _ in range(2):
        resident = Resident()
        stage.hear(resident.wrote(), resident.opened(), resident.answered())
    stage.sender().drain()
    for text in phone_company.ledger.sent():
        stage.receive("delivered", reference=text.sid)
    by_case: dict = {}
    for row in sorted(stage.rows(outbox), key=lambda row: row.id):
        by_case.setdefault(row.item_id, []).append(row.sequence)
    assert list(by_case.values()) == [[1, 2, 3, 4]] * 2
