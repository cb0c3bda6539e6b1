"""Reports of orders in XML."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from xml.etree import ElementTree

from msgspec.structs import replace

from feedproc.feeds.report_request import ReportStatus
from feedproc.imports.order_report import read_order_report
from feedproc.orders.order import Cancellation, Gift, Order, OrderStatus, PaymentTerms, Promotion
from tests.reporttypes.builders import BOUGHT, CHANGED, JAPAN, Shop, towels

ORDERS, PENDING = "GET_ORDERS_DATA", "GET_PENDING_ORDERS_DATA"
BY_UPDATE = "GET_XML_ALL_ORDERS_DATA_BY_LAST_UPDATE"


def read(shop: Shop, report_type: str) -> ElementTree.Element:
    return ElementTree.fromstring(shop.read(report_type, is_scheduled=report_type == ORDERS))


def texts(root: ElementTree.Element, path: str) -> list[str | None]:
    return [one.text for one in root.findall(path)]


def test_an_order_report_has_its_elements_in_amazons_order() -> None:
    shop = Shop()
    shop.load(towels())
    root = read(shop, ORDERS)
    assert texts(root, "Header/*") == ["1.01", "M_A2SHOP_1"]
    assert texts(root, "MessageType") == ["OrderReport"]
    (order,) = root.findall("Message/OrderReport")
    assert [one.tag for one in order] == (
        ["AmazonOrderID", "AmazonSessionID", "OrderDate", "OrderPostedDate", "BillingData", "FulfillmentData", "Item"]
    )
    assert [one.tag for one in order.findall("FulfillmentData/Address/*")] == (
        ["Name", "AddressFieldOne", "City", "StateOrRegion", "PostalCode", "CountryCode", "PhoneNumber"]
    )
    assert texts(order, "Item/ItemPrice/Component/Type") == ["Principal", "Shipping", "Tax", "ShippingTax"]
    assert texts(order, "Item/ItemPrice/Component/Amount") == ["1760.00", "410.00", "0.00", "0.00"]
    assert texts(order, "Item/ItemFees/Fee/Amount") == ["-176.00"]


# Recorded in Amazon-MWS of interchange, t/order-reports.t, Germany 2015 and US 2008. Left out are what no order of ours
# knows: the tax code of a product, taxes by jurisdiction, and the address of a bill.
RECORDED_LINE = ["AmazonOrderItemCode", "SKU", "Title", "Quantity", "ItemPrice", "ItemFees", "Promotion"]
RECORDED_BILL = ["BuyerEmailAddress", "BuyerName", "BuyerPhoneNumber"]
RECORDED_PROMOTION = ["PromotionClaimCode", "MerchantPromotionID", "Component"]


def test_lines_and_bills_of_an_order_report_stand_as_recorded_ones_do() -> None:
    shop = Shop()
    (item,) = towels().items
    shop.load(towels(items=(replace(item, promotions=(Promotion("FREE", {"Principal": Decimal(-1)}),)),)))
    (order,) = read(shop, ORDERS).findall("Message/OrderReport")
    assert [one.tag for one in order.findall("Item/*")] == RECORDED_LINE
    assert [one.tag for one in order.findall("BillingData/*")] == RECORDED_BILL
    assert [one.tag for one in order.findall("Item/Promotion/*")] == RECORDED_PROMOTION
    assert texts(order, "Item/Promotion/PromotionClaimCode") == ["_SITE_WIDE_"]


def test_what_an_order_report_tells_can_be_loaded_as_an_order() -> None:
    shop = Shop()
    (item,) = towels().items
    discount = Promotion("SUMMER", {"Principal": Decimal("-100.00")}, "_SITE_WIDE_")
    charges = {**item.charges, "Tax": Decimal(80), "ShippingTax": Decimal(0), "GiftWrap": Decimal(50)}
    given = replace(item, charges=charges, promotions=(discount,), gift=Gift("Für <dich> & mich", "Paper"))
    shop.load(towels(items=(given,)))
    (order,) = read_order_report(BytesIO(shop.read(ORDERS, is_scheduled=True)), JAPAN)
    assert isinstance(order, Order)
    assert order.items[0].charges == charges
    assert (order.items[0].promotions, order.items[0].gift) == ((discount,), given.gift)
    assert (order.buyer, order.ship_to, order.purchased_at) == (towels().buyer, towels().ship_to, BOUGHT)


def test_an_order_that_is_cancelled_altogether_is_in_no_order_report() -> None:
    shop = Shop()
    (item,) = towels().items
    shop.load(towels(items=(replace(item, cancellations=(Cancellation(2, BOUGHT),)),)))
    assert shop.produce(ORDERS, is_scheduled=True).status is ReportStatus.DONE_NO_DATA


def test_a_report_of_all_orders_tells_no_buyer_and_no_street() -> None:
    shop = Shop()
    shop.load(towels(), towels(amazon_order_id="250-0000000-0000001", updated_at=CHANGED + timedelta(hours=1)))
    raw = shop.read(BY_UPDATE)
    root = ElementTree.fromstring(raw)
    assert raw.startswith(b'<?xml version="1.0" encoding="ISO-8859-1"?>')
    assert texts(root, "Header/*") == ["1.00"]
    assert texts(root, "Message/Order/AmazonOrderID") == ["250-0000000-0000001", "250-1234567-7654321"]
    order = root.findall("Message/Order")[1]
    told = (
        "AmazonOrderID PurchaseDate LastUpdatedDate OrderStatus SalesChannel FulfillmentData IsBusinessOrder OrderItem"
    )
    assert [one.tag for one in order] == told.split()
    assert texts(order, "FulfillmentData/Address/*") == ["千代田区", "東京都", "100-0005", "JP"]
    assert texts(order, "OrderItem/ItemPrice/Component/Amount") == ["1760.0", "410.0"]
    assert "佐藤" not in ElementTree.tostring(root, "unicode")


def test_pending_orders_come_in_a_report_of_their_own() -> None:
    shop = Shop()
    shop.load(towels(marker=OrderStatus.PENDING, payment=PaymentTerms("CVS")))
    root = read(shop, PENDING)
    assert texts(root, "MessageType") == ["PendingOrderReport"]
    assert [one.tag for one in root.findall("Message/PendingOrderReport/*")] == (
        ["AmazonOrderID", "OrderDate", "PaymentType", "Item"]
    )
    assert texts(root, "Message/PendingOrderReport/PaymentType") == ["CVS"]


def test_characters_that_xml_forbids_do_not_spoil_a_report() -> None:
    shop = Shop()
    (item,) = towels().items
    shop.load(towels(items=(replace(item, title="A\x00\x1b<&]]>B"),)))
    assert texts(read(shop, ORDERS), "Message/OrderReport/Item/Title") == ["A\ufffd\ufffd<&]]>B"]
