"""What ended long ago goes in small steps; what is open, young or a seller's last stays."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest

from feedproc.embedded import forget_ended, forget_unused
from feedproc.errors import SubmissionUnknown
from feedproc.feeds.submission import FeedSubmission
from feedproc.ports import Filter
from feedproc.services.read.submissions import open_report
from tests.builders import ADJUSTMENT, NOON, OTHER_SELLER, SELLER, Shop, a_feed, a_seller, acknowledges, cancels, orders

DAY = timedelta(days=1)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "data").stocked(*orders(3))


def ended(shop: Shop, *days: int) -> list[FeedSubmission]:
    """Submissions that were handed in, and ended, some days after the first one."""
    made = []
    for day in days:
        shop.now = NOON + day * DAY
        made.append(shop.submit(a_feed(acknowledges(1))))
        shop.work()
    return made


def steps(shop: Shop, day: int) -> Iterable[int]:
    """Forget what ended before a day."""
    return forget_ended(shop.data_dir, lambda: "f" * 32, NOON + day * DAY)


def kept(shop: Shop, seller_id: str = SELLER) -> list[str]:
    return [one.submission_id for one in shop.backend.submissions.find(seller_id, Filter(), 1_000)][::-1]


def files(shop: Shop) -> set[str]:
    return {path.name for path in (shop.data_dir / "documents").glob("??/*")}


def test_what_ended_before_goes_with_its_feed_report_and_results(shop: Shop) -> None:
    old, new, last = ended(shop, 0, 90, 91)
    documents = files(shop)
    assert sum(steps(shop, 90)) == 1
    assert kept(shop) == [new.submission_id, last.submission_id]
    assert len(documents) == 6
    assert len(files(shop)) == 4
    assert shop.backend.marks.get_last(SELLER, old.submission_id) is None
    assert shop.report(new).counts == (1, 1, 0, 0)
    with pytest.raises(SubmissionUnknown):
        open_report(shop.backend.submissions, shop.backend.documents, SELLER, old.submission_id)


def test_what_is_open_stays_however_old_it_is(shop: Shop) -> None:
    first, _ = ended(shop, 0, 1)
    waiting = shop.submit(a_feed(acknowledges(1), feed_type=ADJUSTMENT), ADJUSTMENT)
    shop.submit(a_feed(acknowledges(1)))
    assert sum(steps(shop, 1000)) == 2
    assert waiting.submission_id in kept(shop)
    assert first.submission_id not in kept(shop)


def test_what_waited_long_counts_from_its_end(shop: Shop) -> None:
    slow = shop.submit(a_feed(cancels(1)))
    shop.now = NOON + 50 * DAY
    shop.work()
    ended(shop, 51)
    assert sum(steps(shop, 50)) == 0
    assert slow.submission_id in kept(shop)
    assert sum(steps(shop, 51)) == 1


def test_ids_count_on_when_all_others_are_gget_submission(shop: Shop) -> None:
    *_, last = ended(shop, 0, 1, 2)
    assert sum(steps(shop, 1000)) == 2
    assert kept(shop) == [last.submission_id]
    (again,) = ended(shop, 3)
    assert again.counter == last.counter + 1


def test_each_seller_keeps_its_own(shop: Shop) -> None:
    shop.stocked(*orders(1), seller=a_seller(OTHER_SELLER))
    ended(shop, 0, 100)
    for day in (0, 100):
        shop.now = NOON + day * DAY
        shop.submit(a_feed(acknowledges(1), merchant=OTHER_SELLER), seller_id=OTHER_SELLER)
        shop.work()
    assert sum(steps(shop, 50)) == 2
    assert (len(kept(shop)), len(kept(shop, OTHER_SELLER))) == (1, 1)


def test_others_can_write_between_the_steps(shop: Shop) -> None:
    ended(shop, *[0] * 50, 1)
    taken = []
    for gone in steps(shop, 1):
        taken.append(gone)
        shop.submit(a_feed(acknowledges(1)))
    assert (max(taken), sum(taken)) == (20, 50)


def test_a_feed_of_many_batches_goes_whole(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedproc.embedded.retention._MARKS_AT_ONCE", 1)
    old, _ = ended(shop, 0, 1)
    assert sum(steps(shop, 1)) == 1
    assert shop.backend.marks.get_last(SELLER, old.submission_id) is None
    assert kept(shop)[0] != old.submission_id


def test_stopped_behind_the_rows_the_documents_go_the_next_time(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    ended(shop, 0, 90)

    def killed(_documents: object, _key: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("feedproc.embedded.files.FileDocuments.delete", killed)
        with pytest.raises(KeyboardInterrupt):
            list(steps(shop, 50))
    assert (len(kept(shop)), len(files(shop))) == (1, 4)
    assert forget_unused(shop.data_dir, lambda: "f" * 32, NOON + 10_000 * DAY) == 2
    assert len(files(shop)) == 2
