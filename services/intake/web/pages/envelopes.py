"""Envelopes: what a browser carries for us, readable only here and only for a while."""

import base64
import binascii
from datetime import timedelta
from typing import Any

from shared.clock import Clock
from shared.sealing import CannotUnseal, ItemKey, KeyedHash


class Envelopes:
    """Sealed text for hidden fields and cookies, so that nothing a resident types is stored before they send it."""

    def __init__(self, keyed: KeyedHash, clock: Clock) -> None:
        self._key = ItemKey(keyed.digest("envelopes", "resident pages"), b"")
        self._clock = clock

    def close(self, purpose: str, value: object, good_for: timedelta) -> str:
        """The JSON value as text."""
        until = (self._clock.now() + good_for).timestamp()
        return base64.urlsafe_b64encode(self._key.seal([until, value], purpose)).decode("ascii")

    def open(self, purpose: str, text: str) -> Any:
        """The value again; None when it was made for something else, is too old, or was not made here."""
        try:
            opened: Any = self._key.unseal(base64.urlsafe_b64decode(text), purpose)
        except (CannotUnseal, binascii.Error, ValueError):
            return None
        until, value = opened
        return value if self._clock.now().timestamp() < until else None
