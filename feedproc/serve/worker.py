"""What a worker does: process one submission after another until it is told to stop."""

import logging
import time
from functools import partial
from threading import Event

from feedproc.errors import ClaimLost, HeldUp
from feedproc.feeds.submission import FeedSubmission
from feedproc.services.process.pick import process_next
from feedproc.services.process.reading import OpenReader, read_alone
from feedproc.wiring.machine import Machine
from feedproc.wiring.tuning import collect_rarely, keep_blocks, take_turns_often

SHORTEST_PAUSE, LONGEST_PAUSE = 0.02, 0.05
"""Seconds between looks for work when there is none."""
_FIRST_WAIT, _LONGEST_WAIT = 0.1, 15.0
"""Seconds that a worker waits for the world. The submission that is held up waits by itself, for longer."""
_logger = logging.getLogger(__name__)


def process_all(
    machine: Machine, worker: str, stopping: Event, console: str = "", open_reader: OpenReader = read_alone
) -> None:
    """Process one submission after another until told to stop; `console` is the address of pages, where they are."""
    processing = machine.get_processing(worker)._replace(tell_end=partial(_log_end, console), open_reader=open_reader)
    collect_rarely()
    keep_blocks()
    take_turns_often()
    pause, patience = SHORTEST_PAUSE, _WorldlyPatience()
    while not stopping.is_set():
        try:
            found = process_next(processing)
        except ClaimLost as lost:
            _logger.warning("%s", lost)
            continue
        except HeldUp as fault:
            _logger.warning("%s", fault)
            stopping.wait(patience.lengthen())
            continue
        patience.forget()
        pause = SHORTEST_PAUSE if found else min(pause * 1.2, LONGEST_PAUSE)
        if not found:
            time.sleep(pause)


def _log_end(console: str, feed: FeedSubmission) -> None:
    """Say in one line how a feed has ended, and where the rest of it is told."""
    counts = feed.summary
    told = f"{counts.processed} processed, {counts.successful} successful" if counts else "nothing applied"
    page = f" {console}/feeds/{feed.submission_id}" if console else ""
    _logger.info("feed %s %s is %s: %s%s", feed.submission_id, feed.feed_type, feed.status, told, page)


class _WorldlyPatience:
    """How long a worker waits for the world: longer each time, until something goes well."""

    def __init__(self) -> None:
        self._seconds = _FIRST_WAIT

    def lengthen(self) -> float:
        """Return how many seconds to wait now; twice as many the next time."""
        seconds, self._seconds = self._seconds, min(self._seconds * 2, _LONGEST_WAIT)
        return seconds

    def forget(self) -> None:
        self._seconds = _FIRST_WAIT
