"""Quotas: burst, restoring, and the hour."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from feedproc.mws.feeds import FEEDS
from feedproc.mws.refusals import HourlyQuotaExceeded, RequestThrottled
from feedproc.mws.throttle import QuotaMode, Standing, Throttle, find_window_start
from tests.mws.builders import NOON, a_seller

SELLER = "A1SELLER"
QUOTAS = {name: action.quota for name, action in FEEDS.actions.items()}
START = find_window_start(SELLER, NOON)


def throttle() -> Throttle:
    return Throttle(QuotaMode.AMAZON)


def admit(one: Throttle, action: str = "SubmitFeed", at: datetime = START, seller: str = SELLER) -> Standing:
    standing = one.admit(a_seller(seller), f"Feeds/2009-01-01/{action}", QUOTAS[action], at)
    assert standing is not None
    return standing


@pytest.mark.parametrize("action", QUOTAS)
def test_a_burst_is_admitted_and_one_more_is_throttled(action: str) -> None:
    quotas = throttle()
    for _ in range(QUOTAS[action].burst):
        admit(quotas, action)
    with pytest.raises(RequestThrottled):
        admit(quotas, action)


@pytest.mark.parametrize("action", QUOTAS)
def test_one_request_is_restored_after_its_time_and_not_before(action: str) -> None:
    quotas, restore = throttle(), QUOTAS[action].restore
    for _ in range(QUOTAS[action].burst):
        admit(quotas, action)
    with pytest.raises(RequestThrottled):
        admit(quotas, action, START + restore - timedelta(milliseconds=1))
    admit(quotas, action, START + restore)
    with pytest.raises(RequestThrottled):
        admit(quotas, action, START + restore)


def test_no_more_than_a_burst_is_ever_saved_up() -> None:
    quotas = throttle()
    admit(quotas)
    later = START + timedelta(hours=10)
    for _ in range(15):
        admit(quotas, at=later)
    with pytest.raises(RequestThrottled):
        admit(quotas, at=later)


def test_the_hour_is_used_up_before_the_burst_is_looked_at() -> None:
    quotas = throttle()
    for number in range(30):
        admit(quotas, at=START + timedelta(minutes=1, seconds=110 * number))
    last = START + timedelta(minutes=59)
    with pytest.raises(HourlyQuotaExceeded, match=r"exceeded your quota of 30\.0 requests per 1 hour"):
        admit(quotas, at=last)
    assert admit(quotas, at=START + timedelta(hours=1)).remaining == 29


def test_a_refused_request_counts_for_nothing() -> None:
    quotas = throttle()
    for _ in range(15):
        admit(quotas)
    for _ in range(50):
        with pytest.raises(RequestThrottled):
            admit(quotas)
    assert admit(quotas, at=START + timedelta(minutes=2)).remaining == 14


def test_sellers_keys_and_operations_have_their_own_quotas() -> None:
    quotas = throttle()
    for _ in range(15):
        admit(quotas)
    assert admit(quotas, "GetFeedSubmissionResult").remaining == 59
    assert admit(quotas, seller="A2OTHER").remaining == 29
    other_key = quotas.admit(a_seller(SELLER, "OTHERKEY"), "Feeds/2009-01-01/SubmitFeed", QUOTAS["SubmitFeed"], START)
    assert other_key == Standing(30, 29, START + timedelta(hours=1))


def test_switched_off_it_counts_and_never_refuses() -> None:
    quotas = Throttle(QuotaMode.OFF)
    standings = [admit(quotas) for _ in range(40)]
    assert [one.remaining for one in standings[:3]] == [29, 28, 27]
    assert standings[-1].hourly == 30


def test_switched_off_it_never_says_that_nothing_is_left_since_clients_would_wait_for_it() -> None:
    quotas = Throttle(QuotaMode.OFF)
    standings = [admit(quotas) for _ in range(31)]
    assert standings[28:] == [Standing(30, 1, START + timedelta(hours=1))] * 3


def test_the_hour_begins_on_a_minute_that_differs_from_seller_to_seller() -> None:
    starts = {find_window_start(f"A{number}", NOON) for number in range(100)}
    assert len(starts) > 30
    assert all(one.second == one.microsecond == 0 for one in starts)
    assert all(one <= NOON < one + timedelta(hours=1) for one in starts)


def test_all_operations_of_a_seller_are_reset_together() -> None:
    quotas = throttle()
    assert len({admit(quotas, action, NOON).resets_at for action in QUOTAS}) == 1


def test_a_clock_that_is_set_back_does_no_harm() -> None:
    quotas = throttle()
    admit(quotas, at=START + timedelta(days=2))
    assert admit(quotas, at=START).remaining == 29
    assert admit(quotas, at=START + timedelta(minutes=10)).remaining == 28


def test_threads_together_get_no_more_than_one_would() -> None:
    quotas = throttle()

    def attempt(_: int) -> bool:
        try:
            admit(quotas)
        except RequestThrottled:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(200))) == 15
