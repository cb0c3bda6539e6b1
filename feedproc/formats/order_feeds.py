"""Feeds as a page writes them: what a person chose, as the XML or the rows that a seller's program would send."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from xml.sax.saxutils import escape

from msgspec import Struct

from feedproc.formats.characters import allowed

XML_TYPE = "text/xml; charset=UTF-8"
TEXT_TYPE = "text/tab-separated-values; charset=UTF-8"
LONGEST_MEMO = 250
"""Characters."""
_MEMO = re.compile(rb"<!-- seller-memo: (.*?) -->", re.DOTALL)
_COLUMNS = ("order-id", "cancellation-reason-code", "seller-memo")


class CancelledOrder(Struct, frozen=True):
    """An order to be cancelled as a whole: each of its items is listed, because only listed items have a reason."""

    amazon_order_id: str
    item_codes: Sequence[str]


class Parcel(Struct, frozen=True, kw_only=True):
    """What was shipped together."""

    amazon_order_id: str
    shipped_at: datetime
    units: Mapping[str, int]
    """By item code; empty for all that is still open."""
    carrier_code: str
    carrier_name: str = ""
    """Of a carrier that has no code; then the code is `Other`."""
    shipping_method: str = ""
    tracking_number: str = ""


class ItemRefund(Struct, frozen=True, kw_only=True):
    """Money to be given back for one item."""

    item_code: str
    reason: str
    amounts: Mapping[str, Decimal]
    """By component."""
    quantity: int | None = None
    """Units the money is for."""


def cancellation(merchant: str, orders: Iterable[CancelledOrder], reason: str, memo: str = "") -> bytes:
    """Return a feed that cancels orders of which nothing has shipped."""
    return _feed(merchant, "OrderAcknowledgement", (_cancelled(order, reason) for order in orders), memo)


def shipment(merchant: str, parcel: Parcel) -> bytes:
    """Return a feed that confirms a shipment."""
    items = "".join(
        _element("Item", _element("AmazonOrderItemCode", code), _element("Quantity", units))
        for code, units in parcel.units.items()
    )
    carrier = _element("CarrierCode", parcel.carrier_code) + _optional("CarrierName", parcel.carrier_name)
    method = _optional("ShippingMethod", parcel.shipping_method)
    tracking = _optional("ShipperTrackingNumber", parcel.tracking_number)
    when = parcel.shipped_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    body = _element("AmazonOrderID", parcel.amazon_order_id) + _element("FulfillmentDate", when)
    body += f"<FulfillmentData>{carrier}{method}{tracking}</FulfillmentData>{items}"
    return _feed(merchant, "OrderFulfillment", [body], "")


def refund(merchant: str, amazon_order_id: str, refunds: Iterable[ItemRefund], currency: str, memo: str = "") -> bytes:
    """Return a feed that gives money back for items of one order."""
    items = "".join(_refunded(one, currency) for one in refunds)
    return _feed(merchant, "OrderAdjustment", [_element("AmazonOrderID", amazon_order_id) + items], memo)


def unit_cancellation(
    merchant: str, amazon_order_id: str, units: Mapping[str, int], reason: str, memo: str = ""
) -> bytes:
    """Return a feed that cancels units, by item code, that were not shipped with the rest."""
    items = "".join(
        _element(
            "AdjustedItem",
            _element("AmazonOrderItemCode", code),
            _element("AdjustmentReason", reason),
            _element("QuantityCancelled", count),
        )
        for code, count in units.items()
    )
    return _feed(merchant, "OrderAdjustment", [_element("AmazonOrderID", amazon_order_id) + items], memo)


def pending_cancellation(amazon_order_ids: Iterable[str], reason: str, memo: str = "") -> bytes:
    """Return a tab-delimited feed, in UTF-8, that cancels orders which are still pending."""
    rows = ((name, reason, memo) for name in amazon_order_ids)
    return "".join("\t".join(map(_cell, row)) + "\n" for row in (_COLUMNS, *rows)).encode()


def memo_of(feed: bytes) -> str:
    """Return the seller's memo in the beginning of a feed that was written here; empty when there is none."""
    if feed.startswith("\t".join(_COLUMNS).encode()):
        cells = feed.decode("utf-8", "replace").partition("\n")[2].partition("\n")[0].split("\t")
        return cells[2] if len(cells) == len(_COLUMNS) else ""
    found = _MEMO.search(feed)
    return _unhidden(found[1].decode("utf-8", "replace")) if found else ""


def _feed(merchant: str, message_type: str, bodies: Iterable[str], memo: str) -> bytes:
    """Return an envelope with a message for each body. The memo is a comment: it stays with the feed."""
    messages = "".join(
        f"  <Message>\n    <MessageID>{number}</MessageID>\n    {_wrapped(message_type, body)}\n  </Message>\n"
        for number, body in enumerate(bodies, 1)
    )
    note = f"  <!-- seller-memo: {_hidden(memo)} -->\n" if memo else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<AmazonEnvelope xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="amzn-envelope.xsd">
  <Header>
    <DocumentVersion>1.01</DocumentVersion>
    <MerchantIdentifier>{_text(merchant)}</MerchantIdentifier>
  </Header>
  <MessageType>{message_type}</MessageType>
{note}{messages}</AmazonEnvelope>
""".encode()


def _cancelled(order: CancelledOrder, reason: str) -> str:
    items = "".join(
        _element("Item", _element("AmazonOrderItemCode", code), _element("CancelReason", reason))
        for code in order.item_codes
    )
    return _element("AmazonOrderID", order.amazon_order_id) + _element("StatusCode", "Failure") + items


def _refunded(one: ItemRefund, currency: str) -> str:
    components = "".join(
        f'<Component><Type>{_text(kind)}</Type><Amount currency="{_text(currency)}">{amount:f}</Amount></Component>'
        for kind, amount in one.amounts.items()
    )
    prices = f"<ItemPriceAdjustments>{components}</ItemPriceAdjustments>" if components else ""
    quantity = "" if one.quantity is None else _element("Quantity", one.quantity)
    named = _element("AmazonOrderItemCode", one.item_code) + _element("AdjustmentReason", one.reason)
    return _wrapped("AdjustedItem", named + prices + quantity)


def _element(name: str, *content: object) -> "_Markup":
    """Return an element of elements, or of text, which is escaped."""
    return _wrapped(name, "".join(part if isinstance(part, _Markup) else _text(part) for part in content))


def _optional(name: str, text: str) -> str:
    return _element(name, text) if text else ""


class _Markup(str):
    """Elements, as opposed to text that must be escaped."""

    __slots__ = ()


def _wrapped(name: str, content: str) -> _Markup:
    return _Markup(f"<{name}>{content}</{name}>")


def _text(text: object) -> str:
    return escape(allowed(str(text)), {'"': "&quot;"})


def _cell(text: str) -> str:
    """Return what can stand in one cell: tabs and line ends become blanks."""
    return " ".join(allowed(text).split())


def _hidden(memo: str) -> str:
    """Return a text that can stand in a comment, where two hyphens cannot; `_unhidden` gives it back."""
    return _text(" ".join(memo.split())).replace("-", "&#45;")


def _unhidden(text: str) -> str:
    for written, meant in (("&#45;", "-"), ("&quot;", '"'), ("&gt;", ">"), ("&lt;", "<"), ("&amp;", "&")):
        text = text.replace(written, meant)
    return text
