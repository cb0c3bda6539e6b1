"""The ping: a request for nothing, answered with the time to anyone (developer guide, timestamps)."""

from datetime import datetime

from feedproc.mws import responses
from feedproc.mws.call import MwsAnswer


def answer(now: datetime) -> MwsAnswer:
    """Tell the server's time."""
    content = responses.write_ping(now)
    return MwsAnswer(content=content, length=len(content))
