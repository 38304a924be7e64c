"""Rule sets as documents: read, written, and refused in words with lines."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.domain.rules import Known, Unreadable, built_in, problems_of, read, write
from services.routing.office import directory_of
from shared import cities
from tests.unit.routing.city import directory
from tests.unit.routing.rules.documents import document, rules

NIGHT = """
[[rule]]
code = "noise-at-night"
because = "{place} walks there at night"
when = { category = ["noise"], district = "2", time = "Mo-Fr 22:00-06:00", keywords = ["party"] }
then = { team = "north-noise", skill = "mediation", priority = 2, policy = "safety" }
"""


def test_a_document_says_what_it_means():
    night = rules(NIGHT).rules[2]
    assert (night.code, night.because) == ("noise-at-night", "{place} walks there at night")
    assert night.when.wanted == {
        "category": {"noise"}, "district": {"2"}, "keywords": {"party"},
    }  # fmt: skip
    assert (night.when.windows[0], len(night.when.windows)) == ((22 * 60, 30 * 60), 5)
    assert (night.then.team, night.then.skill, night.then.priority, night.then.policy) == (
        "north-noise", "mediation", 2, "safety",
    )  # fmt: skip


def test_what_is_written_is_read_again():
    for each in (
        rules(NIGHT, '[[expect]]\ngiven = { category = "noise" }\nteam = "north"\n'),
        built_in(directory()),
    ):
        again = read(write(each), each.version).rules
        assert again == each


@given(st.text(max_size=40).map(str.strip).filter(bool))
def test_any_words_survive(words):
    text = document().replace('"Trial"', json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f"))
    try:
        name = read(text).rules.name
    except Unreadable:
        return  # TOML has no place for a lone surrogate or a control character
    assert read(write(read(text).rules)).rules.name == name


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('code = 7\nthen = { team = "north" }', "code must be"),
        ('code = "a"\nthen = { team = "north", queue = "x" }', "one of the two"),
        ('code = "a"\nthen = {}', "one of the two"),
        ('code = "a"\nwen = {}\nthen = { team = "x" }', "wen is not a known field"),
        ('code = "a"\nwhen = { time = "Friday" }\nthen = { team = "x" }', "no time of the week"),
        ('code = "a"\nwhen = { guarded = "no" }\nthen = { team = "x" }', "true or false"),
        ('code = "a"\nwhen = { category = [] }\nthen = { team = "x" }', "a list of texts"),
        ('code = "a"\nwhen = 7\nthen = { team = "x" }', "when must be a table"),
        ('code = "a"\nbecause = "{facts.x}"\nthen = { team = "x" }', "no other braces"),
        ('code = "a"\nthen = { team = "x", priority = 11 }', "from 0 to 9"),
    ],
)
def test_a_wrong_rule_is_said_with_its_line(wrong, said):
    assert refusals(document(f"[[rule]]\n{wrong}\n", rest=""), said) == [13]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('given = { kategorie = "noise" }\nteam = "x"', "kategorie is not a known field"),
        ('given = { names_person = "yes" }\nteam = "x"', "names_person is written wrongly"),
        ('given = { category = "noise" }', "one of the two"),
    ],
)
def test_so_is_a_wrong_row(wrong, said):
    assert refusals(document(f"[[expect]]\n{wrong}\n", rest=""), said) == [13]


def test_and_what_is_no_toml():
    assert refusals(document("[[rule]\ncode = ", rest=""), "no TOML") == [13]


def refusals(text, said):
    """The lines at which that is said."""
    with pytest.raises(Unreadable) as refused:
        read(text)
    return [problem.line for problem in refused.value.problems if said in problem.message]


@pytest.mark.parametrize("text", ["", "format = 1", "format = 2\nname = 'x'", "\x00", "[" * 5000, "x" * 300_000])
def test_no_text_is_a_fault_of_ours(text):
    with pytest.raises(Unreadable) as refused:
        read(text)
    assert refused.value.problems


@given(st.text(max_size=200))
def test_nor_is_any_other(text):
    with pytest.raises(Unreadable):
        read(text)


def test_the_example_of_the_documentation_is_true():
    page = (Path(__file__).parents[4] / "docs" / "routing.md").read_text()
    found = read(page.partition("```toml\n")[2].partition("```")[0])
    assert found.rules.rules[0].code == "noise-at-night"
    city = cities.load(Path(__file__).parents[4] / "cities" / "port-alder")
    known = Known(districts=frozenset({"2"}), policies=frozenset({"safety"}))
    assert problems_of(found, directory_of(city), known) == []
