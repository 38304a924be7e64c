"""The supervising process: keeps its children running until it is told to stop, then stops them in order."""

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from commonground.embedded.child import GRACE_S, Child

LOOK_EVERY_S = 0.1
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Supervision:
    """Children that are kept alive. Used in the main thread alone: their lifeline hangs on the thread."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.children = list(children)
        self.stopping = False

    def keep(self, until: Callable[[], bool] = lambda: False) -> None:
        """Tend the children until the condition holds or somebody asks to stop."""
        while not self.stopping and not until():
            for child in self.children:
                child.tend()
            time.sleep(LOOK_EVERY_S)

    def add(self, child: Child) -> None:
        """One more to keep alive."""
        self.children.append(child)

    def stop(self) -> list[str]:
        """Stop all: the door first, so that nothing new comes in; names of those that had to be killed."""
        deadline = time.monotonic() + GRACE_S
        for child in self.children:
            child.ask_to_stop()
        return [child.name for child in self.children if not child.stop(deadline)]

    @contextmanager
    def obeying_signals(self) -> Iterator[None]:
        """Ctrl-C, SIGTERM and a closed terminal ask to stop; a second time changes nothing."""
        before = {number: signal.signal(number, self._ask) for number in STOPPING}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _ask(self, _number: int, _frame: object) -> None:
        self.stopping = True
