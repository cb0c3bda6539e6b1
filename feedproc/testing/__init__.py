"""A test kit: a server of feedproc in the process of the test, with all that is in it at hand.

With pytest a test asks for the fixture `feedproc`. Elsewhere:

    with use_feedproc() as feedproc:
        feedproc.orders.add("TOWEL-01", price=1000)

Nothing of the server is imported before one is used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from feedproc.control.calls import RecordedCall
    from feedproc.control.faults import FeedFault, FeedTrouble, MessageFault, RequestFault, Trouble
    from feedproc.feeds.submission import ProcessingStatus
    from feedproc.testing.kit import Feedproc
    from feedproc.testing.lending import use_feedproc, with_feedproc

__all__ = [
    "FeedFault",
    "FeedTrouble",
    "Feedproc",
    "MessageFault",
    "ProcessingStatus",
    "RecordedCall",
    "RequestFault",
    "Trouble",
    "use_feedproc",
    "with_feedproc",
]
_PLACES = {
    "Feedproc": "feedproc.testing.kit",
    "use_feedproc": "feedproc.testing.lending",
    "with_feedproc": "feedproc.testing.lending",
    "ProcessingStatus": "feedproc.feeds.submission",
    "RecordedCall": "feedproc.control.calls",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PLACES.get(name, "feedproc.control.faults")), name)
