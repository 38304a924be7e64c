"""nginx with production's own configuration, its host names and ports replaced by this machine's."""

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from tests.installation.compose import ROOT
from tests.servers.processes import ServerProcess, answers


class Proxy:
    """The reverse proxy of Compose as a local process."""

    def __init__(self, directory: Path, port: int, ports: Mapping[str, int]) -> None:
        self._directory = directory
        self._port = port
        self._ports = ports
        self._process: ServerProcess | None = None

    @staticmethod
    def missing() -> bool:
        """Whether this machine has no nginx."""
        return shutil.which("nginx") is None

    def start(self) -> None:
        """Start and wait until the port is open."""
        self._directory.mkdir(parents=True, exist_ok=True)
        conf = self._directory / "nginx.conf"
        conf.write_text(self._configuration())
        command = ["nginx", "-e", "stderr", "-c", str(conf), "-g", "daemon off;"]
        self._process = ServerProcess(command, self._directory / "nginx.log")
        self._process.start(lambda: answers(self._port))

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.stop()

    def _configuration(self) -> str:
        text = (ROOT / "deploy/proxy/nginx.conf").read_text()
        for name, port in self._ports.items():
            text = re.sub(rf"server {name}:\d+;", f"server 127.0.0.1:{port};", text)
        text = text.replace("listen 8000;", f"listen 127.0.0.1:{self._port};")
        return self._as_whom() + text.replace("/tmp/", f"{self._directory}/").replace(
            "worker_processes auto;", "worker_processes 1;"
        )

    def _as_whom(self) -> str:
        # As root, nginx gives its workers another user, who may not enter a test's folder.
        return "user root;\n" if os.geteuid() == 0 else ""
