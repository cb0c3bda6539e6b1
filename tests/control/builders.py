"""Calls that a server has kept, in one line."""

from datetime import datetime

from feedproc.control.calls import CallLog


def a_log(*sellers: str, at: datetime) -> CallLog:
    """A throttled call of each seller."""
    log = CallLog()
    for seller in sellers:
        log.add(
            protocol="mws", action="GetFeedSubmissionList", seller=seller, method="POST", url="/", parameters={},
            request_headers={}, request_body=b"", status=503, response_headers={}, response_body=b"", at=at,
            seconds=0.01, fault="throttle",
        )  # fmt: skip
    return log
