"""createFeed, getFeeds, getFeed and cancelFeed, over the submissions that MWS knows as well."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from feedproc.errors import FeedTypeUnknown
from feedproc.feeds.submission import Door, FeedSubmission, NewSubmission, ProcessingStatus
from feedproc.ports import Filter
from feedproc.services.cancel import cancel
from feedproc.services.read.submissions import get_submission, list_submissions
from feedproc.services.submit import adopt_upload, submit
from feedproc.spapi.call import Answer, Call, write_moment
from feedproc.spapi.errors import PARAMETERS_INVALID
from feedproc.spapi.identifiers import DocumentKind, read_document_id
from feedproc.spapi.listing import MOST_PAGE, ListLeft, continue_list, read_list_query, take_page
from feedproc.spapi.marketplaces import is_in_region
from feedproc.spapi.next_token import seal_token
from feedproc.spapi.refusals import InputInvalid
from feedproc.spapi.spelling import FATAL, FEED_STATUSES, name_feed_status, write_result_id

UPLOAD_LIFE = timedelta(days=2)
"""How long an upload may wait for createFeed (SP-API developer guide, Feeds)."""
MOST_MARKETPLACES = 25


def create_feed(call: Call) -> Answer:
    """Submit an uploaded document as a feed; the same feed again when asked again within an hour.

    Raises:
        MembersMissing: with the names of all that are not there.
        FeedTypeUnknown: there is no such feed type, or programs may not submit it.
        InputInvalid: the document is not the seller's, not uploaded, or too old; or a marketplace is not the seller's.
        FeedTooLarge: the document is beyond 2 GiB.

    """
    call.members.require("marketplaceIds", "feedType", "inputFeedDocumentId")
    feed_type = call.members.text("feedType") or ""
    offered = call.services.feed_types.offered
    if feed_type not in offered:
        raise FeedTypeUnknown(feed_type, offered)
    marketplace_ids = call.members.texts("marketplaceIds", MOST_MARKETPLACES)
    if not all(is_in_region(call.seller, one) for one in marketplace_ids):
        raise InputInvalid(PARAMETERS_INVALID)
    document = read_document_id(call.seller, call.members.text("inputFeedDocumentId") or "")
    if document is None or document.kind is not DocumentKind.UPLOAD:
        raise InputInvalid(PARAMETERS_INVALID)
    if call.now.timestamp() > document.made_at + UPLOAD_LIFE.total_seconds():
        raise InputInvalid(PARAMETERS_INVALID)
    try:
        key, size = adopt_upload(call.services.backend.documents, document.key)
    except FileNotFoundError:
        raise InputInvalid(PARAMETERS_INVALID) from None
    submission = submit(
        call.services.backend.submissions,
        call.services.backend.queue,
        NewSubmission(
            seller_id=call.seller.seller_id,
            feed_type=feed_type,
            document=key,
            size=size,
            submitted_at=call.now,
            door=Door.SP_API,
            content_type=document.content_type,
            marketplace_ids=marketplace_ids,
        ),
        f"document/{document.key}/{feed_type}",
    )
    return Answer(202, {"feedId": submission.submission_id})


def list_feeds(call: Call) -> Answer:
    """Tell the newest feeds that match, or the next page of a list.

    Raises:
        MembersMissing: neither feed types nor a token are named.
        InputInvalid: a parameter is not as it must be; or others stand beside a token.

    """
    token = call.query.get("nextToken")
    rest = continue_list(call, token, FeedsLeft) if token else _begin(call)

    def look(which: Filter) -> tuple[Sequence[FeedSubmission], bool]:
        page = list_submissions(call.services.backend.submissions, call.seller.seller_id, which, MOST_PAGE)
        return page.submissions, page.has_next

    feeds, following = take_page(rest, rest.which, look, name_feed_status)
    body: dict[str, Any] = {"feeds": [_tell_feed(call, one) for one in feeds]}
    if following is not None:
        body["nextToken"] = seal_token(call.seller, replace(rest, which=following))
    return Answer(200, body)


def get_feed(call: Call) -> Answer:
    """Tell one feed. Raises `SubmissionUnknown`."""
    return Answer(200, _tell_feed(call, _find(call)))


def cancel_feed(call: Call) -> Answer:
    """Cancel a feed that no worker has begun.

    Raises:
        SubmissionUnknown: the seller has no such feed.
        InputInvalid: it was begun, or has ended.

    """
    feed = _find(call)
    which = Filter(submission_ids=(feed.submission_id,))
    (after,) = cancel(call.services.backend.submissions, call.seller.seller_id, which, call.now)
    if feed.status is not ProcessingStatus.SUBMITTED or after.status is not ProcessingStatus.CANCELLED:
        raise InputInvalid(PARAMETERS_INVALID, f"Feed {feed.submission_id} is {name_feed_status(after)}, not IN_QUEUE")
    return Answer(200, {})


class FeedsLeft(ListLeft, frozen=True, kw_only=True):
    """The rest of a list of feeds."""

    which: Filter


def _begin(call: Call) -> FeedsLeft:
    feed_types = call.query.list("feedTypes")
    asked = read_list_query(call, feed_types, "feedTypes", FEED_STATUSES.values())
    wanted = {"CANCELLED" if one == FATAL else one for one in asked.statuses}
    which = Filter(
        feed_types=feed_types,
        statuses=tuple(status for status, name in FEED_STATUSES.items() if name in wanted),
        submitted_from=asked.since,
        submitted_to=asked.until,
    )
    return FeedsLeft(which=which, size=asked.size, marketplace_ids=asked.marketplace_ids, statuses=asked.statuses)


def _find(call: Call) -> FeedSubmission:
    return get_submission(call.services.backend.submissions, call.seller.seller_id, call.path["feedId"])


def _tell_feed(call: Call, submission: FeedSubmission) -> dict[str, Any]:
    result = write_result_id(call.seller, submission)
    times = {
        "processingStartTime": submission.started_at,
        "processingEndTime": submission.completed_at if submission.started_at else None,
    }
    return {
        "feedId": submission.submission_id,
        "feedType": submission.feed_type,
        "marketplaceIds": list(submission.marketplace_ids or call.seller.marketplace_ids),
        "createdTime": write_moment(submission.submitted_at),
        "processingStatus": name_feed_status(submission),
        **{name: write_moment(at) for name, at in times.items() if at is not None},
        **({"resultFeedDocumentId": result} if result else {}),
    }
