"""Orders as the tests speak of them: said in one line, with what matters in it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from feedproc.orders.acknowledgement import acknowledge
from feedproc.orders.adjustment import AdjustedItem, Adjustment, Amounts, PromotionAdjustment, adjust
from feedproc.orders.cancellation import cancel_order
from feedproc.orders.change import Change
from feedproc.orders.order import Cancellation, Item, ItemKey, Order, OrderStatus, Promotion
from feedproc.orders.rules import Declined, Rule
from feedproc.orders.shipping import Shipment, ShippedItem, ship
from feedproc.stock.restocking import RESTOCKING

ORDER_ID = "250-1234567-7654321"
BOOK = "11111111111111"
LAMP = "22222222222222"
PURCHASED = datetime(2024, 3, 1, 9, tzinfo=UTC)
LATER = PURCHASED + timedelta(days=2)
NOW = PURCHASED + timedelta(days=3)


def money(**amounts: str | int) -> dict[str, Decimal]:
    return {component: Decimal(amount) for component, amount in amounts.items()}


def an_item(code: str = BOOK, ordered: int = 2, shipped: int = 0, cancelled: int = 0, **charges: str | int) -> Item:
    """A thousand for each unit, unless the charges are given."""
    return Item(
        order_item_code=code,
        sku={BOOK: "SKU-BOOK", LAMP: "SKU-LAMP"}.get(code, f"SKU-{code}"),
        quantity_ordered=ordered,
        charges=money(**charges) if charges else money(Principal=1000 * ordered),
        quantity_shipped=shipped,
        cancellations=(Cancellation(cancelled, PURCHASED),) if cancelled else (),
    )


def a_discounted_item(shipped: int = 2) -> Item:
    """Two units for 2000 and shipping for 500; 200 off the price, all of the shipping free."""
    return Item(
        order_item_code=BOOK,
        sku="SKU-BOOK",
        quantity_ordered=2,
        charges=money(Principal=2000, Shipping=500),
        promotions=(
            Promotion("spring", money(Principal=-200), claim_code="SPRING24"),
            Promotion("free-shipping", money(Shipping=-500)),
        ),
        quantity_shipped=shipped,
    )


def an_order(
    *items: Item, marker: OrderStatus | None = None, fulfilled_by_amazon: bool = False, order_id: str = ORDER_ID
) -> Order:
    return Order(
        amazon_order_id=order_id,
        purchased_at=PURCHASED,
        currency="JPY",
        items=items or (an_item(),),
        marker=marker,
        fulfilled_by_amazon=fulfilled_by_amazon,
    )


def a_pending_order() -> Order:
    return an_order(marker=OrderStatus.PENDING)


def a_canceled_order() -> Order:
    return an_order(an_item(ordered=2, cancelled=2))


def amounts(**components: str | int) -> Amounts:
    return tuple(money(**components).items())


def taken_back(
    promotion_id: str | None = None, claim_code: str | None = None, **components: int
) -> PromotionAdjustment:
    return PromotionAdjustment(amounts(**components), promotion_id, claim_code)


def a_line(code: str = BOOK, reason: str = "CustomerReturn", **components: str | int) -> AdjustedItem:
    return AdjustedItem(ItemKey(code), reason, amounts(**components))


def a_cancel(quantity: int, code: str = BOOK, reason: str = "NoInventory", **components: str | int) -> AdjustedItem:
    return AdjustedItem(ItemKey(code), reason, amounts(**components), quantity_cancelled=quantity)


def adjusting(order: Order, *lines: AdjustedItem, action: str | None = None, currency: str | None = None) -> Change:
    currencies = frozenset({currency} if currency else ())
    return adjust(order, Adjustment(lines, action, currencies), NOW, RESTOCKING)


def adjusted(order: Order, *lines: AdjustedItem) -> Order:
    return adjusting(order, *lines).order


def refund(order: Order, code: str = BOOK, **components: str | int) -> Order:
    return adjusted(order, a_line(code, **components))


def shipping(order: Order, **units: int | None) -> Change:
    """Ship units by item code (`_1111…=1`); everything when none is named."""
    items = tuple(ShippedItem(ItemKey(code.lstrip("_")), quantity) for code, quantity in units.items())
    return ship(order, Shipment(LATER, items), NOW, NOW)


def shipped(order: Order, units: int | None = None, code: str = BOOK) -> Order:
    return shipping(order, **{f"_{code}": units}).order


def acknowledged(order: Order, merchant_order_id: str = "", **merchant_item_ids: str) -> Order:
    named = {code.lstrip("_"): merchant_id for code, merchant_id in merchant_item_ids.items()}
    return acknowledge(order, merchant_order_id, named, NOW).order


def cancelling(order: Order, **reasons: str | None) -> Change:
    named = {code.lstrip("_"): reason for code, reason in reasons.items()}
    return cancel_order(order, named, NOW, RESTOCKING)


class declines:  # noqa: N801
    """`with declines(Rule.X):` as a sentence; gives the refusal to look at."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self._raises = pytest.raises(Declined)

    def __enter__(self) -> "pytest.ExceptionInfo[Declined]":
        return self._raises.__enter__()

    def __exit__(self, *raised: object) -> bool:
        swallowed = self._raises.__exit__(*raised)  # type: ignore[arg-type]
        if isinstance(raised[1], Declined):
            assert raised[1].rule is self._rule, raised[1].reason
            assert raised[1].reason
        return bool(swallowed)
