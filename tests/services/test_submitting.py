"""A feed is stored, then submitted: two calls, and nothing is kept of what was refused."""

import hashlib
import io
from base64 import b64encode
from pathlib import Path

import pytest

from feedproc.errors import DigestMismatch, FeedTooLarge
from feedproc.feeds.submission import ProcessingStatus
from feedproc.services.submit import adopt_upload, store
from tests.builders import ACKNOWLEDGEMENT, NOON, Shop, a_feed, acknowledges

FEED = a_feed(acknowledges())
MD5 = b64encode(hashlib.md5(FEED, usedforsecurity=False).digest()).decode()


class Broken(io.BytesIO):
    """A sender that goes away."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(100) or self._gone()

    def _gone(self) -> bytes:
        raise ConnectionResetError


class Trickle(io.BytesIO):
    """A sender that sends a byte at a time."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(1)


def kept(shop: Shop) -> list[Path]:
    return [path for path in (shop.data_dir / "documents").rglob("*") if path.is_file()]


def test_a_stored_feed_has_its_size_and_digest(shop: Shop) -> None:
    document = store(shop.backend.documents, io.BytesIO(FEED), MD5)
    assert (document.size, document.md5) == (len(FEED), MD5)
    with shop.backend.documents.open(document.key) as file:
        assert file.read() == FEED


def test_a_feed_may_arrive_byte_by_byte(shop: Shop) -> None:
    assert store(shop.backend.documents, Trickle(FEED), MD5).size == len(FEED)


def test_an_empty_feed_is_stored(shop: Shop) -> None:
    assert store(shop.backend.documents, io.BytesIO(b"")).size == 0


@pytest.mark.parametrize("md5", ["", "x", MD5[:-2], MD5.lower()])
def test_another_digest_keeps_nothing(shop: Shop, md5: str) -> None:
    with pytest.raises(DigestMismatch, match="re-encoded") as refusal:
        store(shop.backend.documents, io.BytesIO(FEED), md5)
    assert (refusal.value.given, refusal.value.computed) == (md5, MD5)
    assert not kept(shop)


def test_a_feed_beyond_the_limit_keeps_nothing(shop: Shop) -> None:
    assert store(shop.backend.documents, io.BytesIO(FEED), limit=len(FEED)).size == len(FEED)
    before = kept(shop)
    with pytest.raises(FeedTooLarge, match=str(len(FEED) - 1)):
        store(shop.backend.documents, io.BytesIO(FEED), limit=len(FEED) - 1)
    assert kept(shop) == before


def test_a_sender_that_goes_away_leaves_nothing(shop: Shop) -> None:
    with pytest.raises(ConnectionResetError):
        store(shop.backend.documents, Broken(FEED))
    assert not kept(shop)


def test_a_submission_waits_as_it_was_handed_in(shop: Shop) -> None:
    submission = shop.submit(FEED)
    assert shop.again(submission) == submission
    assert (submission.status, submission.feed_type) == (ProcessingStatus.SUBMITTED, ACKNOWLEDGEMENT)
    assert (submission.size, submission.submitted_at) == (len(FEED), NOON)


def test_ids_of_a_day_differ_from_those_of_the_next(shop: Shop) -> None:
    first, second = shop.submit(FEED), shop.submit(FEED, at=NOON.replace(day=5))
    assert (first.submission_id, second.submission_id) == ("50001019786", "50002019787")


def test_an_upload_beyond_the_limit_is_not_kept(shop: Shop) -> None:
    writer = shop.backend.documents.create("0" * 32)
    writer.write(FEED)
    writer.commit()
    with pytest.raises(FeedTooLarge):
        adopt_upload(shop.backend.documents, "0" * 32, limit=len(FEED) - 1)
    assert kept(shop) == []
