"""Sealing: personal data under a key per item, wrapped by the newest of the installation's keys."""

import base64
import hashlib
import hmac
import os
from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12
FINGERPRINT = 8
MOST_PURPOSES = 100


class CannotUnseal(Exception):
    """The sealed value cannot be opened: its key was destroyed, is unknown, or the value was altered."""


def _lock(cipher: AESGCM, plain: bytes, context: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + cipher.encrypt(nonce, plain, context)


def _open(cipher: AESGCM, sealed: bytes, context: bytes) -> bytes:
    try:
        return cipher.decrypt(sealed[:NONCE], sealed[NONCE:], context)
    except (InvalidTag, ValueError) as error:
        raise CannotUnseal(CannotUnseal.__doc__) from error


class ItemKey:
    """The key of one item (AES-256-GCM, NIST SP 800-38D) and its wrapped form."""

    __slots__ = ("_cipher", "wrapped")

    def __init__(self, raw: bytes, wrapped: bytes) -> None:
        self._cipher = AESGCM(raw)
        self.wrapped = wrapped

    def seal(self, value: object, context: str) -> bytes:
        """Seal a JSON value. The context (such as "feedback") must be given again to open it."""
        return _lock(self._cipher, orjson.dumps(value), context.encode())

    def unseal(self, sealed: bytes, context: str) -> object:
        """The JSON value again. Raises CannotUnseal."""
        return orjson.loads(_open(self._cipher, sealed, context.encode()))


@dataclass(frozen=True, slots=True)
class _WrappingKey:
    fingerprint: bytes
    cipher: AESGCM

    @classmethod
    def of(cls, raw: bytes) -> "_WrappingKey":
        return cls(hashlib.sha256(b"commonground wrapping key" + raw).digest()[:FINGERPRINT], AESGCM(raw))


class Keyring:
    """SEALING_KEYS, newest first: the first wraps, all unwrap.

    A wrapped key is the wrapping key's 8-byte fingerprint, a 12-byte nonce and the sealed 32 bytes.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) != 32 for key in keys):
            raise ValueError("sealing keys are 32 bytes each, and at least one is needed")
        self._keys = [_WrappingKey.of(key) for key in keys]
        self._by_fingerprint = {key.fingerprint: key for key in self._keys}

    def new_key(self) -> ItemKey:
        """A fresh key for a new item."""
        raw = AESGCM.generate_key(bit_length=256)
        return ItemKey(raw, self._wrap(raw))

    def open_key(self, wrapped: bytes) -> ItemKey:
        """The item's key from its wrapped form. Raises CannotUnseal."""
        return ItemKey(self._unwrap(wrapped), wrapped)

    def is_current(self, wrapped: bytes) -> bool:
        """Whether the newest key wraps it; if not, rewrap it."""
        return wrapped[:FINGERPRINT] == self._keys[0].fingerprint

    def rewrap(self, wrapped: bytes) -> bytes:
        """The same item key under the newest wrapping key; what it sealed stays as it is."""
        return wrapped if self.is_current(wrapped) else self._wrap(self._unwrap(wrapped))

    def _wrap(self, raw: bytes) -> bytes:
        newest = self._keys[0]
        return newest.fingerprint + _lock(newest.cipher, raw, b"item key")

    def _unwrap(self, wrapped: bytes) -> bytes:
        key = self._by_fingerprint.get(wrapped[:FINGERPRINT])
        if key is None:
            raise CannotUnseal(CannotUnseal.__doc__)
        return _open(key.cipher, wrapped[FINGERPRINT:], b"item key")


class KeyedHash:
    """HMAC-SHA256 under a key derived per purpose: a look-up without keeping what is looked up."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._keys: dict[str, bytes] = {}

    def digest(self, purpose: str, value: str | bytes) -> bytes:
        """32 bytes; the same value gives different digests for different purposes."""
        key = self._keys.get(purpose) or self._derived(purpose)
        return hmac.digest(key, value.encode() if isinstance(value, str) else value, "sha256")

    def _derived(self, purpose: str) -> bytes:
        if len(self._keys) >= MOST_PURPOSES:  # some purposes hold a date
            self._keys.clear()
        key = self._keys[purpose] = hmac.digest(self._secret, purpose.encode(), "sha256")
        return key


def to_text(sealed: bytes) -> str:
    """Bytes as they travel inside a JSON event (base64, RFC 4648)."""
    return base64.b64encode(sealed).decode("ascii")


def from_text(sealed: str) -> bytes:
    """The bytes again."""
    return base64.b64decode(sealed, validate=True)
