"""What is installed is locked: every dependency, by hash, one version everywhere, from no named place."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[3]
LOCKS = ("run", "dev", "bench")
GROUPS = {"run": (), "dev": ("test", "quality"), "bench": ("test", "quality", "bench")}
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[^\]]*\])?==(?P<version>[^\s;\\]+)", re.M)


def pinned(lock: str) -> dict[str, set[str]]:
    """Versions by name; a name may have several, for several versions of Python."""
    found: dict[str, set[str]] = {}
    for match in PIN.finditer((ROOT / "requirements" / f"{lock}.txt").read_text()):
        found.setdefault(canonicalize_name(match["name"]), set()).add(match["version"])
    return found


def wanted(lock: str) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    named = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    named += [entry for group in GROUPS[lock] for entry in project["dependency-groups"][group]]
    return [Requirement(entry) for entry in named if isinstance(entry, str)]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_dependency_is_locked_at_a_version_it_allows(lock: str) -> None:
    pins = pinned(lock)
    for requirement in wanted(lock):
        versions = pins.get(canonicalize_name(requirement.name), set())
        assert versions, f"{requirement} is not in requirements/{lock}.txt: make lock"
        assert all(requirement.specifier.contains(version) for version in versions), f"{requirement}: make lock"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes_and_names_no_place(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text()
    entries = [entry for entry in re.split(r"\n(?=\S)", text) if not entry.startswith("#")]
    assert len(entries) > 50
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert not re.search(r"https?://|--index|--find-links", text)


def test_development_runs_on_the_versions_that_run() -> None:
    run, dev, bench = (pinned(lock) for lock in LOCKS)
    assert {name: dev.get(name) for name in run} == run
    assert {name: bench.get(name) for name in dev} == dev
