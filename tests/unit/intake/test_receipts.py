"""Receipts are sixteen random digits, however they are typed."""

import pytest

from services.intake.domain.receipts import draw, grouped, normalised


def test_a_receipt_has_sixteen_digits_and_reads_in_groups_of_four():
    drawn = {draw() for _ in range(500)}
    assert len(drawn) == 500
    assert all(len(each) == 16 and each.isdigit() for each in drawn)
    assert grouped("1234567890123456") == "1234-5678-9012-3456"


@pytest.mark.parametrize(
    "typed",
    [
        "1234-5678-9012-3456",
        " 1234 5678 9012 3456 ",
        "1234567890123456",
        "1234–5678–9012–3456",
        "1234.5678.9012.3456",
        "١٢٣٤-٥٦٧٨-٩٠١٢-٣٤٥٦",
        "1234, 5678, 9012, 3456",
    ],
)
def test_separators_and_scripts_do_not_matter(typed):
    assert normalised(typed) == "1234567890123456"


@pytest.mark.parametrize(("typed", "left"), [("", ""), ("nonsense", ""), ("12", "12"), ("²", "2")])
def test_what_is_no_receipt_is_still_something_to_look_up(typed, left):
    assert normalised(typed) == left


def test_a_flood_of_characters_is_cut():
    assert len(normalised("1" * 100_000)) < 200
