"""What holds whatever is asked: both versions and MWS tell one order, no one sees another's, and nothing breaks."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from werkzeug.test import TestResponse

from feedproc.mws.app import MwsOptions, create_app
from feedproc.spapi.app import OPERATIONS
from feedproc.spapi.call import Access, Operation
from tests.builders import (
    ACKNOWLEDGEMENT,
    FULFILLMENT,
    a_feed,
    acknowledges,
    an_order,
    cancels,
    feed_types,
    item_code,
    order_id,
    ships,
)
from tests.mws.orders import OrderServer
from tests.spapi.builders import JAPAN, NOON, SpShop, a_shop, an_sp_seller

LONGEST = 6
RIVAL = an_sp_seller("A3RIVAL")
ORDER_CHANGE = "ORDER_CHANGE"
ALL_ORDERS = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL"
IN_2026 = {"Unshipped": "UNSHIPPED", "PartiallyShipped": "PARTIALLY_SHIPPED", "Shipped": "SHIPPED"} | {
    "Canceled": "CANCELLED"
}


@pytest.fixture
def sp(tmp_path: Path) -> SpShop:
    return a_shop(tmp_path)


# One order, told by three doors


def confirm(sp: SpShop, number: int, random: Random) -> None:
    package = {
        "packageReferenceId": str(random.randint(1, 3)),
        "carrierCode": "YAMATO",
        "trackingNumber": str(random.randint(1, 2)),
        "shipDate": "2026-11-28T09:00:00Z",
        "orderItems": [{"orderItemId": item_code(number), "quantity": random.randint(1, 5)}],
    }
    path = f"/orders/v0/orders/{order_id(number)}/shipmentConfirmation"
    assert sp.call("POST", path, {"marketplaceId": JAPAN, "packageDetail": package}).status_code in (204, 400)


def feed(sp: SpShop, number: int, random: Random) -> None:
    payload, feed_type = random.choice(
        [
            (cancels(number), ACKNOWLEDGEMENT),
            (acknowledges(number), ACKNOWLEDGEMENT),
            (ships(number, random.randint(1, 5), on="2026-11-28T09:00:00Z"), FULFILLMENT),
            (ships(number, on="2026-11-28T09:00:00Z"), FULFILLMENT),
        ]
    )
    sp.submit(a_feed(payload, feed_type=feed_type), feed_type)
    sp.shop.work()


def ask_mws(sp: SpShop, seller_id: str = "A2SHOP") -> OrderServer:
    server = OrderServer(sellers=(an_sp_seller(seller_id),), now=sp.now)
    server.app = create_app(sp.shop.backend, feed_types(), lambda: sp.now, server._new_id, MwsOptions())
    return server


@pytest.mark.parametrize("sequences", [60, pytest.param(500, marks=pytest.mark.nightly)])
def test_after_any_sequence_of_feeds_and_confirmations_all_doors_tell_the_same_order(
    sp: SpShop, sequences: int
) -> None:
    bought = NOON - timedelta(days=2)
    numbers = range(100, 100 + sequences)
    sp.shop.stocked(*(an_order(one, 4, marketplace_id=JAPAN, purchased_at=bought) for one in numbers))
    random, mws, seen = Random(8), ask_mws(sp), set[str]()
    for number in numbers:
        for _ in range(random.randint(1, LONGEST)):
            random.choice([confirm, feed])(sp, number, random)
        seen.add(compare(sp, mws, order_id(number)))
    assert seen == set(IN_2026)


def compare(sp: SpShop, mws: OrderServer, name: str) -> str:
    """Ask every door for an order; return its status."""
    v0 = sp.call("GET", f"/orders/v0/orders/{name}").json["payload"]
    (item,) = sp.call("GET", f"/orders/v0/orders/{name}/orderItems").json["payload"]["OrderItems"]
    new = sp.call("GET", f"/orders/2026-01-01/orders/{name}?includedData=FULFILLMENT,PACKAGES").json["order"]
    old = mws.ask("GetOrder", AmazonOrderId__Id__1=name).one("Order")
    status = v0["OrderStatus"]
    assert (old["OrderStatus"], new["fulfillment"]["fulfillmentStatus"]) == (status, IN_2026[status])
    assert int(old["NumberOfItemsShipped"]) == v0["NumberOfItemsShipped"] == item["QuantityShipped"]
    assert new["orderItems"][0]["fulfillment"]["quantityFulfilled"] == item["QuantityShipped"]
    assert int(old["NumberOfItemsUnshipped"]) == v0["NumberOfItemsUnshipped"]
    found = sp.shop.backend.orders.get("A2SHOP", name)
    assert found is not None
    packed = sum(part.quantity for one in found.packages for part in one.items)
    assert packed == item["QuantityShipped"]
    return str(status)


# Another's things


def own_requests(sp: SpShop) -> dict[str, tuple[str, str, Any]]:
    """For each operation a request of the seller's about what is the seller's own: method, path, body."""
    sp.shop.stocked(an_order(7, marketplace_id=JAPAN, purchased_at=NOON - timedelta(hours=5)))
    document = sp.upload(a_feed(acknowledges(1)))
    feed_id = str(sp.create_feed(document, ACKNOWLEDGEMENT).json["feedId"])
    sp.shop.work()
    result = sp.feed(feed_id)["resultFeedDocumentId"]
    asked = {"reportType": ALL_ORDERS, "marketplaceIds": [JAPAN], "dataStartTime": "2026-11-27"}
    report_id = sp.call("POST", "/reports/2021-06-30/reports", asked).json["reportId"]
    schedule = {"reportType": "GET_ORDER_REPORT_DATA_SHIPPING", "marketplaceIds": [JAPAN], "period": "P1D"}
    schedule_id = sp.call("POST", "/reports/2021-06-30/schedules", schedule).json["reportScheduleId"]
    order, items = f"/orders/v0/orders/{order_id(7)}", [{"orderItemId": item_code(7), "quantity": 1}]
    package = {
        "packageReferenceId": "1", "carrierCode": "DHL", "trackingNumber": "1", "shipDate": "2026-11-28T10:00:00Z",
        "orderItems": items,
    }  # fmt: skip
    waiting = sp.submit(a_feed(acknowledges(2)), ACKNOWLEDGEMENT)
    destination, unused = sp.add_destination("changes"), sp.add_destination("unused")
    subscription = sp.subscribe(ORDER_CHANGE, destination).json["payload"]["subscriptionId"]
    wanted = f"/notifications/v1/subscriptions/{ORDER_CHANGE}"
    return {
        "createFeed": ("POST", "/feeds/2021-06-30/feeds", {
            "feedType": ACKNOWLEDGEMENT, "marketplaceIds": [JAPAN], "inputFeedDocumentId": sp.upload(b"<x/>"),
        }),
        "getFeed": ("GET", f"/feeds/2021-06-30/feeds/{feed_id}", None),
        "cancelFeed": ("DELETE", f"/feeds/2021-06-30/feeds/{waiting}", None),
        "getFeedDocument": ("GET", f"/feeds/2021-06-30/documents/{result}", None),
        "getOrder": ("GET", f"/orders/2026-01-01/orders/{order_id(7)}", None),
        "getOrderItems": ("GET", f"{order}/orderItems", None),
        "getOrderBuyerInfo": ("GET", f"{order}/buyerInfo", None),
        "getOrderAddress": ("GET", f"{order}/address", None),
        "getOrderItemsBuyerInfo": ("GET", f"{order}/orderItems/buyerInfo", None),
        "updateShipmentStatus": ("POST", f"{order}/shipment", {
            "marketplaceId": JAPAN, "shipmentStatus": "PickedUp", "orderItems": items,
        }),
        "confirmShipment": ("POST", f"{order}/shipmentConfirmation", {
            "marketplaceId": JAPAN, "packageDetail": package,
        }),
        "getReport": ("GET", f"/reports/2021-06-30/reports/{report_id}", None),
        "getReportSchedule": ("GET", f"/reports/2021-06-30/schedules/{schedule_id}", None),
        "cancelReport": ("DELETE", f"/reports/2021-06-30/reports/{report_id}", None),
        "cancelReportSchedule": ("DELETE", f"/reports/2021-06-30/schedules/{schedule_id}", None),
        "getDestination": ("GET", f"/notifications/v1/destinations/{destination}", None),
        "deleteDestination": ("DELETE", f"/notifications/v1/destinations/{unused}", None),
        "createSubscription": ("POST", "/notifications/v1/subscriptions/FEED_PROCESSING_FINISHED", {
            "payloadVersion": "1.0", "destinationId": destination,
        }),
        "getSubscription": ("GET", wanted, None),
        "getSubscriptionById": ("GET", f"{wanted}/{subscription}", None),
        "sendTestNotification": ("POST", f"{wanted}/testNotification", {
            "destinationId": destination, "testNotification": {"payloadVersion": "1.0", "testScenario": "any"},
        }),
        "deleteSubscriptionById": ("DELETE", f"{wanted}/{subscription}", None),
    }  # fmt: skip


LISTS = {
    "getFeeds": {"feedTypes": ACKNOWLEDGEMENT},
    "getOrders": {"MarketplaceIds": JAPAN, "CreatedAfter": "2020-01-01"},
    "searchOrders": {"marketplaceIds": JAPAN, "createdAfter": "2020-01-01T00:00:00Z"},
    "getReports": {"reportTypes": ALL_ORDERS},
    "getReportSchedules": {"reportTypes": "GET_ORDER_REPORT_DATA_SHIPPING"},
    "getSubscriptions": {"notificationTypes": ORDER_CHANGE},
    "getDestinations": {},
}
ABOUT_NOBODYS = {
    "createFeedDocument", "createReport", "createReportSchedule", "createRestrictedDataToken",
    "getMarketplaceParticipations", "createDestination",
}  # fmt: skip
"""They name nothing that could be another's."""
ELSEWHERE = {"getReportDocument"}
"""Of a report that has to be produced first: tested with the reports."""


def test_every_operation_is_tried_on_what_is_another_sellers(sp: SpShop) -> None:
    tried = set(own_requests(sp)) | set(LISTS) | ABOUT_NOBODYS | ELSEWHERE
    assert {one.name for one in OPERATIONS} == tried


def test_nobody_gets_at_what_is_another_sellers_and_the_owner_does(sp: SpShop) -> None:
    requests = own_requests(sp)
    for name, (method, path, body) in requests.items():
        token = call_token(sp, RIVAL, name, method, path)
        assert 400 <= sp.call(method, path, body, token).status_code < 500, name
    for name, (method, path, body) in requests.items():
        token = call_token(sp, an_sp_seller(), name, method, path)
        assert sp.call(method, path, body, token).status_code < 300, name


def test_lists_tell_what_is_the_callers_alone(sp: SpShop) -> None:
    own_requests(sp)
    paths = {one.name: one.path for one in OPERATIONS}
    for name, query in LISTS.items():
        tokens = [call_token(sp, one, name) for one in (RIVAL, an_sp_seller())]
        empty, own = (sp.call("GET", paths[name], token=one, query=query) for one in tokens)
        assert (empty.status_code, own.status_code) == (200, 200), name
        assert (count_listed(empty), count_listed(own) > 0) == (0, True), name


GRANTLESS = {one.name for one in OPERATIONS if one.access is Access.GRANTLESS}


def call_token(sp: SpShop, seller: Any, name: str, method: str = "GET", path: str = "") -> str:
    """A token that opens an operation: one without a seller or for restricted data, where such a one is needed."""
    if name in GRANTLESS:
        return sp.app_token(seller)
    token = sp.token(seller)
    if not path.endswith(("/buyerInfo", "/address")):
        return token
    body = {"restrictedResources": [{"method": method, "path": path}]}
    return str(sp.call("POST", "/tokens/2021-03-01/restrictedDataToken", body, token).json["restrictedDataToken"])


def count_listed(answer: TestResponse) -> int:
    told = answer.json.get("payload", answer.json)
    if isinstance(told, list):
        return len(told)
    return sum(len(one) for one in told.values() if isinstance(one, list))


# Whatever is sent

JUNK: tuple[Any, ...] = (
    None, True, 0, -1, 10**30, 1.5, "", " ", "0", "a" * 5_000, "\x00", "\u202e", "\ud7ff", "'; DROP TABLE orders;--",
    "../../etc/passwd", "2026-11-28T12:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01", "2026-13-99", [], {}, [None],
    [[]], {"a": {"b": []}}, ["a"] * 200, JAPAN, order_id(1), item_code(1), ACKNOWLEDGEMENT, ALL_ORDERS, "Atza|x",
    ORDER_CHANGE, "1.0",
)  # fmt: skip
NAMES = (
    "marketplaceId", "marketplaceIds", "MarketplaceIds", "CreatedAfter", "LastUpdatedAfter", "createdAfter",
    "createdSince", "nextToken", "NextToken", "paginationToken", "pageSize", "MaxResultsPerPage", "maxResultsPerPage",
    "feedTypes", "reportTypes", "processingStatuses", "OrderStatuses", "includedData", "feedType", "reportType",
    "inputFeedDocumentId", "contentType", "packageDetail", "packageReferenceId", "carrierCode", "trackingNumber",
    "shipDate", "orderItems", "orderItemId", "quantity", "shipmentStatus", "restrictedResources", "method", "path",
    "dataElements", "period", "nextReportCreationTime", "dataStartTime", "dataEndTime", "reportOptions",
    "name", "resourceSpecification", "sqs", "arn", "payloadVersion", "destinationId", "processingDirective",
    "eventFilter", "eventFilterType", "orderChangeTypes", "filterExpression", "notificationTypes",
    "testNotification", "testScenario",
)  # fmt: skip


def invent(random: Random, depth: int = 0) -> Any:
    kind = random.random()
    if depth < 3 and kind < 0.3:
        return {random.choice(NAMES): invent(random, depth + 1) for _ in range(random.randint(0, 6))}
    if depth < 3 and kind < 0.45:
        return [invent(random, depth + 1) for _ in range(random.randint(0, 3))]
    return random.choice(JUNK)


def invent_path(random: Random, operation: Operation, known: list[str]) -> str:
    parts = operation.path.split("/")
    chosen = [random.choice(known) if part.startswith("<") else part for part in parts]
    return "/".join(chosen)


def invent_requests(sp: SpShop, random: Random, count: int) -> Iterator[tuple[Operation, Callable[[], TestResponse]]]:
    seeds, tokens = own_requests(sp), {True: sp.app_token(), False: sp.token()}
    known = [path.rpartition("/")[2] for _, path, _ in seeds.values()] + [
        ORDER_CHANGE,
        order_id(1),
        "1",
        "%00",
        "..",
        "%F0%9F%92%A9",
        "a" * 900,
    ]
    for _ in range(count):
        operation = random.choice(OPERATIONS)
        path = invent_path(random, operation, known)
        query = {random.choice(NAMES): str(random.choice(JUNK)) for _ in range(random.randint(0, 4))}
        valid = seeds.get(operation.name, ("", "", None))[2]
        if random.random() < 0.5:
            query = LISTS.get(operation.name, {}) | dict(list(query.items())[:1])
        invented = invent(random)
        body = {**valid, **invented} if valid and isinstance(invented, dict) else invented
        content = random.choice([json.dumps(body).encode()] * 8 + [b"{", b"\xff\xfe", b"[" * 2_000, b""])
        method = operation.method if random.random() < 0.95 else random.choice(["GET", "POST", "PATCH", "HEAD"])
        token = tokens[operation.name in GRANTLESS]
        given = token if random.random() < 0.95 else random.choice(["", "Atza|x", "Atz.sprdt|" + "a" * 40, "é"])
        yield operation, lambda m=method, p=path, c=content, t=given, q=query: sp.call(m, p, c, t, q)  # type: ignore[misc]


@pytest.mark.parametrize("seed", range(5))
def test_whatever_is_asked_is_answered_in_the_words_of_the_api(sp: SpShop, seed: int) -> None:
    statuses = set()
    for operation, send in invent_requests(sp, Random(seed), 1_000):
        answer = send()
        statuses.add(answer.status_code)
        assert answer.status_code < 500, (operation.name, answer.text)
        if answer.status_code == 204 or answer.request.method == "HEAD":
            continue
        assert isinstance(answer.json, dict)
        if answer.status_code >= 400:
            (error,) = answer.json["errors"]
            assert {"code", "message"} <= set(error)
    assert {200, 400, 403} <= statuses
