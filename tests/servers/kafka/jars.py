"""Gets the broker's jars once and keeps them outside the tree."""

import fcntl
import os
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

from tests.servers.processes import ServerFailed

POM = Path(__file__).with_name("pom.xml")
DONE = "complete"


def cache_directory() -> Path:
    """$COMMONGROUND_CACHE or ~/.cache/commonground."""
    return Path(os.environ.get("COMMONGROUND_CACHE") or Path.home() / ".cache" / "commonground")


def kafka_version() -> str:
    """The version the pom asks for."""
    tag = "{http://maven.apache.org/POM/4.0.0}dependency/{http://maven.apache.org/POM/4.0.0}version"
    found = ElementTree.parse(POM).getroot().findtext(f".//{tag}")
    assert found, f"{POM} names no version"
    return found


def missing_tools() -> list[str]:
    """Commands needed to run a broker that this machine lacks."""
    needed = ["java"] if _complete(_directory()) else ["java", "mvn"]
    return [name for name in needed if shutil.which(name) is None]


def classpath() -> str:
    """The class path of the broker, its jars brought by Maven on first use. ServerFailed without them."""
    directory = _directory()
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # parallel sessions must not fetch into one folder at once
        if not _complete(directory):
            _fetch(directory)
    return f"{directory / 'jars'}/*"


def _directory() -> Path:
    return cache_directory() / f"kafka-{kafka_version()}"


def _complete(directory: Path) -> bool:
    return (directory / DONE).exists()


def _fetch(directory: Path) -> None:
    jars = directory / "jars"
    command = ["mvn", "-q", "-B", "-f", str(POM), "dependency:copy-dependencies",
               "-DincludeScope=runtime", f"-DoutputDirectory={jars}"]  # fmt: skip
    result = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if result.returncode:
        raise ServerFailed(f"Maven could not bring the Kafka jars: {(result.stdout + result.stderr)[-1000:]}")
    (directory / DONE).touch()
