"""In CI nothing is skipped: each way to skip a test fails there, and only there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WAYS = {
    "in its body": "def test_it():\n    pytest.skip('no data')",
    "in a fixture": "@pytest.fixture\ndef data():\n    pytest.skip('no data')\n\ndef test_it(data): ...",
    "in a fixture of the module": (
        "@pytest.fixture(scope='module')\ndef data():\n    pytest.skip('no data')\n\ndef test_it(data): ..."
    ),
    "by a mark": "@pytest.mark.skip(reason='no data')\ndef test_it(): ...",
    "by a condition": "@pytest.mark.skipif(True, reason='no data')\ndef test_it(): ...",
    "one of several": (
        "@pytest.mark.parametrize('n', [pytest.param(1, marks=pytest.mark.skip(reason='no data'))])\n"
        "def test_it(n): ..."
    ),
    "none of several": "@pytest.mark.parametrize('no_data', [])\ndef test_it(no_data): ...",
    "the module": "pytest.skip('no data', allow_module_level=True)",
    "the module for want of another": "pytest.importorskip('no_data')",
    "by the standard library": "import unittest\n\ndef test_it():\n    raise unittest.SkipTest('no data')",
}


def run(folder: Path, ci: str, **sources: str) -> subprocess.CompletedProcess[str]:
    """One run of pytest over a file for each source."""
    for name, source in sources.items():
        (folder / f"test_{name}.py").write_text(f"import pytest\n\n{source}\n")
    (folder / "pytest.ini").write_text("[pytest]\n")
    options = ["-rA", "-p", "tests.promised", "-p", "no:cacheprovider", "--continue-on-collection-errors"]
    command = [sys.executable, "-m", "pytest", *options, str(folder)]
    environ = {**os.environ, "CI": ci, "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": "", "COLUMNS": "200"}
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a run in CI over a file for each way says at its end."""
    sources = {way.replace(" ", "_"): source for way, source in WAYS.items()}
    return run(tmp_path_factory.mktemp("ci"), "true", **sources).stdout.partition("short test summary")[2]


@pytest.mark.parametrize("way", WAYS)
def test_a_skip_fails_in_ci_with_its_reason(told: str, way: str) -> None:
    line = rf"^(FAILED|ERROR) test_{way.replace(' ', '_')}\.py.* In CI nothing may be skipped\. .*no.data"
    assert re.search(line, told, re.M), told


def test_elsewhere_a_skip_stays_one(tmp_path: Path) -> None:
    done = run(tmp_path, "", body=WAYS["in its body"], module=WAYS["the module"])
    assert re.search("= 2 skipped in", done.stdout), done.stdout


def test_an_expected_failure_is_no_skip(tmp_path: Path) -> None:
    done = run(tmp_path, "true", sample="@pytest.mark.xfail(strict=True)\ndef test_it():\n    assert False")
    assert (done.returncode, "1 xfailed" in done.stdout) == (0, True)


def test_every_run_of_our_tests_knows_the_rule(request: pytest.FixtureRequest) -> None:
    assert request.config.pluginmanager.hasplugin("tests.promised")
