"""What a person does with feeds, said once."""

from io import BytesIO

from werkzeug.test import TestResponse

from feedproc.feeds.submission import FeedSubmission
from feedproc.ports import Filter
from tests.builders import ACKNOWLEDGEMENT, SELLER, a_feed, cancels
from tests.console.builders import Visitor

SCRIPT = "<script>alert(1)</script>"
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;"
FLAT_CANCELLATION = "POST_FLAT_FILE_ORDER_ACKNOWLEDGEMENT_DATA"
BAD = a_feed(cancels(1), cancels(2, "NoStock"))
"""The second message has a reason that there is not."""


def upload(seller: Visitor, feed: bytes, name: str = "feed.xml") -> str:
    """Upload a file; return the address of the look at it, with the page already seen."""
    seller.get("/feeds")
    answer = seller.post("/feeds/upload", feed=(BytesIO(feed), name))
    assert answer.status_code == 303, answer.text
    return follow(seller, answer)


def follow(seller: Visitor, answer: TestResponse) -> str:
    """Go where an answer points to; return the address."""
    assert answer.status_code == 303, answer.text
    path = answer.location.removeprefix("/console")
    assert seller.get(path).status_code == 200
    return path


def send(seller: Visitor, feed: bytes, feed_type: str = ACKNOWLEDGEMENT) -> str:
    """Upload a feed and send it; return the address of the submission, with the page already seen."""
    return follow(seller, seller.post(f"{upload(seller, feed)}/send", type=feed_type))


def last(seller: Visitor) -> FeedSubmission:
    """The newest submission."""
    return seller.shop.backend.submissions.find(SELLER, Filter(), 1)[0]


def bytes_of(seller: Visitor, submission: FeedSubmission) -> bytes:
    """What was submitted."""
    with seller.shop.backend.documents.open(submission.document) as file:
        return file.read()
