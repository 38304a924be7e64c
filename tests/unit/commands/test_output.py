"""What commands print: whole lines outside a terminal, nothing hidden in markup, a sign when it takes long."""

import json
import time
from uuid import UUID

import pytest

from commonground.cli.output import show_json, show_table
from commonground.cli.progress import working


def test_a_table_outside_a_terminal_cuts_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    show_table([{"a": "x" * 300, "b": None}, {"a": "[red]y[/red]", "b": 3}], {"a": "first", "b": "second"})
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["first", "second"]
    assert lines[1].strip() == "x" * 300
    assert lines[2].split() == ["[red]y[/red]", "3"]


def test_json_is_one_document_and_keeps_letters(capsys: pytest.CaptureFixture[str]) -> None:
    show_json({"id": UUID(int=1), "name": "Linden Mẫu"})
    out = capsys.readouterr().out
    assert json.loads(out) == {"id": str(UUID(int=1)), "name": "Linden Mẫu"}
    assert "Mẫu" in out


def test_what_is_quick_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with working("Looking …", patience_s=30):
        pass
    assert capsys.readouterr() == ("", "")


def test_what_takes_long_says_so_beside_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    with working("Looking …", patience_s=0.01):
        time.sleep(0.2)
    assert capsys.readouterr() == ("", "Looking …\n")
