"""What an order counts for, and what counts more or less when it changes."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from feedproc.orders.cancellation import cancel_order
from feedproc.orders.metrics import UNSTATED, count_change, merge_tallies
from feedproc.orders.order import Cancellation, Order, OrderStatus, Package, Refund
from feedproc.orders.tally import Fact, Tally, TallyCounts
from tests.builders import NOON, PURCHASED, an_order, item_code

DAY = PURCHASED.date()
LATER = NOON + timedelta(days=1)


def cancelled(order: Order, *parts: tuple[str | None, int]) -> Order:
    """An order of which one unit each was cancelled for a reason, on a day after noon."""
    cancellations = tuple(Cancellation(1, NOON + timedelta(days=days), reason) for reason, days in parts)
    return replace(order, items=(replace(order.items[0], cancellations=cancellations),))


def shipped(order: Order, *days: int) -> Order:
    packages = tuple(Package(NOON + timedelta(days=number), ()) for number in days)
    return replace(order, packages=packages, latest_ship_date=NOON)


def counted(order: Order) -> TallyCounts:
    return merge_tallies(count_change(None, order))


def facts(order: Order) -> set[tuple[str, str]]:
    return {(tally.fact.value, tally.reason) for tally in counted(order)}


def test_an_order_counts_on_the_day_it_was_purchased() -> None:
    assert counted(an_order(1)) == {Tally(DAY, Fact.ORDERED): 1}


def test_a_cancelled_order_counts_with_its_reason() -> None:
    order = cancel_order(an_order(1), {item_code(1): "NoInventory"}, NOON, {}).order
    assert facts(order) == {("ordered", ""), ("cancelled", "NoInventory")}


def test_one_cancelled_unit_is_enough() -> None:
    assert ("cancelled", "NoInventory") in facts(cancelled(an_order(1, quantity=9), ("NoInventory", 0)))


def test_of_several_cancellations_the_first_gives_the_reason() -> None:
    order = cancelled(an_order(1), ("BuyerCanceled", 2), ("NoInventory", 1))
    assert facts(order) == {("ordered", ""), ("cancelled", "NoInventory")}


def test_no_reason_exempts_and_a_missing_one_is_unstated() -> None:
    assert ("cancelled", "BuyerCanceled") in facts(cancelled(an_order(1), ("BuyerCanceled", 0)))
    assert ("cancelled", UNSTATED) in facts(cancelled(an_order(1), (None, 0)))


def test_what_the_buyer_asked_for_is_not_held_against_the_seller() -> None:
    asked = cancelled(an_order(1, buyer_asked_to_cancel=True), ("BuyerCanceled", 0))
    assert facts(asked) == {("ordered", "")}


@pytest.mark.parametrize("marker", [OrderStatus.PENDING, OrderStatus.PENDING_AVAILABILITY])
def test_a_pending_order_counts_for_nothing_until_it_is_released_or_cancelled(marker: OrderStatus) -> None:
    pending = an_order(1, quantity=1, marker=marker)
    assert not facts(pending)
    assert facts(replace(pending, marker=None)) == {("ordered", "")}
    assert facts(cancelled(pending, ("NoInventory", 0))) == {("ordered", ""), ("cancelled", "NoInventory")}


def test_what_amazon_fulfils_counts_for_nothing() -> None:
    assert not facts(cancelled(an_order(1, fulfilled_by_amazon=True), ("NoInventory", 0)))
    assert not facts(an_order(1, marker=OrderStatus.UNFULFILLABLE))


def test_an_order_that_waits_for_its_invoice_counts() -> None:
    assert facts(an_order(1, marker=OrderStatus.INVOICE_UNCONFIRMED)) == {("ordered", "")}


def test_refunds_count_once_an_order_and_only_when_they_were_paid() -> None:
    refund = Refund(item_code(1), "CustomerReturn", NOON)
    assert ("refunded", "") in facts(an_order(1, refunds=(refund, refund)))
    assert counted(an_order(1, refunds=(refund, refund)))[Tally(DAY, Fact.REFUNDED)] == 1
    assert facts(an_order(1, held_refunds=(refund,))) == {("ordered", "")}


def test_a_package_behind_the_latest_ship_date_makes_an_order_late() -> None:
    assert ("late", "") in facts(shipped(an_order(1), -1, 1))
    assert facts(shipped(an_order(1), -1, 0)) == {("ordered", "")}
    assert facts(replace(shipped(an_order(1), 1), latest_ship_date=None)) == {("ordered", "")}


def test_a_change_counts_what_is_new() -> None:
    before = an_order(1)
    assert merge_tallies(count_change(before, cancelled(before, ("NoInventory", 0)))) == {
        Tally(DAY, Fact.CANCELLED, "NoInventory"): 1
    }
    assert not merge_tallies(count_change(before, replace(before, merchant_order_id="M-1")))


def test_an_order_that_moves_to_another_day_takes_all_of_it_along() -> None:
    before = cancelled(an_order(1), ("NoInventory", 0))
    after = replace(before, purchased_at=before.purchased_at + timedelta(days=1))
    moved = merge_tallies(count_change(before, after))
    assert {(tally.day, number) for tally, number in moved.items()} == {(DAY, -1), (DAY + timedelta(days=1), 1)}
    assert {tally.fact for tally in moved} == {Fact.ORDERED, Fact.CANCELLED}


a_part = st.tuples(st.sampled_from([None, "NoInventory", "BuyerCanceled"]), st.integers(0, 3))
refund_lists = st.integers(0, 2).map(lambda number: (Refund(item_code(1), "Other", NOON),) * number)
some_orders = st.builds(
    lambda parts, days, refunds, day, marker, asked, amazons: replace(
        cancelled(shipped(an_order(1, quantity=4), *days), *parts),
        refunds=refunds,
        purchased_at=PURCHASED + timedelta(days=day),
        marker=marker,
        buyer_asked_to_cancel=asked,
        fulfilled_by_amazon=amazons,
    ),
    st.lists(a_part, max_size=3),
    st.lists(st.integers(-2, 2), max_size=2),
    refund_lists,
    st.integers(0, 1),
    st.sampled_from([None, None, OrderStatus.PENDING, OrderStatus.INVOICE_UNCONFIRMED]),
    st.booleans(),
    st.sampled_from([False, False, True]),
)


@given(st.lists(some_orders, min_size=1, max_size=6))
@settings(max_examples=300)
def test_whatever_happens_to_an_order_its_changes_add_up_to_what_it_counts_for(states: list[Order]) -> None:
    steps = zip([None, *states], states, strict=False)
    assert merge_tallies(change for before, after in steps for change in count_change(before, after)) == counted(
        states[-1]
    )


def test_days_are_those_of_utc() -> None:
    late = an_order(1, purchased_at=PURCHASED.replace(hour=23, minute=59))
    assert [tally.day for tally in counted(late)] == [date(2024, 3, 1)]
