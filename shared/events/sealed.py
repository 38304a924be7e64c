"""The personal part of an event: sealed with the item's key, bound to the type of the event."""

from collections.abc import Mapping
from typing import Any

from shared.events.event import Event
from shared.sealing import ItemKey, KeyedHash, Keyring, from_text, to_text


def sealed_fields(key: ItemKey, sealed: bytes) -> dict[str, str]:
    """`key` and `sealed` as they stand in the event, from what `seal_for` made."""
    return {"key": to_text(key.wrapped), "sealed": to_text(sealed)}


def seal_for(key: ItemKey, name: str, value: Mapping[str, Any]) -> bytes:
    """The value sealed for an event such as `reply.written`; it opens as part of no other."""
    return key.seal(value, name)


def open_sealed(keyring: Keyring, event: Event) -> tuple[ItemKey, dict[str, Any]]:
    """The item's key and what the event sealed with it. Raises CannotUnseal; KeyError when it sealed nothing."""
    key = keyring.open_key(from_text(event.data["key"]))
    value = key.unseal(from_text(event.data["sealed"]), event.name)
    assert isinstance(value, dict)
    return key, value


def phone_hash(keyed: KeyedHash, number: str) -> bytes:
    """What a phone number (E.164) is known by: `contact_hash` of consent.changed is its hexadecimal form."""
    return keyed.digest("phone", number)


def token_hash(keyed: KeyedHash, token: str) -> str:
    """What a staff token is known by, hexadecimal, as person.changed carries it."""
    return keyed.digest("staff token", token).hex()
