"""What a worker process does: process one submission after another until it is told to stop or left alone."""

import gc
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from multiprocessing import parent_process
from pathlib import Path
from threading import Event, Thread
from types import FrameType
from typing import NoReturn

from feedproc.errors import ClaimLost, FeedprocError
from feedproc.serve.logs import log_to_stderr
from feedproc.serve.occupancy import Occupancy
from feedproc.services.process.pick import process_next
from feedproc.wiring.clock import make_id
from feedproc.wiring.embedded import join_workers, load_policy, open_embedded
from feedproc.wiring.machine import Machine, load_schemas, make_machine

SHORTEST_PAUSE, LONGEST_PAUSE = 0.02, 0.05
"""Seconds between looks for work when there is none."""
_GRACE = 5.0
"""Seconds that an orphan has to end in good order."""
_TURN = 0.0005
"""Seconds that a thread may hold Python's lock while another waits for it; Python's own 0.005 are half a batch."""
_logger = logging.getLogger(__name__)


def work(data_dir: Path, schemas: Path | None = None) -> None:
    """Run as a worker of this data directory: the whole life of a worker process. XML is judged by `schemas`.

    SIGTERM ends it at once: what it was doing is rolled back, and whoever comes next goes on from the last batch.
    """
    run_life(lambda stopping: _work(data_dir, schemas, stopping))


def run_life(run: Callable[[Event], None]) -> None:
    """Lead the life of a worker process: run until it is told to stop or left alone, and log why when it fails."""
    stopping = _end_by_signal()
    Thread(target=end_with_parent, name="parent", daemon=True).start()
    log_to_stderr()
    try:
        run(stopping)
    except FeedprocError as error:
        _logger.error("worker %d ends: %s", os.getpid(), error)
        sys.exit(1)
    except Exception:
        _logger.exception("worker %d ends", os.getpid())
        sys.exit(1)


def _work(data_dir: Path, schemas: Path | None, stopping: Event) -> None:
    worker = make_id()
    with Occupancy(data_dir), join_workers(data_dir, worker):
        machine = make_machine(open_embedded(data_dir), load_schemas(schemas), load_policy(data_dir))
        process_all(machine, worker, stopping)


def process_all(machine: Machine, worker: str, stopping: Event) -> None:
    """Process one submission after another until told to stop."""
    processing = machine.get_processing(worker)
    collect_rarely()
    take_turns_often()
    pause = SHORTEST_PAUSE
    while not stopping.is_set():
        try:
            found = process_next(processing)
        except ClaimLost as lost:
            _logger.warning("%s", lost)
            continue
        pause = SHORTEST_PAUSE if found else min(pause * 1.2, LONGEST_PAUSE)
        if not found:
            time.sleep(pause)


def collect_rarely() -> None:
    """Look for garbage in cycles less often: messages and orders form none, and there are many of them at a time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def take_turns_often() -> None:
    """Let a thread that waits for Python's lock have it soon: most of what it does then, it does without the lock."""
    sys.setswitchinterval(_TURN)


def _end_by_signal() -> Event:
    stopping = Event()

    def stop(_number: int, _frame: FrameType | None) -> NoReturn:
        stopping.set()
        sys.exit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return stopping


def end_with_parent() -> None:
    """Wait for the server's death, however it dies, and end this process."""
    parent = parent_process()
    if parent is None:
        return
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_GRACE)
    os._exit(1)
