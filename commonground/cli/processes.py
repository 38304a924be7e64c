"""The six processes of production: each service's web and worker."""

import sys
from importlib import import_module

import click


def _web(service: str) -> int:
    # Everything that waits (sockets, locks, the database driver) must be gevent's before it is imported,
    # so nothing of ours is imported at the top of this module or of those before it.
    import_module("gevent.monkey").patch_all()
    import_module("psycopg")  # looks at import time whether it waits with gevent
    settings = import_module("shared.config").Settings.load(service)
    serve = import_module("shared.web.serve").serve
    app = import_module(f"services.{service}.app")
    return int(serve(app.create_app, settings) or 0)


def _worker(service: str) -> int:
    settings = import_module("shared.config").Settings.load(service)
    return int(import_module(f"services.{service}.worker").run(settings))


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
