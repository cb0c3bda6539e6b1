"""Notifications v1: destinations are an application's, subscriptions an application's about a seller."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from feedproc.orders.order import Address, OrderStatus
from feedproc.services.news import load_and_tell
from tests.builders import (
    ACKNOWLEDGEMENT,
    FULFILLMENT,
    a_feed,
    acknowledges,
    an_order,
    cancels,
    item_code,
    order_id,
    ships,
)
from tests.spapi.builders import GERMANY, JAPAN, NOON, SpShop, a_shop, an_sp_seller, error_of

DESTINATIONS, SUBSCRIPTIONS = "/notifications/v1/destinations", "/notifications/v1/subscriptions"
ARN = "arn:aws:sqs:us-east-1:123456789012:orders"
ALL_ORDERS = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL"
FEEDS, CHANGES = "FEED_PROCESSING_FINISHED", "ORDER_CHANGE"
FOUND_NOTHING = "The requested resource could not be found."
RIVAL = an_sp_seller("A3RIVAL")


def own(sp: SpShop, method: str, path: str, body: Any = None, seller: Any = None) -> Any:
    return sp.call(method, path, body, sp.app_token(seller))


def test_a_destination_is_made_told_and_deleted(sp: SpShop) -> None:
    name = sp.add_destination("orders")
    told = {"name": "orders", "destinationId": name, "resource": {"sqs": {"arn": ARN}}}
    assert own(sp, "GET", DESTINATIONS).json == {"payload": [told]}
    assert own(sp, "GET", f"{DESTINATIONS}/{name}").json == {"payload": told}
    assert own(sp, "DELETE", f"{DESTINATIONS}/{name}").json == {}
    status, code, message, details = error_of(own(sp, "GET", f"{DESTINATIONS}/{name}"))
    assert (status, code, message) == (404, "NotFound", FOUND_NOTHING)
    assert name in str(details)


def test_a_queue_is_one_destination_of_an_application(sp: SpShop) -> None:
    sp.add_destination("orders")
    again = {"name": "again", "resourceSpecification": {"sqs": {"arn": ARN}}}
    status, code, message, details = error_of(own(sp, "POST", DESTINATIONS, again))
    assert (status, code) == (409, "Conflict")
    assert message == "The requested resource conflict with a resource in the server."
    assert details == f"A destination with arn {ARN} already exists for the application app-of-A2SHOP"
    assert own(sp, "POST", DESTINATIONS, again, RIVAL).status_code == 200


@pytest.mark.parametrize(
    "resource",
    [
        {"sqs": {"arn": "orders"}},
        {"sqs": {"arn": ARN + ".fifo"}},
        {"sqs": {"arn": "arn:aws:sns:us-east-1:123456789012:orders"}},
        {"sqs": {"arn": "arn:aws:sqs:us-east-1.evil.example/:123456789012:orders"}},
        {"eventBridge": {"region": "us-east-1", "accountId": "123456789012"}},
    ],
)
def test_what_is_no_standard_queue_is_refused(sp: SpShop, resource: dict[str, Any]) -> None:
    answer = own(sp, "POST", DESTINATIONS, {"name": "x", "resourceSpecification": resource})
    assert error_of(answer)[0] == 400
    assert "standard queue of SQS" in answer.text


def test_destinations_take_a_token_without_a_seller_of_the_scope_for_notifications(sp: SpShop) -> None:
    for token in (sp.token(), sp.app_token(scope="sellingpartnerapi::migration")):
        assert error_of(sp.call("GET", DESTINATIONS, token=token))[:2] == (403, "Unauthorized")
    both = sp.app_token(scope="sellingpartnerapi::migration sellingpartnerapi::notifications")
    assert sp.call("GET", DESTINATIONS, token=both).status_code == 200
    assert error_of(sp.call("GET", f"{SUBSCRIPTIONS}/{FEEDS}", token=both))[0] == 403


def test_a_subscription_is_made_told_and_ended(sp: SpShop) -> None:
    made = sp.subscribe(FEEDS, sp.add_destination()).json["payload"]
    assert set(made) == {"subscriptionId", "payloadVersion", "destinationId"}
    by_id = f"{SUBSCRIPTIONS}/{FEEDS}/{made['subscriptionId']}"
    assert sp.call("GET", f"{SUBSCRIPTIONS}/{FEEDS}").json == own(sp, "GET", by_id).json == {"payload": made}
    listed = sp.call("GET", SUBSCRIPTIONS, query={"notificationTypes": FEEDS}).json["payload"]
    assert listed == {"subscriptions": [made]}
    assert own(sp, "DELETE", by_id).json == {}
    assert error_of(sp.call("GET", f"{SUBSCRIPTIONS}/{FEEDS}"))[:3] == (404, "NotFound", FOUND_NOTHING)


def test_there_is_one_subscription_for_a_type_and_version(sp: SpShop) -> None:
    destination = sp.add_destination()
    first = sp.subscribe(FEEDS, destination).json["payload"]
    status, code, message, _ = error_of(sp.subscribe(FEEDS, destination))
    assert (status, code) == (409, "StateConflict")
    assert message == "The resource specified conflicts with the current state."
    newer = sp.subscribe(FEEDS, destination, payloadVersion="2020-09-04").json["payload"]
    assert sp.call("GET", f"{SUBSCRIPTIONS}/{FEEDS}").json["payload"] == newer
    assert sp.call("GET", f"{SUBSCRIPTIONS}/{FEEDS}", query={"payloadVersion": "1.0"}).json["payload"] == first
    assert sp.subscribe(CHANGES, destination).status_code == 200


def test_a_filter_is_told_again_as_it_was_given(sp: SpShop) -> None:
    event_filter = {
        "eventFilterType": CHANGES, "marketplaceIds": [GERMANY], "orderChangeTypes": ["BuyerRequestedChange"],
    }  # fmt: skip
    directive = {"eventFilter": {**event_filter, "aggregationSettings": None}}
    sp.subscribe(CHANGES, sp.add_destination(), processingDirective=directive)
    told = sp.call("GET", f"{SUBSCRIPTIONS}/{CHANGES}").json["payload"]
    assert told["processingDirective"] == {"eventFilter": event_filter}


@pytest.mark.parametrize(
    ("kind", "more", "says"),
    [
        ("ANY_OFFER_CHANGED", {}, "ANY_OFFER_CHANGED is not sent here"),
        (CHANGES, {"payloadVersion": "2020-09-04"}, "payloadVersion of ORDER_CHANGE must be one of 1.0"),
        (CHANGES, {"processingDirective": {"filterExpression": "true"}}, "filterExpression is not judged here"),
        (FEEDS, {"processingDirective": {"eventFilter": {"eventFilterType": CHANGES}}}, "eventFilter is for"),
        (
            CHANGES,
            {"processingDirective": {"eventFilter": {"eventFilterType": CHANGES, "orderChangeTypes": ["Any"]}}},
            "orderChangeTypes are of",
        ),
    ],
)
def test_what_cannot_be_sent_is_not_promised(sp: SpShop, kind: str, more: dict[str, Any], says: str) -> None:
    status, code, _, details = error_of(sp.subscribe(kind, sp.add_destination(), **more))
    assert (status, code) == (400, "InvalidInput")
    assert says in str(details)


def test_a_destination_with_subscriptions_stays(sp: SpShop) -> None:
    destination = sp.add_destination()
    sp.subscribe(FEEDS, destination)
    status, code, message, _ = error_of(own(sp, "DELETE", f"{DESTINATIONS}/{destination}"))
    assert (status, code, message) == (403, "Unauthorized", "The requested action is forbidden.")
    assert own(sp, "GET", f"{DESTINATIONS}/{destination}").status_code == 200


def test_nobody_subscribes_to_another_applications_destination(sp: SpShop) -> None:
    theirs = sp.add_destination("theirs", RIVAL)
    assert error_of(sp.subscribe(FEEDS, theirs))[:2] == (404, "NotFound")


def test_an_application_ends_subscriptions_about_each_of_its_sellers(tmp_path: Path) -> None:
    mine, other = an_sp_seller(application="shared"), an_sp_seller("A3RIVAL", "shared")
    sp = a_shop(tmp_path, mine, other)
    destination = sp.add_destination("all", other)
    made = sp.subscribe(CHANGES, destination, sp.token(other)).json["payload"]
    assert error_of(sp.call("GET", f"{SUBSCRIPTIONS}/{CHANGES}", token=sp.token(mine)))[0] == 404
    by_id = f"{SUBSCRIPTIONS}/{CHANGES}/{made['subscriptionId']}"
    assert own(sp, "DELETE", by_id, seller=mine).status_code == 200
    assert error_of(sp.call("GET", f"{SUBSCRIPTIONS}/{CHANGES}", token=sp.token(other)))[0] == 404


# What is told


def submit(sp: SpShop, *payloads: str, feed_type: str = FULFILLMENT) -> str:
    feed_id = sp.submit(a_feed(*payloads, feed_type=feed_type), feed_type)
    sp.work()
    return feed_id


def metadata(notice: Any) -> Any:
    return notice.get("notificationMetadata") or notice["NotificationMetadata"]


def test_the_end_of_a_feed_is_told_with_its_result(sp: SpShop) -> None:
    made = sp.subscribe(FEEDS, sp.add_destination("feeds")).json["payload"]
    feed_id = submit(sp, ships(1, on="2026-11-28T09:00:00Z"))
    sp.later(seconds=1, milliseconds=500)
    inbox = sp.deliver()
    assert [queue for queue, _ in inbox.came] == ["arn:aws:sqs:us-east-1:123456789012:feeds"]
    (notice,) = inbox.notices
    assert (notice["notificationType"], notice["payloadVersion"]) == (FEEDS, "2020-09-04")
    assert notice["eventTime"] == "2026-11-28T12:00:00.000Z"
    assert notice["payload"]["feedProcessingFinishedNotification"] == {
        "sellerId": "A2SHOP",
        "accountId": "amzn1.merchant.o.A2SHOP",
        "feedId": feed_id,
        "feedType": FULFILLMENT,
        "processingStatus": "DONE",
        "resultFeedDocumentId": sp.feed(feed_id)["resultFeedDocumentId"],
    }
    assert metadata(notice)["subscriptionId"] == made["subscriptionId"]
    assert metadata(notice)["publishTime"] == "2026-11-28T12:00:01.500Z"
    assert metadata(notice)["applicationId"].startswith("amzn1.sp.solution.")
    assert sp.deliver().came == []


def test_a_confirmed_shipment_is_no_feed_that_ends(sp: SpShop) -> None:
    for kind in (FEEDS, CHANGES):
        sp.subscribe(kind, sp.add_destination(kind))
    package = {
        "packageReferenceId": "1", "carrierCode": "DHL", "trackingNumber": "1", "shipDate": "2026-11-28T10:00:00Z",
        "orderItems": [{"orderItemId": item_code(1), "quantity": 1}],
    }  # fmt: skip
    path = f"/orders/v0/orders/{order_id(1)}/shipmentConfirmation"
    assert sp.call("POST", path, {"marketplaceId": JAPAN, "packageDetail": package}).status_code == 204
    assert [notice.get("NotificationType") for notice in sp.deliver().notices] == [CHANGES]


def test_a_cancelled_feed_is_told_without_a_result(sp: SpShop) -> None:
    sp.subscribe(FEEDS, sp.add_destination())
    feed_id = sp.submit(a_feed(ships(1), feed_type=FULFILLMENT), FULFILLMENT)
    assert sp.call("DELETE", f"/feeds/2021-06-30/feeds/{feed_id}").status_code == 200
    (notice,) = sp.deliver().notices
    told = notice["payload"]["feedProcessingFinishedNotification"]
    assert (told["processingStatus"], "resultFeedDocumentId" in told) == ("CANCELLED", False)


def test_the_end_of_a_report_is_told_with_its_document(sp: SpShop) -> None:
    sp.subscribe("REPORT_PROCESSING_FINISHED", sp.add_destination())
    asked = {"reportType": ALL_ORDERS, "marketplaceIds": [JAPAN], "dataStartTime": "2020-01-01"}
    report_id = sp.call("POST", "/reports/2021-06-30/reports", asked).json["reportId"]
    cancelled = sp.call("POST", "/reports/2021-06-30/reports", asked).json["reportId"]
    sp.call("DELETE", f"/reports/2021-06-30/reports/{cancelled}")
    sp.work()
    report = sp.call("GET", f"/reports/2021-06-30/reports/{report_id}").json
    told = [one["payload"]["reportProcessingFinishedNotification"] for one in sp.deliver().notices]
    ends = {one["reportId"]: (one["processingStatus"], one.get("reportDocumentId")) for one in told}
    assert ends == {report_id: ("DONE", report["reportDocumentId"]), cancelled: ("CANCELLED", None)}
    assert {one["reportType"] for one in told} == {ALL_ORDERS}


def changed(sp: SpShop) -> list[tuple[str, str, int, int]]:
    """What is told of orders since the last time: id, status, units shipped and open."""
    told = [one["Payload"]["OrderChangeNotification"] for one in sp.deliver().notices]
    return [
        (
            one["AmazonOrderId"],
            one["Summary"]["OrderStatus"],
            one["Summary"]["NumberOfItemsShipped"],
            one["Summary"]["NumberOfItemsUnshipped"],
        )
        for one in told
    ]


def test_each_change_of_an_order_is_told_as_it_stood_then(sp: SpShop) -> None:
    sp.subscribe(CHANGES, sp.add_destination())
    bought = an_order(7, 3, marketplace_id=JAPAN, marker=OrderStatus.PENDING, purchased_at=NOON - timedelta(hours=5))
    load_and_tell(sp.shop.backend, "A2SHOP", [bought], sp.now)
    load_and_tell(sp.shop.backend, "A2SHOP", [replace(bought, marker=None)], sp.now)
    assert changed(sp) == [(order_id(7), "Pending", 0, 0), (order_id(7), "Unshipped", 0, 3)]
    submit(sp, ships(7, 1, on="2026-11-28T09:00:00Z"))
    submit(sp, cancels(7), feed_type=ACKNOWLEDGEMENT)
    submit(sp, ships(7, 1, on="2026-11-28T09:00:00Z"))
    assert changed(sp) == [(order_id(7), "PartiallyShipped", 1, 2), (order_id(7), "PartiallyShipped", 2, 1)]


def test_a_notification_of_an_order_names_what_changed_and_when(sp: SpShop) -> None:
    sp.subscribe(CHANGES, sp.add_destination())
    bought = an_order(7, 3, marketplace_id=JAPAN, purchased_at=NOON, ship_to=Address(postal_code="100-0001"))
    sp.shop.stocked(bought)
    package = {
        "packageReferenceId": "1", "carrierCode": "YAMATO", "trackingNumber": "1", "shipDate": "2026-11-28T12:00:00Z",
        "orderItems": [{"orderItemId": item_code(7), "quantity": 3}],
    }  # fmt: skip
    path = f"/orders/v0/orders/{order_id(7)}/shipmentConfirmation"
    assert sp.call("POST", path, {"marketplaceId": JAPAN, "packageDetail": package}).status_code == 204
    (notice,) = sp.deliver().notices
    assert (notice["NotificationType"], notice["EventTime"]) == (CHANGES, "2026-11-28T12:00:00.000Z")
    told = notice["Payload"]["OrderChangeNotification"]
    trigger = {"TimeOfOrderChange": "2026-11-28T12:00:00.000Z", "ChangeReason": "Order Status Change"}
    assert (told["OrderChangeType"], told["OrderChangeTrigger"]) == ("OrderStatusChange", trigger)
    summary = told["Summary"]
    assert (summary["OrderStatus"], summary["FulfillmentType"]) == ("Shipped", "MFN")
    assert (summary["MarketplaceId"], summary["DestinationPostalCode"]) == (JAPAN, "100-0001")
    assert summary["OrderItems"] == [
        {
            "OrderItemId": item_code(7),
            "SellerSKU": bought.items[0].sku,
            "SupplySourceId": None,
            "Quantity": 3,
            "QuantityShipped": 3,
        }
    ]


def test_a_refund_or_an_acknowledgement_is_no_news(sp: SpShop) -> None:
    sp.subscribe(CHANGES, sp.add_destination())
    submit(sp, acknowledges(1), feed_type=ACKNOWLEDGEMENT)
    assert sp.deliver().came == []


def test_what_happened_before_anybody_asked_is_not_told(sp: SpShop) -> None:
    submit(sp, ships(1, on="2026-11-28T09:00:00Z"))
    sp.subscribe(CHANGES, sp.add_destination())
    assert sp.deliver().came == []


def test_a_buyers_wish_goes_to_whom_it_interests(tmp_path: Path) -> None:
    sp = a_shop(tmp_path, an_sp_seller(), an_sp_seller("A3RIVAL"))
    wishes = {"eventFilter": {"eventFilterType": CHANGES, "orderChangeTypes": ["BuyerRequestedChange"]}}
    sp.subscribe(CHANGES, sp.add_destination("wishes"), processingDirective=wishes)
    rivals = sp.subscribe(CHANGES, sp.add_destination("rivals", RIVAL), sp.token(RIVAL))
    assert rivals.status_code == 200
    bought = an_order(7, marketplace_id=JAPAN, purchased_at=NOON)
    load_and_tell(sp.shop.backend, "A2SHOP", [bought], sp.now)
    wish = replace(bought, buyer_asked_to_cancel=True, buyer_cancel_reason="Ordered by mistake")
    load_and_tell(sp.shop.backend, "A2SHOP", [wish], sp.now)
    (notice,) = sp.deliver().notices
    told = notice["Payload"]["OrderChangeNotification"]
    assert told["OrderChangeType"] == "BuyerRequestedChange"
    assert told["OrderChangeTrigger"]["ChangeReason"] == "Buyer Requested Cancel"
    assert told["Summary"]["OrderItems"][0]["IsBuyerRequestedCancel"] is True


def test_a_filter_names_marketplaces(sp: SpShop) -> None:
    elsewhere = {"eventFilter": {"eventFilterType": CHANGES, "marketplaceIds": [GERMANY]}}
    sp.subscribe(CHANGES, sp.add_destination(), processingDirective=elsewhere)
    orders = [an_order(7, marketplace_id=JAPAN), an_order(8, marketplace_id=GERMANY)]
    load_and_tell(sp.shop.backend, "A2SHOP", orders, sp.now)
    assert [name for name, *_ in changed(sp)] == [order_id(8)]


@pytest.mark.parametrize("kind", [FEEDS, "REPORT_PROCESSING_FINISHED", CHANGES])
def test_a_queue_is_tried_with_a_test(sp: SpShop, kind: str) -> None:
    destination = sp.add_destination("tried")
    path = f"{SUBSCRIPTIONS}/{kind}/testNotification"
    test = {"destinationId": destination, "testNotification": {"payloadVersion": "1.0", "testScenario": ""}}
    assert error_of(own(sp, "POST", path, test))[3] == "testScenario;"
    test["testNotification"] = {"payloadVersion": "1.0", "testScenario": "any"}
    assert own(sp, "POST", path, test).json == {}
    inbox = sp.deliver()
    assert [queue for queue, _ in inbox.came] == ["arn:aws:sqs:us-east-1:123456789012:tried"]
    assert inbox.notices[0].get("notificationType", inbox.notices[0].get("NotificationType")) == kind
    assert error_of(own(sp, "POST", path, test, RIVAL))[0] == 404
