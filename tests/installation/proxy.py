"""nginx with production's own configuration, its host names and ports replaced by this machine's."""

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from tests.installation.compose import ROOT
from tests.servers.processes import ServerProcess, answers
from tests.servers.search import Unavailable


class Proxy:
    """The reverse proxy of Compose as a local process.

    `places` says where a container of Compose answers on this machine (host:port); a `resolver` (host:port)
    stands in for Docker's name server, and what it says is believed for a second.
    """

    def __init__(
        self, directory: Path, port: int, places: Mapping[str, str], *, resolver: str = "127.0.0.1"
    ) -> None:
        self._directory = directory
        self._port = port
        self._places = places
        self._resolver = resolver
        self._process: ServerProcess | None = None

    @staticmethod
    def required() -> None:
        """Raises Unavailable on a machine without nginx."""
        if shutil.which("nginx") is None:
            raise Unavailable("nginx is missing")

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def log(self) -> Path:
        """What it writes to standard output and standard error."""
        return self._directory / "nginx.log"

    def start(self) -> None:
        """Start and wait until the port is open."""
        self._directory.mkdir(parents=True, exist_ok=True)
        conf = self._directory / "nginx.conf"
        conf.write_text(self._configuration())
        command = ["nginx", "-e", "stderr", "-c", str(conf), "-g", "daemon off;"]
        self._process = ServerProcess(command, self.log)
        self._process.start(lambda: answers(self._port))

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.stop()

    def _configuration(self) -> str:
        text = (ROOT / "deploy/proxy/nginx.conf").read_text()
        for name, place in self._places.items():
            text = re.sub(rf"\b{name}:\d+;", f"{place};", text)
        text = re.sub(r"resolver \S+ valid=\d+s", f"resolver {self._resolver} valid=1s", text)
        text = text.replace("listen 8000;", f"listen 127.0.0.1:{self._port};")
        return self._as_whom() + text.replace("/tmp/", f"{self._directory}/").replace(
            "worker_processes auto;", "worker_processes 1;"
        )

    def _as_whom(self) -> str:
        # As root, nginx gives its workers another user, who may not enter a test's folder.
        return "user root;\n" if os.geteuid() == 0 else ""
