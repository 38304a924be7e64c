"""The worker as a real process: it works, stops cleanly when asked, and is as correct when it is killed."""

import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from shared.outbox.backlog import OUTBOX
from tests.integration.delivery.station import note, until

ROOT = Path(__file__).parents[3]


@contextmanager
def worker(station, *arguments):
    command = [sys.executable, "-m", "tests.integration.delivery.sample_worker"]
    url = station.engine.url.render_as_string(hide_password=False)
    process = subprocess.Popen([*command, url, station.bus_url, *arguments], cwd=ROOT, stderr=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        sys.stderr.write(process.communicate()[1].decode())


def test_a_worker_relays_and_consumes_and_stops_cleanly(station):
    case = uuid4()
    with worker(station) as process:
        station.emit(case, 1, 2)
        station.publish(note(case, 3, "message.recorded"))
        until(lambda: len(station.effects()) == 3)
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
    assert all(row.sent_at for row in station.rows(OUTBOX))
    assert station.effects() == [(case, 1), (case, 2), (case, 3)]
