"""Every message of a schema has a stable code and a pointer."""

import pytest
from marshmallow import Schema, ValidationError, fields, validate

from shared.web.faults import Length, as_fault, fault, faults_of, pointer


def _refuse(_value):
    raise ValidationError(fault("by_hand", "Not %(this)s.", this="so"))


class Inner(Schema):
    n = fields.Integer(strict=True)


class Everything(Schema):
    needed = fields.String(required=True)
    text = fields.String(validate=Length(2, 4))
    plain = fields.String(validate=validate.Length(max=3))
    exact = fields.String(validate=validate.Length(2, 3))
    choice = fields.String(validate=validate.OneOf(["a", "b"]))
    share = fields.Float(validate=validate.Range(0, 1))
    least = fields.Integer(validate=validate.Range(min=1))
    most = fields.Integer(validate=validate.Range(max=1))
    when = fields.AwareDateTime()
    day = fields.Date()
    uuid = fields.UUID()
    email = fields.Email()
    url = fields.URL()
    yes = fields.Boolean()
    many = fields.List(fields.Nested(Inner))
    inner = fields.Nested(Inner)
    mapped = fields.Dict()
    form = fields.String(validate=validate.Regexp("^x$"))
    own = fields.String(validate=_refuse)


def refused(**document):
    document = {"needed": "x", **document}
    with pytest.raises(ValidationError) as found:
        Everything().load(document)
    return [(at.pointer, at.fault.code) for at in faults_of(found.value)]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"text": "x"}, ("/text", "too_short")),
        ({"text": "xxxxx"}, ("/text", "too_long")),
        ({"plain": "xxxx"}, ("/plain", "too_long")),
        ({"exact": "xxxx"}, ("/exact", "invalid_length")),
        ({"choice": "c"}, ("/choice", "invalid_choice")),
        ({"share": 2}, ("/share", "out_of_range")),
        ({"share": "x"}, ("/share", "invalid_number")),
        ({"share": float("inf")}, ("/share", "invalid_number")),
        ({"share": 10**400}, ("/share", "invalid_number")),
        ({"least": 0}, ("/least", "out_of_range")),
        ({"most": 2}, ("/most", "out_of_range")),
        ({"when": "yesterday"}, ("/when", "invalid_date")),
        ({"when": "2026-01-01T00:00:00"}, ("/when", "invalid_date")),
        ({"day": "2026-13-01"}, ("/day", "invalid_date")),
        ({"uuid": "x"}, ("/uuid", "invalid_uuid")),
        ({"email": "x"}, ("/email", "invalid_email")),
        ({"url": "x"}, ("/url", "invalid_url")),
        ({"yes": "perhaps"}, ("/yes", "invalid_type")),
        ({"text": 3}, ("/text", "invalid_type")),
        ({"text": None}, ("/text", "null")),
        ({"many": "x"}, ("/many", "invalid_type")),
        ({"many": [{"n": 1}, {"n": "x"}]}, ("/many/1/n", "invalid_number")),
        ({"inner": {"q/~": 1}}, ("/inner/q~1~0", "unknown_field")),
        ({"inner": 3}, ("/inner", "invalid_type")),
        ({"mapped": 3}, ("/mapped", "invalid_type")),
        ({"form": "y"}, ("/form", "invalid_form")),
        ({"own": "y"}, ("/own", "by_hand")),
        ({"strange": "y"}, ("/strange", "unknown_field")),
    ],
)
def test_codes_and_pointers(document, expected):
    assert refused(**document) == [expected]


def test_all_faults_are_told_at_once():
    with pytest.raises(ValidationError) as found:
        Everything().load({"choice": "c", "strange": 1})
    assert {at.fault.code for at in faults_of(found.value)} == {"required", "invalid_choice", "unknown_field"}


def test_a_document_that_is_no_object_is_refused_as_a_whole():
    with pytest.raises(ValidationError) as found:
        Everything().load([])
    assert [(at.pointer, at.fault.code) for at in faults_of(found.value)] == [("", "invalid_type")]


def test_what_was_filled_in_is_remembered_for_translation():
    with pytest.raises(ValidationError) as found:
        Everything().load({"needed": "x", "choice": "c", "own": "y"})
    choice, own = (at.fault for at in faults_of(found.value))
    assert choice.words == "This must be one of: %(choices)s." and choice.filled == {"choices": "a, b"}
    assert str(own) == "Not so."


def test_an_unknown_message_keeps_its_words():
    assert (as_fault("100 % wrong").code, str(as_fault("100 % wrong"))) == ("invalid", "100 % wrong")


def test_pointers_hold_only_what_an_answer_can_carry():
    assert pointer("a/b", "~", "\ud800", "\0", 3) == "/a~1b/~0/?/�/3"


def test_a_message_given_to_a_validator_keeps_its_code():
    validator = validate.Regexp("^x$", error=fault("not_x", "Only %(letter)s.", letter="x"))
    with pytest.raises(ValidationError) as found:
        validator("y")
    assert [at.fault.code for at in faults_of(found.value)] == ["not_x"]
