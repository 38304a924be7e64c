"""Rows as one JSON parameter: what cannot be written exactly is refused."""

import base64
from datetime import UTC, datetime
from uuid import UUID

import orjson
import pytest

from shared.db.records import as_json


def test_bytes_moments_and_identifiers_are_written_exactly():
    row = {
        "id": UUID("0192d3a0-0000-7000-8000-000000000001"),
        "key": b"\x00\xff",
        "at": datetime(2026, 11, 23, 3, 1, 2, 123456, tzinfo=UTC),
        "none": None,
    }
    [written] = orjson.loads(as_json([row]))
    assert base64.b64decode(written["key"]) == b"\x00\xff"
    assert written["at"] == "2026-11-23T03:01:02.123456+00:00"
    assert (written["id"], written["none"]) == (str(row["id"]), None)


@pytest.mark.parametrize("value", [datetime(2026, 1, 1), object()])  # noqa: DTZ001 - the naive one is the point
def test_what_has_no_place_in_a_column_is_refused(value):
    with pytest.raises((ValueError, TypeError)):
        as_json([{"at": value}])
