"""Orders v0 and 2026-01-01: the same order, told twice."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from feedproc.orders.order import (
    Address,
    Buyer,
    Cancellation,
    Gift,
    Item,
    Order,
    OrderStatus,
    Package,
    PackageItem,
    PaymentTerms,
    Program,
    Promotion,
    Window,
)
from feedproc.spapi.app import WITHOUT_V0_READS
from tests.builders import an_order, item_code, order_id
from tests.spapi.builders import GERMANY, JAPAN, NOON, SpShop, a_shop, an_sp_seller, error_of

V0 = "/orders/v0/orders"
NEW = "/orders/2026-01-01/orders"
INPUT = "The input you have submitted is not valid. Please check your input and try again."
WHEN = NOON - timedelta(days=2)
EVERYTHING = (
    "BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX,PAYMENT,FULFILLMENT_ORDERS"
)


def an_item(quantity: int = 2, **changed: Any) -> Item:
    promotion = Promotion("AUTUMN", {"Principal": Decimal(-220)})
    charges = {"Principal": Decimal(2480), "Tax": Decimal(248)}
    known = {"charges": charges, "promotions": (promotion,), "title": "湯のみ", "quantity_shipped": 1}
    return Item(item_code(1), "JP-0001", quantity, **(known | changed))


def order(number: int = 1, *items: Item, **changed: Any) -> Order:
    known = {
        "purchased_at": WHEN + timedelta(minutes=number),
        "marketplace_id": JAPAN,
        "items": items or (an_item(),),
        "buyer": Buyer("佐藤 蓮", "a1b2@marketplace.example"),
        "ship_to": Address("佐藤 蓮", ("千代田1-1",), "千代田区", "", "東京都", "100-0001", "JP", "03-0000-0000"),
        "packages": (Package(WHEN, (PackageItem(item_code(1), 1),), "YAMATO", "Takkyubin", "123456789012"),),
    }
    return an_order(number, **(known | changed))


@pytest.fixture
def sp(tmp_path: Path) -> SpShop:
    return having(tmp_path, order())


def having(folder: Path, *orders: Order, **options: Any) -> SpShop:
    shop = a_shop(folder, **options)
    shop.shop.backend.orders.load("A2SHOP", orders)
    return shop


def listed(sp: SpShop, **query: Any) -> Any:
    answer = sp.call("GET", V0, query={"MarketplaceIds": JAPAN, "CreatedAfter": "2026-11-01"} | query)
    assert answer.status_code == 200, answer.text
    return answer.json["payload"]


def searched(sp: SpShop, **query: Any) -> Any:
    answer = sp.call("GET", NEW, query={"createdAfter": "2026-11-01"} | query)
    assert answer.status_code == 200, answer.text
    return answer.json


def opening(sp: SpShop, path: str, *elements: str) -> str:
    body = {"restrictedResources": [{"method": "GET", "path": path, "dataElements": list(elements)}]}
    return str(sp.call("POST", "/tokens/2021-03-01/restrictedDataToken", body).json["restrictedDataToken"])


def test_an_order_is_told_as_by_v0(sp: SpShop) -> None:
    told = sp.call("GET", f"{V0}/{order_id(1)}").json["payload"]
    assert told == {
        "AmazonOrderId": order_id(1),
        "PurchaseDate": "2026-11-26T12:01:00Z",
        "LastUpdateDate": "2026-11-26T12:01:00Z",
        "OrderStatus": "PartiallyShipped",
        "FulfillmentChannel": "MFN",
        "SalesChannel": "Amazon.co.jp",
        "MarketplaceId": JAPAN,
        "ShipServiceLevel": "Standard",
        "ShipmentServiceLevelCategory": "Standard",
        "OrderType": "StandardOrder",
        "OrderTotal": {"CurrencyCode": "JPY", "Amount": "2508"},
        "NumberOfItemsShipped": 1,
        "NumberOfItemsUnshipped": 1,
        "PaymentMethod": "Other",
        "PaymentMethodDetails": ["CreditCard"],
        "IsReplacementOrder": False,
        "IsBusinessOrder": False,
        "IsPrime": False,
        "IsPremiumOrder": False,
        "IsGlobalExpressEnabled": False,
        "IsSoldByAB": False,
        "IsIBA": False,
        "IsISPU": False,
        "IsAccessPointOrder": False,
        "HasRegulatedItems": False,
        "AutomatedShippingSettings": {"HasAutomatedShippingSettings": False},
        "EarliestShipDate": "2026-11-26T15:00:00Z",
        "LatestShipDate": "2026-11-30T14:59:59Z",
        "EarliestDeliveryDate": "2026-11-28T15:00:00Z",
        "LatestDeliveryDate": "2026-12-07T14:59:59Z",
        "ShippingAddress": {
            "City": "千代田区",
            "StateOrRegion": "東京都",
            "PostalCode": "100-0001",
            "CountryCode": "JP",
        },
        "BuyerInfo": {"BuyerEmail": "a1b2@marketplace.example"},
    }


def test_the_same_order_is_told_as_by_2026(sp: SpShop) -> None:
    told = sp.call(
        "GET", f"{NEW}/{order_id(1)}", query={"includedData": "PROCEEDS,PROMOTION,FULFILLMENT,PACKAGES"}
    ).json
    assert told["order"] == {
        "orderId": order_id(1),
        "createdTime": "2026-11-26T12:01:00.000Z",
        "lastUpdatedTime": "2026-11-26T12:01:00.000Z",
        "salesChannel": {"channelName": "AMAZON", "marketplaceId": JAPAN, "marketplaceName": "Amazon.co.jp"},
        "proceeds": {
            "grandTotal": {"amount": "2508", "currencyCode": "JPY"},
            "breakdowns": [
                {"type": "ITEM", "subtotal": {"amount": "2480", "currencyCode": "JPY"}},
                {"type": "TAX", "subtotal": {"amount": "248", "currencyCode": "JPY"}},
                {"type": "DISCOUNT", "subtotal": {"amount": "220", "currencyCode": "JPY"}},
            ],
        },
        "fulfillment": {
            "fulfillmentStatus": "PARTIALLY_SHIPPED",
            "fulfilledBy": "MERCHANT",
            "fulfillmentServiceLevel": "STANDARD",
            "shipByWindow": {
                "earliestDateTime": "2026-11-26T15:00:00.000Z",
                "latestDateTime": "2026-11-30T14:59:59.000Z",
            },
            "deliverByWindow": {
                "earliestDateTime": "2026-11-28T15:00:00.000Z",
                "latestDateTime": "2026-12-07T14:59:59.000Z",
            },
        },
        "orderItems": [
            {
                "orderItemId": item_code(1),
                "quantityOrdered": 2,
                "product": {
                    "asin": told["order"]["orderItems"][0]["product"]["asin"],
                    "title": "湯のみ",
                    "sellerSku": "JP-0001",
                    "condition": {"conditionType": "NEW", "conditionSubtype": "NEW"},
                    "price": {"unitPrice": {"amount": "1240", "currencyCode": "JPY"}},
                },
                "proceeds": {
                    "proceedsTotal": {"amount": "2508", "currencyCode": "JPY"},
                    "breakdowns": [
                        {"type": "ITEM", "subtotal": {"amount": "2480", "currencyCode": "JPY"}},
                        {
                            "type": "TAX",
                            "subtotal": {"amount": "248", "currencyCode": "JPY"},
                            "detailedBreakdowns": [
                                {"subtype": "ITEM", "value": {"amount": "248", "currencyCode": "JPY"}}
                            ],
                        },
                        {
                            "type": "DISCOUNT",
                            "subtotal": {"amount": "220", "currencyCode": "JPY"},
                            "detailedBreakdowns": [
                                {"subtype": "ITEM", "value": {"amount": "220", "currencyCode": "JPY"}}
                            ],
                        },
                    ],
                },
                "promotion": {"breakdowns": [{"promotionId": "AUTUMN"}]},
                "fulfillment": {"quantityFulfilled": 1, "quantityUnfulfilled": 1},
            }
        ],
        "packages": [
            {
                "packageReferenceId": "1",
                "packageStatus": {"status": "SHIPPED"},
                "carrier": "YAMATO",
                "shipTime": "2026-11-26T12:00:00.000Z",
                "shippingService": "Takkyubin",
                "trackingNumber": "123456789012",
                "packageItems": [{"orderItemId": item_code(1), "quantity": 1}],
            }
        ],
    }


def test_v0_tells_whole_seconds_and_no_address_of_which_nothing_is_known(tmp_path: Path) -> None:
    at = WHEN.replace(microsecond=987_654)
    sp = having(tmp_path, order(purchased_at=at, updated_at=at, ship_to=Address(), buyer=Buyer()))
    told = sp.call("GET", f"{V0}/{order_id(1)}").json["payload"]
    assert (told["PurchaseDate"], told["LastUpdateDate"]) == ("2026-11-26T12:00:00Z", "2026-11-26T12:00:00Z")
    assert (told["BuyerInfo"], "ShippingAddress" in told) == ({}, False)


def test_the_lines_of_an_order_are_told(sp: SpShop) -> None:
    payload = sp.call("GET", f"{V0}/{order_id(1)}/orderItems").json["payload"]
    (item,) = payload["OrderItems"]
    assert payload["AmazonOrderId"] == order_id(1)
    assert (item["QuantityOrdered"], item["QuantityShipped"], item["IsGift"]) == (2, 1, "false")
    assert item["ItemPrice"] == {"CurrencyCode": "JPY", "Amount": "2480"}
    assert (item["PromotionDiscount"]["Amount"], item["PromotionIds"]) == ("220", ["AUTUMN"])
    assert (item["ProductInfo"], item["BuyerInfo"]) == ({"NumberOfItems": "1"}, {})
    assert "ShippingPrice" not in item


@pytest.mark.parametrize("marker", [OrderStatus.PENDING, OrderStatus.PENDING_AVAILABILITY])
def test_a_pending_order_tells_no_money_no_buyer_and_no_address(tmp_path: Path, marker: OrderStatus) -> None:
    sp = having(tmp_path, order(1, an_item(quantity_shipped=0), marker=marker, packages=()))
    (told,) = listed(sp)["Orders"]
    assert not {"OrderTotal", "ShippingAddress", "LatestDeliveryDate"} & told.keys()
    assert (told["NumberOfItemsUnshipped"], told["BuyerInfo"]) == (0, {})
    (item,) = sp.call("GET", f"{V0}/{order_id(1)}/orderItems").json["payload"]["OrderItems"]
    assert not {"ItemPrice", "PromotionIds"} & item.keys()
    (new,) = searched(sp, includedData=EVERYTHING)["orders"]
    assert not {"proceeds", "buyer", "recipient", "payment"} & new.keys()
    assert "price" not in new["orderItems"][0]["product"]


def test_a_cancelled_order_is_spelled_with_one_l_and_with_two(tmp_path: Path) -> None:
    gone = an_item(quantity_shipped=0, cancellations=(Cancellation(2, NOON, "NoInventory"),))
    sp = having(tmp_path, order(1, gone, packages=()))
    assert listed(sp)["Orders"][0]["OrderStatus"] == "Canceled"
    (new,) = searched(sp, includedData="FULFILLMENT,CANCELLATION")["orders"]
    assert new["fulfillment"]["fulfillmentStatus"] == "CANCELLED"
    execution = new["orderItems"][0]["cancellation"]["cancellationExecution"]
    assert execution == {"cancelledBy": "MERCHANT", "cancelReason": "NoInventory"}
    assert new["orderItems"][0]["quantityOrdered"] == 0


def test_an_invoice_that_is_yet_to_be_confirmed_has_no_word_in_2026(tmp_path: Path) -> None:
    sp = having(tmp_path, order(1, an_item(1), marker=OrderStatus.INVOICE_UNCONFIRMED))
    assert listed(sp)["Orders"][0]["OrderStatus"] == "InvoiceUnconfirmed"
    assert searched(sp, includedData="FULFILLMENT")["orders"][0]["fulfillment"]["fulfillmentStatus"] == "SHIPPED"


def test_without_data_that_is_asked_for_2026_tells_no_buyer(sp: SpShop) -> None:
    (told,) = searched(sp)["orders"]
    assert not {"buyer", "recipient", "proceeds", "fulfillment", "packages"} & told.keys()
    (told,) = searched(sp, includedData=EVERYTHING)["orders"]
    assert told["buyer"] == {"buyerName": "佐藤 蓮", "buyerEmail": "a1b2@marketplace.example"}
    assert told["recipient"]["deliveryAddress"]["addressLine1"] == "千代田1-1"


def test_a_restricted_token_opens_the_parts_it_names(sp: SpShop) -> None:
    path = f"{V0}/{order_id(1)}"
    buyer = sp.call("GET", path, token=opening(sp, path, "buyerInfo")).json["payload"]
    assert buyer["BuyerInfo"]["BuyerName"] == "佐藤 蓮"
    assert "Name" not in buyer["ShippingAddress"]
    address = sp.call("GET", path, token=opening(sp, V0 + "/{orderId}", "shippingAddress")).json["payload"]
    assert address["ShippingAddress"]["AddressLine1"] == "千代田1-1"
    assert "BuyerName" not in address["BuyerInfo"]


@pytest.mark.parametrize("part", ["buyerInfo", "address", "orderItems/buyerInfo"])
def test_what_is_always_restricted_takes_a_restricted_token(sp: SpShop, part: str) -> None:
    path = f"{V0}/{order_id(1)}/{part}"
    assert error_of(sp.call("GET", path))[1:] == ("Unauthorized", "Access to requested resource is denied.", "")
    assert sp.call("GET", path, token=opening(sp, path)).json["payload"]["AmazonOrderId"] == order_id(1)
    assert sp.call("GET", path, token=opening(sp, V0)).status_code == 403


def test_a_gift_is_told_with_the_data_element_for_it(tmp_path: Path) -> None:
    charges = {"Principal": Decimal(1000), "GiftWrap": Decimal(300)}
    sp = having(tmp_path, order(1, an_item(charges=charges, gift=Gift("おめでとう", "Classic"), promotions=())))
    path = f"{V0}/{order_id(1)}/orderItems"
    (item,) = sp.call("GET", path, token=opening(sp, path, "buyerInfo")).json["payload"]["OrderItems"]
    wrap = {"GiftWrapPrice": {"CurrencyCode": "JPY", "Amount": "300"}, "GiftWrapLevel": "Classic"}
    assert (item["IsGift"], item["BuyerInfo"]) == ("true", wrap | {"GiftMessageText": "おめでとう"})


def test_programs_and_replacements_are_told(tmp_path: Path) -> None:
    sp = having(tmp_path, order(programs=(Program.PRIME,), replaced_order_id=order_id(9), merchant_order_id="SHOP-1"))
    (old,), (new,) = listed(sp)["Orders"], searched(sp)["orders"]
    assert (old["IsPrime"], old["ReplacedOrderId"], old["SellerOrderId"]) == (True, order_id(9), "SHOP-1")
    assert new["programs"] == ["PRIME"]
    assert new["associatedOrders"] == [{"orderId": order_id(9), "associationType": "REPLACEMENT_ORIGINAL_ID"}]
    assert new["orderAliases"] == [{"aliasId": "SHOP-1", "aliasType": "SELLER_ORDER_ID"}]


def test_payment_on_delivery_is_told_by_both(tmp_path: Path) -> None:
    sp = having(tmp_path, order(payment=PaymentTerms("COD")))
    assert listed(sp)["Orders"][0]["PaymentExecutionDetail"][0]["PaymentMethod"] == "COD"
    executions = searched(sp, includedData="PAYMENT")["orders"][0]["payment"]["paymentExecutions"]
    assert executions == [{"paymentMethod": "COD", "paymentAmount": {"amount": "2508", "currencyCode": "JPY"}}]


def test_a_list_tells_its_bound_two_minutes_ago(sp: SpShop) -> None:
    assert listed(sp)["CreatedBefore"] == "2026-11-28T11:58:00Z"
    assert searched(sp)["createdBefore"] == "2026-11-28T11:58:00.000Z"
    by_update = sp.call("GET", V0, query={"MarketplaceIds": JAPAN, "LastUpdatedAfter": "2026-11-01"}).json["payload"]
    assert by_update["LastUpdatedBefore"] == "2026-11-28T11:58:00Z"


@pytest.mark.parametrize("size", [1, 2, 3])
def test_both_list_every_order_once_page_by_page(tmp_path: Path, size: int) -> None:
    sp = having(tmp_path, *(order(number) for number in range(1, 6)))
    page = listed(sp, MaxResultsPerPage=size)
    found = [one["AmazonOrderId"] for one in page["Orders"]]
    while token := page.get("NextToken"):
        page = sp.call("GET", V0, query={"NextToken": token}).json["payload"]
        found += [one["AmazonOrderId"] for one in page["Orders"]]
    new = searched(sp, maxResultsPerPage=size)
    ids = [one["orderId"] for one in new["orders"]]
    while "pagination" in new:
        new = searched(sp, paginationToken=new["pagination"]["nextToken"], maxResultsPerPage=size)
        ids += [one["orderId"] for one in new["orders"]]
    assert found == ids == [order_id(number) for number in range(1, 6)]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({"OrderStatuses": "Unshipped"}, [2]),
        ({"OrderStatuses": "Unshipped,PartiallyShipped"}, [1, 2]),
        ({"OrderStatuses": ["Unshipped", "Canceled"]}, [2]),
        ({"FulfillmentChannels": "AFN"}, [3]),
        ({"SellerOrderId": "SHOP-2"}, [2]),
        ({"AmazonOrderIds": f"{order_id(3)},{order_id(1)},{order_id(9)}", "CreatedAfter": ""}, [1, 3]),
        ({"BuyerEmail": "a1b2@marketplace.example"}, [1, 2, 3]),
        ({"PaymentMethods": "CVS"}, []),
        ({"EasyShipShipmentStatuses": "PendingPickUp"}, []),
        ({"CreatedAfter": "2026-11-26T21:02:00+09:00"}, [2, 3]),
        ({"CreatedAfter": "2026-11-26T12:01:00Z", "CreatedBefore": "2026-11-26T12:01:00Z"}, [1]),
    ],
)
def test_v0_filters(tmp_path: Path, query: dict[str, Any], numbers: list[int]) -> None:
    waiting = order(2, an_item(quantity_shipped=0), merchant_order_id="SHOP-2", packages=())
    sp = having(tmp_path, order(1), waiting, order(3, an_item(1), fulfilled_by_amazon=True))
    found = [one["AmazonOrderId"] for one in listed(sp, **query)["Orders"]]
    assert found == [order_id(number) for number in numbers]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({"EarliestDeliveryDateBefore": "2026-11-28T12:00:00Z"}, [1]),
        ({"EarliestDeliveryDateAfter": "2026-11-28T12:00:00Z"}, [1, 2]),
        ({"EarliestDeliveryDateAfter": "2026-11-28T12:00:01Z"}, [2]),
        ({"LatestDeliveryDateBefore": "2026-11-30T12:00:00Z"}, [1]),
        ({"LatestDeliveryDateBefore": "2026-11-30T11:59:59Z"}, []),
        ({"LatestDeliveryDateAfter": "2026-12-05T12:00:00Z", "MaxResultsPerPage": "1"}, [2]),
    ],
)
def test_v0_finds_orders_by_the_days_on_which_they_arrive(
    tmp_path: Path, query: dict[str, str], numbers: list[int]
) -> None:
    soon = order(1, delivery=Window(NOON, NOON + timedelta(days=2)))
    late = order(2, delivery=Window(NOON + timedelta(days=3), NOON + timedelta(days=7)))
    untold = order(3, an_item(1), fulfilled_by_amazon=True, delivery=soon.delivery)
    sp = having(tmp_path, soon, late, untold)
    found = [one["AmazonOrderId"] for one in listed(sp, **query)["Orders"]]
    assert found == [order_id(number) for number in numbers]


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"CreatedAfter": ""}, ("InvalidInput", "This is an invalid input")),
        ({"CreatedAfter": "soon"}, ("InvalidInput", "timestamp must follow ISO8601")),
        ({"LastUpdatedAfter": "2026-11-01"}, ("InvalidInput", INPUT)),
        ({"CreatedBefore": "2026-11-28T11:59:00Z"}, ("InvalidInput", INPUT)),
        ({"CreatedBefore": "2026-10-01"}, ("InvalidInput", INPUT)),
        ({"OrderStatuses": "Lost"}, ("InvalidInput", INPUT)),
        ({"MaxResultsPerPage": "101"}, ("InvalidInput", INPUT)),
        ({"SellerOrderId": "1", "OrderStatuses": "Shipped"}, ("InvalidInput", INPUT)),
        ({"MarketplaceIds": ""}, ("InvalidInput", "One or more required parameters missing")),
        ({"MarketplaceIds": GERMANY}, ("Unauthorized", "Access to requested resource is denied.")),
        ({"NextToken": "nonsense"}, ("InvalidInput", "Invalid request parameters")),
    ],
)
def test_v0_refuses(sp: SpShop, query: dict[str, Any], error: tuple[str, str]) -> None:
    answer = sp.call("GET", V0, query={"MarketplaceIds": JAPAN, "CreatedAfter": "2026-11-01"} | query)
    assert error_of(answer)[1:3] == error


@pytest.mark.parametrize(
    "query",
    [{"includedData": "EVERYTHING"}, {"fulfillmentStatuses": "Shipped"}, {"fulfilledBy": "ME"}, {"createdAfter": ""}],
)
def test_2026_refuses(sp: SpShop, query: dict[str, str]) -> None:
    assert sp.call("GET", NEW, query={"createdAfter": "2026-11-01"} | query).status_code == 400


@pytest.mark.parametrize(
    "changed", [{"createdAfter": "2026-10-01"}, {"fulfilledBy": "MERCHANT"}, {"paginationToken": "x"}]
)
def test_a_page_of_2026_is_asked_for_like_the_first(tmp_path: Path, changed: dict[str, str]) -> None:
    sp = having(tmp_path, order(1), order(2))
    token = searched(sp, maxResultsPerPage=1)["pagination"]["nextToken"]
    query = {"createdAfter": "2026-11-01", "paginationToken": token} | changed
    assert error_of(sp.call("GET", NEW, query=query))[2].startswith(
        "The paginationToken you have submitted is not valid."
    )


def test_a_page_of_2026_waits_for_a_day(tmp_path: Path) -> None:
    sp = having(tmp_path, order(1), order(2))
    token = searched(sp, maxResultsPerPage=1)["pagination"]["nextToken"]
    sp.later(hours=24, seconds=1)
    assert sp.call("GET", NEW, query={"createdAfter": "2026-11-01", "paginationToken": token}).status_code == 400


@pytest.mark.parametrize("name", [order_id(9), "nonsense", "x" * 3_000, "..%2f..%2fetc"])
def test_an_order_that_is_not_there_is_not_found(sp: SpShop, name: str) -> None:
    assert sp.call("GET", f"{V0}/{name}").status_code in (403, 404)
    assert sp.call("GET", f"{NEW}/{name}").status_code in (403, 404)
    assert sp.call("GET", f"{V0}/{name}/orderItems").status_code in (400, 403)


def test_another_sellers_orders_are_nowhere(sp: SpShop) -> None:
    rival = sp.token(an_sp_seller("A3RIVAL"))
    path = f"{V0}/{order_id(1)}"
    assert sp.call("GET", path, token=rival).status_code == 404
    assert sp.call("GET", f"{path}/orderItems", token=rival).status_code == 400
    assert sp.call("GET", f"{NEW}/{order_id(1)}", token=rival).status_code == 404
    query = {"MarketplaceIds": JAPAN, "CreatedAfter": "2026-11-01"}
    assert sp.call("GET", V0, query=query, token=rival).json["payload"]["Orders"] == []
    assert sp.call("GET", NEW, query={"createdAfter": "2026-11-01"}, token=rival).json["orders"] == []


def test_an_order_of_many_lines_is_told_page_by_page(tmp_path: Path) -> None:
    items = tuple(replace(an_item(), order_item_code=item_code(number)) for number in range(1, 151))
    sp = having(tmp_path, order(1, *items))
    first = sp.call("GET", f"{V0}/{order_id(1)}/orderItems").json["payload"]
    rest = sp.call("GET", f"{V0}/{order_id(1)}/orderItems", query={"NextToken": first["NextToken"]}).json["payload"]
    assert (len(first["OrderItems"]), len(rest["OrderItems"])) == (100, 50)
    assert "NextToken" not in rest


def test_once_amazon_has_ended_the_reads_of_v0_only_they_are_gone(tmp_path: Path) -> None:
    later = a_shop(tmp_path, operations=WITHOUT_V0_READS)
    for path in ("", f"/{order_id(1)}", f"/{order_id(1)}/orderItems"):
        assert error_of(later.call("GET", V0 + path)) == (
            403, "Unauthorized", "Access to requested resource is denied.", ""
        )  # fmt: skip
    assert later.call("GET", f"{NEW}/{order_id(1)}").status_code == 200
    assert later.call("POST", f"{V0}/{order_id(1)}/shipmentConfirmation", {}).status_code == 400
