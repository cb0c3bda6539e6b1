"""The ping: a request for nothing, answered with the time to anyone (developer guide, timestamps)."""

from datetime import datetime

from feedproc.mws import responses
from feedproc.mws.call import Answer


def answer(now: datetime) -> Answer:
    """Tell the server's time."""
    content = responses.ping(now)
    return Answer(content=content, length=len(content))
