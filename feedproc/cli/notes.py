"""What is said of a feed beside its results: it stands in no report."""

from collections.abc import Sequence

from feedproc.cli.language import say_finding
from feedproc.feeds.finding import Finding
from feedproc.feeds.submission import FeedSubmission
from feedproc.ports import Backend, Seller
from feedproc.services.check import find_misread
from feedproc.wiring.feed_types import load_feed_types


def list_notes(backend: Backend, submission: FeedSubmission, seller: Seller, language: str) -> Sequence[Finding]:
    """Return the notes on a feed, in a language; none on one whose feed type is not known any more."""
    types = load_feed_types()
    if submission.feed_type not in types.names:
        return ()
    form = types.look_up(submission.feed_type).format
    found = find_misread(backend.documents, submission, form, seller.marketplace.marketplace_id)
    return () if found is None else (say_finding(language, found),)
