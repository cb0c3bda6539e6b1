"""The port `Orders`: which orders are listed, in which order, and page by page."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from msgspec.structs import replace

from feedproc.orders.order import Buyer, Cancellation, Order, OrderStatus
from feedproc.ports import Backend, OrderFilter, OrderTime
from feedproc.services.read.orders import search_orders
from tests.builders import NOON, OTHER_SELLER, PURCHASED, SELLER, an_order, order_id

MINUTE = timedelta(minutes=1)
PENDING, UNSHIPPED, CANCELED = OrderStatus.PENDING, OrderStatus.UNSHIPPED, OrderStatus.CANCELED


def canceled(number: int) -> Order:
    order = an_order(number, quantity=1)
    return replace(order, items=(replace(order.items[0], cancellations=(Cancellation(1, NOON),)),))


@pytest.fixture
def mixed(backend: Backend) -> Backend:
    """Twelve orders: of every three one is unshipped, one pending, one canceled."""
    orders = [an_order(n) if n % 3 else canceled(n) for n in range(1, 13)]
    orders = [replace(one, marker=PENDING) if n % 3 == 2 else one for n, one in enumerate(orders, 1)]
    backend.orders.load(SELLER, orders)
    return backend


def listed(backend: Backend, which: OrderFilter | None = None, limit: int = 100) -> list[str]:
    return [one.amazon_order_id for one in backend.orders.list(SELLER, which or OrderFilter(), limit)]


def ids(numbers: Iterable[int]) -> list[str]:
    return [order_id(number) for number in numbers]


def behind(order: Order) -> tuple[object, str]:
    return order.purchased_at, order.amazon_order_id


def paged(backend: Backend, which: OrderFilter, size: int) -> list[str]:
    found: list[str] = []
    while page := list(backend.orders.list(SELLER, which, size)):
        assert len(page) <= size
        found += [one.amazon_order_id for one in page]
        which = replace(which, after=behind(page[-1]))
    return found


def test_several_statuses_come_in_one_order(mixed: Backend) -> None:
    assert listed(mixed, OrderFilter(statuses=(CANCELED, UNSHIPPED))) == ids([12, 10, 9, 7, 6, 4, 3, 1])
    assert listed(mixed, OrderFilter(statuses=(CANCELED, UNSHIPPED)), 3) == ids([12, 10, 9])


def test_a_status_that_is_named_twice_is_listed_once(mixed: Backend) -> None:
    assert listed(mixed, OrderFilter(statuses=(PENDING, PENDING))) == ids([11, 8, 5, 2])


def test_all_statuses_are_as_good_as_none(mixed: Backend) -> None:
    assert listed(mixed, OrderFilter(statuses=tuple(OrderStatus))) == listed(mixed) == ids(range(12, 0, -1))


def test_a_period_includes_its_beginning_and_not_its_end(mixed: Backend) -> None:
    which = OrderFilter(since=PURCHASED + 3 * MINUTE, before=PURCHASED + 6 * MINUTE)
    assert listed(mixed, which) == ids([5, 4, 3])
    assert listed(mixed, replace(which, statuses=(PENDING,))) == ids([5])


def test_a_period_that_ends_before_it_begins_holds_nothing(mixed: Backend) -> None:
    assert not listed(mixed, OrderFilter(since=NOON, before=PURCHASED))


@pytest.mark.parametrize("size", [1, 2, 5, 12])
@pytest.mark.parametrize("statuses", [(), (PENDING,), (CANCELED, UNSHIPPED), tuple(OrderStatus)])
def test_pages_hold_each_order_once(mixed: Backend, size: int, statuses: tuple[OrderStatus, ...]) -> None:
    which = OrderFilter(statuses=statuses, since=PURCHASED + 2 * MINUTE, before=NOON)
    assert paged(mixed, which, size) == listed(mixed, which)


def test_within_one_moment_ids_fall_and_pages_divide_them(backend: Backend) -> None:
    backend.orders.load(SELLER, [an_order(number, purchased_at=PURCHASED) for number in range(1, 8)])
    assert listed(backend) == ids(range(7, 0, -1))
    assert paged(backend, OrderFilter(), 2) == ids(range(7, 0, -1))
    assert paged(backend, OrderFilter(statuses=(UNSHIPPED, PENDING)), 3) == ids(range(7, 0, -1))


def test_a_page_that_begins_behind_the_period_begins_with_the_period(mixed: Backend) -> None:
    late = (PURCHASED + 11 * MINUTE, order_id(11))
    assert listed(mixed, OrderFilter(before=PURCHASED + 3 * MINUTE, after=late)) == ids([2, 1])
    early = (PURCHASED + 2 * MINUTE, order_id(2))
    assert listed(mixed, OrderFilter(before=PURCHASED + 9 * MINUTE, after=early)) == ids([1])


def test_a_page_goes_on_where_an_order_was_that_is_gone_from_its_status(mixed: Backend) -> None:
    first = next(mixed.orders.list(SELLER, OrderFilter(statuses=(PENDING,)), 1))
    mixed.orders.load(SELLER, [replace(first, marker=None)])
    which = OrderFilter(statuses=(PENDING,), after=(first.purchased_at, first.amazon_order_id))
    assert listed(mixed, which) == ids([8, 5, 2])


def test_an_order_that_is_loaded_anew_is_listed_as_it_is_now(mixed: Backend) -> None:
    mixed.orders.load(SELLER, [an_order(2, purchased_at=PURCHASED + timedelta(days=1))])
    assert listed(mixed, OrderFilter(statuses=(PENDING,))) == ids([11, 8, 5])
    assert listed(mixed, limit=1) == ids([2])


def test_listed_orders_are_whole(backend: Backend) -> None:
    order = canceled(1)
    backend.orders.load(SELLER, [order])
    (found,) = backend.orders.list(SELLER, OrderFilter(statuses=(CANCELED, PENDING)), 5)
    assert replace(found, version=0) == order


def test_another_sellers_orders_are_not_listed(mixed: Backend) -> None:
    assert not list(mixed.orders.list(OTHER_SELLER, OrderFilter(statuses=tuple(OrderStatus)), 5))


def updated(number: int, minutes: int) -> Order:
    """An order whose update is at another time than its purchase would tell."""
    return replace(an_order(number), updated_at=NOON + minutes * MINUTE)


UPDATES = OrderFilter(by=OrderTime.UPDATED, oldest_first=True)


@pytest.fixture
def touched(backend: Backend) -> Backend:
    """Five orders, of which the first was updated last; one of them is pending."""
    orders = [updated(number, 10 - number) for number in range(1, 6)]
    backend.orders.load(SELLER, [replace(one, marker=PENDING) if one is orders[2] else one for one in orders])
    backend.orders.load(OTHER_SELLER, [updated(6, 4)])
    return backend


def test_orders_are_listed_by_their_last_update(touched: Backend) -> None:
    assert listed(touched, UPDATES) == ids([5, 4, 3, 2, 1])
    assert listed(touched, replace(UPDATES, oldest_first=False), 2) == ids([1, 2])


def test_updates_are_bounded_and_filtered_by_status(touched: Backend) -> None:
    which = replace(UPDATES, since=NOON + 6 * MINUTE, before=NOON + 9 * MINUTE)
    assert listed(touched, which) == ids([4, 3, 2])
    assert listed(touched, replace(which, statuses=(UNSHIPPED, CANCELED))) == ids([4, 2])


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_a_list_may_begin_with_the_oldest_page_by_page(touched: Backend, size: int) -> None:
    by_purchase = OrderFilter(oldest_first=True, since=PURCHASED, before=NOON)
    assert paged(touched, by_purchase, size) == ids([1, 2, 3, 4, 5])
    found, which = [], UPDATES
    while page := list(touched.orders.list(SELLER, which, size)):
        found += [one.amazon_order_id for one in page]
        which = replace(which, after=(page[-1].last_updated_at, page[-1].amazon_order_id))
    assert found == ids([5, 4, 3, 2, 1])


def test_orders_of_one_moment_are_listed_by_id(backend: Backend) -> None:
    backend.orders.load(SELLER, [updated(number, 1) for number in (3, 1, 2)])
    assert listed(backend, UPDATES, 2) == ids([1, 2])
    assert listed(backend, replace(UPDATES, after=(NOON + MINUTE, order_id(2)))) == ids([3])


def test_an_order_that_tells_no_update_was_updated_by_its_last_event(backend: Backend) -> None:
    backend.orders.load(SELLER, [canceled(1), an_order(2)])
    assert listed(backend, replace(UPDATES, since=NOON, before=NOON + MINUTE)) == ids([1])


@pytest.mark.parametrize("text", ["hina@example", "田中", "ｓｋｕ－７", order_id(7)])
def test_a_search_finds_an_order_by_who_bought_it_and_what_it_is_of(backend: Backend, text: str) -> None:
    bought = replace(an_order(7), buyer=Buyer("田中 陽菜", "Hina@example.jp"))
    backend.orders.load(SELLER, [*(an_order(number) for number in range(1, 7)), bought])
    found = search_orders(backend.orders, SELLER, OrderFilter(statuses=(UNSHIPPED, PENDING)), text, 5)
    assert ([one.amazon_order_id for one in found.orders], found.following) == ([order_id(7)], None)
    assert not search_orders(backend.orders, OTHER_SELLER, OrderFilter(), text, 5).orders
