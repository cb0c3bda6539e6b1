"""Read a feed and say what is wrong with it, applying nothing."""

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO, NamedTuple

from feedproc.feeds.feed_type import UNTOLD, FeedType, Format, Provenance
from feedproc.feeds.finding import Finding, Inspection
from feedproc.feeds.marketplaces import marketplace_of
from feedproc.feeds.message import Message
from feedproc.feeds.report import Result
from feedproc.feeds.result_codes import WRONG_MERCHANT
from feedproc.feeds.saying import Saying, quote_value, say
from feedproc.feeds.submission import FeedSubmission
from feedproc.ports import Documents, Seller


def check(form: Format, feed: BinaryIO, provenance: Provenance = UNTOLD) -> Iterator[Inspection]:
    """Yield what is wrong, part by part. The schema alone decides, whatever type the messages have."""
    yield from _inspect_text(form, feed, provenance)
    yield from form.inspect(feed, any_type=True, provenance=provenance)


def check_as(
    feed_type: FeedType, feed: BinaryIO, at: datetime, provenance: Provenance = UNTOLD
) -> Iterator[Inspection]:
    """Yield what is wrong with a feed of this type, part by part, if it were submitted at that time.

    Rules of the feed type are looked at as far as they can be without the orders that the messages are about.
    """
    yield from _inspect_text(feed_type.format, feed, provenance)
    for part in feed_type.format.inspect(feed, any_type=False, provenance=provenance):
        broken = [
            _make_finding(line, result, part.path)
            for line, message in part.placed
            if (result := _check(feed_type, message, at, provenance.marketplace_id)) is not None
        ]
        yield Inspection(part.messages, sorted([*part.findings, *broken], key=_get_place), part.done, path=part.path)


def find_misread(documents: Documents, submission: FeedSubmission, form: Format, marketplace_id: str) -> Finding | None:
    """Return a warning when text of a feed that was submitted is certainly not read as it was written.

    It is in no report, so it is looked for whenever somebody looks at the feed; None once that is no longer kept, or
    cannot be read.
    """
    try:
        with documents.open(submission.document) as feed:
            return form.find_misread(feed, Provenance(submission.content_type, marketplace_id))
    except OSError:
        # It is gone, or its disk is not well: the page tells the rest all the same.
        return None


def tell_orders() -> Finding:
    """Return what is said of a file of orders that is looked at as a feed."""
    return Finding(
        line=1,
        column=1,
        message_id=None,
        code=0,
        rule="order-report",
        path="",
        description="The file holds orders, and is no feed.",
        reason=say("These are orders, as an order report or an answer tells them, and no feed."),
        hint=say("`feedproc orders load` loads them, and so does the console's page Orders."),
    )


def _inspect_text(form: Format, feed: BinaryIO, provenance: Provenance) -> Iterator[Inspection]:
    found = form.find_misread(feed, provenance)
    if found is not None:
        yield Inspection(0, [found], 0)
    feed.seek(0)


def _check(feed_type: FeedType, message: Message, at: datetime, marketplace_id: str) -> Result | None:
    return feed_type.check(message.message_id, message.body, at, marketplace_id)


def _make_finding(line: int, result: Result, path: str) -> Finding:
    return Finding(
        line=line,
        column=1,
        message_id=result.message_id,
        code=result.code,
        rule="feed-type",
        path=path,
        description=result.description,
        reason=result.reason,
        severity=result.severity,
    )


def _get_place(finding: Finding) -> tuple[int, int]:
    return finding.line, finding.column


class Owner(NamedTuple):
    """Whose feeds are looked at: a seller, or what is known of one."""

    seller_id: str
    merchant_token: str


def explain_merchant(given: str, seller: Owner | Seller) -> Saying:
    """Say in plain words why a feed that gives this MerchantIdentifier is not the seller's."""
    own, other = seller.seller_id, seller.merchant_token
    if not given and own == other:
        return say("The feed's MerchantIdentifier is empty: write {}.", own)
    if not given:
        return say("The feed's MerchantIdentifier is empty: write {} or {}.", own, other)
    if own == other:
        return say(
            "The feed's MerchantIdentifier, {}, is another seller's or nobody's: write {}.", quote_value(given), own
        )
    words = "The feed's MerchantIdentifier, {}, is another seller's or nobody's: write {} or {}."
    return say(words, quote_value(given), own, other)


def check_merchant(given: str, line: int, column: int, owner: Owner, marketplace_id: str) -> Finding | None:
    """Return what is wrong with the MerchantIdentifier that stands at a place of a feed, if it were the owner's."""
    if given in owner:
        return None
    return Finding(
        line=line,
        column=column,
        message_id=None,
        code=WRONG_MERCHANT.code,
        rule="merchant-identifier",
        path="/AmazonEnvelope/Header/MerchantIdentifier",
        description=WRONG_MERCHANT.fill(host=marketplace_of(marketplace_id).seller_central),
        reason=explain_merchant(given, owner),
    )
