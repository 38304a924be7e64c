"""Receipts of texts and mails stand beside the words they carried."""

from uuid import uuid4

from services.routing.handlers import commands
from tests.integration.routing.acting import act, in_progress, opened, resolved


def changed(world, case_id, cause_id, status="delivered", failure=None):
    data = {
        "message_id": str(uuid4()), "cause_id": str(cause_id), "channel": "sms", "template": "reply",
        "status": status, "failure": failure, "at": world.routing.clock.now().isoformat(),
    }  # fmt: skip
    return world.arriving("delivery.changed", case_id, data)


def test_a_receipt_finds_its_reply(world):
    case_id, owner = in_progress(world, world.staff())
    reply = next(data for name, data in world.published(case_id) if name == "reply.written")
    world.deliver(changed(world, case_id, reply["message_id"], "accepted"))
    world.deliver(changed(world, case_id, reply["message_id"], "undelivered", "landline"))
    entry = opened(world, owner, case_id).conversation[0]
    assert (entry.delivery, entry.failure, entry.channel) == ("undelivered", "landline", "sms")


def test_a_receipt_finds_the_sentence_of_an_outcome_by_its_event(world):
    case_id, owner = resolved(world, world.staff())
    sentence = next(entry for entry in opened(world, owner, case_id).conversation if entry.kind == "sentence")
    world.deliver(changed(world, case_id, sentence.id))
    again = next(entry for entry in opened(world, owner, case_id).conversation if entry.kind == "sentence")
    assert again.delivery == "delivered"
    assert sentence.id in world.event_ids(case_id)


def test_a_receipt_of_an_acknowledgement_touches_nothing(world):
    case_id, owner = in_progress(world, world.staff())
    world.deliver(changed(world, case_id, uuid4()))
    assert all(entry.delivery is None for entry in opened(world, owner, case_id).conversation)


def test_a_receipt_of_another_case_does_not_reach_into_this_one(world):
    staff = world.staff()
    case_id, owner = in_progress(world, staff)
    elsewhere, _ = in_progress(world, staff)
    reply = next(data for name, data in world.published(case_id) if name == "reply.written")
    world.deliver(changed(world, elsewhere, reply["message_id"], "failed"))
    assert opened(world, owner, case_id).conversation[0].delivery is None
    act(world, owner, commands.note, case_id, "still here")
