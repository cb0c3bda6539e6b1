"""What every door works with, whatever keeps its orders and submissions."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from feedproc import feedtypes
from feedproc.feeds.feed_type import DeferredFeedTypes, FeedTypes
from feedproc.ports import Backend
from feedproc.reporttypes.catalogue import load_report_types
from feedproc.services.process.processing import Clock, Policy, Processing
from feedproc.settings import feed_type_folders, read_manner
from feedproc.wiring.clock import make_id, read_clock

if TYPE_CHECKING:
    from feedproc.formats.xml.schemas import Schemas


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


def make_machine(backend: Backend, schemas: "Schemas | None" = None, policy: Policy | None = None) -> Machine:
    """Return a machine over a back end, with every feed type, the time of this computer, and ids of its own."""
    return Machine(backend, load_feed_types(schemas), policy or Policy(manner=read_manner()), read_clock, make_id)


def load_schemas(place: Path | None) -> "Schemas":
    """Return what XML feeds are judged by: the schemas in a folder, or feedproc's own.

    Raises:
        Unusable: the folder holds no schemas that can be used.

    """
    from feedproc.feedtypes import catalogue  # noqa: PLC0415 - lxml takes time to load, and few commands need it

    folders = feed_type_folders()
    return catalogue.load_own_schemas(folders) if place is None else catalogue.load_schemas_in(place, folders)


def load_feed_types(schemas: "Schemas | None" = None) -> FeedTypes:
    """Return every feed type there is; XML feeds are judged by `schemas`, or by feedproc's own.

    Where nothing is anybody's but feedproc's, they are loaded when the first is asked for.

    Raises:
        Unusable: a folder of feed types cannot be used.

    """
    if schemas is None and not feed_type_folders():
        return DeferredFeedTypes(_declare, list_feed_type_places())
    return _declare(schemas)


def _declare(schemas: "Schemas | None" = None) -> FeedTypes:
    from feedproc.feedtypes import catalogue  # noqa: PLC0415 - as above

    folders = feed_type_folders()
    return catalogue.declare(schemas if schemas is not None else catalogue.load_own_schemas(folders), folders)


def list_feed_type_places() -> tuple[Path, ...]:
    """Return where the folders of feed types stand, with what is said of them in each language."""
    return (*map(Path, feedtypes.__path__), *feed_type_folders())
