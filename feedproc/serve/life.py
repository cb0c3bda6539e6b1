"""The life of a process beside the server: until it is told to stop or left alone, with what it logs."""

import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import active_children, parent_process
from threading import Event, Thread
from types import FrameType
from typing import NoReturn

from feedproc.errors import FeedprocError

_GRACE = 5.0
"""Seconds that an orphan has to end in good order."""
_BURIAL_PAUSE = 1.0
"""Seconds between two looks for dead children."""
_logger = logging.getLogger(__name__)


def run_life(run: Callable[[Event], None], level: int = logging.INFO) -> None:
    """Lead the life of a worker process: run until it is told to stop or left alone, and log why when it fails.

    It logs from `level` on.
    """
    stopping = _end_by_signal()
    Thread(target=end_with_parent, name="parent", daemon=True).start()
    log_to_stderr(level)
    try:
        run(stopping)
    except FeedprocError as error:
        _logger.error("worker %d ends: %s", os.getpid(), error)
        sys.exit(1)
    except Exception:
        _logger.exception("worker %d ends", os.getpid())
        sys.exit(1)


def log_to_stderr(level: int = logging.INFO) -> None:
    """Log to standard error, a line an event."""
    logging.basicConfig(
        level=level,
        stream=sys.stderr,
        format="%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s",
        datefmt="%Y-%m-%dT%H:%M:%S",
    )


def _end_by_signal() -> Event:
    stopping = Event()

    def stop(_number: int, _frame: FrameType | None) -> NoReturn:
        stopping.set()
        sys.exit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return stopping


def bury_adopted() -> NoReturn:
    """As process 1 of a container, bury what the dead leave behind, such as the helper of a worker that was killed.

    What this process has started itself is left to whoever started it, and so is what may be about to be told as such.
    """
    before = None
    while True:
        time.sleep(_BURIAL_PAUSE)
        own = {child.pid for child in active_children()}
        found = _find_dead()
        if found is not None and found == before and found not in own:
            with suppress(ChildProcessError):  # somebody else was quicker
                os.waitpid(found, os.WNOHANG)
        before = found


def _find_dead() -> int | None:
    try:
        dead = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:  # there are no children at all
        return None
    return None if dead is None else dead.si_pid


def end_with_parent() -> None:
    """Wait for the server's death, however it dies, and end this process."""
    parent = parent_process()
    if parent is None:
        return
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_GRACE)
    os._exit(1)
