"""createFeed, getFeeds, getFeed and cancelFeed, over the submissions that MWS knows as well."""

from datetime import timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from feedproc.errors import FeedTypeUnknown
from feedproc.feeds.submission import Door, FeedSubmission, NewSubmission, ProcessingStatus
from feedproc.ports import Filter
from feedproc.services.cancel import cancel
from feedproc.services.read.submissions import get_submission, list_submissions
from feedproc.services.submit import adopt_upload, submit
from feedproc.spapi.call import TOLERATED, Answer, Call, write_moment
from feedproc.spapi.errors import INPUT_MALFORMED, PARAMETERS_INVALID
from feedproc.spapi.identifiers import DocumentKind, read_document_id
from feedproc.spapi.marketplaces import is_in_region
from feedproc.spapi.next_token import seal_token, unseal_token
from feedproc.spapi.refusals import InputInvalid, MembersMissing
from feedproc.spapi.spelling import FATAL, FEED_STATUSES, name_feed_status, write_result_id

KEPT = timedelta(days=90)
"""How far back feeds are listed (getFeeds, createdSince)."""
UPLOAD_LIFE = timedelta(days=2)
"""How long an upload may wait for createFeed (SP-API developer guide, Feeds)."""
MOST_MARKETPLACES = 25
MOST_TYPES = 10
DEFAULT_PAGE, MOST_PAGE = 10, 100
_LOOKED_AT = 100
"""Submissions that are read at once, until a page is full."""


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
    rest = _continue(call, token) if token else _begin(call)
    feeds: list[FeedSubmission] = []
    which = rest.which
    while True:
        page = list_submissions(call.services.backend.submissions, call.seller.seller_id, which, _LOOKED_AT)
        for submission in page.submissions:
            if rest.selects(submission):
                feeds.append(submission)
            if len(feeds) > rest.size:
                break
        if len(feeds) > rest.size or not page.has_next:
            break
        which = replace(which, before_counter=page.submissions[-1].counter)
    body: dict[str, Any] = {"feeds": [_tell_feed(call, one) for one in feeds[: rest.size]]}
    if len(feeds) > rest.size:
        following = replace(rest.which, before_counter=feeds[rest.size - 1].counter)
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


class Continuation(Struct, frozen=True):
    """The rest of a list of feeds: which, and how many a page."""

    which: Filter
    size: int
    marketplace_ids: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    """As this API names them; CANCELLED and FATAL are one status of a submission."""

    def selects(self, submission: FeedSubmission) -> bool:
        """Say whether a submission that the filter found is asked for."""
        if self.statuses and name_feed_status(submission) not in self.statuses:
            return False
        listed = submission.marketplace_ids
        return not self.marketplace_ids or not listed or not set(self.marketplace_ids).isdisjoint(listed)


def _begin(call: Call) -> Continuation:
    query = call.query
    feed_types, statuses = query.list("feedTypes"), query.list("processingStatuses")
    if not feed_types:
        raise MembersMissing(["feedTypes"])
    marketplace_ids = query.list("marketplaceIds")
    if len(feed_types) > MOST_TYPES or len(marketplace_ids) > MOST_TYPES:
        raise InputInvalid(INPUT_MALFORMED, f"at most {MOST_TYPES} values are allowed")
    if not set(statuses) <= {*FEED_STATUSES.values(), FATAL}:
        raise InputInvalid(INPUT_MALFORMED, "processingStatuses")
    which = Filter(
        feed_types=feed_types,
        statuses=tuple(status for status, name in FEED_STATUSES.items() if name in _widen(statuses)),
        submitted_from=query.moment("createdSince") or call.now - KEPT,
        submitted_to=query.moment("createdUntil"),
    )
    size = query.integer("pageSize", DEFAULT_PAGE, 1, MOST_PAGE)
    return Continuation(which, size, marketplace_ids, statuses)


def _continue(call: Call, token: str) -> Continuation:
    if not call.query.has_only("nextToken", *TOLERATED):
        raise InputInvalid(PARAMETERS_INVALID, "nextToken must be the only parameter")
    return unseal_token(call.seller, token, Continuation)


def _widen(statuses: tuple[str, ...]) -> set[str]:
    return {"CANCELLED" if one == FATAL else one for one in statuses}


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
