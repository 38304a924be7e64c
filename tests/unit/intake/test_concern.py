"""How somebody is reached, and what may never be shown."""

import pytest

from services.intake.domain.concern import may_be_shown, missing_for, way_back


@pytest.mark.parametrize(
    ("contact", "by"),
    [
        (None, "none"),
        ({}, "none"),
        ({"name": "Robin Example"}, "none"),
        ({"phone": "+12155550123", "email": "r@example.org"}, "sms"),
        ({"email": "r@example.org", "address": "1 Alder Street"}, "email"),
        ({"address": "1 Alder Street"}, "post"),
        ({"phone": "+12155550123", "by": "call"}, "call"),
        ({"email": "r@example.org", "by": "none"}, "none"),
    ],
)
def test_the_way_back_is_the_one_asked_for_or_the_first_there_is(contact, by):
    assert way_back(contact) == by


@pytest.mark.parametrize(
    ("contact", "missing"),
    [
        ({"by": "sms"}, "phone"),
        ({"by": "call", "email": "r@example.org"}, "phone"),
        ({"by": "email"}, "email"),
        ({"by": "post"}, "address"),
        ({"by": "partner"}, None),
        ({"by": "none"}, None),
        ({}, None),
        ({"by": "sms", "phone": "+12155550123"}, None),
    ],
)
def test_a_way_back_needs_its_field(contact, missing):
    assert missing_for(contact) == missing


def test_guarded_or_named_is_never_shown():
    assert may_be_shown(asked=True, guarded=False, names_person=False)
    assert not may_be_shown(asked=True, guarded=True, names_person=False)
    assert not may_be_shown(asked=True, guarded=False, names_person=True)
    assert not may_be_shown(asked=False, guarded=False, names_person=False)
