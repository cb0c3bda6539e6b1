"""How feeds are processed, by which worker and with what."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import NamedTuple

from msgspec import Struct, field

from feedproc.feeds.feed_type import FeedTypes
from feedproc.feeds.manner import Manner
from feedproc.feeds.submission import FeedSubmission
from feedproc.ports import Backend
from feedproc.services.process.reading import OpenReader, read_alone
from feedproc.services.reports.report_type import ReportTypes
from feedproc.stock.restocking import RESTOCKING

Clock = Callable[[], datetime]
MOST_ERRORS = 2_000_000
"""Errors after which a feed is not processed any further. A feed of 1 GiB in which each of its 1.5 million ordinary
messages is faulty is still told completely; without it a feed of empty messages would end in a report dozens of times
its own size."""
ORDERS_A_PART = 20_000
"""A worker that is killed has written a report of so many in vain: a second or two of work. Shorter reports are written
in one go."""


class Claimed(Enum):
    """How far one go at a submission came."""

    FINISHED = auto()
    """It is done, or cancelled for good."""
    BUSY = auto()
    """It was not to be claimed: somebody else has it, or it has ended, or an older feed of its type comes first."""
    OUT_OF_TIME = auto()
    """Time was up. What was committed stays, and whoever comes next goes on from there."""


class TimeIsUp(Exception):
    """The time that a worker has is over."""


class Policy(Struct, frozen=True):
    """How workers behave."""

    lease: timedelta = timedelta(seconds=60)
    """How long a claim holds without a sign of life."""
    most_attempts: int = 20
    """Claims without any progress after which a submission is given up."""
    first_pause: timedelta = timedelta(seconds=1)
    """How long a submission waits that the world holds up: twice as long each time, up to `ports.LONGEST_PAUSE`."""
    orders_a_part: int = ORDERS_A_PART
    """How many orders a report looks at before what is written of it is kept."""
    most_errors: int = MOST_ERRORS
    """How many errors a report tells before it ends with that there are too many."""
    restocking: Mapping[str, bool] = field(default_factory=lambda: RESTOCKING)
    manner: Manner = Manner()
    """Which of Amazon's manners feeds are judged by, of sellers who have none of their own."""


def _say_nothing(_submission: FeedSubmission) -> None:
    """Nobody is told."""


class Processing(NamedTuple):
    """What a worker processes feeds with."""

    backend: Backend
    feed_types: FeedTypes
    worker: str
    """Who claims them."""
    policy: Policy
    clock: Clock
    report_types: ReportTypes = ReportTypes(())
    wait: Callable[[float], None] | None = None
    """Waits for the world, for so many seconds, to let a submission be given back that it holds up. None where a worker
    takes up again, under its own name, what it could not give back: that is no attempt either."""
    tell_end: Callable[[FeedSubmission], None] = _say_nothing
    """Told each feed that has ended, as it ended."""
    open_reader: OpenReader = read_alone
    """Decides who reads a feed's messages."""
