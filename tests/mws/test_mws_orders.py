"""The section Orders: lists of orders, orders by id, and their lines."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from feedproc.mws.throttle import QuotaMode
from feedproc.orders.order import (
    Address,
    Buyer,
    Cancellation,
    Gift,
    Item,
    Order,
    OrderStatus,
    Payment,
    PaymentTerms,
    Program,
    Promotion,
)
from tests.builders import an_order, order_id
from tests.mws.builders import NOON, a_seller
from tests.mws.orders import JAPAN, OrderServer

MORNING = datetime(2018, 4, 26, 3, 33, 14, 120_000, UTC)
"""A Thursday, 12:33 in Japan."""
SATO = Buyer("佐藤 蓮", "a1b2c3@marketplace.example")
HOME = Address("佐藤 蓮", ("丸の内1-9-1",), "千代田区", "", "東京都", "100-0005", "JP")


def an_item(number: int = 1, quantity: int = 2, cancelled: int = 0, **changed: Any) -> Item:
    gone = (Cancellation(cancelled, NOON - timedelta(hours=1), "NoInventory"),) if cancelled else ()
    charges = {"Principal": Decimal(1760), "Shipping": Decimal(410)}
    return Item(
        f"{number:014d}",
        f"JP-{number:04d}",
        quantity,
        **{"charges": charges, "title": "タオル", "cancellations": gone} | changed,
    )


def order(number: int = 1, *items: Item, **changed: Any) -> Order:
    known = {
        "purchased_at": MORNING,
        "marketplace_id": JAPAN,
        "buyer": SATO,
        "ship_to": HOME,
        "service_level": "Std JP Domestic",
    }
    return an_order(number, **known | {"items": items or (an_item(),)} | changed)


def serving(*orders: Order, **options: Any) -> OrderServer:
    server = OrderServer(**options)
    server.load(*orders)
    return server


def shipped(number: int = 1) -> Order:
    return order(number, an_item(quantity_shipped=2))


def cancelled(number: int = 1) -> Order:
    return order(number, an_item(cancelled=2))


def pending(number: int = 1, **changed: Any) -> Order:
    return order(number, marker=OrderStatus.PENDING, **changed)


# Recorded in 2020 for a shipped order of a seller in Singapore, in this order.
RECORDED = """
LatestShipDate OrderType PurchaseDate AmazonOrderId BuyerEmail LastUpdateDate IsReplacementOrder NumberOfItemsShipped
ShipServiceLevel OrderStatus SalesChannel ShippedByAmazonTFM IsBusinessOrder NumberOfItemsUnshipped LatestDeliveryDate
PaymentMethodDetails IsGlobalExpressEnabled IsSoldByAB BuyerName EarliestDeliveryDate IsPremiumOrder OrderTotal
EarliestShipDate MarketplaceId FulfillmentChannel PaymentMethod ShippingAddress IsISPU IsPrime
ShipmentServiceLevelCategory
""".split()  # noqa: SIM905 - as long as a list it could not be read
NOT_IN_CANCELLED = {
    "BuyerEmail",
    "BuyerName",
    "LatestDeliveryDate",
    "EarliestDeliveryDate",
    "PaymentMethod",
    "ShippingAddress",
}
NOT_IN_PENDING = (NOT_IN_CANCELLED - {"PaymentMethod"}) | {"OrderTotal", "ShippedByAmazonTFM", "IsISPU"}


@pytest.mark.parametrize(
    ("one", "missing"),
    [(shipped(), set()), (order(), set()), (cancelled(), NOT_IN_CANCELLED), (pending(), NOT_IN_PENDING)],
    ids=["shipped", "unshipped", "cancelled", "pending"],
)
def test_an_order_has_the_recorded_elements_of_its_status_in_their_order(one: Order, missing: set[str]) -> None:
    assert serving(one).list().children("Order") == [name for name in RECORDED if name not in missing]


def test_a_shipped_order_reads_as_recorded_ones_do() -> None:
    told = serving(shipped()).list().one("Order")
    assert told == {
        "LatestShipDate": "2018-04-30T14:59:59Z",
        "OrderType": "StandardOrder",
        "PurchaseDate": "2018-04-26T03:33:14.120Z",
        "AmazonOrderId": order_id(1),
        "BuyerEmail": "a1b2c3@marketplace.example",
        "LastUpdateDate": "2018-04-26T03:33:14.120Z",
        "IsReplacementOrder": "false",
        "NumberOfItemsShipped": "2",
        "ShipServiceLevel": "Std JP Domestic",
        "OrderStatus": "Shipped",
        "SalesChannel": "Amazon.co.jp",
        "ShippedByAmazonTFM": "false",
        "IsBusinessOrder": "false",
        "NumberOfItemsUnshipped": "0",
        "LatestDeliveryDate": "2018-05-07T14:59:59Z",
        "PaymentMethodDetails": {"PaymentMethodDetail": "CreditCard"},
        "IsGlobalExpressEnabled": "false",
        "IsSoldByAB": "false",
        "BuyerName": "佐藤 蓮",
        "EarliestDeliveryDate": "2018-04-28T15:00:00Z",
        "IsPremiumOrder": "false",
        "OrderTotal": {"Amount": "2170.00", "CurrencyCode": "JPY"},
        "EarliestShipDate": "2018-04-26T15:00:00Z",
        "MarketplaceId": JAPAN,
        "FulfillmentChannel": "MFN",
        "PaymentMethod": "Other",
        "ShippingAddress": {
            "PostalCode": "100-0005",
            "isAddressSharingConfidential": "false",
            "StateOrRegion": "東京都",
            "CountryCode": "JP",
            "Name": "佐藤 蓮",
            "AddressLine1": "千代田区丸の内1-9-1",
        },
        "IsISPU": "false",
        "IsPrime": "false",
        "ShipmentServiceLevelCategory": "Standard",
    }


def test_an_order_that_amazon_fulfils_tells_no_street_and_has_its_own_id_as_the_sellers() -> None:
    told = serving(order(fulfilled_by_amazon=True)).list().one("Order")
    assert (told["FulfillmentChannel"], told["SellerOrderId"]) == ("AFN", order_id(1))
    assert not {"BuyerName", "LatestDeliveryDate", "ShippedByAmazonTFM", "IsISPU"} & told.keys()
    assert not {"Name", "AddressLine1", "Phone"} & told["ShippingAddress"].keys()


def test_an_order_paid_on_delivery_tells_how() -> None:
    terms = PaymentTerms("COD", ("COD",), (Payment("COD", Decimal(2000)), Payment("GC", Decimal(170))))
    reply = serving(order(payment=terms)).list()
    assert reply.text("PaymentMethodDetail") == "COD"
    assert reply.texts("PaymentMethod") == ["COD", "GC", "COD"]
    assert reply.one("PaymentExecutionDetail")["PaymentExecutionDetailItem"]["Payment"]["Amount"] == "170.00"


def test_a_replacement_names_what_it_replaces_and_programs_are_flags() -> None:
    told = (
        serving(order(replaced_order_id="250-0000009-0000009", programs=(Program.PRIME, Program.BUSINESS)))
        .list()
        .one("Order")
    )
    assert (told["IsReplacementOrder"], told["ReplacedOrderId"]) == ("true", "250-0000009-0000009")
    assert (told["IsPrime"], told["IsBusinessOrder"], told["IsPremiumOrder"]) == ("true", "true", "false")


def test_a_preorder_shows_its_buyer_while_it_waits() -> None:
    told = serving(order(marker=OrderStatus.PENDING_AVAILABILITY)).list().one("Order")
    assert (told["OrderType"], told["BuyerEmail"]) == ("Preorder", "a1b2c3@marketplace.example")
    assert "ShippingAddress" not in told


def test_cancelled_units_come_off_the_numbers_and_the_total() -> None:
    told = serving(order(1, an_item(quantity=4, cancelled=1))).list().one("Order")
    assert (told["NumberOfItemsUnshipped"], told["OrderTotal"]["Amount"]) == ("3", "1628.00")


def test_the_frame_is_that_of_the_section() -> None:
    reply = serving().list()
    assert reply.reply.body.startswith(
        b'<?xml version="1.0"?>\n<ListOrdersResponse xmlns="https://mws.amazonservices.com/Orders/2013-09-01">\n'
        b"  <ListOrdersResult>\n    <Orders/>\n"
    )
    assert not [name for name, _ in reply.reply.headers if name.startswith("x-mws-quota")]
    assert reply.result() == ["Orders", "CreatedBefore"]


def test_a_list_tells_its_own_upper_bound_two_minutes_ago() -> None:
    server = serving()
    assert server.list().text("CreatedBefore") == "2018-04-27T11:58:00.379Z"
    updated = server.list(CreatedAfter="", LastUpdatedAfter="2018-01-01")
    assert updated.result() == ["Orders", "LastUpdatedBefore"]
    early = server.list(CreatedBefore="2018-04-01T00:00:00+09:00")
    assert early.text("CreatedBefore") == "2018-03-31T15:00:00.000Z"
    late = server.list(CreatedBefore="2018-04-27T11:59:30Z")
    assert late.text("CreatedBefore") == "2018-04-27T11:58:00.379Z"


def test_a_fresh_order_is_seen_after_two_minutes_in_lists_and_at_once_by_its_id() -> None:
    server = serving(order(purchased_at=NOON))
    assert server.list().texts("AmazonOrderId") == []
    assert server.ask("GetOrder", AmazonOrderId__Id__1=order_id(1)).text("AmazonOrderId") == order_id(1)
    server.pass_time(minutes=2)
    assert server.list().texts("AmazonOrderId") == [order_id(1)]


def test_nothing_is_delayed_for_the_local_seller() -> None:
    server = serving(order(purchased_at=NOON), is_well_known=lambda _: True)
    assert server.list().texts("AmazonOrderId") == [order_id(1)]


def test_orders_come_by_purchase_or_by_update_oldest_first() -> None:
    late = replace(order(1), updated_at=NOON - timedelta(hours=1))
    early = order(2, purchased_at=MORNING + timedelta(hours=1))
    server = serving(late, early)
    assert server.list().texts("AmazonOrderId") == [order_id(1), order_id(2)]
    assert server.list(CreatedAfter="", LastUpdatedAfter="2018-01-01").texts("AmazonOrderId") == [
        order_id(2),
        order_id(1),
    ]


@pytest.mark.parametrize("size", ["1", "2", "3"])
def test_pages_hold_every_order_once_and_keep_the_first_bound(size: str) -> None:
    server = serving(*(order(number, purchased_at=MORNING + timedelta(minutes=number)) for number in range(1, 6)))
    reply = server.list(MaxResultsPerPage=size)
    bound, found = reply.text("CreatedBefore"), reply.texts("AmazonOrderId")
    while tokens := reply.texts("NextToken"):
        server.pass_time(seconds=30)
        reply = server.ask("ListOrdersByNextToken", NextToken=tokens[0])
        assert reply.text("CreatedBefore") == bound
        found += reply.texts("AmazonOrderId")
    assert found == [order_id(number) for number in range(1, 6)]


FILTERS = [
    ({"OrderStatus__Status__1": "Shipped"}, [2]),
    ({"OrderStatus__Status__1": "Unshipped"}, [1, 6]),
    ({"OrderStatus__Status__1": "Canceled", "OrderStatus__Status__2": "Pending"}, [3, 4]),
    ({"FulfillmentChannel__Channel__1": "AFN"}, [5]),
    ({"FulfillmentChannel__Channel__1": "AFN", "FulfillmentChannel__Channel__2": "MFN"}, [1, 2, 3, 4, 5, 6]),
    ({"PaymentMethod__Method__1": "COD"}, [6]),
    ({"PaymentMethod__1": "COD"}, [6]),
    ({"BuyerEmail": "A1B2C3@marketplace.example"}, [1, 2, 3, 4, 5, 6]),
    ({"BuyerEmail": "nobody@marketplace.example"}, []),
    ({"SellerOrderId": "SHOP-6"}, [6]),
    ({"SellerOrderId": order_id(5)}, [5]),
    ({"SellerOrderId": order_id(1)}, []),
    ({"TFMShipmentStatus__Status__1": "PendingPickUp"}, []),
    ({"OrderStatus": "Shipped"}, [1, 2, 3, 4, 5, 6]),
    ({"CreatedAfter": "2018-04-26T03:33:14.120Z", "CreatedBefore": "2018-04-26T03:33:14.120Z"}, [1, 2, 3, 4, 5, 6]),
    ({"CreatedAfter": "2018-04-26T03:33:14.121Z"}, []),
]


@pytest.mark.parametrize(("given", "numbers"), FILTERS)
def test_a_list_is_filtered(given: dict[str, str], numbers: list[int]) -> None:
    cod = order(6, payment=PaymentTerms("COD"), merchant_order_id="SHOP-6")
    server = serving(order(1), shipped(2), cancelled(3), pending(4), replace(shipped(5), fulfilled_by_amazon=True), cod)
    if "OrderStatus__Status__1" in given and given["OrderStatus__Status__1"] == "Shipped":
        numbers = [2, 5]
    assert server.list(**given).texts("AmazonOrderId") == [order_id(number) for number in numbers]


REFUSED = [
    ({"CreatedAfter": ""}, "CreatedAfter or LastUpdatedAfter must be specified"),
    ({"LastUpdatedAfter": "2018-01-01"}, "CreatedAfter and LastUpdatedAfter cannot both be specified"),
    ({"MarketplaceId__Id__1": ""}, "Missing required parameter MarketplaceId."),
    ({"MarketplaceId__Id__1": "A1PA6795UKMFR9"}, "Invalid MarketplaceId: A1PA6795UKMFR9"),
    ({"MaxResultsPerPage": "101"}, "MaxResultsPerPage must be a number from 1 to 100"),
    ({"MaxResultsPerPage": "0"}, "MaxResultsPerPage must be a number from 1 to 100"),
    ({"CreatedBefore": "2017-01-01"}, "The CreatedAfter date is after the CreatedBefore date."),
    ({"FulfillmentChannel__Channel__1": "XFN"}, "Invalid FulfillmentChannel: XFN. It must be one of AFN, MFN"),
    ({"BuyerEmail": "a@b", "SellerOrderId": "1"}, "BuyerEmail cannot be specified together with SellerOrderId"),
    (
        {"SellerOrderId": "1", "OrderStatus__Status__1": "Shipped"},
        "SellerOrderId cannot be specified together with OrderStatus.Status",
    ),
    (
        {"SellerOrderId": "1", "CreatedAfter": "", "LastUpdatedAfter": "2018-01-01"},
        "SellerOrderId cannot be specified together with LastUpdatedAfter",
    ),
]


@pytest.mark.parametrize(("given", "message"), REFUSED)
def test_a_list_that_is_asked_for_wrongly_is_refused(given: dict[str, str], message: str) -> None:
    reply = serving().list(**given)
    assert reply.error == (400, "InvalidParameterValue", message)
    assert [one.tag.rpartition("}")[2] for one in reply.root] == ["Error", "RequestId"]


def test_an_error_of_the_gateway_speaks_in_the_sections_namespace_with_a_capital_d() -> None:
    reply = OrderServer(sellers=(a_seller(),)).ask("NoSuchAction")
    assert reply.text("Code") == "InvalidAddress"
    assert [one.tag.rpartition("}")[2] for one in reply.root] == ["Error", "RequestID"]


@pytest.mark.parametrize("token", ["nonsense", "AAAA" * 120])
def test_a_token_that_was_never_given_cannot_be_decoded(token: str) -> None:
    status, code, message = serving().ask("ListOrdersByNextToken", NextToken=token).error
    assert (status, code) == (400, "InvalidParameterValue")
    assert message.startswith("We could not decode your NextToken.")


def test_orders_are_got_by_their_ids_and_unknown_ones_are_left_out() -> None:
    server = serving(order(1), order(2))
    ids = {"AmazonOrderId__Id__1": order_id(2), "AmazonOrderId__Id__2": "FILTERED", "AmazonOrderId__Id__3": order_id(1)}
    assert server.ask("GetOrder", **ids).texts("AmazonOrderId") == [order_id(2), order_id(1)]
    nothing = server.ask("GetOrder", AmazonOrderId="FILTERED")
    assert (nothing.status, nothing.result()) == (200, ["Orders"])


def test_at_most_fifty_orders_are_got_at_once() -> None:
    ids = {f"AmazonOrderId__Id__{number}": order_id(number) for number in range(1, 52)}
    assert serving().ask("GetOrder", **ids).error == (
        400,
        "InvalidParameterValue",
        "AmazonOrderId may name at most 50 orders",
    )


def test_the_lines_of_a_shipped_order_tell_all_amounts() -> None:
    promotion = Promotion("AUTUMN", {"Principal": Decimal(-200), "Shipping": Decimal(-41)})
    server = serving(order(1, an_item(quantity_shipped=2, promotions=(promotion,))))
    reply = server.ask("ListOrderItems", AmazonOrderId=order_id(1))
    assert reply.result() == ["OrderItems", "AmazonOrderId"]
    money = {
        name: value["Amount"]
        for name, value in reply.one("OrderItem").items()
        if isinstance(value, dict) and "Amount" in value
    }
    assert money == {
        "ShippingTax": "0.00",
        "PromotionDiscount": "200.00",
        "ShippingDiscountTax": "0.00",
        "ShippingPrice": "410.00",
        "ItemPrice": "1760.00",
        "ItemTax": "0.00",
        "ShippingDiscount": "41.00",
        "PromotionDiscountTax": "0.00",
    }
    assert reply.text("PromotionId") == "AUTUMN"


# Recorded in 2020.
ITEM = """
QuantityOrdered Title ShippingTax PromotionDiscount ConditionId IsGift ASIN SellerSKU OrderItemId ShippingDiscountTax
IsTransparency ProductInfo QuantityShipped ShippingPrice ConditionSubtypeId ItemPrice ItemTax ShippingDiscount
PromotionDiscountTax
""".split()  # noqa: SIM905 - as above
WITHOUT_MONEY = [
    "QuantityOrdered",
    "Title",
    "IsGift",
    "ASIN",
    "SellerSKU",
    "OrderItemId",
    "ProductInfo",
    "QuantityShipped",
]


@pytest.mark.parametrize(
    ("one", "names", "quantity"),
    [(order(), ITEM, "2"), (shipped(), ITEM, "2"), (pending(), WITHOUT_MONEY, "2"), (cancelled(), WITHOUT_MONEY, "0")],
    ids=["unshipped", "shipped", "pending", "cancelled"],
)
def test_a_line_has_the_recorded_elements_of_its_status_in_their_order(
    one: Order, names: list[str], quantity: str
) -> None:
    reply = serving(one).ask("ListOrderItems", AmazonOrderId=order_id(1))
    assert reply.children("OrderItem") == names
    assert reply.text("QuantityOrdered") == quantity


def test_a_gift_tells_its_message_and_what_its_wrap_costs() -> None:
    charges = {"Principal": Decimal(1000), "GiftWrap": Decimal(300)}
    server = serving(order(1, an_item(charges=charges, gift=Gift("おめでとう", "Classic"))))
    told = server.ask("ListOrderItems", AmazonOrderId=order_id(1)).one("OrderItem")
    assert (told["IsGift"], told["GiftMessageText"], told["GiftWrapLevel"]) == ("true", "おめでとう", "Classic")
    assert (told["GiftWrapPrice"]["Amount"], told["GiftWrapTax"]["Amount"]) == ("300.00", "0.00")


def test_a_buyer_who_wants_to_cancel_is_told_with_the_lines() -> None:
    server = serving(order(buyer_asked_to_cancel=True, buyer_cancel_reason="Found cheaper"))
    told = server.ask("ListOrderItems", AmazonOrderId=order_id(1)).one("OrderItem")["BuyerRequestedCancel"]
    assert told == {"IsBuyerRequestedCancel": "true", "BuyerCancelReason": "Found cheaper"}


def test_an_order_of_many_lines_is_told_page_by_page() -> None:
    server = serving(order(1, *(an_item(number) for number in range(1, 151))))
    first = server.ask("ListOrderItems", AmazonOrderId=order_id(1))
    rest = server.ask("ListOrderItemsByNextToken", NextToken=first.text("NextToken"))
    assert len(first.texts("OrderItem")) == 100
    assert rest.texts("OrderItemId") == [f"{number:014d}" for number in range(101, 151)]
    assert not rest.texts("NextToken")


@pytest.mark.parametrize("name", ["validate", order_id(2), "x" * 5_000])
def test_an_order_that_is_not_there_is_an_invalid_id(name: str) -> None:
    assert serving(order(1)).ask("ListOrderItems", AmazonOrderId=name).error[1:] == (
        "InvalidParameterValue",
        f"Invalid AmazonOrderId: {name}",
    )


def test_a_token_of_orders_is_none_of_items() -> None:
    server = serving(order(1), order(2))
    token = server.list(MaxResultsPerPage="1").text("NextToken")
    assert server.ask("ListOrderItemsByNextToken", NextToken=token).status == 400


def test_another_sellers_orders_are_nowhere() -> None:
    rival = a_seller("A2RIVAL", "AKIARIVALRIVALRIVAL0")
    server = OrderServer(sellers=(a_seller(), rival))
    server.load(order(1), seller_id="A2RIVAL")
    assert server.list().texts("AmazonOrderId") == []
    assert server.ask("GetOrder", AmazonOrderId__Id__1=order_id(1)).texts("AmazonOrderId") == []
    assert server.ask("ListOrderItems", AmazonOrderId=order_id(1)).status == 400


def test_lists_and_their_next_pages_share_a_quota() -> None:
    server = serving(order(1), order(2), quotas=QuotaMode.AMAZON)
    token = server.list(MaxResultsPerPage="1").text("NextToken")
    replies = [server.ask("ListOrdersByNextToken", NextToken=token) for _ in range(6)]
    assert [one.status for one in replies] == [200] * 5 + [503]
    assert replies[-1].text("Code") == "RequestThrottled"
    server.pass_time(minutes=1)
    assert server.ask("ListOrdersByNextToken", NextToken=token).status == 200


def test_the_version_before_answers_in_its_own_namespace() -> None:
    server = serving(order(1), version="2011-01-01")
    assert server.list().text("AmazonOrderId") == order_id(1)
    assert server.ask("GetServiceStatus").text("Status") == "GREEN"
