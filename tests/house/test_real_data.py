"""Tests with public data: skipped, saying so, where it is not beside the checkout, and failed in CI."""

import pytest

from tests.real_data import beside


@pytest.mark.parametrize(("ci", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)])
def test_absent_data_is_a_skip_with_its_reason_and_in_ci_a_failure(monkeypatch, tmp_path, ci, outcome):
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match=r"words\.json is not beside this checkout"):
        beside("words.json", tmp_path)


def test_data_that_is_there_is_used_everywhere(monkeypatch, tmp_path):
    (tmp_path / "words.json").write_text("[]")
    for ci in ("", "true"):
        monkeypatch.setenv("CI", ci)
        assert beside("words.json", tmp_path).read_text() == "[]"
