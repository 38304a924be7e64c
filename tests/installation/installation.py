"""Starts, kills and stops the six processes and the proxy, with the commands and environment of Compose."""

import base64
import os
import secrets
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from tests.installation.compose import ROOT, Described, described
from tests.installation.proxy import Proxy
from tests.servers.processes import ServerProcess, free_port

SERVICES = ("intake", "routing", "notifications")
PROCESSES = tuple(f"{service}-{role}" for service in SERVICES for role in ("web", "worker"))


def answers(url: str) -> bool:
    """Whether a GET is answered with 2xx."""
    try:
        with urllib.request.urlopen(url, timeout=3) as answer:
            return bool(200 <= answer.status < 300)
    except (urllib.error.URLError, OSError):
        return False


class Installation:
    """Compose's containers as processes on this machine, against a real broker and a real PostgreSQL.

    Only what names a place is changed: host names and ports, and the folder of city packs.
    """

    def __init__(
        self,
        directory: Path,
        *,
        bus_url: str,
        postgres_url: str,
        variables: Mapping[str, str] | None = None,
        program: Sequence[str] = ("commonground",),
    ) -> None:
        self.directory = directory
        self._program = program
        self._bus_url = bus_url
        self._postgres = urlsplit(postgres_url)
        self.ports = {name: free_port() for name in PROCESSES}
        self.proxy_port = free_port()
        self.variables = self._own_variables() | dict(variables or {})
        self.described = described(self.variables)
        self.processes = {name: self._process(self.described[name]) for name in PROCESSES}
        places = {name: f"127.0.0.1:{port}" for name, port in self.ports.items()}
        self.proxy = Proxy(directory / "proxy", self.proxy_port, places)

    @property
    def url(self) -> str:
        """Where the proxy answers."""
        return f"http://127.0.0.1:{self.proxy_port}"

    def web(self, service: str) -> str:
        """Where a service's web process answers, past the proxy."""
        return f"http://127.0.0.1:{self.ports[f'{service}-web']}"

    def database_url(self, service: str) -> str:
        """SQLAlchemy address of a service's database."""
        return self.environment(self.described[f"{service}-worker"])[f"{service.upper()}_DATABASE_URL"]

    def prepare(self) -> None:
        """Databases and roles by the script of the PostgreSQL container, then the one-shots."""
        environ = self._script_environment()
        subprocess.run([str(ROOT / "deploy/postgres/databases.sh")], env=environ, check=True, capture_output=True)
        for one_shot in ("migrate", "topics"):
            self.command(*self.described[one_shot].arguments, of=one_shot)

    def command(self, *arguments: str, of: str = "migrate") -> str:
        """Run `commonground …` with a container's environment; what it printed. Raises CalledProcessError."""
        done = subprocess.run(
            [sys.executable, "-m", "commonground", *arguments],
            cwd=ROOT,
            env={**os.environ, **self.environment(self.described[of])},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise subprocess.CalledProcessError(done.returncode, arguments, done.stdout, done.stderr)
        return done.stdout

    def start(self, *names: str) -> None:
        """Start the named processes, or all of them, and wait until each is ready."""
        for name in names or PROCESSES:
            self.launch(name)
        for name in names or PROCESSES:
            self.await_ready(name)

    def launch(self, name: str) -> None:
        """Start one process without waiting until it is ready."""
        self.processes[name].start(lambda: True)

    def await_ready(self, name: str, timeout_s: float = 60.0) -> None:
        """Wait until its /readyz says so."""
        url = f"http://127.0.0.1:{self.ports[name]}/readyz"
        self.processes[name].wait_for(lambda: answers(url), timeout_s)

    def kill(self, name: str) -> None:
        """kill -9 of the process and its children."""
        self.processes[name].kill()

    def stop(self) -> None:
        """SIGTERM to all, then wait for all."""
        self.proxy.stop()
        for process in self.processes.values():
            process.stop()

    def log(self, name: str) -> Path:
        """Where a process writes."""
        return self.directory / f"{name}.log"

    def environment(self, container: Described) -> dict[str, str]:
        """The container's environment with the places of this machine."""
        replaced = {key: self._on_this_machine(value) for key, value in container.environment.items()}
        if container.name in self.ports:
            replaced["PORT" if container.name.endswith("-web") else "METRICS_PORT"] = str(
                self.ports[container.name]
            )
        return replaced | {"HOST": "127.0.0.1", "BUS_URL": self._bus_url}

    def _on_this_machine(self, value: str) -> str:
        value = value.replace("@postgres:5432", f"@127.0.0.1:{self._postgres.port}")
        return value.replace("/usr/share/commonground/cities", str(ROOT / "cities"))

    def _own_variables(self) -> dict[str, str]:
        passwords = {f"{service.upper()}_DATABASE_PASSWORD": secrets.token_hex(8) for service in SERVICES}
        return passwords | {
            "POSTGRES_PASSWORD": secrets.token_hex(8),
            "PUBLIC_URL": self.url,
            "SECRET_KEY": secrets.token_urlsafe(48),
            "SEALING_KEYS": base64.b64encode(secrets.token_bytes(32)).decode(),
            "TRUSTED_PROXIES": "127.0.0.1/32",
        }

    def _script_environment(self) -> dict[str, str]:
        place = {"PGHOST": "127.0.0.1", "PGPORT": str(self._postgres.port)}
        return {**os.environ, **place, **{k: v for k, v in self.variables.items() if k.endswith("PASSWORD")}}

    def _process(self, container: Described) -> ServerProcess:
        command = [sys.executable, "-m", *self._program, *container.arguments]
        return ServerProcess(
            command, self.log(container.name), env={"PYTHONPATH": str(ROOT), **self.environment(container)}
        )
