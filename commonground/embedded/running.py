"""What is true of a running embedded installation: its address, and where its workers tell how they are."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = "running.json"


@dataclass(frozen=True)
class Running:
    """Kept in DATA_DIR/running.json; `workers` maps a service to its worker's METRICS_PORT on loopback."""

    pid: int
    host: str
    port: int
    workers: Mapping[str, int]

    @classmethod
    def find(cls, folder: Path) -> "Running | None":
        """What the last start wrote, whether or not it still runs."""
        try:
            return cls(**json.loads((folder / FILE).read_text()))
        except FileNotFoundError:
            return None

    def keep(self, folder: Path) -> None:
        """Write it down, whole or not at all."""
        new = folder / f".{FILE}.new"
        new.write_text(json.dumps(asdict(self)))
        new.replace(folder / FILE)

    @property
    def url(self) -> str:
        """Where this machine reaches it: a wildcard address is reached on loopback."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - compared, not bound
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"
