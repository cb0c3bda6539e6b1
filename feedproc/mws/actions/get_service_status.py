"""GetServiceStatus: other sections have it, and some clients ask every section."""

from feedproc.mws import spelling
from feedproc.mws.call import Answer, Call


def answer(call: Call) -> Answer:
    """Say that all is well; who gets this answer has shown it already."""
    return call.answered(("Status", "GREEN"), ("Timestamp", spelling.millisecond(call.now)))
