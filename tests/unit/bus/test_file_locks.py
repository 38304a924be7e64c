"""The bus file stays one file: no connection of a process takes the locks of another one away."""

import subprocess
import sys
from pathlib import Path

from shared.bus import Message, connect
from shared.bus.port import Topic

ROOT = Path(__file__).parents[3]
LOOK = "import sys; from shared.bus import connect; bus = connect(sys.argv[1]); bus.ping(5); bus.close()"


def test_another_process_that_looks_and_leaves_does_not_take_the_log_away(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bus.db'}"
    bus = connect(url)
    bus.create_topics([Topic("t", partitions=1)])
    publisher = bus.publisher()
    subscriber = bus.subscriber("g", ["t"])
    assert publisher.publish([Message("t", b"k", b"1")], 5) == [True]
    assert [record.value for record in subscriber.poll(10, 5)] == [b"1"]
    log = (tmp_path / "bus.db-wal").stat().st_ino
    bus.ping(5)
    subprocess.run([sys.executable, "-c", LOOK, url], cwd=ROOT, check=True)
    assert (tmp_path / "bus.db-wal").stat().st_ino == log
    assert publisher.publish([Message("t", b"k", b"2")], 5) == [True]
    assert [record.value for record in subscriber.poll(10, 5)] == [b"2"]
    subscriber.close()
    publisher.close()
    bus.close()
