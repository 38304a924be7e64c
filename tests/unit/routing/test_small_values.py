"""References, pseudonyms, passwords and roles."""

import re
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.domain.passwords import normalised, weakness
from services.routing.domain.pseudonyms import BIRDS, COLOURS, pseudonym
from services.routing.domain.references import new_reference, new_references
from services.routing.domain.refusals import NotAllowed
from services.routing.domain.roles import ANSWER, MANAGE_PEOPLE, READ, RIGHTS, ROLES, may, need
from shared.events.catalogue.people import ROLES as PUBLISHED_ROLES


def test_references_can_be_read_out():
    for _ in range(200):
        assert re.fullmatch(r"[ACEFGHJKLMNPRTWXY][1-9]-[1-9]{3}-[1-9]{3}", new_reference())
    assert len(set(new_references(2_000))) == 2_000


@given(st.uuids())
def test_a_pseudonym_is_steady_and_a_coloured_bird(case_id):
    colour, _, bird = pseudonym(case_id).partition(" ")
    assert pseudonym(case_id) == pseudonym(UUID(str(case_id)))
    assert colour in COLOURS
    assert bird in BIRDS


def test_pseudonyms_differ_and_are_spread():
    assert len(set(BIRDS)) == len(BIRDS)
    names = {pseudonym(UUID(int=number * 7919)) for number in range(500)}
    assert len(names) > 300


@pytest.mark.parametrize(
    "password",
    ["short", "a" * 11, "aaaaaaaaaaaaaaaa", "abababababab", "password1234", "Password12345", "qwertyuiop12",
     "x" * 50 + "yz12" + "w" * 200, "rowan likes tea", "Sample of nothing"],
)  # fmt: skip
def test_weak_passwords_are_refused_with_words(password):
    assert weakness(password, "rowan", "Rowan Sample")


@pytest.mark.parametrize("password", ["four words in order", "lamp tiger ocean quilt", "þorn and ðat ünder"])
def test_long_ones_will_do(password):
    assert weakness(password, "rowan", "Rowan Sample") is None


def test_the_same_keys_give_the_same_password():
    assert normalised("e\u0301te\u0301") == normalised("\u00e9t\u00e9")


def test_roles_are_the_published_ones_and_each_has_rights():
    assert ROLES == PUBLISHED_ROLES
    assert set(RIGHTS) == set(ROLES)


def test_administrators_read_no_case_and_auditors_change_none():
    assert not may("administrator", READ)
    assert may("administrator", MANAGE_PEOPLE)
    assert not may("auditor", ANSWER)
    with pytest.raises(NotAllowed):
        need("auditor", ANSWER)
    with pytest.raises(NotAllowed):
        need("a role nobody has", READ)
