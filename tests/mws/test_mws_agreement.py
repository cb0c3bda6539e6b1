"""Whatever state orders are in, the list of orders, the reports and the console say the same of them."""

import html
import re
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import uuid4
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace
from werkzeug.test import Client
from werkzeug.wrappers import Response

from feedproc.console.app import ConsoleOptions, create_console
from feedproc.feeds.report_schedule import ReportExtra
from feedproc.orders.order import Cancellation, Item, Order, OrderStatus, Promotion
from feedproc.serve.sessions import SignedOutHere
from tests.mws.builders import DECLARED, NOON, signed
from tests.mws.orders import JAPAN, OrderReply
from tests.mws.reports import ReportServer
from tests.reporttypes.builders import towels

ORDERS = 1_000
MARKERS = (OrderStatus.PENDING, OrderStatus.PENDING_AVAILABILITY, OrderStatus.INVOICE_UNCONFIRMED)
COMPONENTS = ("Principal", "Shipping", "Tax", "ShippingTax", "GiftWrap", "GiftWrapTax")
SPELLED = {"Canceled": "Cancelled", "PartiallyShipped": "Unshipped", "PendingAvailability": "Pending"}
SPELLED["InvoiceUnconfirmed"] = "Unshipped"
ROW = re.compile(
    r'name="order" value="(?P<id>[^"]+)".*?<time datetime="(?P<at>[^"]+)".*?Units" class="num">(?P<units>[^<]+)<'
    r'.*?class="num">(?P<total>[^<]+)<.*?class="badge (?P<status>[a-z]+)"',
    re.DOTALL,
)
"""Of the console's list of orders."""


def an_item(random: Random, code: int, can_ship: bool) -> Item:
    ordered = random.randint(1, 5)
    cancelled = random.choice((0, 0, ordered, random.randint(0, ordered)))
    shipped = random.randint(0, ordered - cancelled) if can_ship else 0
    charges = {name: Decimal(random.randint(0, 9_999)) for name in COMPONENTS if random.random() < 0.7}
    discount = Promotion("SALE", {"Principal": Decimal(-random.randint(0, 500)), "Shipping": Decimal(-7)})
    return Item(
        order_item_code=f"{code:014d}",
        sku=f"SKU-{random.randint(1, 50)}",
        quantity_ordered=ordered,
        charges={"Principal": Decimal(random.randint(1, 9_999))} | charges,
        title="タオル <&> \t50%",
        promotions=(discount,) * random.choice((0, 0, 1, 2, 3)),
        quantity_shipped=shipped,
        cancellations=(Cancellation(cancelled, NOON - timedelta(days=1)),) if cancelled else (),
    )


def an_order(random: Random, number: int) -> Order:
    marker = random.choice(MARKERS) if random.random() < 0.3 else None
    bought = NOON - timedelta(seconds=random.randint(200_000, 2_000_000))
    items = tuple(an_item(random, number * 10 + place, marker is None) for place in range(random.randint(1, 3)))
    return towels(
        amazon_order_id=f"250-{random.randint(0, 9_999_999):07d}-{number:07d}",
        purchased_at=bought,
        updated_at=bought + timedelta(seconds=random.randint(0, 150_000)),
        marker=marker,
        fulfilled_by_amazon=random.random() < 0.2,
        items=items,
    )


def a_server() -> ReportServer:
    random = Random(20260704)
    server = ReportServer(feed_types=DECLARED)
    orders = [an_order(random, number) for number in range(ORDERS)]
    assert {one.status for one in orders} >= {*MARKERS, *(OrderStatus(one) for one in ("Shipped", "Canceled"))}
    server.backend.orders.load("A1SELLER", orders)
    extras = (ReportExtra.GIFTS, ReportExtra.PROMOTIONS)
    server.backend.sellers.change(replace(server.sellers[0], report_extras=extras))
    return server


def list_orders(server: ReportServer) -> dict[str, dict[str, str]]:
    """What ListOrders tells, page by page, by id."""
    found: dict[str, dict[str, str]] = {}
    given = {"MarketplaceId.Id.1": JAPAN, "CreatedAfter": "2018-01-01", "Action": "ListOrders"}
    while given:
        seller = server.sellers[0]
        params = {**server.common(seller), "Version": "2013-09-01", **given}
        reply = OrderReply(
            server.send(signed(params, seller.secret_key, path="/Orders/2013-09-01")),
            "{https://mws.amazonservices.com/Orders/2013-09-01}",
        )
        for one in reply.root.iter(f"{reply.namespace}Order"):
            leaves = {leaf.tag.removeprefix(reply.namespace): leaf.text or "" for leaf in one.iter() if not len(leaf)}
            found[leaves["AmazonOrderId"]] = leaves
        token = reply.texts("NextToken")
        given = {"Action": "ListOrdersByNextToken", "NextToken": token[0]} if token else {}
    return found


def read_report(server: ReportServer, report_type: str) -> bytes:
    return server.call("GetReport", ReportId=server.produce(report_type, StartDate="2018-01-01")).body


def read_rows(server: ReportServer, report_type: str) -> dict[str, list[dict[str, str]]]:
    """The rows of a flat report, by order."""
    heading, *rows = [line.split("\t") for line in read_report(server, report_type).decode("cp932").splitlines()]
    found = defaultdict(list)
    for row in rows:
        found[row[0]].append(dict(zip(heading, row, strict=True)))
    return found


def sum_row(row: dict[str, str]) -> Decimal:
    prices = ("item-price", "item-tax", "shipping-price", "shipping-tax", "gift-wrap-price", "gift-wrap-tax")
    discounts = ("item-promotion-discount", "ship-promotion-discount")
    return sum((Decimal(row[name] or 0) for name in prices), Decimal(0)) - sum(
        (Decimal(row[name] or 0) for name in discounts), Decimal(0)
    )


def count_units(one: dict[str, str]) -> int:
    """Of an order as the list tells it."""
    return int(one["NumberOfItemsShipped"]) + int(one["NumberOfItemsUnshipped"])


def to_moment(text: str) -> datetime:
    """A moment to the second: lists tell milliseconds, reports do not."""
    return datetime.fromisoformat(text).astimezone(UTC).replace(microsecond=0)


def sum_discounts(server: ReportServer, order_id: str) -> Decimal:
    """What promotions take off, which the XML report of all orders does not tell."""
    seller = server.sellers[0]
    params = {**server.common(seller), "Version": "2013-09-01", "Action": "ListOrderItems", "AmazonOrderId": order_id}
    root = server.send(signed(params, seller.secret_key, path="/Orders/2013-09-01")).root
    namespace = "{https://mws.amazonservices.com/Orders/2013-09-01}"
    names = [f"{namespace}{name}/{namespace}Amount" for name in ("PromotionDiscount", "ShippingDiscount")]
    amounts = (one.text for line in root.iter(f"{namespace}OrderItem") for name in names for one in line.iterfind(name))
    return sum((Decimal(one or 0) for one in amounts), Decimal(0))


def list_in_console(server: ReportServer) -> dict[str, dict[str, str]]:
    """What the console's list tells, page by page, by id."""
    options = ConsoleOptions(b"a secret of at least thirty-two bytes", "A1SELLER", SignedOutHere())
    console = create_console(server.backend, DECLARED, lambda: server.now, lambda: str(uuid4()), options)
    client, here = Client(console, Response), {"REMOTE_ADDR": "127.0.0.1"}
    token = re.findall(r'name="token" value="([^"]*)"', client.get("/sign-in", environ_base=here).text)[0]
    client.post("/sign-in/here", data={"token": token}, environ_base=here)
    found: dict[str, dict[str, str]] = {}
    path = "/orders"
    while path:
        page = client.get(path, environ_base=here).text
        found |= {one["id"]: one.groupdict() for one in ROW.finditer(page)}
        following = re.search(r'rel="next" href="([^"]+)"', page)
        path = html.unescape(following[1]) if following else ""
    return found


Told = tuple[ReportServer, dict[str, dict[str, str]]]


@pytest.fixture(scope="module")
def told() -> Told:
    """A server of 1,000 orders, and what its list tells of them, for all tests here: they only read."""
    server = a_server()
    return server, list_orders(server)


def test_the_console_agrees_with_the_list_on_status_units_money_and_dates(told: Told) -> None:
    server, listed = told
    shown = list_in_console(server)
    assert shown.keys() == listed.keys()
    for name, order in listed.items():
        row, status = shown[name], order["OrderStatus"]
        assert row["status"] == status.lower()
        assert row["at"][:19] == order["PurchaseDate"][:19]
        assert int(row["units"]) == int(order["NumberOfItemsShipped"]) + int(order["NumberOfItemsUnshipped"])
        if "Amount" in order:
            assert Decimal(re.sub("[¥,]", "", row["total"]).replace("−", "-")) == Decimal(order["Amount"])


def test_lists_and_reports_agree_on_status_units_money_and_dates(told: Told) -> None:
    server, listed = told
    assert len(listed) == ORDERS
    for report_type in (
        "_GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_",
        "_GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_",
    ):
        rows = read_rows(server, report_type)
        assert rows.keys() == listed.keys()
        for name, order in listed.items():
            first = rows[name][0]
            status = order["OrderStatus"]
            assert first["order-status"] == SPELLED.get(status, status)
            assert {"AFN": "Amazon", "MFN": "Merchant"}[order["FulfillmentChannel"]] == first["fulfillment-channel"]
            assert first["purchase-date"][:19] == order["PurchaseDate"][:19]
            assert first["last-updated-date"][:19] == order["LastUpdateDate"][:19]
            units = int(order["NumberOfItemsShipped"]) + int(order["NumberOfItemsUnshipped"])
            assert sum(int(row["quantity"]) for row in rows[name]) == units
            if status not in ("Pending", "PendingAvailability", "Canceled"):
                assert sum(map(sum_row, rows[name])) == Decimal(order["Amount"])


def test_reports_to_ship_by_agree_with_the_list(told: Told) -> None:
    server, listed = told
    paid = {
        name: one
        for name, one in listed.items()
        if one["FulfillmentChannel"] == "MFN"
        and one["OrderStatus"] in ("Unshipped", "PartiallyShipped", "Shipped", "InvoiceUnconfirmed")
    }
    rows = read_rows(server, "_GET_FLAT_FILE_ORDERS_DATA_")
    assert rows.keys() == paid.keys()
    open_units = {
        name: sum(int(row["quantity-to-ship"]) for row in found)
        for name, found in read_rows(server, "_GET_FLAT_FILE_ACTIONABLE_ORDER_DATA_").items()
    }
    assert open_units == {
        name: int(one["NumberOfItemsUnshipped"])
        for name, one in paid.items()
        if one["OrderStatus"] in ("Unshipped", "PartiallyShipped")
    }
    for name, one in paid.items():
        assert sum(int(row["quantity-purchased"]) for row in rows[name]) == count_units(one)
        assert sum(map(sum_row, rows[name])) == Decimal(one["Amount"])
        assert {to_moment(row["purchase-date"]) for row in rows[name]} == {to_moment(one["PurchaseDate"])}


def test_reports_of_all_orders_in_xml_agree_with_the_list(told: Told) -> None:
    server, listed = told
    for report_type in (
        "_GET_XML_ALL_ORDERS_DATA_BY_ORDER_DATE_",
        "_GET_XML_ALL_ORDERS_DATA_BY_LAST_UPDATE_",
    ):
        root = ElementTree.fromstring(read_report(server, report_type))
        reported = {one.findtext("AmazonOrderID", ""): one for one in root.iter("Order")}
        assert reported.keys() == listed.keys()
        for name, order in reported.items():
            one, status = listed[name], listed[name]["OrderStatus"]
            assert order.findtext("OrderStatus") == SPELLED.get(status, status)
            assert sum(int(each.text or 0) for each in order.iterfind("OrderItem/Quantity")) == count_units(one)
            assert to_moment(order.findtext("PurchaseDate", "")) == to_moment(one["PurchaseDate"])
            assert to_moment(order.findtext("LastUpdatedDate", "")) == to_moment(one["LastUpdateDate"])
            if status not in ("Pending", "PendingAvailability", "Canceled"):
                prices = sum(Decimal(each.text or 0) for each in order.iterfind("OrderItem/ItemPrice/Component/Amount"))
                assert prices - sum_discounts(server, name) == Decimal(one["Amount"])


def test_the_order_report_in_xml_agrees_with_the_list(told: Told) -> None:
    server, listed = told
    server.call("ManageReportSchedule", ReportType="_GET_ORDERS_DATA_", Schedule="_30_DAYS_")
    server.work()
    report = server.call("GetReportList", ReportTypeList__Type__1="_GET_ORDERS_DATA_").find("ReportId")
    reported = [*ElementTree.fromstring(server.call("GetReport", ReportId=report).body).iter("OrderReport")]
    assert len(reported) > ORDERS // 4
    for order in reported:
        one = listed[order.findtext("AmazonOrderID", "")]
        amounts = [Decimal(each.text or 0) for each in order.iterfind("Item/ItemPrice/Component/Amount")]
        taken = [Decimal(each.text or 0) for each in order.iterfind("Item/Promotion/Component/Amount")]
        assert sum(amounts) + sum(taken) == Decimal(one["Amount"])
        assert sum(int(each.text or 0) for each in order.iterfind("Item/Quantity")) == count_units(one)
        assert to_moment(order.findtext("OrderDate", "")) == to_moment(one["PurchaseDate"])
