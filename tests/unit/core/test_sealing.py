"""What is sealed opens only with the item's key, in the same context, unaltered."""

import os

import pytest

from shared.sealing import CannotUnseal, KeyedHash, Keyring, from_text, to_text

OLD, NEW = os.urandom(32), os.urandom(32)


def test_what_was_sealed_comes_back():
    key = Keyring([NEW]).new_key()
    value = {"text": "Las luces 💡 \u202e", "location": {"lat": 39.95}}
    assert Keyring([NEW]).open_key(key.wrapped).unseal(key.seal(value, "feedback"), "feedback") == value


def test_the_sealed_bytes_do_not_show_the_words():
    sealed = Keyring([NEW]).new_key().seal({"text": "canary-words"}, "feedback")
    assert b"canary" not in sealed


def test_sealing_twice_never_gives_the_same_bytes():
    key = Keyring([NEW]).new_key()
    assert key.seal("same", "x") != key.seal("same", "x")


def test_another_context_another_key_or_a_changed_byte_opens_nothing():
    ring = Keyring([NEW])
    key, sealed = ring.new_key(), None
    sealed = key.seal("words", "feedback")
    altered = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for opener, value, context in (
        (key, sealed, "note"),
        (ring.new_key(), sealed, "feedback"),
        (key, altered, "feedback"),
    ):
        with pytest.raises(CannotUnseal):
            opener.unseal(value, context)


def test_keys_rotate_without_resealing_what_they_protect():
    item = Keyring([OLD]).new_key()
    sealed = item.seal("words", "feedback")
    both = Keyring([NEW, OLD])
    assert not both.is_current(item.wrapped)
    rewrapped = both.rewrap(item.wrapped)
    assert both.is_current(rewrapped)
    assert Keyring([NEW]).open_key(rewrapped).unseal(sealed, "feedback") == "words"
    with pytest.raises(CannotUnseal):
        Keyring([NEW]).open_key(item.wrapped)


@pytest.mark.parametrize("wrapped", [b"", b"short", b"x" * 68])
def test_a_destroyed_key_is_told_apart_from_a_crash(wrapped):
    with pytest.raises(CannotUnseal):
        Keyring([NEW]).open_key(wrapped)


@pytest.mark.parametrize("keys", [[], [b"short"]])
def test_a_keyring_needs_whole_keys(keys):
    with pytest.raises(ValueError, match="32 bytes"):
        Keyring(keys)


def test_a_keyed_hash_depends_on_secret_purpose_and_value():
    digest = KeyedHash(b"a" * 32).digest("phone", "+12155550100")
    assert digest == KeyedHash(b"a" * 32).digest("phone", "+12155550100")
    others = (
        KeyedHash(b"b" * 32).digest("phone", "+12155550100"),
        KeyedHash(b"a" * 32).digest("receipt", "+12155550100"),
        KeyedHash(b"a" * 32).digest("phone", "+12155550101"),
    )
    assert digest not in others


def test_bytes_travel_as_text():
    assert from_text(to_text(b"\x00\xff")) == b"\x00\xff"
