"""The worker as a real process: it works, stops cleanly when asked, and is as correct when it is killed."""

import json
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from shared.outbox.backlog import OUTBOX
from shared.worker.process import STOP_WITHIN_S
from tests.integration.delivery.sample_worker import PATIENCE_S
from tests.integration.delivery.station import Station, note, until
from tests.servers.processes import free_port

ROOT = Path(__file__).parents[3]
COMMAND = [sys.executable, "-m", "tests.integration.delivery.sample_worker"]


@pytest.fixture(params=["lite", pytest.param("real", marks=[pytest.mark.kafka, pytest.mark.postgres])])
def place(request):
    """A SQLite database and the embedded bus; PostgreSQL and Kafka."""
    if request.param == "lite":
        database = request.getfixturevalue("sqlite_databases").fresh()
        bus_url = request.getfixturevalue("embedded_bus_url")
    else:
        database = request.getfixturevalue("postgres_databases").fresh()
        bus_url = request.getfixturevalue("kafka_bus_url")
    station = Station.open(database, bus_url)
    yield station
    station.close()


@contextmanager
def worker(station, mode="", metrics_port=0):
    """The process, ended at the end; `process.log()` gives the lines it wrote so far."""
    url = station.engine.url.render_as_string(hide_password=False)
    command = [*COMMAND, url, station.bus_url, mode, str(metrics_port)]
    with tempfile.NamedTemporaryFile("ab") as stderr:
        process = subprocess.Popen(command, cwd=ROOT, stderr=stderr, text=True)
        process.log = lambda: lines_of(Path(stderr.name))
        try:
            yield process
        finally:
            process.kill()
            process.wait()
            sys.stderr.write(Path(stderr.name).read_text())


def lines_of(path):
    return [json.loads(line) for line in path.read_text().splitlines(keepends=True) if line.endswith("\n")]


def complete(station, subjects, sequences):
    """Whether every effect is there once and in order; fails on anything done twice or out of order."""
    by_subject = defaultdict(list)
    for subject, sequence in station.effects():
        by_subject[subject].append(sequence)
    for done in by_subject.values():
        assert done == list(range(1, len(done) + 1))
    return all(by_subject[subject] == list(range(1, sequences + 1)) for subject in subjects)


def wait_for_more_effects(station):
    before = len(station.effects())
    until(lambda: len(station.effects()) > before, 30)


def test_a_worker_relays_and_consumes_and_stops_cleanly(place):
    case = uuid4()
    with worker(place) as process:
        place.emit(case, 1, 2)
        place.publish(note(case, 3, "message.recorded"))
        until(lambda: complete(place, [case], 3))
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
    assert all(row.sent_at for row in place.rows(OUTBOX))
    assert not place.parked()


def test_killed_between_send_and_mark_nothing_is_lost_or_done_twice(place):
    subjects = [uuid4() for _ in range(10)]
    for subject in subjects:
        place.emit(subject, 1, 2, 3)
    with worker(place, "after-send") as process:
        assert process.wait(30) == -signal.SIGKILL
    assert any(row.sent_at is None for row in place.rows(OUTBOX))
    with worker(place):
        until(lambda: complete(place, subjects, 3), 60)
        until(lambda: all(row.sent_at for row in place.rows(OUTBOX)))


def test_killed_between_effect_and_offset_nothing_is_lost_or_done_twice(place):
    subjects = [uuid4() for _ in range(10)]
    place.publish(*[note(subject, sequence) for sequence in (1, 2, 3) for subject in subjects])
    with worker(place, "before-commit") as process:
        assert process.wait(30) == -signal.SIGKILL
    assert place.effects(), "the effect was committed before the process died"
    with worker(place):
        until(lambda: complete(place, subjects, 3), 60)


def test_killed_again_and_again_under_load(station):
    rng = random.Random(7)
    subjects = [uuid4() for _ in range(20)]
    for sequence in (1, 2, 3):
        with worker(station) as process:
            for subject in subjects:
                station.emit(subject, sequence)
                station.publish(note(uuid4(), 1))
            wait_for_more_effects(station)
            time.sleep(rng.uniform(0.0, 0.05))
            process.kill()
    with worker(station) as process:
        until(lambda: complete(station, subjects, 3) and len(station.effects()) == 120, 60)
        until(lambda: any(line["event"] == "Worker started" for line in process.log()))
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
    assert not station.parked()


def test_stopped_under_load_it_is_quick_and_nothing_is_lost(place):
    subjects = [uuid4() for _ in range(100)]
    for sequence in (1, 2):
        with worker(place) as process:
            until(process.log, 30)
            for subject in subjects:
                place.emit(subject, sequence)
            wait_for_more_effects(place)
            process.send_signal(signal.SIGTERM)
            assert process.wait(15) == 0
    with worker(place):
        until(lambda: complete(place, subjects, 2), 30)


def test_the_death_of_a_thread_is_the_death_of_the_process(lite):
    lite.publish(*[note(uuid4(), 1) for _ in range(30)])
    with worker(lite, "refusing") as process:
        assert process.wait(30) == 1
        lines = process.log()
    trouble = [line for line in lines if line["event"] == "A thread of the worker is in trouble"]
    assert [line["worker_thread"] for line in trouble] == ["consumer"]
    assert "BadDeploy" in trouble[0]["error"]
    assert lines[-1]["event"] == "Worker ended"
    assert not lite.parked()


def test_a_worker_that_cannot_finish_goes_anyway(lite):
    lite.publish(note(uuid4(), 1))
    with worker(lite, "hanging") as process:
        until(lambda: is_writing(lite), 30)
        time.sleep(0.3)
        assert is_writing(lite)
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 1
        assert time.monotonic() - started < PATIENCE_S + 8
    assert STOP_WITHIN_S < 15
    with worker(lite):
        until(lambda: len(lite.effects()) == 1, 60)


def test_a_call_that_hangs_in_an_executor_does_not_keep_the_process_alive(lite):
    """The interpreter would wait for it at its end."""
    with worker(lite, "calling") as process:
        until(lambda: any(line["event"] == "Calling" for line in process.log()), 30)
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 1
        assert time.monotonic() - started < PATIENCE_S + 8
        assert process.log()[-1]["event"] == "Worker ended"


def test_nor_when_the_watchdog_ends_a_silent_thread(lite):
    with worker(lite, "silent") as process:
        assert process.wait(30) == 1
        trouble = [line for line in process.log() if line["event"] == "A thread of the worker is in trouble"]
    assert [line["worker_thread"] for line in trouble] == ["calls"]
    assert "silent" in trouble[0]["trouble"]


def is_writing(station):
    """Whether the handler hangs: its transaction holds the database's write lock."""
    connection = sqlite3.connect(station.engine.url.database, timeout=0)
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.rollback()
    except sqlite3.OperationalError:
        return True
    finally:
        connection.close()
    return False


def ask(port, path):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


def test_it_answers_for_its_health_and_shows_its_metrics(lite):
    port = free_port()
    lite.emit(uuid4(), 1)
    with worker(lite, metrics_port=port):
        until(lambda: ask(port, "/readyz")[0] == 200, 30)
        assert ask(port, "/healthz") == (200, '{"status":"alive"}')
        assert ask(port, "/elsewhere")[0] == 404
        until(lambda: "commonground_outbox_sent_total 1.0" in ask(port, "/metrics")[1])
        until(lambda: 'commonground_events_handled_total{name="note.added"} 1.0' in ask(port, "/metrics")[1])


def test_without_its_bus_it_is_alive_and_not_ready_and_keeps_waiting(lite):
    port = free_port()
    with worker(replace(lite, bus_url=f"kafka://127.0.0.1:{free_port()}"), metrics_port=port) as process:
        until(lambda: ask(port, "/healthz")[0] == 200, 30)
        status, body = ask(port, "/readyz")
        assert status == 503
        assert "bus" in body
        assert "database" not in body
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
