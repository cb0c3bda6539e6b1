"""Notifications v1: destinations are an application's, subscriptions an application's about a seller."""

from pathlib import Path
from typing import Any

import pytest

from tests.spapi.builders import GERMANY, SpShop, a_shop, an_sp_seller, error_of

DESTINATIONS, SUBSCRIPTIONS = "/notifications/v1/destinations", "/notifications/v1/subscriptions"
ARN = "arn:aws:sqs:us-east-1:123456789012:orders"
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
