"""Whether what a fault names exists: one that is misspelt would stand in the book and never happen."""

from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches
from typing import Protocol

from feedproc.control.faults import Fault, FeedFault, RequestFault

PING = "ping"
"""What a request for the service status of MWS is called."""
TOKEN = "token"
"""The one action of Login with Amazon."""
UPLOAD, DOWNLOAD = "upload", "download"
"""What is done with a document."""
PROTOCOLS = ("lwa", "document", "mws", "spapi")
"""Those that a call can have; those whose actions are told at once come first."""


class NamesOfCalls(Protocol):
    """What knows all that can be called, from where it is declared."""

    def list_actions(self, protocol: str) -> Collection[str]:
        """Return the actions, or operations, of a protocol."""

    def list_feed_types(self) -> Collection[str]:
        """Return the types of feeds and of reports."""


def require_known(fault: Fault, names: NamesOfCalls) -> None:
    """Check the protocol, the action and the feed type that a fault names.

    Raises:
        ValueError: there is none of that name. The text says which may have been meant.

    """
    if isinstance(fault, FeedFault) and fault.feed_type:
        _require(fault.feed_type.strip("_"), "feed type", [names.list_feed_types()])
    if not isinstance(fault, RequestFault):
        return
    if fault.protocol:
        _require(fault.protocol, "protocol", [PROTOCOLS])
    if fault.action and fault.protocol:
        _require(fault.action, f"action of {fault.protocol}", [names.list_actions(fault.protocol)])
    elif fault.action:
        _require(fault.action, "action or operation", _list_likely_first(fault.action, names))


def _list_likely_first(action: str, names: NamesOfCalls) -> Iterator[Collection[str]]:
    """Yield the actions of each protocol; a later one is asked only when it is needed, as it takes time to load."""
    is_of_mws = action == PING or action[0].isupper()
    order = PROTOCOLS if is_of_mws else (*PROTOCOLS[:2], *reversed(PROTOCOLS[2:]))
    return (names.list_actions(protocol) for protocol in order)


def _require(name: str, what: str, groups: Iterable[Collection[str]]) -> None:
    seen: dict[str, str] = {}
    for group in groups:
        if name in group:
            return
        seen |= {one.lower(): one for one in group}
    close = [repr(seen[one]) for one in get_close_matches(name.lower(), seen)]
    meant = f"did you mean {' or '.join(close)}?" if close else "it is spelled as Amazon spells it"
    raise ValueError(f"there is no {what} {name!r}; {meant}")
