"""The piece of a page that tells what became of a feed; script asks for it again while the feed runs."""

from werkzeug.wrappers import Response

from feedproc.console.outcome import outcome_of
from feedproc.console.route import Route
from feedproc.console.visit import Visit


def outcome(visit: Visit, submission_id: str) -> Response:
    """Answer with the piece alone."""
    return visit.render("outcome.html", outcome=outcome_of(visit, submission_id))


ROUTES = (Route("/outcomes/<submission_id>", "outcome", outcome),)
