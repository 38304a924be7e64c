"""The public data beside the checkout; it is not part of the project, and copies of it never are."""

import json
import os
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "shared/data"


def beside(name: str, folder: Path = DATA) -> Path:
    """The file; without it the test is skipped, saying so. In CI that would hide what was promised: it fails."""
    path = folder / name
    if path.exists():
        return path
    if os.environ.get("CI"):
        pytest.fail(f"{name} is not beside this checkout, and in CI nothing may be skipped")
    pytest.skip(f"{name} is not beside this checkout")


def naughty_strings() -> list[str]:
    """The Big List of Naughty Strings: what breaks programs that take text."""
    strings: list[str] = json.loads(beside("blns.json").read_text("utf-8"))
    assert len(strings) == 515
    return strings
