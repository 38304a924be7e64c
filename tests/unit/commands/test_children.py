"""Children of the supervising process: started again, stopped, and never left behind."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from commonground.embedded import child as children
from commonground.embedded.child import Child

ROOT = Path(__file__).parents[3]


def until(condition: object, within_s: float = 15.0) -> None:
    deadline = time.monotonic() + within_s
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def environment() -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A module that stands in for the children's own; the test writes what it does."""
    monkeypatch.setattr(children, "MODULE", "standin")
    yield tmp_path / "standin.py"


def a_child(tmp_path: Path, told: list[str], **more: bool) -> Child:
    return Child("x", environment() | {"PYTHONPATH": str(tmp_path)}, tmp_path / "x.log", tell=told.append, **more)


def test_a_child_that_dies_is_started_again(module: Path, tmp_path: Path, told: list[str]) -> None:
    module.write_text("import time; print('up', flush=True); time.sleep(60)")
    child = a_child(tmp_path, told)
    child.tend()
    first = child.pid
    assert first
    os.kill(first, signal.SIGKILL)

    def again() -> bool:
        child.tend()
        return child.pid not in (None, first)

    until(again)
    assert "x ended (signal 9) and is started again in 0.2 s" in told[0]
    child.ask_to_stop()
    assert child.stop(time.monotonic() + 10)


def test_pauses_grow_while_it_keeps_dying(module: Path, tmp_path: Path, told: list[str]) -> None:
    module.write_text("import sys; sys.exit(3)")
    child = a_child(tmp_path, told)

    def three() -> bool:
        child.tend()
        return len(told) >= 3

    until(three)
    assert [re.search(r"in (\S+) s", line)[1] for line in told[:3]] == ["0.2", "0.5", "1"]  # type: ignore[index]
    assert "exit 3" in told[0]


def test_what_should_run_once_is_not_started_again(module: Path, tmp_path: Path, told: list[str]) -> None:
    module.write_text("print('once')")
    child = a_child(tmp_path, told, once=True)

    def done() -> bool:
        child.tend()
        return child.done

    until(done)
    child.tend()
    assert child.pid is None
    assert told == []
    assert (tmp_path / "x.log").read_text() == "once\n"


def test_a_child_that_does_not_stop_is_killed(module: Path, tmp_path: Path, told: list[str]) -> None:
    module.write_text(
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);print('up', flush=True); time.sleep(60)"
    )
    child = a_child(tmp_path, told)
    child.tend()
    until(lambda: "up" in (tmp_path / "x.log").read_text())
    child.ask_to_stop()
    assert child.stop(time.monotonic() + 0.3) is False
    assert child.pid is None


def test_a_log_does_not_grow_for_ever(
    module: Path, tmp_path: Path, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "LOG_LIMIT", 1000)
    module.write_text("import time; print('y' * 2000, flush=True); time.sleep(60)")
    child = a_child(tmp_path, told)

    def emptied() -> bool:
        child.tend()
        return (tmp_path / "x.1.log").exists()

    until(emptied)
    assert (tmp_path / "x.log").stat().st_size == 0
    assert (tmp_path / "x.1.log").stat().st_size > 1000
    child.ask_to_stop()
    child.stop(time.monotonic() + 5)


@pytest.fixture
def living(module: Path, tmp_path: Path, told: list[str]) -> Iterator[Child]:
    """A child that has written its first word."""
    module.write_text("import time; print('up', flush=True); time.sleep(60)")
    child = a_child(tmp_path, told)
    child.tend()
    until(lambda: "up" in (tmp_path / "x.log").read_text())
    yield child
    child.ask_to_stop()
    child.stop(time.monotonic() + 5)


def test_a_deleted_log_is_told_once_and_ends_nobody(living: Child, tmp_path: Path, told: list[str]) -> None:
    (tmp_path / "x.log").unlink()
    for _ in range(5):
        living.tend()
    assert living.pid
    assert told == [f"x goes on, but its log cannot be kept (No such file or directory): {tmp_path / 'x.log'}"]


def test_a_log_that_cannot_be_put_aside_is_tried_again_later(
    living: Child, tmp_path: Path, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "LOG_LIMIT", 1)
    monkeypatch.setattr(children, "LOG_REST_S", 0.2)
    aside = tmp_path / "x.1.log"
    aside.mkdir()
    living.tend()
    living.tend()
    assert len(told) == 1
    aside.rmdir()

    def emptied() -> bool:
        living.tend()
        return aside.is_file() and (tmp_path / "x.log").stat().st_size == 0

    until(emptied)
    assert len(told) == 1


def test_what_cannot_be_started_is_tried_again_later_and_later(
    module: Path, tmp_path: Path, told: list[str]
) -> None:
    module.write_text("import time; time.sleep(60)")
    in_the_way = tmp_path / "logs"
    in_the_way.touch()
    child = Child("x", environment() | {"PYTHONPATH": str(tmp_path)}, in_the_way / "x.log", tell=told.append)

    def twice() -> bool:
        child.tend()
        return len(told) >= 2

    until(twice)
    assert told[0] == f"x could not be started (File exists) and is started again in 0.2 s; see {child.log}"
    assert "in 0.5 s" in told[1]
    in_the_way.unlink()

    def up() -> bool:
        child.tend()
        return child.pid is not None

    until(up)
    child.ask_to_stop()
    child.stop(time.monotonic() + 5)


def test_words_that_find_no_room_end_nobody(module: Path, tmp_path: Path) -> None:
    module.write_text("import sys; sys.exit(3)")

    def no_room(_words: str) -> None:
        raise OSError(28, "No space left on device")

    child = Child("x", environment() | {"PYTHONPATH": str(tmp_path)}, tmp_path / "x.log", tell=no_room)
    child.tend()
    first = child.pid

    def again() -> bool:
        child.tend()
        return child.pid not in (None, first)

    until(again)
    child.stop(time.monotonic() + 5)


def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    grandchild = (
        "import sys, time; from commonground.embedded import lifeline;"
        "lifeline.end_with(int(sys.argv[1])); print('tied', flush=True); time.sleep(60)"
    )
    parent = (
        "import os, subprocess, sys, time;"
        f"command = [sys.executable, '-c', {grandchild!r}, str(os.getpid())];"
        "child = subprocess.Popen(command, start_new_session=True);"
        "print(child.pid, flush=True); time.sleep(60)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", parent], env=environment(), stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stdout is not None
    lines = {process.stdout.readline().strip(), process.stdout.readline().strip()}
    pid = int((lines - {"tied"}).pop())
    assert psutil.pid_exists(pid)
    process.kill()
    process.wait()
    process.stdout.close()
    until(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)


def test_a_child_whose_parent_is_gone_already_ends_at_once() -> None:
    code = "from commonground.embedded import lifeline; lifeline.end_with(1 << 22)"
    done = subprocess.run([sys.executable, "-c", code], env=environment(), cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
