"""The sample service as a real process: `python -m tests.integration.delivery.sample_worker DATABASE BUS`."""

import sys

from shared import logs
from shared.config import Settings
from shared.worker import open_runtime, run
from tests.integration.delivery.station import record

KEY = "dGVzdCBzZWFsaW5nIGtleSB3aXRoIDMyIGJ5dGVzISE="


def settings(database_url: str, bus_url: str, **more: str) -> Settings:
    environ = {
        "DATABASE_URL": database_url, "BUS_URL": bus_url, "PUBLIC_URL": "http://localhost:8000",
        "SECRET_KEY": "0123456789abcdef0123456789abcdef", "SEALING_KEYS": KEY, "CITY": "/", "METRICS_PORT": "0",
    }  # fmt: skip
    return Settings.load("routing", environ | more)


def main(database_url: str, bus_url: str, metrics_port: str = "0") -> int:
    logs.configure("routing")
    with open_runtime("routing", settings(database_url, bus_url, METRICS_PORT=metrics_port)) as runtime:
        return run(runtime, handlers={"note.added": record, "message.recorded": record})


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
