"""GetServiceStatus: other sections have it, and some clients ask every section."""

from feedproc.mws import spelling
from feedproc.mws.call import MwsAnswer, MwsCall


def answer(call: MwsCall) -> MwsAnswer:
    """Say that all is well; who gets this answer has shown it already."""
    return call.answer(("Status", "GREEN"), ("Timestamp", spelling.format_millisecond(call.now)))
