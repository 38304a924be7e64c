"""The six processes of production: each service's web and worker."""

import sys
from importlib import import_module
from typing import Any

import click


def _web(service: str) -> int:
    # Everything that waits (sockets, locks, the database driver) must be cooperative before it is imported,
    # so nothing of ours is imported at the top of this module or of those before it.
    import_module("shared.web.cooperative").prepare()
    settings = _settings(service)
    make = import_module(f"services.{service}.app").create_app
    import_module("shared.web.serve").serve(make, settings)
    return 0


def _worker(service: str) -> int:
    settings = _settings(service)
    return int(import_module(f"services.{service}.worker").run(settings))


def _settings(service: str) -> Any:
    settings = import_module("shared.config").Settings.load(service)
    import_module("shared.logs").configure(service, settings.log_level)
    return settings


def _service(name: str, does: str) -> click.Group:
    @click.group(name=name, help=f"{does} Needs {name.upper()}_DATABASE_URL or DATABASE_URL.")
    def group() -> None: ...

    @group.command()
    def web() -> None:
        """Serve HTTP on HOST:PORT until SIGTERM."""
        sys.exit(_web(name))

    @group.command()
    def worker() -> None:
        """Carry events until SIGTERM; /healthz, /readyz and /metrics on METRICS_PORT."""
        sys.exit(_worker(name))

    return group


intake = _service("intake", "The front door: what residents say, and what they may know.")
routing = _service("routing", "Cases, the people who answer, and the console.")
notifications = _service("notifications", "Texts and mail to residents.")
