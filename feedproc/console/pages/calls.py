"""What programs asked the server and what it answered, live; where tests control it."""

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from feedproc.console.deps import CallSource
from feedproc.console.request import RequestContext
from feedproc.console.route import Route

MOST = 100
"""Of the last calls."""


def show_calls(context: RequestContext) -> Response:
    """Show the last calls, newest first."""
    return _show(context, "calls.html")


def show_list(context: RequestContext) -> Response:
    """Answer with the list alone; script asks for it when a call was made."""
    return _show(context, "call_list.html")


def follow(context: RequestContext) -> Response:
    """Tell script of each call as it is made."""
    after = context.request.headers.get("Last-Event-ID") or context.request.args.get("after", "")
    number = int(after) if after.isascii() and after.isdecimal() and len(after) < 16 else 0
    events = _get_source(context).follow(context.seller.seller_id, number)
    return Response(events, content_type="text/event-stream")


def _show(context: RequestContext, template: str) -> Response:
    calls = [*reversed(_get_source(context).list_last(context.seller.seller_id, MOST))]
    return context.render(template, calls=calls, most=MOST)


def _get_source(context: RequestContext) -> CallSource:
    if context.deps.calls is None:
        raise NotFound
    return context.deps.calls


ROUTES = (
    Route("/calls", "calls", show_calls, is_for_tests=True),
    Route("/calls/list", "call_list", show_list, is_for_tests=True),
    Route("/calls/live", "calls_live", follow, is_for_tests=True),
)
