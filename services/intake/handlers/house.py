"""Everything the doors of intake need, put together once per process."""

from dataclasses import dataclass
from typing import Self

from sqlalchemy import Engine

from services.intake.handlers.accept import Acceptance
from services.intake.handlers.converse import Conversations
from services.intake.handlers.detect import LanguageDetector
from services.intake.handlers.staff import StaffTokens
from services.intake.handlers.texts import Texts
from services.intake.handlers.understand import Understanding
from services.intake.models import outbox
from shared.cities import City
from shared.clock import Clock
from shared.config import Settings
from shared.outbox import Outbox
from shared.outbox.bell import RelayBell
from shared.sealing import KeyedHash, Keyring

SOURCE = "/intake"


@dataclass(frozen=True)
class House:
    """The parts, wired."""

    settings: Settings
    city: City
    clock: Clock
    engine: Engine
    bell: RelayBell
    keyed: KeyedHash
    understanding: Understanding
    acceptance: Acceptance
    conversations: Conversations
    texts: Texts
    tokens: StaffTokens

    @classmethod
    def build(cls, settings: Settings, city: City, engine: Engine, clock: Clock, bell: RelayBell) -> Self:
        """Wire the parts; opens no connection."""
        keyring, keyed = Keyring(settings.sealing_keys), KeyedHash(settings.secret_key)
        box = Outbox(engine, outbox, SOURCE, clock, bell)
        understanding = Understanding(city, LanguageDetector(city.languages))
        return cls(
            settings=settings,
            city=city,
            clock=clock,
            engine=engine,
            bell=bell,
            keyed=keyed,
            understanding=understanding,
            acceptance=Acceptance(box, keyring, keyed),
            conversations=Conversations(box, keyring, keyed, understanding.mentions),
            texts=Texts(box, keyring, keyed, understanding),
            tokens=StaffTokens(engine, keyed, clock),
        )

    def close(self) -> None:
        """Let go of all connections; what is accepted afterwards opens them again."""
        self.bell.close()
        self.engine.dispose()
