"""What operators see of messages that are not at an end."""

from types import SimpleNamespace

from commonground.demo.provider import Fault
from services.notifications.sender.watch import SenderWatch
from shared.metrics import REGISTRY
from tests.integration.notifications.stage import Resident


def metric(name, **labels):
    return REGISTRY.get_sample_value(name, labels)


def test_open_messages_breakers_and_channels_are_counted(stage, phone_company):
    phone_company.ledger.script(*[Fault("error")] * 5)
    for number in range(6):
        resident = Resident(phone=f"+1215555012{number}")
        stage.hear(resident.wrote(), resident.opened())
    writer = Resident(by="email", phone=None, email="rowan@example.org")
    stage.hear(writer.wrote(), writer.answered())
    stage.sender().drain()
    stage.clock.forward(seconds=20)
    runtime = SimpleNamespace(engine=stage.outbox.engine, clock=stage.clock)
    SenderWatch(runtime, stage.providers, lambda: False).look()
    assert metric("commonground_messages", channel="sms", state="unknown") == 5
    assert metric("commonground_messages", channel="sms", state="pending") == 1
    assert metric("commonground_messages", channel="email", state="held") == 1
    assert metric("commonground_messages_oldest_seconds") >= 20
    assert metric("commonground_breaker_open", provider="twilio") == 1
    assert metric("commonground_channel_ready", channel="sms") == 1
    assert metric("commonground_channel_ready", channel="email") == 0
    assert metric("commonground_consents_current") == 0
