"""A feed with more errors than are told is not processed to its end, wherever batches and workers begin and end."""

from pathlib import Path

import pytest

from feedproc.services.process.pick import process_next
from feedproc.services.process.processing import MOST_ERRORS, Policy, Processing
from tests.builders import TAIL, Report, Shop, a_feed, acknowledges, cancels, feed_types, head, message, orders
from tests.services.faults import BrokeDown, Fuse, breaking

WRONG = acknowledges().replace("Success", "Perhaps")
MANY = a_feed(*(cancels(number) if number % 2 else WRONG for number in range(1, 1_801)))
POLICY = Policy(most_errors=700)


def processed(folder: Path, feed: bytes, most: int) -> Report:
    shop = Shop(folder).stocked(*orders(50))
    submission = shop.submit(feed)
    shop.work(Policy(most_errors=most))
    return shop.report(submission)


@pytest.mark.parametrize("most", [1, 2, 9])
def test_it_ends_with_the_error_that_is_one_too_many(tmp_path: Path, most: int) -> None:
    report = processed(tmp_path, a_feed(*[WRONG] * 10), most)
    assert [one.code for one in report.results] == [*[5000] * most, 5003]
    assert report.results[-1].message_id == "0"
    assert report.results[-1].description == "Too many errors were encountered. (processing interrupted)"
    assert report.counts == (most, 0, most + 1, 0)


@pytest.mark.parametrize("most", [10, 11])
def test_as_many_errors_as_are_tolerated_interrupt_nothing(tmp_path: Path, most: int) -> None:
    report = processed(tmp_path, a_feed(*[WRONG] * 10), most)
    assert [one.code for one in report.results] == [5000] * 10
    assert report.counts == (10, 0, 10, 0)


def test_what_stands_behind_it_has_no_effect(tmp_path: Path) -> None:
    shop = Shop(tmp_path).stocked(*orders(3))
    submission = shop.submit(a_feed(cancels(1), WRONG, WRONG, cancels(2)))
    shop.work(Policy(most_errors=2))
    assert shop.report(submission).counts == (3, 1, 3, 0)
    assert [status.value for status in shop.statuses()] == ["Unshipped", "Unshipped", "Canceled"]


def test_errors_outside_of_messages_count_too(tmp_path: Path) -> None:
    feed = (head() + message(WRONG) * 3 + "<Trailer/>" + TAIL).encode()
    report = processed(tmp_path, feed, 2)
    assert [one.code for one in report.results] == [5000, 5000, 5003]
    assert report.counts == (1, 0, 3, 0)


def test_a_worker_may_die_at_any_step_of_an_interrupted_feed(tmp_path: Path) -> None:
    shop, fuse = Shop(tmp_path / "whole").stocked(*orders(900)), Fuse(1_000, takes_effect=False)
    submission = shop.submit(MANY)
    assert process_next(Processing(breaking(shop.backend, fuse), feed_types(), "w", POLICY, shop.clock))
    expected = shop.raw_report(submission)
    assert shop.report(submission).counts[2] == 701
    for step in range(1_000 - fuse.left):
        shop = Shop(tmp_path / str(step)).stocked(*orders(900))
        submission = shop.submit(MANY)
        with pytest.raises(BrokeDown):
            process_next(
                Processing(breaking(shop.backend, Fuse(step, takes_effect=True)), feed_types(), "w", POLICY, shop.clock)
            )
        shop.work(POLICY)
        assert shop.raw_report(submission) == expected


def test_the_bound_lets_a_feed_of_a_gibibyte_be_told_completely() -> None:
    assert MOST_ERRORS > 1.2 * 1024**3 / 900
