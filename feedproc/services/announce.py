"""Announce again what a queue does not know of: it refused it, or its process died between storing and queueing it."""

import logging
from datetime import datetime, timedelta
from typing import NamedTuple

from feedproc.errors import DeliveryDelayed
from feedproc.feeds.submission import FeedSubmission
from feedproc.ports import Queue, Submissions

OVERDUE = timedelta(minutes=6)
"""After this time a submission that is still open is announced again. Within five minutes a FIFO queue would drop it as
a repetition (SQS, MessageDeduplicationId)."""
_MOST = 1_000
"""Submissions that are looked at, the oldest first."""
_logger = logging.getLogger(__name__)


class Announced(NamedTuple):
    """How many lines were announced, and how many the queue does not take now."""

    done: int
    left: int


def announce_overdue(submissions: Submissions, queue: Queue, now: datetime) -> Announced:
    """Announce the oldest overdue submission of each seller and feed type, until the queue takes no more.

    The others of its line come after it, so they can wait until each is the oldest itself. One that the queue does
    know of is announced twice then, and has ended by the time the second delivery comes.
    """
    lines: dict[tuple[str, str], FeedSubmission] = {}
    for one in submissions.find_overdue(now - OVERDUE, _MOST):
        line = one.seller_id, one.feed_type
        if line not in lines or one.counter < lines[line].counter:
            lines[line] = one
    for done, one in enumerate(lines.values()):
        try:
            queue.send(one)
        except DeliveryDelayed as delay:
            _logger.warning("%d feeds that waited long cannot be announced now (%s)", len(lines) - done, delay)
            return Announced(done, len(lines) - done)
    return Announced(len(lines), 0)
