"""Reports of orders in XML that tell what flat ones tell: they become the rows of those, and are read as such.

MWS' XML reports of all orders (AllOrdersReport) and of pending ones (PendingOrderReport) are not in any schema that
Amazon gave out, so only what makes an order is looked for, and the rest is passed over.
"""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO, cast

from lxml import etree
from msgspec.structs import replace

from feedproc.imports.flat_orders import read_flat_orders
from feedproc.imports.flat_rows import find_form
from feedproc.imports.order_lines import BadOrder
from feedproc.imports.values import Remark
from feedproc.orders.order import Order

_OF_ORDER = {
    "AmazonOrderID": "amazon-order-id",
    "PurchaseDate": "purchase-date",
    "OrderDate": "purchase-date",
    "LastUpdatedDate": "last-updated-date",
    "OrderStatus": "order-status",
    "SalesChannel": "sales-channel",
    "FulfillmentData/FulfillmentChannel": "fulfillment-channel",
    "FulfillmentData/ShipServiceLevel": "ship-service-level",
    "FulfillmentData/Address/City": "ship-city",
    "FulfillmentData/Address/State": "ship-state",
    "FulfillmentData/Address/PostalCode": "ship-postal-code",
    "FulfillmentData/Address/Country": "ship-country",
    "IsBusinessOrder": "is-business-order",
    "PaymentType": "payment-method",
}
_OF_ITEM = {
    "AmazonOrderItemCode": "order-item-id",
    "SKU": "sku",
    "ASIN": "asin",
    "ProductName": "product-name",
    "Title": "product-name",
    "ItemStatus": "item-status",
    "Quantity": "quantity",
}
_COMPONENTS = {
    "Principal": "item-price",
    "Tax": "item-tax",
    "Shipping": "shipping-price",
    "ShippingTax": "shipping-tax",
    "GiftWrap": "gift-wrap-price",
    "GiftWrapTax": "gift-wrap-tax",
}
_REPORTS = {"AllOrdersReport": ("Order", "OrderItem"), "PendingOrderReport": ("PendingOrderReport", "Item")}
"""By MessageType: the element of an order, and that of an item in it."""


def reads_as_table(message_type: str) -> bool:
    """Say whether messages of this type are orders that flat reports tell as well."""
    return message_type in _REPORTS


def read_xml_table(file: BinaryIO, message_type: str, marketplace_id: str) -> Iterator[Order | BadOrder | Remark]:
    """Yield the orders of a report, what makes none, and what the report does not say.

    Of one that is not well-formed nothing is taken but the fault.
    """
    order_name, item_name = _REPORTS[message_type]
    lines: list[int] = []
    with cast("BinaryIO", tempfile.TemporaryFile()) as table:
        columns: tuple[str, ...] = ()
        try:
            for order in _find_orders(file, order_name):
                for row in _read_rows(order, item_name):
                    if not columns:
                        columns = _choose_columns(message_type, row)
                        _write_row(table, columns)
                    _write_row(table, [row.get(column, "") for column in columns])
                    lines.append(order.sourceline or 0)
                order.clear()
        except etree.XMLSyntaxError as error:
            yield BadOrder(f"line {error.position[0]}", error.msg or "not well-formed")
            return
        form = find_form(table, "utf-8")
        if form is None:
            yield BadOrder("line 1", f"no {item_name} with AmazonOrderID, SKU and Quantity stands in it")
            return
        for one in read_flat_orders(table, form, marketplace_id):
            yield _place(one, lines) if isinstance(one, BadOrder) else one


def _choose_columns(message_type: str, first: Mapping[str, str]) -> tuple[str, ...]:
    """Return the columns of a report: a pending one has none of those from which the others' status is told."""
    of_items = [one for one in _OF_ITEM.values() if one != "order-item-id" or one in first]
    if message_type == "PendingOrderReport":
        return tuple(dict.fromkeys(["amazon-order-id", "purchase-date", "payment-method", *of_items]))
    of_orders = [one for one in _OF_ORDER.values() if one != "payment-method"]
    return tuple(dict.fromkeys([*of_orders, *of_items, "currency", *_COMPONENTS.values()]))


def _write_row(table: BinaryIO, cells: Iterable[str]) -> None:
    text = "\t".join(" ".join(cell.split()) for cell in cells)
    table.write(f"{text}\n".encode("utf-8", "replace"))


def _find_orders(file: BinaryIO, name: str) -> Iterator[etree._Element]:
    events = etree.iterparse(
        file, events=("end",), tag=name, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    for _, element in events:
        if element.find("AmazonOrderID") is not None:
            yield element


def _read_rows(order: etree._Element, item_name: str) -> Iterator[Mapping[str, str]]:
    """Yield a row of each item: what is told of it, and of its order."""
    whole = {column: text for path, column in _OF_ORDER.items() if (text := order.findtext(path))}
    for item in order.iterchildren(item_name):
        row = whole | {column: text for path, column in _OF_ITEM.items() if (text := item.findtext(path))}
        for component in item.iterfind("ItemPrice/Component"):
            amount = component.find("Amount")
            column = _COMPONENTS.get(component.findtext("Type") or "")
            if column is not None and amount is not None:
                row |= {column: amount.text or "", "currency": amount.get("currency") or ""}
        yield row


def _place(bad: BadOrder, lines: list[int]) -> BadOrder:
    """Name the line of the order in place of that of its row."""
    word, _, number = bad.where.partition(" ")
    at = int(number) - 2 if word == "line" and number.isdecimal() else -1
    return replace(bad, where=f"line {lines[at]}") if 0 <= at < len(lines) else bad
