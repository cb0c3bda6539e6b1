"""SubmitFeed: take a feed and its particulars; what is in it is looked at later."""

import hashlib

from feedproc.errors import DigestMismatch, FeedTooLarge, FeedTypeUnknown
from feedproc.feeds.marketplaces import MARKETPLACES
from feedproc.feeds.submission import Door, NewSubmission
from feedproc.mws import spelling
from feedproc.mws.call import MwsAnswer, MwsCall
from feedproc.mws.feeds.digest_cause import MOST_BYTES, find_cause
from feedproc.mws.feeds.refusals import DigestMissing, DigestsDiffer, MarketplaceInvalid
from feedproc.mws.feeds.submission_info import describe_submission
from feedproc.mws.refusals import MethodUnsupported, ParameterInvalid
from feedproc.services.submit import MAX_FEED_BYTES, Readable, StoredDocument, store, submit

_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
"""Of XML Schema; some clients write them with a capital letter."""


def answer(call: MwsCall) -> MwsAnswer:
    """Store the feed while its MD5 is computed, submit it, and tell its id. A refused feed leaves nothing behind.

    Raises `MethodUnsupported`, `MemberMissing`, `FeedTypeUnknown`, `MarketplaceInvalid`, `ParameterInvalid`,
    `FeedTooLarge`, then `DigestMissing` or `DigestsDiffer`, then `DigestMismatch` or `UploadInterrupted`.
    """
    if call.method != "POST":
        raise MethodUnsupported("SubmitFeed", "POST")
    feed_type = _read_feed_type(call)
    marketplace_ids = _read_marketplace_ids(call)
    purges = _read_purging(call)
    if call.body.length is not None and call.body.length > MAX_FEED_BYTES:
        raise FeedTooLarge(MAX_FEED_BYTES)
    document = _store(call, _read_md5(call))
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
            door=Door.MWS,
            purges=purges,
        ),
        _make_repetition_key(call, document.md5) if call.submits_once else None,
    )
    if submission.document != document.key:
        call.backend.documents.delete(document.key)
    return call.answer(describe_submission(submission), compact=True)


def _store(call: MwsCall, md5: str) -> StoredDocument:
    """Store the feed, or say why its digest is another one where that is certain."""
    body = _KeptBody(call.body)
    try:
        return store(call.backend.documents, body, md5)
    except DigestMismatch as mismatch:
        cause = find_cause(mismatch.given, mismatch.computed, body.content)
        raise DigestMismatch(mismatch.given, mismatch.computed, cause) from None


class _KeptBody:
    """A body that remembers what was read of it, while that is little."""

    def __init__(self, body: Readable) -> None:
        self._body = body
        self._kept: bytearray | None = bytearray()

    @property
    def content(self) -> bytes | None:
        """All that was read; None when it was much."""
        return None if self._kept is None else bytes(self._kept)

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes; none at the end."""
        data = self._body.read(size)
        if self._kept is not None:
            self._kept += data
            if len(self._kept) > MOST_BYTES:
                self._kept = None
        return data


def _read_feed_type(call: MwsCall) -> str:
    spelled = call.parameters.require("FeedType")
    name = spelling.strip_underscores(spelled)
    if name is None or name not in call.feed_types.offered:
        raise FeedTypeUnknown(spelled, [spelling.add_underscores(one) for one in call.feed_types.offered])
    return name


def _read_marketplace_ids(call: MwsCall) -> tuple[str, ...]:
    # An order has one marketplace wherever its feed is sent, so any list of Amazon's marketplaces will do.
    ids = call.parameters.list_values("MarketplaceIdList.Id")
    if not all(one in MARKETPLACES or one in call.seller.marketplace_ids for one in ids):
        raise MarketplaceInvalid
    return ids


def _read_purging(call: MwsCall) -> bool:
    value = call.parameters.get("PurgeAndReplace")
    if value is None:
        return False
    if value.lower() not in _BOOLEANS:
        raise ParameterInvalid("PurgeAndReplace must be true or false")
    return _BOOLEANS[value.lower()]


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
