"""One Kafka broker (KRaft, one node) on a free loopback port, with everything a test may do to it."""

import subprocess
from pathlib import Path

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from tests.servers.kafka.jars import classpath
from tests.servers.processes import ServerProcess, answers, free_port

HEAP = "-Xmx384m"

PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{advertised}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs={directory}/log
offsets.topic.replication.factor=1
offsets.topic.num.partitions=8
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=2000
log.cleaner.dedupe.buffer.size=4194304
"""
#: Kafka leaves fsync to the system; crash tests and benchmarks may want it on every append.
FSYNC = "log.flush.interval.messages=1\n"


class KafkaServer:
    """Start, stop, kill, freeze, thaw, start again: same data, same port. Usable without pytest.

    `advertised_port` is where clients are told to connect: the port of a proxy that stands in between.
    """

    def __init__(self, directory: Path, *, fsync: bool = False, advertised_port: int | None = None) -> None:
        self.directory = directory
        self.port = free_port()
        self._advertised = advertised_port or self.port
        self._fsync = fsync
        self._process: ServerProcess | None = None

    @property
    def url(self) -> str:
        """The bus address of the broker."""
        return f"kafka://127.0.0.1:{self._advertised}"

    def start(self) -> None:
        """Start and wait until it answers; the first time also makes its log directory."""
        if self._process is None:
            self._process = self._prepare()
        self._process.start(self._ready)

    def stop(self) -> None:
        """End it in order."""
        if self._process is not None:
            self._process.stop()

    def kill(self) -> None:
        """kill -9."""
        self._started().kill()

    def freeze(self) -> None:
        """Stop it in its tracks, connections open."""
        self._started().freeze()

    def thaw(self) -> None:
        """Let it go on."""
        self._started().thaw()

    def _started(self) -> ServerProcess:
        assert self._process is not None, "not started"
        return self._process

    def _prepare(self) -> ServerProcess:
        self.directory.mkdir(parents=True, exist_ok=True)
        java = ["java", HEAP, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classpath()]
        settings = self.directory / "server.properties"
        text = PROPERTIES.format(
            port=self.port, controller=free_port(), advertised=self._advertised, directory=self.directory
        )
        settings.write_text(text + (FSYNC if self._fsync else ""))
        tool = [*java, "kafka.tools.StorageTool"]
        identity = subprocess.run([*tool, "random-uuid"], capture_output=True, text=True, check=True).stdout
        format_log = [*tool, "format", "-t", identity.split()[-1], "-c", str(settings)]
        subprocess.run(format_log, capture_output=True, check=True, cwd=self.directory)
        return ServerProcess([*java, "kafka.Kafka", str(settings)], self.directory / "broker.out")

    def _ready(self) -> bool:
        if not answers(self.port):
            return False
        try:
            KafkaAdminClient(bootstrap_servers=f"127.0.0.1:{self.port}", bootstrap_timeout_ms=2000).close()
        except KafkaError:
            return False
        return True
