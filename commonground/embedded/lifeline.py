"""Ties a process to the one that started it: when the parent is gone, however it went, the child ends too.

A `kill -9` of the supervising process must not leave a web process behind that keeps the port.
"""

import ctypes
import os
import signal
import sys
import threading
import time

PR_SET_PDEATHSIG = 1  # prctl(2)
LOOK_EVERY_S = 0.5


def end_with(parent: int) -> None:
    """Have this process killed as soon as `parent` (a process id) is no longer its parent.

    Killing is as good as stopping here: everything that counts is committed or done again.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True, name="lifeline").start()
    # The parent may have gone before the line above.
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY_S)
    os.kill(os.getpid(), signal.SIGKILL)


def myself() -> int:
    """This process's id, for those it is going to start."""
    return os.getpid()
