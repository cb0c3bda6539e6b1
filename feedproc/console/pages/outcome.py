"""The piece of a page that tells what became of a feed; script asks for it again while the feed runs."""

from werkzeug.wrappers import Response

from feedproc.console.outcome import get_outcome
from feedproc.console.request import RequestContext
from feedproc.console.route import Route


def show_outcome(context: RequestContext, submission_id: str) -> Response:
    """Answer with the piece alone."""
    return context.render("outcome.html", outcome=get_outcome(context, submission_id))


ROUTES = (Route("/outcomes/<submission_id>", "outcome", show_outcome),)
