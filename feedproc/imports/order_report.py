"""Orders as MWS delivers them: an AmazonEnvelope of OrderReport messages."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import BinaryIO

from lxml import etree
from msgspec import Struct
from msgspec.structs import replace

from feedproc.feeds.report import Result
from feedproc.formats.xml.format import XmlFormat
from feedproc.imports.order_check import find_problem
from feedproc.imports.order_lines import BadOrder
from feedproc.orders.order import Address, Buyer, Gift, Item, Order, Program, Promotion

_MOST_DIGITS = 18
_ADDRESS = {
    "Name": "name",
    "City": "city",
    "County": "county",
    "StateOrRegion": "state_or_region",
    "PostalCode": "postal_code",
    "CountryCode": "country_code",
    "PhoneNumber": "phone_number",
}

_PROGRAMS = {"IsBusinessOrder": Program.BUSINESS, "IsPrime": Program.PRIME}


class _Unclear(Exception):
    """The schema allows it, and it makes no order."""


class Reported(Struct, frozen=True):
    """What one message says: an order, or why it makes none."""

    order: Order | None
    problem: str = ""


def read_order_report(file: BinaryIO, marketplace_id: str) -> Iterator[Order | BadOrder]:
    """Yield the order of each message, or what is wrong with it. The file is read twice.

    A report does not say which marketplace it is of; `marketplace_id` does. Of a file that is faulty outside of its
    messages, only the faults are yielded.
    """
    form = XmlFormat("OrderReport", decode)
    survey = form.survey(file, lambda _done: None)
    if survey.withheld:
        yield from (BadOrder(f"line {one.line}", one.description) for one in survey.findings)
        return
    for portion in form.read(file, survey, survey.start):
        for message in portion.messages:
            if isinstance(message, Result):
                yield BadOrder(f"message {message.message_id}", str(message.reason or message.description))
            else:
                yield _with_marketplace(f"message {message.message_id}", message.body, marketplace_id)


def _with_marketplace(where: str, reported: Reported, marketplace_id: str) -> Order | BadOrder:
    if reported.order is None:
        return BadOrder(where, reported.problem)
    order = replace(reported.order, marketplace_id=marketplace_id)
    problem = find_problem(order)
    return BadOrder(where, problem) if problem else order


def decode(payload: etree._Element) -> Reported:
    """Read the payload element of a message that fits its schema."""
    try:
        return Reported(_read_order(payload))
    except _Unclear as unclear:
        return Reported(None, str(unclear))


def _read_order(payload: etree._Element) -> Order:
    billing, fulfillment = payload.find("BillingData"), payload.find("FulfillmentData")
    latest = [_read_moment(one) for one in payload.iterfind("Item/ExpectedShipDateRange/LatestShipDate")]
    return Order(
        amazon_order_id=_read_text(payload, "AmazonOrderID"),
        purchased_at=_read_moment(payload.find("OrderDate")),
        currency=_read_currency(payload),
        items=tuple(_read_item(element) for element in payload.iterchildren("Item")),
        buyer=Buyer(_read_text(billing, "BuyerName"), _read_text(billing, "BuyerEmailAddress")),
        ship_to=_read_address(fulfillment),
        service_level=_read_text(fulfillment, "FulfillmentServiceLevel"),
        latest_ship_date=min(latest, default=None),
        programs=tuple(one for name, one in _PROGRAMS.items() if _read_text(payload, name).strip() in {"true", "1"}),
    )


def _read_item(element: etree._Element) -> Item:
    words = (_read_text(element, "GiftMessageText"), _read_text(element, "GiftWrapLevel"))
    return Item(
        order_item_code=_read_text(element, "AmazonOrderItemCode"),
        sku=_read_text(element, "SKU"),
        quantity_ordered=_read_quantity(_read_text(element, "Quantity").strip()),
        charges=_read_amounts(element.iterfind("ItemPrice/Component")),
        title=_read_text(element, "Title"),
        gift=Gift(*words) if any(words) else None,
        is_business_price=bool(_read_text(element, "PriceDesignation")),
        promotions=tuple(_read_promotion(promotion) for promotion in element.iterchildren("Promotion")),
    )


def _read_quantity(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        raise _Unclear(f"a quantity of {len(text)} digits")
    return int(text)


def _read_promotion(element: etree._Element) -> Promotion:
    amounts = _read_amounts(element.iterchildren("Component"))
    return Promotion(
        _read_text(element, "MerchantPromotionID"), amounts, _read_text(element, "PromotionClaimCode") or None
    )


def _read_amounts(components: Iterable[etree._Element]) -> dict[str, Decimal]:
    amounts: dict[str, Decimal] = {}
    for component in components:
        kind = _read_text(component, "Type")
        amounts[kind] = amounts.get(kind, Decimal(0)) + Decimal(_read_text(component, "Amount").strip())
    return amounts


def _read_currency(payload: etree._Element) -> str:
    found = {
        amount.get("currency")
        for path in ("Item/ItemPrice/Component/Amount", "Item/Promotion/Component/Amount")
        for amount in payload.iterfind(path)
    } - {None}
    if not found:
        raise _Unclear("no amount names its currency")
    if len(found) > 1:
        raise _Unclear(f"its amounts are in several currencies: {', '.join(sorted(map(str, found)))}")
    return str(found.pop())


def _read_address(fulfillment: etree._Element | None) -> Address:
    element = None if fulfillment is None else fulfillment.find("Address")
    if element is None:
        return Address()
    lines = (_read_text(element, f"AddressField{number}") for number in ("One", "Two", "Three"))
    given = {field: _read_text(element, name) for name, field in _ADDRESS.items()}
    return Address(lines=tuple(line for line in lines if line), **given)


def _read_moment(element: etree._Element | None) -> datetime:
    text = (element.text or "").strip() if element is not None else ""
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise _Unclear(f"the time {text!r} cannot be held") from None


def _read_text(element: etree._Element | None, name: str) -> str:
    return "" if element is None else element.findtext(name) or ""
