"""One run: servers, installation, load, faults, quiet, what staff see, verdict."""

import random
import re
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash.checker import Verdict, check
from tests.crash.clients import Residents
from tests.crash.faults import Faults
from tests.crash.ledger import Ledger
from tests.crash.staff import Desk, Liaison
from tests.installation import Installation
from tests.installation.provider import ACCOUNT, TOKEN, ProviderProcess
from tests.installation.staff import add_staff, staff_token
from tests.servers.kafka import KafkaServer
from tests.servers.postgres import PostgresServer
from tests.servers.search import local_kafka, local_postgres

UNLIMITED = {"LIMIT_FEEDBACK": "1000000/hour", "LIMIT_TRACK": "1000000/hour"}
QUIET_AFTER_S = 180.0


@dataclass(frozen=True)
class Plan:
    """How much, how fast, how many kills; `sabotage` names a promise's mechanism to take out."""

    concerns: int = 2000
    per_second: float = 22.0
    kills: int = 20
    servers: bool = True
    seed: int = 1
    sabotage: str = ""


@dataclass
class Scene:
    """Everything a run stands on."""

    directory: Path
    kafka: KafkaServer
    postgres: PostgresServer
    installation: Installation
    provider: ProviderProcess
    clients: Ledger = field(init=False)

    def __post_init__(self) -> None:
        self.clients = Ledger(self.directory / "clients.jsonl")


def run(directory: Path, plan: Plan) -> Verdict:
    """Carry the plan out and judge it. Deterministic in what it plans, not in what the machine makes of it."""
    with ExitStack() as stack:
        scene = stack.enter_context(_scene(directory, plan))
        desk = _staff(scene.installation)
        missing = f", without {plan.sabotage}" if plan.sabotage else ""
        say(f"{plan.concerns} concerns, {plan.kills} kills, seed {plan.seed}{missing}")
        _load_under_faults(scene, desk, plan)
        _await_quiet(scene, desk)
        _write_down_cases(scene.clients, desk)
    return check(scene.clients, scene.provider.ledger, plan.concerns)


def say(words: str) -> None:
    """Tell how far it is."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {words}\n")


@contextmanager
def _scene(directory: Path, plan: Plan) -> Iterator[Scene]:
    with ExitStack() as stack:
        directory.mkdir(parents=True, exist_ok=True)
        directory.chmod(0o755)
        kafka, postgres = (
            local_kafka(directory / "kafka", fsync=True),
            local_postgres(directory / "postgres", fsync=True),
        )
        for server in (kafka, postgres):
            stack.callback(server.stop)
            server.start()
        provider = ProviderProcess(directory)
        installation = Installation(
            directory,
            bus_url=kafka.url,
            postgres_url=postgres.url,
            variables={**UNLIMITED, **provider.variables},
            program=("tests.crash.sabotage", plan.sabotage) if plan.sabotage else ("commonground",),
        )
        provider.start(installation.url, installation.web("notifications"))
        stack.callback(provider.stop)
        installation.prepare()
        stack.callback(installation.stop)
        installation.start()
        scene = Scene(directory, kafka, postgres, installation, provider)
        yield scene


def _staff(installation: Installation) -> Desk:
    """A desk that sees all."""
    logins = add_staff(installation)
    return Desk(installation.web("routing"), staff_token(installation, logins["oversight"]))


def _load_under_faults(scene: Scene, desk: Desk, plan: Plan) -> None:
    installation = scene.installation
    residents = Residents(
        intake=installation.web("intake"),
        public_url=installation.url,
        token=TOKEN,
        account=ACCOUNT,
        ledger=scene.clients,
        concerns=plan.concerns,
        per_second=plan.per_second,
    )
    liaison = Liaison(desk, scene.clients)
    dice = random.Random(plan.seed)
    faults = Faults(installation, scene.kafka, scene.postgres, scene.clients, dice)
    residents.start()
    liaison.start()
    planned = faults.plan(plan.kills, servers=plan.servers)
    gap = plan.concerns / plan.per_second / (len(planned) + 1)
    for number, fault in enumerate(planned, 1):
        time.sleep(dice.uniform(0.5, 1.5) * gap)
        say(f"fault {number} of {len(planned)}")
        faults.revive()
        fault()
    while residents.sending:
        faults.revive()
        time.sleep(0.5)
    liaison.leave.set()
    liaison.join()
    faults.revive()


def _await_quiet(scene: Scene, desk: Desk) -> None:
    """Until the list of cases and the texts sent have not changed for some seconds."""
    deadline, before, since = time.monotonic() + QUIET_AFTER_S, (-1, -1), time.monotonic()
    while time.monotonic() < deadline:
        now = (sum(1 for _ in desk.cases()), scene.provider.count())
        if now != before:
            say(f"{now[0]} cases, {now[1]} texts")
            before, since = now, time.monotonic()
        elif time.monotonic() - since > 15:
            return
        time.sleep(1)


def _write_down_cases(ledger: Ledger, desk: Desk) -> None:
    """What staff see of every case: which concerns' words, which answers, and those whose fate nobody tells."""
    for case in desk.cases():
        said = [entry for entry in desk.get(f"/cases/{case['id']}")["conversation"] if entry["text"]]
        answers = [entry for entry in said if "answer-" in entry["text"]]
        ledger.write(
            "case",
            id=case["id"],
            markers=[found for entry in said for found in re.findall(r"concern-\d{5}-marker", entry["text"])],
            answers=[entry["text"] for entry in answers],
            untold=[entry["text"] for entry in answers if entry["delivery"] is None],
        )
