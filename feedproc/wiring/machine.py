"""What every door works with, whatever keeps its orders and submissions."""

from collections.abc import Callable
from typing import NamedTuple

from feedproc.feeds.feed_type import FeedTypes
from feedproc.ports import Backend
from feedproc.reporttypes.catalogue import load_report_types
from feedproc.services.process.processing import Clock, Policy, Processing
from feedproc.settings import read_manner
from feedproc.wiring.clock import make_id, read_clock


class Machine(NamedTuple):
    """All that serves requests and processes feeds."""

    backend: Backend
    feed_types: FeedTypes
    policy: Policy
    clock: Clock
    new_id: Callable[[], str]

    def get_processing(self, worker: str) -> Processing:
        """Return what a worker of that name processes feeds with."""
        return Processing(self.backend, self.feed_types, worker, self.policy, self.clock, load_report_types())


def make_machine(backend: Backend, feed_types: FeedTypes, policy: Policy | None = None) -> Machine:
    """Return a machine over a back end, with the time of this computer, and ids of its own."""
    return Machine(backend, feed_types, policy or Policy(manner=read_manner()), read_clock, make_id)
