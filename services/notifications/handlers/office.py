"""What the handlers of notifications work with."""

from collections.abc import Callable
from dataclasses import dataclass

from services.notifications.domain.wording import Wording
from shared.cities import City
from shared.sealing import KeyedHash, Keyring


@dataclass(frozen=True)
class Office:
    """The keys, the words, the city, where residents read on, and how to wake the sender."""

    keyring: Keyring
    hashes: KeyedHash
    wording: Wording
    city: City
    track_url: str
    wake: Callable[[], None]
