"""The worker process of notifications: hears what happened, writes to residents, sends, and tells how it went."""

from functools import partial
from pathlib import Path

from services.notifications.domain.wording import Wording
from services.notifications.handlers import REACTIONS, Office
from services.notifications.sender.claim import Desk
from services.notifications.sender.consent_lag import ConsentLag
from services.notifications.sender.loop import Sender
from services.notifications.sender.providers import providers_for
from services.notifications.sender.watch import SenderWatch
from shared.cities import load
from shared.config import Settings
from shared.inbox import Handler
from shared.sealing import KeyedHash, Keyring
from shared.worker import Runtime, open_runtime
from shared.worker import run as work

SERVICE = "notifications"
TEMPLATES = Path(__file__).parent / "templates"


def run(settings: Settings) -> int:
    """Work until SIGTERM; the exit code."""
    with open_runtime(SERVICE, settings) as runtime:
        lag = ConsentLag(runtime.bus, runtime.group, runtime.outbox)
        desk = Desk(providers_for(settings), Keyring(settings.sealing_keys), Wording(TEMPLATES), _track(settings))
        sender = Sender(runtime.outbox, desk, consents_current=lag.is_current)
        return work(
            runtime,
            handlers=_handlers(runtime, desk, sender),
            threads={
                "sender": sender.run,
                "consent-lag": lag.run,
                "sender-watch": SenderWatch(runtime, desk.providers, lag.is_current).run,
            },
        )


def _handlers(runtime: Runtime, desk: Desk, sender: Sender) -> dict[str, Handler]:
    settings = runtime.settings
    office = Office(
        keyring=desk.keyring,
        hashes=KeyedHash(settings.secret_key),
        wording=desk.wording,
        city=load(settings.city),
        track_url=desk.track_url,
        wake=sender.wake,
    )
    return {name: partial(react, office) for name, react in REACTIONS.items()}


def _track(settings: Settings) -> str:
    return f"{settings.public_url}/track"
