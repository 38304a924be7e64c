"""Servers of a test run are shared by its workers, found where they are, and end with the run."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import psycopg
import pytest

from tests.servers.fixtures import or_skip
from tests.servers.postgres import PostgresServer, plain
from tests.servers.processes import ServerFailed, ServerProcess, answers, free_port, wait_until
from tests.servers.search import Unavailable, given

ROOT = Path(__file__).parents[3]

#: Stands in for a test run: gets the shared server, tells its address, waits to be ended.
RUN = """
import sys, time
from tests.servers.sharing import shared_url
print(shared_url("postgres"), shared_url("postgres"), flush=True)
time.sleep(60)
"""


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2].partition("/")[0])


@pytest.mark.postgres
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL])
def test_the_server_of_a_run_ends_with_it_however_it_ends(postgres_server_url: str, ending: int) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_XDIST_WORKER"}
    with subprocess.Popen(
        [sys.executable, "-c", RUN], cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment
    ) as run:
        assert run.stdout is not None
        first, second = run.stdout.readline().split()
        assert first == second
        port = port_of(first)
        assert answers(port)
        if given("postgres") is None:
            assert port != port_of(postgres_server_url)
            run.send_signal(ending)
            wait_until(lambda: not answers(port), 20, "the end of the server")
        run.kill()


@pytest.mark.postgres
def test_all_who_ask_in_one_run_get_the_same_server(postgres_server_url: str) -> None:
    asking = "from tests.servers.sharing import shared_url; print(shared_url('postgres'))"
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", asking],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTEST_XDIST_WORKER": name},
        )
        for name in ("gw0", "gw1")
    ]
    addresses = {worker.communicate(timeout=60)[0].strip() for worker in workers}
    assert len(addresses) == 1


def test_the_environment_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_KAFKA_URL", "kafka://elsewhere:9092")
    assert given("kafka") == "kafka://elsewhere:9092"


def test_a_missing_server_is_a_skip_with_its_reason() -> None:
    def search() -> None:
        raise Unavailable("no Java here")

    with pytest.raises(pytest.skip.Exception, match="no Java here"):
        or_skip(search)


@pytest.mark.postgres
def test_a_killed_server_comes_back_with_its_data_at_the_same_address(private_postgres: PostgresServer) -> None:
    url = private_postgres.url
    with psycopg.connect(plain(url)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    private_postgres.kill()
    assert not answers(private_postgres.port)
    private_postgres.start()
    assert private_postgres.url == url
    with psycopg.connect(plain(url)) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)
        assert connection.execute("SHOW fsync").fetchone() == ("on",)


@pytest.mark.postgres
def test_a_frozen_server_says_nothing_until_it_is_thawed(private_postgres: PostgresServer) -> None:
    with psycopg.connect(plain(private_postgres.url), autocommit=True) as connection:
        private_postgres.freeze()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(plain(private_postgres.url), connect_timeout=2)
        private_postgres.thaw()
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_server_dies_with_the_process_that_started_it(tmp_path: Path) -> None:
    starting = (
        "import sys, time; from pathlib import Path; from tests.servers.processes import ServerProcess;"
        f"server = ServerProcess(['sleep', '60'], Path({str(tmp_path / 'log')!r}));"
        "server.start(lambda: True); print(server.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", starting], cwd=ROOT, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        server = psutil.Process(int(starter.stdout.readline()))
        assert server.is_running()
        starter.kill()
        wait_until(lambda: not server.is_running() or server.status() == psutil.STATUS_ZOMBIE, 5, "its death")


def test_a_server_that_does_not_come_up_says_what_it_said(tmp_path: Path) -> None:
    server = ServerProcess(["sh", "-c", "echo no space left; exit 3"], tmp_path / "log")
    with pytest.raises(ServerFailed, match="no space left"):
        server.start(lambda: answers(free_port()))
