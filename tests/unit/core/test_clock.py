"""The clocks agree on UTC, and a test's clock moves every process."""

from datetime import UTC, datetime, timedelta

from shared.clock import FileClock, SystemClock, clock_for
from shared.db import connect


def test_a_file_moves_the_clock(tmp_path):
    clock = FileClock(tmp_path / "clock")
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
    (tmp_path / "clock").write_text("86400")
    assert timedelta(hours=23) < clock.now() - datetime.now(UTC) < timedelta(hours=25)


def test_sqlite_uses_the_machines_clock_and_a_file_wins(tmp_path):
    engine = connect(f"sqlite:///{tmp_path}/x.db")
    assert isinstance(clock_for(engine, None), SystemClock)
    assert isinstance(clock_for(engine, tmp_path / "clock"), FileClock)
    engine.dispose()
