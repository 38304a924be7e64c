"""The load: wrk (https://github.com/wg/wrk) posting concerns, as its own process."""

import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

SCRIPT = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
local made = 0
local run = "%(run)s"
request = function()
  made = made + 1
  wrk.headers["Idempotency-Key"] = run .. "-" .. made
  return wrk.format(nil, nil, nil, '%(body)s')
end
done = function(summary, latency)
  io.write(string.format("RESULT %%d %%d %%d %%d\\n", summary.requests, summary.duration,
    summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
"""
BODY = (
    '{"text": "The street light at the corner has been out for three weeks and my daughter waits there alone '
    'for the bus. I have called twice.", "category": "safety", "language": "en", '
    '"location": {"address": "Alder Street and 5th", "district": "22"}}'
)


class LoadFailed(Exception):
    """The load could not be made, or some of its requests were refused: no figure can be read from it."""


@dataclass(frozen=True)
class Load:
    """How hard: connections held open, and for how many seconds."""

    connections: int = 32
    seconds: float = 5.0


def rate(url: str, load: Load, run: str) -> float:
    """Requests per second answered with 2xx. Raises LoadFailed when any was not."""
    if not shutil.which("wrk"):
        raise LoadFailed("wrk is missing: apt-get install wrk")
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "post.lua"
        script.write_text(SCRIPT % {"run": run, "body": BODY})
        command = ["wrk", "-t1", f"-c{load.connections}", f"-d{load.seconds:g}s", "-s", str(script), url]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"RESULT (\d+) (\d+) (\d+) (\d+)", told)
    if found is None:
        raise LoadFailed(told)
    requests, microseconds, refused, broken = map(int, found.groups())
    if refused or broken:
        raise LoadFailed(f"{url}: {refused} refused and {broken} broken of {requests}")
    return requests / (microseconds / 1e6)
