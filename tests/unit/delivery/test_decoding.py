"""Whatever lies on the bus is an event or is undecodable; nothing else comes out of decoding."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bus import Record
from shared.events import Undecodable, from_record

GOOD = {
    "ce_specversion": b"1.0",
    "ce_id": b"01920000-0000-7000-8000-000000000001",
    "ce_source": b"/routing",
    "ce_type": b"org.commonground.note.added.v1",
    "ce_subject": b"01920000-0000-7000-8000-000000000002",
    "ce_time": b"2026-01-05T10:00:00.000000Z",
    "ce_sequence": b"1",
    "ce_correlationid": b"c",
}


def decode(value=b"{}", **changes):
    headers = {name: value for name, value in (GOOD | changes).items() if value != b"-"}
    return from_record(Record("t", 0, 0, b"k", value, tuple(headers.items())))


def test_a_good_record_is_an_event():
    event = decode(orjson.dumps({"a": 1}))
    assert (event.sequence, event.data, event.correlationid) == (1, {"a": 1}, "c")


def test_unknown_attributes_are_ignored():
    assert decode(ce_future=b"\xff", other=b"x").sequence == 1


@pytest.mark.parametrize("value", [None, b"", b"[]", b"null", b"{", b'"x"', b"\xff", b"[" * 100_000])
def test_data_that_is_no_object_is_undecodable(value):
    with pytest.raises(Undecodable):
        decode(value)


@pytest.mark.parametrize(
    "changes",
    [
        {name: bad}
        for name in GOOD
        if name != "ce_correlationid"
        for bad in (b"-", b"", b"\xff", b"x\x00y", b"nonsense" * 40, None)
    ]
    + [
        {"ce_time": b"2026-01-05T10:00:00"},
        {"ce_sequence": b"0"},
        {"ce_sequence": b"-1"},
        {"ce_sequence": b"2147483648"},
        {"ce_specversion": b"0.3"},
        {"ce_source": b"/a b"},
    ],
)
def test_attributes_that_no_column_could_hold_are_undecodable(changes):
    with pytest.raises(Undecodable):
        decode(**changes)


@given(st.dictionaries(st.sampled_from(sorted(GOOD)), st.none() | st.binary(max_size=50)), st.none() | st.binary())
def test_nothing_but_undecodable_is_ever_raised(changes, value):
    try:
        event = decode(value, **changes)
    except Undecodable:
        return
    assert 1 <= event.sequence < 2**31
    assert event.time.tzinfo
