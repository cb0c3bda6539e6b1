"""What can be called at a server of both APIs, told by what declares it; loaded when somebody asks."""

from collections.abc import Callable, Collection

from feedproc.control.naming import DOWNLOAD, PING, TOKEN, UPLOAD
from feedproc.feeds.feed_type import FeedTypes
from feedproc.reporttypes.catalogue import load_report_types


class NamesServed:
    """All actions, operations, feed types and report types."""

    def __init__(self, get_feed_types: Callable[[], FeedTypes]) -> None:
        """Ask for the feed types when they are needed."""
        self._get_feed_types = get_feed_types

    def list_actions(self, protocol: str) -> Collection[str]:
        """Return the actions, or operations, of a protocol."""
        if protocol == "mws":
            from feedproc.mws.app import SECTIONS  # noqa: PLC0415 - who calls SP-API alone needs none of MWS

            return {PING}.union(*(section.actions for section in SECTIONS))
        if protocol == "spapi":
            from feedproc.spapi.app import OPERATIONS  # noqa: PLC0415 - and the other way round

            return {one.name for one in OPERATIONS}
        return {"lwa": {TOKEN}, "document": {UPLOAD, DOWNLOAD}}[protocol]

    def list_feed_types(self) -> Collection[str]:
        """Return the types of feeds and of reports."""
        return {*self._get_feed_types().names, *load_report_types().types}
