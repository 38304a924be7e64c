"""What goes wrong: kills of our processes, one of the broker, a freeze of it, a restart of the database."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.crash.ledger import Ledger
from tests.installation import PROCESSES, Installation
from tests.servers.kafka import KafkaServer
from tests.servers.postgres import PostgresServer

FREEZE_S = 10.0
DEAD_FOR_S = 1.0


@dataclass
class Faults:
    """Makes them, one after the other, from the main thread: what it starts must not die with a helper thread."""

    installation: Installation
    kafka: KafkaServer
    postgres: PostgresServer
    ledger: Ledger
    dice: random.Random

    def plan(self, kills: int, *, servers: bool = True) -> Sequence[Callable[[], None]]:
        """The faults in random order: every process at least once, the servers' in between."""
        names = [PROCESSES[number % len(PROCESSES)] for number in range(kills)]
        faults: list[Callable[[], None]] = [lambda name=name: self.kill(name) for name in names]  # type: ignore[misc]
        if servers:
            faults += [self.kill_broker, self.freeze_broker, self.restart_database]
        self.dice.shuffle(faults)
        return faults

    def kill(self, name: str) -> None:
        """kill -9 of one of our processes with its children, and a new one at once."""
        self.ledger.write("kill", process=name)
        self.installation.kill(name)
        self.installation.launch(name)

    def kill_broker(self) -> None:
        """kill -9 of Kafka; it comes back on the same data."""
        self.ledger.write("broker_kill")
        self.kafka.kill()
        time.sleep(DEAD_FOR_S)
        self.kafka.start()

    def freeze_broker(self) -> None:
        """SIGSTOP of Kafka: connections stay open, nothing answers."""
        self.ledger.write("broker_freeze")
        self.kafka.freeze()
        time.sleep(FREEZE_S)
        self.kafka.thaw()

    def restart_database(self) -> None:
        """PostgreSQL stops at once for its clients and starts again."""
        self.ledger.write("database_restart")
        self.postgres.stop()
        time.sleep(DEAD_FOR_S)
        self.postgres.start()

    def revive(self) -> None:
        """Start again what ended by itself, as a container engine would."""
        for name, process in self.installation.processes.items():
            if not process.running:
                self.ledger.write("revived", process=name)
                self.installation.launch(name)
