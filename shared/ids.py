"""Identifiers: UUIDv7, so that rows arrive in index order."""

from datetime import UTC, datetime
from uuid import UUID

import uuid_utils
import uuid_utils.compat


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562, section 5.7) of this moment."""
    return uuid_utils.compat.uuid7()


def new_id_text() -> str:
    """The same, where only its text is wanted."""
    return str(uuid_utils.uuid7())


def moment_of(identifier: UUID) -> datetime:
    """The millisecond a UUIDv7 was made in, UTC."""
    return datetime.fromtimestamp((identifier.int >> 80) / 1000, tz=UTC)
