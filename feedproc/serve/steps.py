"""The steps of work in a server's own process: it processes one submission, or sends some of what waits.

They stand by themselves, as what reads and applies feeds takes long to load: a server with nothing to do needs none.
"""

from feedproc.services.process.pick import process_next
from feedproc.services.process.processing import Processing
from feedproc.services.reports.schedules import request_due
from feedproc.services.send.send import Outgoing, send_pending

_ROUND, _GROUP = 20, 100
"""Entries of a round of e-mails that must not go out twice; of a round, and of a note, of those that may."""


def process_one(processing: Processing) -> bool:
    """Process one submission, if there is one; say whether there was.

    Raises:
        ClaimLost: it was ended by somebody else meanwhile.

    """
    request_due(processing.backend, processing.report_types, processing.clock())
    return process_next(processing)


def send_some(outgoing: Outgoing) -> bool:
    """Send some of what waits to be sent; say whether there was anything."""
    limit, group = (_GROUP, _GROUP) if outgoing.outlets.may_repeat else (_ROUND, 1)
    return bool(send_pending(outgoing, limit, group))
