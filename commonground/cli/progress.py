"""Shows that something goes on when a command takes longer than a second."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from rich.console import Console
from rich.status import Status

PATIENCE_S = 1.0


@contextmanager
def working(what: str, *, patience_s: float = PATIENCE_S) -> Iterator[None]:
    """Nothing for a second; then a moving sign on a terminal, or one line on standard error elsewhere."""
    console = Console(stderr=True)
    status = Status(what, console=console)
    show = status.start if console.is_terminal else partial(_mention, what)
    timer = threading.Timer(patience_s, show)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        status.stop()


def _mention(what: str) -> None:
    sys.stderr.write(f"{what}\n")
    sys.stderr.flush()
