"""Order Cancellation as a flat file: whole orders, whole items, and pending orders by the page."""

import pytest

from feedproc.orders.order import Item, Order, OrderStatus
from tests.builders import ACKNOWLEDGEMENT, ADJUSTMENT, FULFILLMENT, Shop, a_feed, an_order, item_code, order_id
from tests.builders import cancels as cancels_in_xml
from tests.builders import refunds as refunds_in_xml
from tests.builders import ships as ships_in_xml
from tests.formats import flatfiles
from tests.formats.flatfiles import CANCELLATION, INCOMPLETE, PENDING_CANCELLATION, a_file, cancels, run

INVALID = (
    "The data you submitted is incomplete or invalid. "
    "For help fixing this, see http://sellercentral.amazon.de/gp/help/30721"
)
REASONS = [
    "BuyerCanceled", "CustomerExchange", "CustomerReturn", "GeneralAdjustment", "MerchandiseNotReceived", "NoInventory",
    "PricingError", "ShippingAddressUndeliverable",
]  # fmt: skip


def an_order_of_two(**changed: object) -> Order:
    items = tuple(Item(item_code(number), f"SKU-{number}", 2, {}) for number in (1, 2))
    return an_order(1, items=items, **changed)


def shipped(order: Order) -> Order:
    from msgspec.structs import replace

    first, *rest = order.items
    return replace(order, items=(replace(first, quantity_shipped=first.quantity_ordered), *rest))


def item_row(number: int, reason: str = "BuyerCanceled", order: int = 1) -> dict[str, object]:
    return cancels(order, cancellation_reason_code=reason, amazon_order_item_code=item_code(number))


def notices(shop: Shop) -> list[str]:
    return [entry.notice.kind for entry in shop.backend.outbox.list_waiting(100) if entry.notice]


def test_an_order_alone_is_cancelled_whole_without_a_reason(shop: Shop) -> None:
    assert run(shop.stocked(an_order_of_two()), a_file(CANCELLATION, cancels(1)), CANCELLATION).counts == (1, 1)
    assert shop.order(1).status is OrderStatus.CANCELED
    assert {part.reason for item in shop.order(1).items for part in item.cancellations} == {None}
    assert (shop.stock_of(1), notices(shop)) == (0, ["cancelled"])


def test_an_item_is_cancelled_and_the_others_stay_to_be_shipped(shop: Shop) -> None:
    assert run(shop.stocked(an_order_of_two()), a_file(CANCELLATION, item_row(1)), CANCELLATION).counts == (1, 1)
    order = shop.order(1)
    assert [item.quantity_open for item in order.items] == [0, 2]
    assert (order.status, shop.stock_of(1), shop.stock_of(2)) == (OrderStatus.UNSHIPPED, 2, 0)
    shipping = a_feed(ships_in_xml(1), feed_type=FULFILLMENT)
    assert shop.run(shipping, FULFILLMENT).counts == (1, 1, 0, 0)
    assert shop.order(1).status is OrderStatus.SHIPPED


def test_rows_of_one_order_are_records_of_their_own(shop: Shop) -> None:
    rows = [item_row(1), item_row(1), item_row(9), item_row(2)]
    report = run(shop.stocked(an_order_of_two()), a_file(CANCELLATION, *rows), CANCELLATION)
    assert (report.counts, report.told) == ((4, 2), [("2", "18028", INVALID), ("3", "18028", INVALID)])
    assert [(row.order, row.item) for row in report.rows] == [(order_id(1), item_code(1)), (order_id(1), item_code(9))]
    assert shop.order(1).status is OrderStatus.CANCELED


def test_item_numbers_have_14_or_15_digits(shop: Shop) -> None:
    codes = ["1" * 13, "1" * 14, "1" * 15, "1" * 16]
    order = an_order(1, items=tuple(Item(code, f"SKU-{code}", 1, {}) for code in codes[1:3]))
    rows = [cancels(1, cancellation_reason_code="NoInventory", amazon_order_item_code=code) for code in codes]
    report = run(shop.stocked(order), a_file(CANCELLATION, *rows), CANCELLATION)
    assert (report.counts, report.told) == ((4, 2), [("1", "18028", INCOMPLETE), ("4", "18028", INCOMPLETE)])
    assert shop.order(1).status is OrderStatus.CANCELED


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_of_the_template_is_taken_and_restocks_by_the_table(shop: Shop, reason: str) -> None:
    assert run(shop.stocked(an_order_of_two()), a_file(CANCELLATION, item_row(1, reason)), CANCELLATION).counts == (
        1,
        1,
    )
    restocks = reason in {"BuyerCanceled", "ShippingAddressUndeliverable", "GeneralAdjustment", "PricingError"}
    assert shop.stock_of(1) == (2 if restocks else 0)


@pytest.mark.parametrize("reason", ["CustomerCancel", "buyercanceled", "BuyerCancelled", "Success"])
def test_other_reasons_are_not(shop: Shop, reason: str) -> None:
    report = run(shop.stocked(an_order_of_two()), a_file(CANCELLATION, item_row(1, reason)), CANCELLATION)
    assert report.told == [("1", "18028", INCOMPLETE)]


@pytest.mark.parametrize(
    "lacking", [{"cancellation-reason-code": ""}, {"amazon-order-item-code": ""}], ids=["reason", "item"]
)
def test_reason_and_item_belong_together(shop: Shop, lacking: dict[str, object]) -> None:
    report = run(shop.stocked(an_order_of_two()), a_file(CANCELLATION, item_row(1) | lacking), CANCELLATION)
    assert report.told == [("1", "18028", INCOMPLETE)]
    assert shop.order(1).status is OrderStatus.UNSHIPPED


@pytest.mark.parametrize(
    ("column", "value", "text"),
    [
        ("order-id", "", "Invalid OrderID or AmazonOrderID."),
        ("order-id", "250-0000000-000001", "Invalid OrderID or AmazonOrderID."),
        ("order-id", "２50-0000000-0000001", "Invalid OrderID or AmazonOrderID."),
        ("order-id", "250_0000000_0000001", "Invalid OrderID or AmazonOrderID."),
        ("amazon-order-item-code", "1E+13", INCOMPLETE),
        ("amazon-order-item-code", "0000000000001", INCOMPLETE),
        ("amazon-order-item-code", "０0000000000001", INCOMPLETE),
        ("merchant-order-id", "あ" * 51, INCOMPLETE),
    ],
)
def test_a_value_that_its_column_does_not_take_is_refused(shop: Shop, column: str, value: str, text: str) -> None:
    report = run(shop.stocked(an_order_of_two()), a_file(CANCELLATION, item_row(1) | {column: value}), CANCELLATION)
    assert report.told == [("1", "18028", text)]
    assert shop.order(1).items[0].quantity_open == 2


def test_fifty_characters_of_the_sellers_id_are_not_too_long(shop: Shop) -> None:
    row = cancels(1, merchant_order_id="あ" * 50)
    assert run(shop.stocked(an_order_of_two()), a_file(CANCELLATION, row), CANCELLATION).counts == (1, 1)


@pytest.mark.parametrize("row", [cancels(1), item_row(2)], ids=["order", "item"])
@pytest.mark.parametrize(
    "order",
    [
        an_order_of_two(marker=OrderStatus.PENDING),
        an_order_of_two(marker=OrderStatus.PENDING_AVAILABILITY),
        an_order_of_two(fulfilled_by_amazon=True),
        shipped(an_order_of_two()),
    ],
    ids=["pending", "pre-ordered", "Amazon's", "partly shipped"],
)
def test_only_an_unshipped_order_of_the_seller_can_be_cancelled(
    shop: Shop, order: Order, row: dict[str, object]
) -> None:
    report = run(shop.stocked(order), a_file(CANCELLATION, row), CANCELLATION)
    assert (report.counts, report.told) == ((1, 0), [("1", "18028", INVALID)])
    assert shop.order(1) == order
    assert notices(shop) == []


def test_refunds_held_for_a_cancelled_item_are_dropped_and_others_stay(shop: Shop) -> None:
    from decimal import Decimal

    from msgspec.structs import replace

    order = an_order_of_two()
    charged = replace(order, items=tuple(replace(item, charges={"Principal": Decimal(500)}) for item in order.items))
    rows = [flatfiles.refunds(1), flatfiles.refunds(1, order_item_id=item_code(2))]
    run(shop.stocked(charged), a_file(flatfiles.ADJUSTMENT, *rows), flatfiles.ADJUSTMENT)
    assert len(shop.order(1).held_refunds) == 2
    run(shop, a_file(CANCELLATION, item_row(1)), CANCELLATION)
    assert [refund.order_item_code for refund in shop.order(1).held_refunds] == [item_code(2)]


def test_an_unknown_order_is_told_as_in_xml(shop: Shop) -> None:
    report = run(shop, a_file(CANCELLATION, cancels(7)), CANCELLATION)
    assert report.rows[0].text.startswith("Your order cannot be found using Merchant ID")
    assert report.rows[0].text.split("Merchant Order ")[1].startswith(order_id(7))


# -- Pending orders ------------------------------------------------------------------------------


@pytest.mark.parametrize("marker", [OrderStatus.PENDING, OrderStatus.PENDING_AVAILABILITY])
@pytest.mark.parametrize(("reason", "stock"), [("BuyerCanceled", 2), ("NoInventory", 0)])
def test_a_pending_order_is_cancelled_by_the_page(shop: Shop, marker: OrderStatus, reason: str, stock: int) -> None:
    row = cancels(1, cancellation_reason_code=reason, seller_memo="asked by phone")
    report = run(shop.stocked(an_order(1, marker=marker)), a_file(PENDING_CANCELLATION, row), PENDING_CANCELLATION)
    assert report.counts == (1, 1)
    assert shop.order(1).status is OrderStatus.CANCELED
    assert shop.order(1).items[0].cancellations[0].reason == reason
    assert (shop.stock_of(1), notices(shop)) == (stock, ["cancelled"])


@pytest.mark.parametrize(
    "order",
    [an_order(1), shipped(an_order(1)), an_order(1, marker=OrderStatus.PENDING, fulfilled_by_amazon=True)],
    ids=["unshipped", "shipped", "Amazon's"],
)
def test_the_page_cancels_no_other_order_that_way(shop: Shop, order: Order) -> None:
    row = cancels(1, cancellation_reason_code="BuyerCanceled")
    report = run(shop.stocked(order), a_file(PENDING_CANCELLATION, row), PENDING_CANCELLATION)
    assert report.told == [("1", "18028", INVALID)]
    assert shop.order(1) == order


def test_a_pending_order_is_cancelled_once_and_for_a_reason(shop: Shop) -> None:
    row = cancels(1, cancellation_reason_code="BuyerCanceled")
    feed = a_file(PENDING_CANCELLATION, row | {"cancellation-reason-code": ""}, row, row)
    report = run(shop.stocked(an_order(1, marker=OrderStatus.PENDING)), feed, PENDING_CANCELLATION)
    assert report.told == [("1", "18028", INCOMPLETE), ("3", "18028", INVALID)]


@pytest.mark.parametrize("marker", [OrderStatus.PENDING, OrderStatus.PENDING_AVAILABILITY])
def test_no_feed_that_sellers_send_touches_a_pending_order(shop: Shop, marker: OrderStatus) -> None:
    shop.stocked(an_order(1, marker=marker))
    for payload, feed_type in (
        (cancels_in_xml(1), ACKNOWLEDGEMENT),
        (refunds_in_xml(1), ADJUSTMENT),
        (ships_in_xml(1), FULFILLMENT),
    ):
        assert shop.run(a_feed(payload, feed_type=feed_type), feed_type).codes == [("1", 18028)]
    for row, feed_type in (
        (cancels(1), CANCELLATION),
        (flatfiles.refunds(1), flatfiles.ADJUSTMENT),
        (flatfiles.ships(1), flatfiles.FULFILLMENT),
    ):
        assert run(shop, a_file(feed_type, row), feed_type).told == [("1", "18028", INVALID)]
    assert shop.order(1).version == 0
