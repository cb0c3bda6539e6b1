"""SubmitFeed: take a feed and its particulars; what is in it is looked at later."""

import hashlib
import re

from feedproc.errors import FeedTooLarge, FeedTypeUnknown
from feedproc.feeds.submission import NewSubmission
from feedproc.mws import spelling
from feedproc.mws.call import MwsAnswer, MwsCall
from feedproc.mws.feeds.refusals import DigestMissing, DigestsDiffer, MarketplaceInvalid
from feedproc.mws.feeds.submission_info import describe_submission
from feedproc.mws.refusals import MethodUnsupported
from feedproc.services.submit import MAX_FEED_BYTES, store, submit

_MARKETPLACE_ID = re.compile("[A-Za-z0-9_]{1,64}")


def answer(call: MwsCall) -> MwsAnswer:
    """Store the feed while its MD5 is computed, submit it, and tell its id. A refused feed leaves nothing behind.

    Raises `MethodUnsupported`, `MemberMissing`, `FeedTypeUnknown`, `MarketplaceInvalid`, `FeedTooLarge`, then
    `DigestMissing` or `DigestsDiffer`, then `DigestMismatch` or `UploadInterrupted`.
    """
    if call.method != "POST":
        raise MethodUnsupported("SubmitFeed", "POST")
    feed_type = _read_feed_type(call)
    marketplace_ids = _read_marketplace_ids(call)
    if call.body.length is not None and call.body.length > MAX_FEED_BYTES:
        raise FeedTooLarge(MAX_FEED_BYTES)
    document = store(call.backend.documents, call.body, _read_md5(call))
    submission = submit(
        call.backend.submissions,
        call.backend.queue,
        NewSubmission(
            seller_id=call.seller.seller_id,
            feed_type=feed_type,
            document=document.key,
            size=document.size,
            submitted_at=call.now,
            content_type=call.content_type,
            marketplace_ids=marketplace_ids,
            purges=call.parameters.get("PurgeAndReplace") in {"true", "1"},
        ),
        _make_repetition_key(call, document.md5) if call.submits_once else None,
    )
    if submission.document != document.key:
        call.backend.documents.delete(document.key)
    return call.answer(describe_submission(submission), compact=True)


def _read_feed_type(call: MwsCall) -> str:
    spelled = call.parameters.require("FeedType")
    name = spelling.strip_underscores(spelled)
    if name is None or name not in call.feed_types.offered:
        raise FeedTypeUnknown(spelled, [spelling.add_underscores(one) for one in call.feed_types.offered])
    return name


def _read_marketplace_ids(call: MwsCall) -> tuple[str, ...]:
    # An order has one marketplace wherever its feed is sent, so any list of ids will do.
    ids = call.parameters.list_values("MarketplaceIdList.Id")
    if not all(map(_MARKETPLACE_ID.fullmatch, ids)):
        raise MarketplaceInvalid
    return ids


def _make_repetition_key(call: MwsCall, md5: str) -> str:
    """Return what this request and its repetitions have in common, and no other has.

    HTTP libraries repeat a POST by themselves when its answer is lost, and sign nothing anew. A client that means to
    hand the same feed in twice signs twice, and so at another second.
    """
    timestamp, signature = (call.parameters.get(name) or "" for name in ("Timestamp", "Signature"))
    text = "\n".join((timestamp, md5, signature.rstrip("=")))
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()[:32]


def _read_md5(call: MwsCall) -> str:
    digests = {one for one in (call.parameters.get("ContentMD5Value"), call.content_md5) if one}
    if not digests:
        raise DigestMissing
    if len(digests) > 1:
        raise DigestsDiffer
    return digests.pop()
