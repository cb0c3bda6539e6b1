"""The port `Schedules`: which reports are requested of themselves, and when."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from feedproc.feeds.report_schedule import ReportSchedule
from feedproc.ports import Backend
from tests.builders import NOON, OTHER_SELLER, SELLER
from tests.ports.conftest import Store

HOUR = timedelta(hours=1)
ORDERS, PENDING = "GET_FLAT_FILE_ORDERS_DATA", "GET_PENDING_ORDERS_DATA"


def scheduled(
    backend: Backend, report_type: str = ORDERS, next_at: datetime = NOON, seller_id: str = SELLER
) -> ReportSchedule:
    made = ReportSchedule(
        seller_id=seller_id,
        report_type=report_type,
        interval=HOUR,
        next_at=next_at,
        schedule_id="1",
        options={"ShowSalesChannel": "true"},
        marketplace_ids=("A1VC38T7YXB528",),
    )
    backend.schedules.put(made)
    return made


def test_a_seller_has_one_schedule_for_a_type(store: Store) -> None:
    scheduled(store.backend)
    last, other = scheduled(store.backend, next_at=NOON + HOUR), scheduled(store.backend, PENDING)
    assert store.reopened().schedules.list_schedules(SELLER) == [last, other]


def test_a_schedule_is_its_sellers_alone(backend: Backend) -> None:
    mine, theirs = scheduled(backend), scheduled(backend, seller_id=OTHER_SELLER)
    backend.schedules.remove(SELLER, ORDERS)
    backend.schedules.remove(SELLER, ORDERS)
    assert backend.schedules.list_schedules(SELLER) == []
    assert backend.schedules.list_schedules(OTHER_SELLER) == [theirs]
    assert mine.seller_id == SELLER


def test_what_is_due_comes_of_all_sellers_the_longest_due_first(backend: Backend) -> None:
    second = scheduled(backend, next_at=NOON - HOUR)
    first = scheduled(backend, next_at=NOON - 2 * HOUR, seller_id=OTHER_SELLER)
    now = scheduled(backend, PENDING)
    scheduled(backend, PENDING, NOON + HOUR, OTHER_SELLER)
    assert backend.schedules.find_due(NOON, 9) == [first, second, now]
    assert backend.schedules.find_due(NOON, 1) == [first]


def test_a_schedule_goes_on_once_by_whoever_comes_first(backend: Backend) -> None:
    made = scheduled(backend)
    assert backend.schedules.advance(made, NOON + HOUR)
    assert not backend.schedules.advance(made, NOON + HOUR)
    assert backend.schedules.list_schedules(SELLER) == [replace(made, next_at=NOON + HOUR, previous_at=NOON)]
    assert backend.schedules.find_due(NOON, 9) == []


def test_a_schedule_that_was_removed_or_set_anew_does_not_go_on(backend: Backend) -> None:
    made = scheduled(backend)
    anew = scheduled(backend, next_at=NOON + 5 * HOUR)
    assert not backend.schedules.advance(made, NOON + HOUR)
    backend.schedules.remove(SELLER, ORDERS)
    assert not backend.schedules.advance(anew, NOON + HOUR)
    assert backend.schedules.list_schedules(SELLER) == []
