"""Makes a process cooperative (gevent) and its metrics shared between workers, before anything else is imported.

The entry point of a web process begins so, above all other imports:

    from shared.web import cooperative

    cooperative.prepare()

psycopg picks its way of waiting when it is imported, and prometheus-client its way of counting; both
would otherwise block the whole worker or count only in their own process.
"""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

from gevent import monkey

from shared.config import hand_down, inherited

METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


class TooLate(RuntimeError):
    """Modules that must be imported after `cooperative.prepare()` were imported before it."""


def prepare() -> None:
    """Patch the standard library for gevent and give the metrics of all workers one folder. Raises TooLate."""
    early = [name for name in ("psycopg", "prometheus_client", "sqlalchemy") if name in sys.modules]
    if early and not is_prepared():
        raise TooLate(f"call shared.web.cooperative.prepare() before importing {', '.join(early)}")
    monkey.patch_all()
    if metrics_folder() is None:
        _open_metrics_folder()


def is_prepared() -> bool:
    """Whether sockets, locks and select are gevent's."""
    return bool(monkey.is_module_patched("socket") and monkey.is_module_patched("select"))


def metrics_folder() -> str | None:
    """Where the workers of this process put their counts; None when there is only this one process."""
    return inherited().get(METRICS_FOLDER)


def _open_metrics_folder() -> None:
    folder = tempfile.mkdtemp(prefix="commonground-metrics-")
    hand_down(METRICS_FOLDER, folder)
    atexit.register(_remove, Path(folder), os.getpid())


def _remove(folder: Path, owner: int) -> None:
    # Workers are forks and run this too; only the process that made the folder may remove it.
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)
