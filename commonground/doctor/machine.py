"""The machine: room on its disks, files that only their owner may read, and processes that are ready."""

import json
import shutil
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from sqlalchemy.engine import make_url

from commonground.databases import configured
from commonground.doctor.finding import Finding, note, ok, wrong
from commonground.embedded.running import Running
from commonground.installation import FILE, Installation
from shared import config
from shared.outbox.backlog import FULL_DISK

LOW = 0.10
TIMEOUT_S = 5.0


def disk(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Room where SQLite's files and the data folder are."""
    for folder in sorted(_folders(environ)):
        usage = shutil.disk_usage(folder)
        free = usage.free / usage.total
        words = f"{free:.0%} free ({usage.free / 1e9:.1f} GB) at {folder}"
        if free < FULL_DISK:
            yield wrong("disk", words, f"make room: under {FULL_DISK:.0%} nothing is accepted")
        elif free < LOW:
            yield note("disk", words, "make room soon")
        else:
            yield ok("disk", words)


def _folders(environ: Mapping[str, str]) -> set[Path]:
    urls = [make_url(config.one("database_url", service, environ)) for service in configured(environ)]
    files = [Path(url.database) for url in urls if url.get_backend_name() == "sqlite" and url.database]
    folders = {file.parent for file in files} | {Path(config.one("data_dir", environ=environ))}
    return {folder.resolve() for folder in folders if folder.is_dir()} or {Path.cwd()}


def secrecy(environ: Mapping[str, str]) -> Iterator[Finding]:
    """The embedded installation's secrets are their owner's alone."""
    file = Path(config.one("data_dir", environ=environ)) / FILE
    if not file.exists():
        return
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        yield wrong("secrets", f"{file} may be read by others", f"chmod 600 {file}")
    else:
        yield ok("secrets", f"{file} is its owner's alone")


def processes(environ: Mapping[str, str]) -> Iterator[Finding]:
    """What runs here embedded is ready."""
    folder = Path(config.one("data_dir", environ=environ))
    running = Running.find(folder)
    if Installation.find(folder) is None or running is None:
        return
    try:
        with urlopen(f"{running.url}/readyz", timeout=TIMEOUT_S):  # noqa: S310 - our own address
            yield ok("processes", f"all are ready at {running.url}")
    except HTTPError as error:
        reasons = json.loads(error.read() or b"{}").get("reasons", {})
        yield wrong("processes", f"not ready: {reasons}", f"see {folder}/logs")
    except (URLError, OSError):
        yield note("processes", f"nothing answers at {running.url}", "commonground run")
