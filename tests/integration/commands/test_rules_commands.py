"""`rules`: shown as a file, tried, made to decide the past again, and published."""

from pathlib import Path

import pytest
from sqlalchemy import select, update

from services.routing.models import history
from tests.integration.commands.town import Town

NIGHT = """
[[rule]]
code = "lights"
when = { category = "traffic", keywords = ["light"], guarded = false, wants_partner = false }
then = { team = "citywide" }

[[expect]]
given = { category = "traffic", keywords = ["light"] }
team = "citywide"
"""


FAILING = '[[expect]]\ngiven = { category = "noise", district = "9" }\nteam = "puente"\n'


def shown(town: Town) -> str:
    return str(town.told("rules", "show")["text"])


def draft(town: Town, folder: Path, more: str = NIGHT, after: str = "") -> Path:
    """The built-in rules with others before them, in a file."""
    lines = shown(town).splitlines()
    file = folder / "rules.toml"
    file.write_text("\n".join([lines[0], 'name = "Lights"', more, *lines[2:], after, ""]))
    return file


def heard(town: Town) -> None:
    town.relay()
    town.consume("routing")


def test_the_rules_in_force_are_shown_as_a_file_that_passes(small_town: Town, tmp_path: Path) -> None:
    printed = small_town.command("rules", "show")
    assert printed.output.startswith("format = 1\n")
    assert small_town.told("rules", "test")["problems"] == []
    file = tmp_path / "same.toml"
    file.write_text(printed.output)
    assert small_town.told("rules", "test", str(file))["exit"] == 0


def test_a_table_is_tried_row_by_row(small_town: Town, tmp_path: Path) -> None:
    good = small_town.told("rules", "test", str(draft(small_town, tmp_path)))
    assert good["exit"] == 0
    assert good["table"][0]["passed"] is True
    bad = draft(small_town, tmp_path, after=FAILING)
    told = small_town.told("rules", "test", str(bad))
    assert told["exit"] == 1
    assert [row["passed"] for row in told["table"]].count(False) == 1
    assert told["problems"][0]["line"] > 10
    said = small_town.command("rules", "test", str(bad))
    assert "NOT as expected" in said.output
    assert "goes to team old-town by category_and_district, not to team puente" in said.output


@pytest.mark.parametrize("text", ["", "format = 1", "\x00\x01", "[[rule]]"])
def test_no_rules_are_told_in_words(small_town: Town, tmp_path: Path, text: str) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text(text)
    assert small_town.told("rules", "test", str(file))["exit"] == 1
    for command in (["simulate", str(file)], ["publish", str(file), "--by", "ivy.sample"]):
        done = small_town.command("rules", *command)
        assert done.exit_code == 1
        assert str(done.exception)


def test_the_past_comes_out_the_same_byte_by_byte(town: Town) -> None:
    for _ in range(3):
        town.tell()
    heard(town)
    told = town.told("rules", "simulate")
    assert (told["exit"], told["replayed"], told["same"], told["different"]) == (0, 3, 3, [])
    assert "All 3 certificates come out the same, byte by byte." in town.command("rules", "simulate").output
    with town.engines["routing"].begin() as conn:
        row = conn.execute(select(history).limit(1)).mappings().one()
        changed = row["certificate"] | {"sentence": "Because."}
        conn.execute(update(history).where(history.c.case_id == row["case_id"]).values(certificate=changed))
    told = town.told("rules", "simulate")
    assert (told["exit"], told["same"], len(told["different"])) == (1, 2, 1)


def test_a_draft_decides_the_past_anew(small_town: Town, tmp_path: Path) -> None:
    small_town.tell()
    small_town.tell("The road is narrow.")
    heard(small_town)
    file = draft(small_town, tmp_path)
    told = small_town.told("rules", "simulate", str(file))
    assert (told["exit"], told["decided"], told["counts"]["changed"], told["counts"]["violations"]) == (0, 2, 1, 0)
    assert told["changed"][0]["after"] == "cedar.esempio"
    assert {row["place"]: row["after"] for row in told["loads"]}["cedar.esempio"] == 1
    assert "predicts assignment and load" in small_town.command("rules", "simulate", str(file)).output


def test_publishing_takes_two_organisations(small_town: Town, tmp_path: Path) -> None:
    file = str(draft(small_town, tmp_path))
    refused = small_town.command("rules", "publish", file, "--by", "ivy.sample", "--approved-by", "sage.sample")
    assert refused.exit_code == 1
    same = small_town.command("rules", "publish", file, "--by", "laurel.sample", "--approved-by", "laurel.sample")
    assert "never by the organisation that wrote them" in str(same.exception)
    waiting = small_town.told("rules", "publish", file, "--by", "ivy.sample")
    assert (waiting["exit"], waiting["published"]) == (0, False)
    done = small_town.told("rules", "publish", file, "--by", "ivy.sample", "--approved-by", "laurel.sample")
    assert (done["exit"], done["version"]) == (0, 1)
    assert 'name = "Lights"' in shown(small_town)
    small_town.tell()
    heard(small_town)
    assert small_town.told("rules", "simulate")["versions"] == {"1": 1}
    assert small_town.command("rules", "show", "--version", "9").exit_code == 1


def test_a_set_that_fails_its_table_is_not_published(small_town: Town, tmp_path: Path) -> None:
    bad = draft(small_town, tmp_path, after=FAILING)
    done = small_town.command("rules", "publish", str(bad), "--by", "ivy.sample", "--approved-by", "laurel.sample")
    assert done.exit_code == 1
    assert "not to team puente" in str(done.exception)
    assert small_town.told("rules", "show")["version"] == 0
