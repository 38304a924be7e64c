"""JSON is read as every reader would read it, or refused."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.web.strict_json import MAX_DEPTH, Malformed, read, unstorable_places

numbers = st.integers(-(10**17), 10**17) | st.floats(allow_nan=False, allow_infinity=False)
leaves = st.none() | st.booleans() | numbers | st.text()
documents = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@given(documents)
def test_what_json_writes_is_read_back(document):
    for ascii_only in (True, False):
        try:
            body = json.dumps(document, ensure_ascii=ascii_only).encode()
        except UnicodeEncodeError:
            continue
        assert read(body) == document


@given(st.binary(max_size=200))
def test_any_bytes_are_a_document_or_malformed(body):
    try:
        read(body)
    except Malformed as refused:
        assert refused.reason in ("syntax", "duplicate_key", "too_deep", "not_utf8")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "syntax"),
        (b"{", "syntax"),
        (b'{"a": 1,}', "syntax"),
        (b"{'a': 1}", "syntax"),
        (b'{"a": NaN}', "syntax"),
        (b'{"a": -Infinity}', "syntax"),
        (b'{"a": 01}', "syntax"),
        (b'{"a": "\x00"}', "syntax"),
        (b'{"a": 1} x', "syntax"),
        (b"\xef\xbb\xbf{}", "syntax"),
        (b'{"a": "\xff"}', "not_utf8"),
        (b'{"a": "\xed\xa0\x80"}', "not_utf8"),
        ('{"a": 1}'.encode("utf-16"), "not_utf8"),
        (b'{"a": 1, "a": 1}', "duplicate_key"),
        (b'{"a": {"b": 1, "\\u0062": 2}}', "duplicate_key"),
        (b"[" * 33 + b"]" * 33, "too_deep"),
        (b"[" * 200_000, "too_deep"),
        (b'{"a":' * 100_000, "too_deep"),
        (b'["' + b"[" * 40, "syntax"),
    ],
)
def test_what_is_malformed(body, reason):
    with pytest.raises(Malformed) as refused:
        read(body)
    assert refused.value.reason == reason


def test_32_levels_are_read_and_brackets_in_strings_do_not_count():
    assert read(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    assert read(b'{"a": "' + b"[{" * 100 + b'\\"[[[["}') == {"a": "[{" * 100 + '"[[[['}


def test_numbers_no_reader_agrees_on_become_doubles():
    assert read(b"123456789012345678") == 123456789012345678
    assert isinstance(read(b"1234567890123456789"), float)
    assert read(b"9" * 5000) == float("inf")


def test_places_of_what_cannot_be_kept():
    body = b'{"a": ["x", "\\u0000"], "b": {"c": "\\ud800"}, "d\\udfff": 1, "e": "\\ud83d\\ude00 \\u00e9"}'
    assert set(unstorable_places(body, read(body))) == {("a", 1), ("b", "c"), ("d\udfff",)}


@pytest.mark.parametrize(
    "body", [b'"' * 262_144, b'"\\' * 131_072, b'"\\"' * 87_000, b"[]" * 131_072, b"{}[" * 87_000]
)
def test_hostile_bodies_cost_no_more_than_their_length(body):
    started = time.process_time()
    with pytest.raises(Malformed):
        read(body)
    assert time.process_time() - started < 0.5
