"""What holds whatever is asked: every door tells one order, no one sees another's, and nothing breaks."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from feedproc.mws.app import MwsOptions, create_app
from feedproc.mws.spelling import add_underscores
from feedproc.spapi.app import OPERATIONS, make_routes
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
from tests.console.builders import Visitor
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


# One order, told by four doors


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
    content = a_feed(payload, feed_type=feed_type)
    if random.random() < 0.5:
        sp.submit(content, feed_type)
    else:
        ask_mws(sp).submit(content, add_underscores(feed_type))
    sp.shop.work()


def ask_mws(sp: SpShop, seller_id: str = "A2SHOP") -> OrderServer:
    server = OrderServer(sellers=(an_sp_seller(seller_id),), now=sp.now)
    server.app = create_app(sp.shop.backend, feed_types(), lambda: sp.now, lambda: str(uuid4()), MwsOptions())
    return server


@pytest.mark.parametrize("sequences", [60, pytest.param(500, marks=pytest.mark.nightly)])
def test_after_any_sequence_of_feeds_and_confirmations_all_doors_tell_the_same_order(
    sp: SpShop, sequences: int
) -> None:
    bought = NOON - timedelta(days=2)
    numbers = range(100, 100 + sequences)
    sp.shop.stocked(*(an_order(one, 4, marketplace_id=JAPAN, purchased_at=bought) for one in numbers))
    random, mws, visitor, seen = Random(8), ask_mws(sp), Visitor(sp.shop, "A2SHOP"), set[str]()
    visitor.get("/sign-in")
    visitor.post("/sign-in/here")
    for number in numbers:
        for _ in range(random.randint(1, LONGEST)):
            random.choice([confirm, feed])(sp, number, random)
        found = {tell_by_v0(sp, number), tell_by_2026(sp, number), tell_by_mws(mws, number), show(visitor, number)}
        assert len(found) == 1, found
        (told,) = found
        seen.add(told.status)
        assert count_packed(sp, number) == told.shipped
    assert seen == set(IN_2026)


class Told(NamedTuple):
    """What every door tells of an order with one line."""

    status: str
    shipped: int
    still_open: int


def tell_by_v0(sp: SpShop, number: int) -> Told:
    path = f"/orders/v0/orders/{order_id(number)}"
    told, (item,) = (
        sp.call("GET", path).json["payload"],
        sp.call("GET", f"{path}/orderItems").json["payload"]["OrderItems"],
    )
    assert item["QuantityShipped"] == told["NumberOfItemsShipped"]
    return Told(told["OrderStatus"], told["NumberOfItemsShipped"], told["NumberOfItemsUnshipped"])


def tell_by_2026(sp: SpShop, number: int) -> Told:
    order = sp.call("GET", f"/orders/2026-01-01/orders/{order_id(number)}?includedData=FULFILLMENT").json["order"]
    statuses = {name: status for status, name in IN_2026.items()}
    units = order["orderItems"][0]["fulfillment"]
    status = statuses[order["fulfillment"]["fulfillmentStatus"]]
    return Told(status, units["quantityFulfilled"], units["quantityUnfulfilled"])


def tell_by_mws(mws: OrderServer, number: int) -> Told:
    told = mws.ask("GetOrder", AmazonOrderId__Id__1=order_id(number)).one("Order")
    return Told(told["OrderStatus"], int(told["NumberOfItemsShipped"]), int(told["NumberOfItemsUnshipped"]))


def show(visitor: Visitor, number: int) -> Told:
    """What the console shows."""
    assert visitor.get(f"/orders/{order_id(number)}").status_code == 200
    (status,) = re.findall(r'class="badge (\w+)"', visitor.page)
    units = {name: int(count) for name, count in re.findall(r'data-label="([^"]+)" class="num">(\d+)<', visitor.page)}
    names = {name.lower(): name for name in IN_2026}
    return Told(names[status], units["Shipped"], units["Open"])


def count_packed(sp: SpShop, number: int) -> int:
    found = sp.shop.backend.orders.get("A2SHOP", order_id(number))
    assert found is not None
    return sum(part.quantity for one in found.packages for part in one.items)


# Another's things


class Asked(NamedTuple):
    """One request."""

    method: str
    path: str
    body: Any = None


def find_operation(asked: Asked) -> Operation:
    operation: Operation = make_routes().bind("").match(asked.path, asked.method)[0]
    return operation


def own_requests(sp: SpShop) -> dict[Operation, Asked]:
    """For each operation that is about something of a seller's a request about what is A2SHOP's own."""
    sp.shop.stocked(an_order(7, marketplace_id=JAPAN, purchased_at=NOON - timedelta(hours=5)))
    feed_id = str(sp.create_feed(sp.upload(a_feed(acknowledges(1))), ACKNOWLEDGEMENT).json["feedId"])
    asked = {"reportType": ALL_ORDERS, "marketplaceIds": [JAPAN], "dataStartTime": "2026-11-27"}
    made_id = sp.call("POST", "/reports/2021-06-30/reports", asked).json["reportId"]
    sp.work()
    result = sp.feed(feed_id)["resultFeedDocumentId"]
    report = sp.call("GET", f"/reports/2021-06-30/reports/{made_id}").json["reportDocumentId"]
    waiting_report = sp.call("POST", "/reports/2021-06-30/reports", asked).json["reportId"]
    schedule = {"reportType": "GET_ORDER_REPORT_DATA_SHIPPING", "marketplaceIds": [JAPAN], "period": "P1D"}
    schedule_id = sp.call("POST", "/reports/2021-06-30/schedules", schedule).json["reportScheduleId"]
    order, items = f"/orders/v0/orders/{order_id(7)}", [{"orderItemId": item_code(7), "quantity": 1}]
    package = {
        "packageReferenceId": "1", "carrierCode": "DHL", "trackingNumber": "1", "shipDate": "2026-11-28T10:00:00Z",
        "orderItems": items,
    }  # fmt: skip
    waiting_feed = sp.submit(a_feed(acknowledges(2)), ACKNOWLEDGEMENT)
    destination, unused = sp.add_destination("changes"), sp.add_destination("unused")
    subscription = sp.subscribe(ORDER_CHANGE, destination).json["payload"]["subscriptionId"]
    wanted = f"/notifications/v1/subscriptions/{ORDER_CHANGE}"
    requests = [
        Asked("POST", "/feeds/2021-06-30/feeds", {
            "feedType": ACKNOWLEDGEMENT, "marketplaceIds": [JAPAN], "inputFeedDocumentId": sp.upload(b"<x/>"),
        }),
        Asked("GET", f"/feeds/2021-06-30/feeds/{feed_id}"),
        Asked("DELETE", f"/feeds/2021-06-30/feeds/{waiting_feed}"),
        Asked("GET", f"/feeds/2021-06-30/documents/{result}"),
        Asked("GET", f"/orders/2026-01-01/orders/{order_id(7)}"),
        Asked("GET", order),
        Asked("GET", f"{order}/orderItems"),
        Asked("GET", f"{order}/buyerInfo"),
        Asked("GET", f"{order}/address"),
        Asked("GET", f"{order}/orderItems/buyerInfo"),
        Asked("POST", f"{order}/shipment", {
            "marketplaceId": JAPAN, "shipmentStatus": "PickedUp", "orderItems": items,
        }),
        Asked("POST", f"{order}/shipmentConfirmation", {"marketplaceId": JAPAN, "packageDetail": package}),
        Asked("GET", f"/reports/2021-06-30/reports/{made_id}"),
        Asked("GET", f"/reports/2021-06-30/documents/{report}"),
        Asked("GET", f"/reports/2021-06-30/schedules/{schedule_id}"),
        Asked("DELETE", f"/reports/2021-06-30/reports/{waiting_report}"),
        Asked("DELETE", f"/reports/2021-06-30/schedules/{schedule_id}"),
        Asked("GET", f"/notifications/v1/destinations/{destination}"),
        Asked("DELETE", f"/notifications/v1/destinations/{unused}"),
        Asked("POST", "/notifications/v1/subscriptions/FEED_PROCESSING_FINISHED", {
            "payloadVersion": "1.0", "destinationId": destination,
        }),
        Asked("GET", wanted),
        Asked("GET", f"{wanted}/{subscription}"),
        Asked("POST", f"{wanted}/testNotification", {
            "destinationId": destination, "testNotification": {"payloadVersion": "1.0", "testScenario": "any"},
        }),
        Asked("DELETE", f"{wanted}/{subscription}"),
    ]  # fmt: skip
    return {find_operation(one): one for one in requests}


def lists() -> dict[Operation, dict[str, str]]:
    """For each operation that lists something the query that lists all of it."""
    queries = {
        "/feeds/2021-06-30/feeds": {"feedTypes": ACKNOWLEDGEMENT},
        "/orders/v0/orders": {"MarketplaceIds": JAPAN, "CreatedAfter": "2020-01-01"},
        "/orders/2026-01-01/orders": {"marketplaceIds": JAPAN, "createdAfter": "2020-01-01T00:00:00Z"},
        "/reports/2021-06-30/reports": {"reportTypes": ALL_ORDERS},
        "/reports/2021-06-30/schedules": {"reportTypes": "GET_ORDER_REPORT_DATA_SHIPPING"},
        "/notifications/v1/subscriptions": {"notificationTypes": ORDER_CHANGE},
        "/notifications/v1/destinations": {},
    }
    return {find_operation(Asked("GET", path)): query for path, query in queries.items()}


def of_nobody() -> dict[Operation, Asked]:
    """For each operation that names nothing which could be another's a request."""
    resource = {"method": "GET", "path": "/orders/v0/orders/{orderId}/address"}
    sqs = {"sqs": {"arn": "arn:aws:sqs:us-east-1:123456789012:another"}}
    requests = [
        Asked("POST", "/feeds/2021-06-30/documents", {"contentType": "text/xml"}),
        Asked("POST", "/reports/2021-06-30/reports", {
            "reportType": ALL_ORDERS, "marketplaceIds": [JAPAN], "dataStartTime": "2026-11-27",
        }),
        Asked("POST", "/reports/2021-06-30/schedules", {
            "reportType": "GET_FLAT_FILE_PENDING_ORDERS_DATA", "marketplaceIds": [JAPAN], "period": "P1D",
        }),
        Asked("POST", "/tokens/2021-03-01/restrictedDataToken", {"restrictedResources": [resource]}),
        Asked("GET", "/sellers/v1/marketplaceParticipations"),
        Asked("GET", "/sellers/v1/account"),
        Asked("POST", "/notifications/v1/destinations", {"name": "another", "resourceSpecification": sqs}),
    ]  # fmt: skip
    return {find_operation(one): one for one in requests}


def test_every_operation_that_is_served_is_tried(sp: SpShop) -> None:
    assert set(own_requests(sp)) | set(lists()) | set(of_nobody()) == set(OPERATIONS)


def test_nobody_gets_at_what_is_another_sellers_and_the_owner_does(sp: SpShop) -> None:
    requests = own_requests(sp)
    for operation, (method, path, body) in requests.items():
        token = call_token(sp, RIVAL, operation, path)
        assert 400 <= sp.call(method, path, body, token).status_code < 500, path
    for operation, (method, path, body) in requests.items():
        token = call_token(sp, an_sp_seller(), operation, path)
        assert sp.call(method, path, body, token).status_code < 300, path


def test_lists_tell_what_is_the_callers_alone(sp: SpShop) -> None:
    own_requests(sp)
    for operation, query in lists().items():
        tokens = [call_token(sp, one, operation) for one in (RIVAL, an_sp_seller())]
        empty, own = (sp.call("GET", operation.path, token=one, query=query) for one in tokens)
        assert (empty.status_code, own.status_code) == (200, 200), operation.path
        assert (count_listed(empty), count_listed(own) > 0) == (0, True), operation.path


def call_token(sp: SpShop, seller: Any, operation: Operation, path: str = "") -> str:
    """A token that opens an operation: one without a seller or for restricted data, where such a one is needed."""
    if operation.access is Access.GRANTLESS:
        return sp.app_token(seller)
    token = sp.token(seller)
    if operation.access is not Access.RESTRICTED:
        return token
    body = {"restrictedResources": [{"method": operation.method, "path": path}]}
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
    """Yield requests to each operation in turn: first a valid one, then one time in three."""
    own, queries = own_requests(sp) | of_nobody(), lists()
    known = [one.path.rpartition("/")[2] for one in own.values()] + [
        ORDER_CHANGE,
        order_id(1),
        "1",
        "%00",
        "..",
        "%F0%9F%92%A9",
        "a" * 900,
    ]
    turns = sorted(OPERATIONS, key=lambda one: one.method == "DELETE")
    for number in range(count):
        operation = turns[number % len(turns)]
        valid = own.get(operation, Asked(operation.method, operation.path))
        token = call_token(sp, None, operation, valid.path)
        if number < len(turns) or random.random() < 0.33:
            yield operation, partial(sp.call, *valid, token, queries.get(operation))
            continue
        path = invent_path(random, operation, known)
        query = {random.choice(NAMES): str(random.choice(JUNK)) for _ in range(random.randint(0, 4))}
        if random.random() < 0.5:
            query = queries.get(operation, {}) | dict(list(query.items())[:1])
        invented = invent(random)
        body = {**valid.body, **invented} if valid.body and isinstance(invented, dict) else invented
        content = random.choice([json.dumps(body).encode()] * 8 + [b"{", b"\xff\xfe", b"[" * 2_000, b""])
        method = operation.method if random.random() < 0.95 else random.choice(["GET", "POST", "PATCH", "HEAD"])
        given = token if random.random() < 0.95 else random.choice(["", "Atza|x", "Atz.sprdt|" + "a" * 40, "é"])
        yield operation, partial(sp.call, method, path, content, given, query)


@pytest.mark.parametrize("seed", range(5))
def test_whatever_is_asked_is_answered_in_the_words_of_the_api(sp: SpShop, seed: int) -> None:
    """With `SP_API_MODELS` each answer is held against its model, too."""
    taken, refused = set[Operation](), set[Operation]()
    for operation, send in invent_requests(sp, Random(seed), 1_000):
        answer = send()
        assert answer.status_code < 500, (operation.name, answer.text)
        (taken if answer.status_code < 300 else refused).add(operation)
        if answer.status_code == 204 or answer.request.method == "HEAD":
            continue
        assert isinstance(answer.json, dict)
        if answer.status_code >= 400:
            (error,) = answer.json["errors"]
            assert {"code", "message"} <= set(error)
    assert taken == refused == set(OPERATIONS)
