"""Cursors: the place of a page's last case in its order, as text that opens nothing.

What lies beyond a place still passes through sight, so a cursor tells nothing its reader did not bring.
"""

import base64
import binascii
from datetime import UTC, datetime
from uuid import UUID

import orjson

from services.routing.domain.refusals import Invalid


def written(of: str, moment: datetime, case_id: UUID) -> str:
    """The cursor of a list: `of` says which order it belongs to."""
    return base64.urlsafe_b64encode(orjson.dumps([of, moment.isoformat(), str(case_id)])).decode().rstrip("=")


def read(cursor: str, of: str) -> tuple[datetime, UUID]:
    """The place a cursor names. Raises Invalid for one of another order, or none at all."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        belongs, moment, case_id = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        at = datetime.fromisoformat(moment)
        place = None if at.tzinfo is None else (at.astimezone(UTC), UUID(case_id))
    except (ValueError, TypeError, AttributeError, OverflowError, binascii.Error):
        place, belongs = None, None
    if place is None or belongs != of:
        raise Invalid("/cursor", "bad_cursor", "Use the next_cursor of the page before, in the same box.")
    return place
