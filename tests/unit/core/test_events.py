"""Events keep their attributes on the way over the bus; what is no event is told apart."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shared.bus import Record
from shared.events import Event, Undecodable, encode, from_record, full_type, short_name, to_message
from shared.events.catalogue import BY_TYPE, EVENT_TYPES, topics_of
from shared.ids import new_id


def an_event(**changes):
    event = Event(
        id=new_id(),
        source="/routing",
        type=full_type("case.assigned"),
        subject=new_id(),
        sequence=3,
        time=datetime(2026, 11, 1, 12, 0, 0, 123456, tzinfo=UTC),
        data={"reason": "llegó"},
        correlationid="c-1",
        causationid=new_id(),
        traceparent="00-" + "a" * 32 + "-" + "b" * 16 + "-01",
    )
    return replace(event, **changes)


def as_record(event, **changes):
    message = to_message("commonground.cases", *encode(event))
    record = Record(message.topic, 0, 0, message.key, message.value, message.headers)
    return replace(record, **changes)


def test_an_event_comes_back_as_it_went():
    for event in (an_event(), an_event(causationid=None, traceparent=None)):
        assert from_record(as_record(event)) == event


def test_the_key_is_the_subject_and_the_headers_are_cloudevents():
    event = an_event()
    record = as_record(event)
    assert record.key == str(event.subject).encode()
    assert dict(record.headers)["ce_specversion"] == b"1.0"
    assert dict(record.headers)["ce_time"] == b"2026-11-01T12:00:00.123456Z"


@pytest.mark.parametrize(
    "missing", ["ce_id", "ce_source", "ce_type", "ce_subject", "ce_sequence", "ce_time", "ce_specversion"]
)
def test_a_record_without_a_required_attribute_is_no_event(missing):
    record = as_record(an_event())
    headers = tuple(pair for pair in record.headers if pair[0] != missing)
    with pytest.raises(Undecodable):
        from_record(replace(record, headers=headers))


@pytest.mark.parametrize("value", [None, b"", b"{", b"[]", b'"text"', b"\xff\xfe"])
def test_data_that_is_no_json_object_is_undecodable(value):
    with pytest.raises(Undecodable):
        from_record(as_record(an_event(), value=value))


def test_unknown_headers_are_ignored():
    record = as_record(an_event())
    more = (*record.headers, ("ce_future", b"1"), ("x-other", b"\xff"))
    assert from_record(replace(record, headers=more)).sequence == 3


def test_short_and_full_names_belong_together():
    for name, entry in EVENT_TYPES.items():
        assert entry.type == full_type(name)
        assert short_name(entry.type) == name
        assert BY_TYPE[entry.type] is entry


def test_topics_of_names_each_topic_once():
    assert topics_of(["case.opened", "state.changed", "feedback.received"]) == [
        "commonground.cases",
        "commonground.feedback",
    ]
