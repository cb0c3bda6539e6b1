"""The world around a store goes wrong: feeds wait for it, longer each time, and none ends of it."""

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest

from feedproc.errors import HeldUp
from feedproc.feeds.result_codes import INTERRUPTED
from feedproc.feeds.submission import FeedSubmission, ProcessingStatus
from feedproc.ports import LONGEST_PAUSE, Backend
from feedproc.services.process.pick import process_next
from feedproc.services.process.processing import Policy, Processing
from tests.builders import (
    FULFILLMENT,
    NOON,
    SELLER,
    Shop,
    a_feed,
    acknowledges,
    an_order,
    cancels,
    feed_types,
    orders,
    ships,
)
from tests.services.faults import Wrapped

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@contextmanager
def failing(shop: Shop, port: str, method: str, error: Exception, after: int = 0) -> Iterator[None]:
    """Let a port's method fail from the call behind so many on."""
    calls = iter([False] * after)

    def around(call: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(*arguments: object) -> object:
            if next(calls, True):
                raise error
            return call(*arguments)

        return guarded

    well: Backend = shop.backend
    broken: dict[str, Any] = {port: Wrapped(getattr(well, port), around, method)}
    shop.backend = well._replace(**broken)
    yield
    shop.backend = well


def tried(shop: Shop, times: int, policy: Policy | None = None) -> list[str]:
    """What so many tries said, each made as soon as the feed may be tried again."""
    said = []
    for _ in repeat(None, times):
        with pytest.raises(HeldUp) as held:
            process_next(Processing(shop.backend, feed_types(), shop.worker, policy or Policy(), shop.clock))
        said.append(str(held.value))
        shop.now += LONGEST_PAUSE + timedelta(seconds=1)
    return said


def an_open_feed(shop: Shop) -> FeedSubmission:
    shop.stocked(*orders(2))
    return shop.submit(a_feed(cancels(1), acknowledges(2)))


@pytest.mark.parametrize(
    ("port", "method"),
    [
        ("documents", "open"),
        ("orders", "find"),
        ("batches", "commit"),
        ("documents", "create"),
        ("submissions", "finish"),
    ],
)
def test_a_full_disk_ends_no_feed_however_long_it_lasts(shop: Shop, port: str, method: str) -> None:
    submission = an_open_feed(shop)
    with failing(shop, port, method, FULL):
        tried(shop, 50)
    waiting = shop.again(submission)
    assert (waiting.status, waiting.setbacks, waiting.attempts <= 1) == (ProcessingStatus.IN_PROGRESS, 50, True)
    assert shop.work() == 1
    assert shop.report(submission).counts == (2, 2, 0, 0)
    assert (shop.again(submission).reason, shop.again(submission).setbacks) == (None, 0)


def test_what_holds_a_feed_up_is_told_in_the_systems_words_and_with_the_place(shop: Shop) -> None:
    submission = an_open_feed(shop)
    with failing(shop, "documents", "create", FULL):
        (said,) = tried(shop, 1)
    assert f"{shop.data_dir}: No space left on device" in said
    assert shop.again(submission).reason == f"held up by the world around: {shop.data_dir}: No space left on device"


def test_a_feed_that_is_held_up_waits_longer_each_time(shop: Shop) -> None:
    an_open_feed(shop)
    with failing(shop, "documents", "open", FULL):
        pauses = [said.split(" waits ")[1].split(" s:")[0] for said in tried(shop, 10)]
    assert pauses == ["1", "2", "4", "8", "16", "32", "64", "120", "120", "120"]


def test_a_feed_that_is_held_up_lets_others_go_on(shop: Shop) -> None:
    held = an_open_feed(shop)
    with failing(shop, "documents", "create", FULL), pytest.raises(HeldUp):
        shop.work()
    other = shop.submit(a_feed(ships(2), feed_type=FULFILLMENT), FULFILLMENT)
    assert shop.work() == 1
    assert [shop.again(one).status for one in (other, held)] == [ProcessingStatus.DONE, ProcessingStatus.IN_PROGRESS]


def test_a_clock_that_is_set_back_prolongs_no_pause(shop: Shop) -> None:
    submission = an_open_feed(shop)
    with failing(shop, "documents", "create", FULL), pytest.raises(HeldUp):
        shop.work()
    shop.now -= timedelta(days=400)
    assert shop.work() == 1
    assert shop.report(submission).counts == (2, 2, 0, 0)


def test_a_worker_that_cannot_even_give_a_feed_back_has_made_no_attempt(shop: Shop) -> None:
    submission = an_open_feed(shop)
    shop.workers.join(shop.worker)
    with failing(shop, "documents", "create", FULL), failing(shop, "submissions", "put_off", FULL):
        tried(shop, 30)
    assert shop.again(submission).attempts <= 1
    assert shop.work() == 1
    assert shop.report(submission).counts == (2, 2, 0, 0)


def test_a_documents_folder_that_is_not_mounted_holds_feeds_up_until_it_is(shop: Shop) -> None:
    submission = an_open_feed(shop)
    documents = shop.data_dir / "documents"
    documents.rename(shop.data_dir / "elsewhere")
    (documents / "incoming").mkdir(parents=True)
    (said,) = tried(shop, 1)
    assert f"{documents / submission.document[:2]}: No such file or directory" in said
    (documents / "incoming").rmdir()
    documents.rmdir()
    (shop.data_dir / "elsewhere").rename(documents)
    assert shop.work() == 1
    assert shop.report(submission).counts == (2, 2, 0, 0)


def test_nobody_is_held_up_by_what_the_feed_or_feedproc_does_wrong(shop: Shop) -> None:
    describe = shop.backend.describe_fault
    damaged = sqlite3.DatabaseError("file is not a database")
    assert [describe(error) for error in (ValueError("x"), FileNotFoundError("x"), IsADirectoryError(), damaged)] == [
        None
    ] * 4


def test_a_locked_database_and_a_full_one_are_the_worlds_faults(shop: Shop, tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "small.db", isolation_level=None)
    connection.execute("PRAGMA max_page_count=1")
    with pytest.raises(sqlite3.OperationalError) as full:
        connection.execute("CREATE TABLE t (x)")
    assert shop.backend.describe_fault(full.value) == f"{shop.data_dir / 'feedproc.db'}: database or disk is full"


def broken_off(shop: Shop, messages: int = 1_200) -> FeedSubmission:
    """A feed of several batches that cannot be applied behind the first, and was tried in vain."""
    shop.stocked(*orders(messages))
    submission = shop.submit(a_feed(*map(acknowledges, range(1, messages + 1))))
    with failing(shop, "orders", "find", ZeroDivisionError(), after=1):
        assert len(shop.struggle(Policy(most_attempts=3))) == 3
    return submission


def test_a_feed_that_is_given_up_half_way_is_done_with_what_it_did_and_says_where_and_why(shop: Shop) -> None:
    submission = broken_off(shop)
    ended, report = shop.again(submission), shop.report(submission)
    assert (ended.status, ended.summary) == (ProcessingStatus.DONE, report.summary)
    assert 0 < report.summary.processed < 1_200
    assert report.codes == [("0", INTERRUPTED.code)]
    assert report.results[0].description == INTERRUPTED.fill(processed=report.summary.processed, messages=1_200)
    (kept,) = shop.backend.marks.list_results(SELLER, submission.submission_id)
    assert "processing failed 3 times without progress; the last: given up after ZeroDivisionError" in str(kept.reason)


def test_what_was_applied_of_a_feed_that_was_given_up_stays_and_no_more(shop: Shop) -> None:
    submission = broken_off(shop)
    processed = shop.report(submission).summary.processed
    assert sum(bool(shop.order(number).changes) for number in range(1, 1_201)) == processed
    assert shop.work() == 0


def test_a_feed_that_was_broken_off_stays_so_when_its_report_is_late(shop: Shop) -> None:
    shop.stocked(*orders(1_200))
    submission = shop.submit(a_feed(*map(acknowledges, range(1, 1_201))))
    with failing(shop, "documents", "create", FULL):
        with failing(shop, "orders", "find", ZeroDivisionError(), after=1):
            shop.struggle(Policy(most_attempts=1))
        shop.now += LONGEST_PAUSE
        tried(shop, 2)
    assert shop.work() == 1
    assert shop.report(submission).codes == [("0", INTERRUPTED.code)]


def test_a_feed_whose_messages_are_all_applied_ends_done_whatever_fails_behind_them(shop: Shop) -> None:
    submission = an_open_feed(shop)
    with failing(shop, "documents", "create", ZeroDivisionError()):
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                shop.work(Policy(most_attempts=2))
    shop.backend.documents.delete(submission.document)
    assert shop.work(Policy(most_attempts=2)) == 1
    assert shop.again(submission).status is ProcessingStatus.DONE
    assert shop.report(submission).counts == (2, 2, 0, 0)


def test_a_feed_that_goes_missing_half_way_is_done_with_what_it_did(shop: Shop) -> None:
    shop.stocked(*orders(1_200))
    submission = shop.submit(a_feed(*map(acknowledges, range(1, 1_201))))
    with failing(shop, "orders", "find", FULL, after=1):
        tried(shop, 1)
    shop.backend.documents.delete(submission.document)
    assert shop.work() == 1
    (kept,) = shop.backend.marks.list_results(SELLER, submission.submission_id)
    assert "the feed itself is missing in the store" in str(kept.reason)
    assert shop.again(submission).status is ProcessingStatus.DONE


def test_an_order_is_paid_once_when_the_disk_was_full_for_long(shop: Shop) -> None:
    shop.stocked(an_order(1))
    submission = shop.submit(a_feed(cancels(1)))
    with failing(shop, "documents", "create", FULL):
        tried(shop, 30)
    shop.work()
    assert len(shop.order(1).changes) == 1
    assert shop.again(submission).started_at == NOON
