"""confirmShipment and updateShipmentStatus: a program ships without a feed, and the order book follows at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from werkzeug.test import TestResponse

from feedproc.orders.order import Item, Order, OrderStatus
from tests.builders import FULFILLMENT, a_feed, an_order, cancels, item_code, order_id, ships
from tests.spapi.builders import JAPAN, NOON, SpShop, an_sp_seller, error_of

MALFORMED = "The input you have submitted is not valid. Please check your input and try again."
BAD_ITEM = "OrderItemId  is invalid, please obtain the value through the getOrderItems API or Manage Orders page"


def package(number: int = 1, units: int = 2, **changed: Any) -> dict[str, Any]:
    known = {
        "packageReferenceId": "1",
        "carrierCode": "YAMATO",
        "shippingMethod": "宅急便",
        "trackingNumber": "123456789012",
        "shipDate": "2026-11-28T09:00:00Z",
        "orderItems": [{"orderItemId": item_code(number), "quantity": units}],
    }
    told = known | changed
    return {"marketplaceId": JAPAN, "packageDetail": {k: v for k, v in told.items() if v is not ...}}


def confirm(sp: SpShop, body: Any, number: int = 1, token: str | None = None) -> TestResponse:
    return sp.call("POST", f"/orders/v0/orders/{order_id(number)}/shipmentConfirmation", body, token)


def stored(sp: SpShop, number: int = 1) -> Order:
    found = sp.shop.backend.orders.get("A2SHOP", order_id(number))
    assert found is not None
    return found


def told(sp: SpShop, number: int = 1) -> Any:
    return sp.call("GET", f"/orders/v0/orders/{order_id(number)}").json["payload"]


def refusal(answer: TestResponse) -> tuple[int, str, str]:
    return error_of(answer)[:3]


def test_a_confirmed_shipment_is_told_as_soon_as_it_is_answered(sp: SpShop) -> None:
    answer = confirm(sp, package())
    assert (answer.status_code, answer.data) == (204, b"")
    assert (told(sp)["OrderStatus"], told(sp)["NumberOfItemsShipped"]) == ("Shipped", 2)
    (shipped,) = stored(sp).packages
    assert (shipped.carrier, shipped.shipping_method, shipped.tracking_number) == ("YAMATO", "宅急便", "123456789012")
    assert (shipped.merchant_fulfillment_id, shipped.shipped_at) == ("1", NOON - timedelta(hours=3))


def test_codes_and_the_place_that_it_was_shipped_from_stay_with_the_package(sp: SpShop) -> None:
    codes = ["AZ:09,876 %", "コード"]
    line = {"orderItemId": item_code(1), "quantity": 2, "transparencyCodes": codes}
    body = package(orderItems=[line], shipFromSupplySourceId="倉庫-1")
    assert [confirm(sp, body).status_code for _ in range(2)] == [204, 204]
    assert stored(sp).packages[0].supply_source_id == "倉庫-1"
    path = f"/orders/2026-01-01/orders/{order_id(1)}"
    (shipped,) = sp.call("GET", path, query={"includedData": "PACKAGES"}).json["order"]["packages"]
    assert shipped["packageItems"] == [line]


def test_some_units_ship_first_and_the_rest_later(sp: SpShop) -> None:
    assert confirm(sp, package(units=1)).status_code == 204
    assert told(sp)["OrderStatus"] == "PartiallyShipped"
    assert confirm(sp, package(units=1, packageReferenceId="2", trackingNumber="99")).status_code == 204
    assert [one.tracking_number for one in stored(sp).packages] == ["123456789012", "99"]
    assert told(sp)["OrderStatus"] == "Shipped"


def test_a_repetition_changes_nothing_and_is_answered_alike(sp: SpShop) -> None:
    for _ in range(3):
        assert confirm(sp, package(units=1)).status_code == 204
    assert (len(stored(sp).packages), told(sp)["NumberOfItemsShipped"]) == (1, 1)


def test_the_same_package_confirmed_by_many_at_once_ships_once(sp: SpShop) -> None:
    token = sp.token()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: confirm(sp, package(units=1), token=token).status_code, range(8)))
    assert answers == [204] * 8
    assert (len(stored(sp).packages), stored(sp).items[0].quantity_shipped) == (1, 1)


def test_the_buyer_gets_one_notice_of_a_package_that_is_confirmed_twice(sp: SpShop) -> None:
    confirm(sp, package())
    confirm(sp, package())
    kinds = [str(one.entry.kind) for one in sp.shop.backend.outbox.list_recent("A2SHOP", 10)]
    assert kinds.count("buyer-notice") == 1


def test_a_code_of_fifteen_digits_names_an_item_as_well(sp: SpShop) -> None:
    item = replace(an_order(7).items[0], order_item_code="123456789012345")
    sp.shop.stocked(an_order(7, items=(item,)))
    lines = [{"orderItemId": "123456789012345", "quantity": 2}]
    assert confirm(sp, package(orderItems=lines), 7).status_code == 204
    assert told(sp, 7)["OrderStatus"] == "Shipped"


def test_a_package_of_several_items_is_one_package(sp: SpShop) -> None:
    items = tuple(Item(item_code(one), f"SKU-{one}", 1, {}) for one in (1, 2))
    sp.shop.stocked(an_order(7, items=items))
    lines = [{"orderItemId": item_code(one), "quantity": 1} for one in (1, 2)]
    assert confirm(sp, package(orderItems=lines), 7).status_code == 204
    assert [len(one.items) for one in stored(sp, 7).packages] == [2]


def test_a_shipped_order_has_nothing_left_to_confirm(sp: SpShop) -> None:
    confirm(sp, package())
    status, code, message = refusal(confirm(sp, package(packageReferenceId="2")))
    assert (status, code) == (400, "InvalidInput")
    assert message == (
        "Failed to create package due to not finding a matching package or order already fulfilled. ErrorMessage("
        "errorCode=GeneralError, errorDescription=Unable to find package to update for order (250-0000000-0000001), "
        "errorMetric=PackageToUpdateNotFound, packageIndex=null)"
    )


def test_a_package_that_is_posted_again_is_corrected(sp: SpShop) -> None:
    confirm(sp, package())
    assert confirm(sp, package(trackingNumber="99", carrierCode="SAGAWA")).status_code == 204
    (corrected,) = stored(sp).packages
    assert (corrected.tracking_number, corrected.carrier) == ("99", "SAGAWA")
    assert confirm(sp, package()).status_code == 204
    assert [one.tracking_number for one in stored(sp).packages] == ["123456789012"]


def test_another_package_is_never_taken_for_one_that_was_confirmed(sp: SpShop) -> None:
    confirm(sp, package())
    again = confirm(sp, package(packageReferenceId="2", trackingNumber="99"))
    assert refusal(again)[2].startswith("Failed to create package due to not finding a matching package")
    assert [one.tracking_number for one in stored(sp).packages] == ["123456789012"]


def test_a_package_of_other_units_is_no_correction(sp: SpShop) -> None:
    confirm(sp, package(units=1))
    again = confirm(sp, package(units=2))
    assert refusal(again) == (400, "InvalidInput", "Failed to create/update package due to overfulfillment")
    assert [one.quantity_shipped for one in stored(sp).items] == [1]


def test_more_units_than_are_open_are_refused(sp: SpShop) -> None:
    refused = refusal(confirm(sp, package(units=3)))
    assert refused == (400, "InvalidInput", "Failed to create/update package due to overfulfillment")
    assert stored(sp).packages == ()


def test_a_cancelled_order_has_no_items_to_confirm(sp: SpShop) -> None:
    sp.shop.run(a_feed(cancels()))
    assert stored(sp).status is OrderStatus.CANCELED
    status, code, message = refusal(confirm(sp, package()))
    assert (status, code) == (400, "InvalidInput")
    assert "ErrorCode: NonexistentOrderItem Description: Failed to find order item list by order ID: 250-" in message


def test_a_pending_order_may_not_be_confirmed_yet(sp: SpShop) -> None:
    sp.shop.stocked(an_order(7, marker=OrderStatus.PENDING))
    assert refusal(confirm(sp, package(7), 7)) == (400, "InvalidInput", MALFORMED)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"packageReferenceId": "zero"}, "PackageReferenceId: is invalid, must be a positive numeric value."),
        ({"packageReferenceId": "0"}, "PackageReferenceId: is invalid, must be a positive numeric value."),
        (
            {"packageReferenceId": 1},
            "The input you have submitted is not valid. Please check the fields with invalid type "
            "[packageDetail.packageReferenceId].",
        ),
        ({"orderItems": [{"orderItemId": item_code(2), "quantity": 1}]}, BAD_ITEM),
        ({"orderItems": [{"orderItemId": 1, "quantity": 1}]}, BAD_ITEM),
        ({"orderItems": [{"orderItemId": item_code(1), "quantity": "1"}]}, MALFORMED),
        ({"orderItems": [{"orderItemId": item_code(1), "quantity": True}]}, MALFORMED),
        ({"orderItems": [{"orderItemId": item_code(1), "quantity": 0}]}, MALFORMED),
        ({"orderItems": [1]}, MALFORMED),
        ({"orderItems": [{"orderItemId": item_code(1), "quantity": 1, "transparencyCodes": "A"}]}, MALFORMED),
        ({"orderItems": [{"orderItemId": item_code(1), "quantity": 1, "transparencyCodes": [""]}]}, MALFORMED),
        ({"shipFromSupplySourceId": 5}, MALFORMED),
        ({"shipFromSupplySourceId": "A" * 101}, MALFORMED),
        ({"shipDate": "yesterday"}, "timestamp must follow ISO8601"),
        ({"shipDate": "2026-11-29T09:00:00Z"}, MALFORMED),
        ({"shipDate": "2020-01-01"}, MALFORMED),
        ({"packageReferenceId": "1" * 21}, MALFORMED),
        ({"trackingNumber": "1" * 51}, MALFORMED),
        ({"trackingNumber": "\t"}, MALFORMED),
        ({"trackingNumber": ...}, "One or more required parameters missing"),
    ],
)
def test_what_is_wrong_with_a_package_is_said_and_nothing_ships(
    sp: SpShop, changed: dict[str, Any], message: str
) -> None:
    assert refusal(confirm(sp, package(**changed))) == (400, "InvalidInput", message)
    assert stored(sp).packages == ()


@pytest.mark.parametrize("changed", [{"carrierCode": "Pigeon"}, {"carrierCode": "Other"}])
def test_a_carrier_must_be_on_the_list_or_have_a_name(sp: SpShop, changed: dict[str, Any]) -> None:
    assert refusal(confirm(sp, package(**changed)))[2].endswith(
        "ErrorCode: InvalidCarrier Description: Selected carrier is not supported"
    )
    assert confirm(sp, package(carrierCode="Other", carrierName="鳩便")).status_code == 204
    assert stored(sp).packages[0].carrier == "鳩便"


def test_another_sellers_order_is_not_found_and_not_touched(sp: SpShop) -> None:
    assert refusal(confirm(sp, package(), token=sp.token(an_sp_seller("A3RIVAL")))) == (400, "InvalidInput", MALFORMED)
    assert stored(sp).packages == ()


def test_a_confirmation_does_not_wait_behind_a_feed(sp: SpShop) -> None:
    waiting = sp.submit(a_feed(ships(2), feed_type=FULFILLMENT), FULFILLMENT)
    assert confirm(sp, package()).status_code == 204
    assert sp.feed(waiting)["processingStatus"] == "IN_QUEUE"


def test_a_program_cannot_submit_a_confirmation_as_a_feed(sp: SpShop) -> None:
    made = sp.create_feed(sp.upload(b"order-id"), "POST_FLAT_FILE_SHIPMENT_CONFIRMATION_DATA")
    assert made.status_code == 400


def test_the_status_of_a_collection_is_taken(sp: SpShop) -> None:
    path, lines = f"/orders/v0/orders/{order_id(1)}/shipment", [{"orderItemId": item_code(1), "quantity": 1}]
    body = {"marketplaceId": JAPAN, "shipmentStatus": "PickedUp", "orderItems": lines}
    assert sp.call("POST", path, body).status_code == 204
    assert error_of(sp.call("POST", path, {"shipmentStatus": "PickedUp"}))[2:] == (
        "Marketplace ID is not defined",
        "1001",
    )
    assert refusal(sp.call("POST", path, body | {"shipmentStatus": "Lost"})) == (400, "InvalidInput", MALFORMED)
    assert refusal(sp.call("POST", path, body | {"orderItems": [{"orderItemId": "1", "quantity": 1}]}))[2] == BAD_ITEM


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_regulated_information_is_not_served(sp: SpShop, method: str) -> None:
    assert sp.call(method, f"/orders/v0/orders/{order_id(1)}/regulatedInfo").status_code == 403
