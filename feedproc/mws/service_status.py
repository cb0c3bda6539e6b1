"""Answers about the service itself: the ping, and GetServiceStatus, which every section has."""

from datetime import datetime

from feedproc.mws import responses, spelling
from feedproc.mws.call import MwsAnswer, MwsCall


def answer(call: MwsCall) -> MwsAnswer:
    """GetServiceStatus: say that all is well; who gets this answer has shown it already."""
    return call.answer(("Status", "GREEN"), ("Timestamp", spelling.format_millisecond(call.now)))


def answer_ping(now: datetime) -> MwsAnswer:
    """Tell the server's time to anyone, for a request for nothing (developer guide, timestamps)."""
    content = responses.write_ping(now)
    return MwsAnswer(content=content, length=len(content))
