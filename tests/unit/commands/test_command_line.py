"""The command line: every command helps, speaks JSON, loads nothing early, and fails in words."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from commonground.cli.root import COMMANDS, commonground

ROOT = Path(__file__).parents[3]
LATER = ("verify-log", "export", "erase", "hold")
#: They run until they are stopped; what they print are logs, one JSON object a line already.
PROCESSES = {(service, role) for service in ("intake", "routing", "notifications") for role in ("web", "worker")}
#: None of these may be imported before sockets and locks are made cooperative.
TOO_EARLY = ("ssl", "sqlalchemy", "psycopg", "flask", "requests", "prometheus_client", "shapely", "kafka")


def invoke(*args: str, environ: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(commonground, args, env=environ)


def leaves() -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(commonground)
    for name in COMMANDS:
        command = commonground.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from (((name, part), each) for part, each in command.commands.items())
        else:
            yield (name,), command


LEAVES = dict(leaves())


def test_the_commands_are_those_of_the_contract() -> None:
    assert set(LEAVES) == {
        ("run",), *PROCESSES, ("db", "upgrade"), ("db", "status"), ("topics", "create"), ("topics", "check"),
        ("load",), ("reconcile",), ("deadletters", "list"), ("deadletters", "show"), ("deadletters", "replay"),
        ("user", "add"), ("user", "list"), ("user", "disable"), ("token", "create"), ("token", "revoke"),
        ("config",), ("doctor",), ("clocks",),
        ("rules", "show"), ("rules", "test"), ("rules", "simulate"), ("rules", "publish"),
    }  # fmt: skip


@pytest.mark.parametrize("path", [(), *LEAVES, *((name,) for name in COMMANDS)])
def test_every_command_helps(path: tuple[str, ...]) -> None:
    done = invoke(*path, "--help")
    assert done.exit_code == 0
    assert done.output.startswith("Usage:")
    assert len(done.output.splitlines()) > 3


@pytest.mark.parametrize("path", sorted(set(LEAVES) - PROCESSES))
def test_every_command_that_ends_speaks_json(path: tuple[str, ...]) -> None:
    assert "--json" in {option for parameter in LEAVES[path].params for option in parameter.opts}


@pytest.mark.parametrize("name", LATER)
def test_commands_that_do_not_exist_yet_are_absent(name: str) -> None:
    done = invoke(name)
    assert done.exit_code == 2
    assert "No such command" in done.output


def test_nothing_that_waits_is_imported_before_a_web_process_is_cooperative() -> None:
    code = (
        "import sys; import commonground.__main__, commonground.cli.processes;"
        f"sys.exit(', '.join(name for name in {TOO_EARLY!r} if name in sys.modules) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def run(*args: str, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "commonground", *args]
    path = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=cwd, env=path | environ, capture_output=True, text=True, check=False)


def test_a_missing_setting_is_told_with_an_example_and_without_a_traceback(tmp_path: Path) -> None:
    done = run("intake", "worker", cwd=tmp_path)
    assert done.returncode == 1
    assert "INTAKE_DATABASE_URL is missing. Example: postgresql+psycopg://" in done.stderr
    assert "SEALING_KEYS is missing" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_web_process_says_what_is_missing_too(tmp_path: Path) -> None:
    done = run("routing", "web", cwd=tmp_path, PORT="eighty")
    assert done.returncode == 1
    assert "ROUTING_DATABASE_URL is missing" in done.stderr
    assert "PORT" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_is_not_set_up_is_told_what_to_do(tmp_path: Path) -> None:
    done = run("deadletters", "list", cwd=tmp_path, INTAKE_DATABASE_URL=f"sqlite:///{tmp_path}/empty.db")
    assert done.returncode == 1
    assert "Run: commonground db upgrade" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_is_away_is_told_in_a_line(tmp_path: Path) -> None:
    url = "postgresql+psycopg://nobody:hunter2hunter2@127.0.0.1:1/intake"
    done = run("db", "status", "--service", "intake", cwd=tmp_path, INTAKE_DATABASE_URL=url)
    assert done.returncode == 1
    assert "A database does not answer" in done.stderr
    assert "Traceback" not in done.stderr
    assert "hunter2" not in done.stdout + done.stderr


def test_a_spoilt_city_pack_is_told_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "city.toml").write_text("format = 7\n")
    done = run("run", cwd=tmp_path, CITY=str(tmp_path), PUBLIC_URL="http://127.0.0.1:1")
    assert done.returncode == 1
    assert "format must be 1" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_embedded_installation_needs_a_city_and_an_address_without_demo(tmp_path: Path) -> None:
    done = run("run", cwd=tmp_path)
    assert done.returncode == 1
    assert "CITY is missing. Example: /" in done.stderr
    assert "PUBLIC_URL is missing. Example: https://" in done.stderr
    assert "Traceback" not in done.stderr
