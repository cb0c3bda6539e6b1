"""What recorded orders and their lines hold beside ours: a table of what was compared, source by source.

The recordings are public; only their facts stand here. Amazon added elements over the years, and took some away: what
ours have beyond a recording came later, and what they lack is named with the reason.
"""

from dataclasses import dataclass

from feedproc.orders.order import Order
from tests.mws.test_mws_orders import an_item, cancelled, order, pending, shipped

ZIP = "python-amazon-mws-tools of ziplokk1, mwstools/requesters/responses at 1821e7d, US 2016"
PYM = "pymws of fulfilio, tests/responses/orders, US 2020"
ADV = "mws-advanced of ericblade, test/mock/ListOrderItems.json, US 2018"
TRY = "trytond-amazon-mws of openlabs, tests/json/orders, US 2013"
INT_2014 = "Amazon-MWS of interchange, t/orders.t, Germany 2014"
INT_2018 = "Amazon-MWS of interchange, t/orders-tax.t, US and Canada 2018"

TRADED_IN_2013 = (
    "AmazonOrderId BuyerEmail BuyerName EarliestShipDate FulfillmentChannel LastUpdateDate LatestShipDate MarketplaceId"
    " NumberOfItemsShipped NumberOfItemsUnshipped OrderStatus OrderTotal OrderType PaymentMethod PurchaseDate"
    " SalesChannel ShipServiceLevel ShipmentServiceLevelCategory ShippedByAmazonTFM ShippingAddress"
)
DELIVERY = " EarliestDeliveryDate LatestDeliveryDate"
FLAGS = " IsBusinessOrder IsPremiumOrder IsPrime"
SINCE_2018 = " IsReplacementOrder PaymentMethodDetails"
SINCE_2020 = " IsGlobalExpressEnabled IsSoldByAB"
AMAZONS_IN_2016 = (
    "LatestShipDate OrderType PurchaseDate AmazonOrderId LastUpdateDate ShipServiceLevel NumberOfItemsShipped"
    " OrderStatus SalesChannel IsBusinessOrder NumberOfItemsUnshipped IsPremiumOrder EarliestShipDate MarketplaceId"
    " FulfillmentChannel PaymentMethod IsPrime ShipmentServiceLevelCategory SellerOrderId"
)
AMAZONS_IN_2020 = (
    "LatestShipDate OrderType PurchaseDate AmazonOrderId LastUpdateDate IsReplacementOrder NumberOfItemsShipped"
    " ShipServiceLevel OrderStatus SalesChannel IsBusinessOrder NumberOfItemsUnshipped PaymentMethodDetails"
    " IsGlobalExpressEnabled IsSoldByAB IsPremiumOrder EarliestShipDate MarketplaceId FulfillmentChannel PaymentMethod"
    " IsPrime SellerOrderId ShipmentServiceLevelCategory"
)
PAID = " BuyerEmail BuyerName OrderTotal ShippingAddress"
LINE = "QuantityOrdered Title ASIN SellerSKU OrderItemId QuantityShipped"
MONEY = " ItemPrice ShippingPrice ItemTax ShippingTax ShippingDiscount PromotionDiscount"
CONDITION = " ConditionId ConditionSubtypeId"
WRAP = " GiftWrapPrice GiftWrapTax"
LATER_IN_LINES = " IsTransparency ShippingDiscountTax PromotionDiscountTax"


@dataclass(frozen=True)
class RecordedElement:
    """One recorded order, or line of one."""

    source: str
    element: str
    """`Order` or `OrderItem`."""
    ours: Order
    names: str
    """What it holds."""
    came: str = ""
    """What Amazon added after the recording."""
    absent: str = ""
    """What ours does not hold."""
    why_absent: str = ""
    is_in_order: bool = False
    """The recording kept the order of elements, and it is that of 2020."""

    def __str__(self) -> str:
        return f"{self.element} {self.ours.status} of {self.source}"


NO_NAMES = "buyers of orders that Amazon ships are not named since July 2021"
NO_WRAP = "since 2020 only where something is wrapped"
ABROAD = "of sellers in the European Union and Turkey, by invoice; not in Japan"
AMAZONS, AMAZONS_WAITING = (
    order(1, an_item(quantity_shipped=2), fulfilled_by_amazon=True),
    pending(fulfilled_by_amazon=True),
)
RECORDED_ORDERS = (
    RecordedElement(ZIP, "Order", AMAZONS, AMAZONS_IN_2016 + PAID, SINCE_2018 + SINCE_2020, "BuyerName", NO_NAMES),
    RecordedElement(ZIP, "Order", AMAZONS_WAITING, AMAZONS_IN_2016, SINCE_2018 + SINCE_2020),
    RecordedElement(PYM, "Order", AMAZONS, AMAZONS_IN_2020 + PAID, absent="BuyerName", why_absent=NO_NAMES),
    RecordedElement(PYM, "Order", AMAZONS_WAITING, AMAZONS_IN_2020, is_in_order=True),
    RecordedElement(TRY, "Order", shipped(), TRADED_IN_2013, DELIVERY + FLAGS + SINCE_2018 + SINCE_2020 + " IsISPU"),
    RecordedElement(
        INT_2014, "Order", shipped(), TRADED_IN_2013 + DELIVERY + FLAGS, SINCE_2018 + SINCE_2020 + " IsISPU"
    ),
    RecordedElement(
        INT_2018,
        "Order",
        order(),
        TRADED_IN_2013 + DELIVERY + FLAGS + SINCE_2018 + " TaxRegistrationDetails",
        SINCE_2020 + " IsISPU",
        "TaxRegistrationDetails",
        ABROAD,
    ),
    RecordedElement(
        INT_2018,
        "Order",
        cancelled(),
        "AmazonOrderId EarliestShipDate FulfillmentChannel LastUpdateDate LatestShipDate MarketplaceId"
        " NumberOfItemsShipped NumberOfItemsUnshipped OrderStatus OrderType PurchaseDate SalesChannel ShipServiceLevel"
        " ShipmentServiceLevelCategory TaxRegistrationDetails" + FLAGS + SINCE_2018,
        SINCE_2020 + " IsISPU OrderTotal ShippedByAmazonTFM",
        "TaxRegistrationDetails",
        ABROAD,
    ),
    RecordedElement(ZIP, "OrderItem", AMAZONS_WAITING, LINE, " IsGift ProductInfo", is_in_order=True),
    RecordedElement(
        PYM,
        "OrderItem",
        AMAZONS,
        "TaxCollection QuantityOrdered Title ShippingTax PromotionDiscount ConditionId IsGift ASIN SellerSKU"
        " OrderItemId ShippingDiscountTax IsTransparency ProductInfo QuantityShipped ShippingPrice ConditionSubtypeId"
        " ItemPrice ItemTax ShippingDiscount PromotionDiscountTax",
        absent="TaxCollection",
        why_absent="where the marketplace collects the tax, as in the US",
        is_in_order=True,
    ),
    RecordedElement(
        ADV,
        "OrderItem",
        cancelled(),
        "QuantityOrdered Title IsGift ASIN SellerSKU OrderItemId ProductInfo QuantityShipped",
        is_in_order=True,
    ),
    RecordedElement(
        INT_2018,
        "OrderItem",
        cancelled(),
        LINE + CONDITION + " IsGift ProductInfo",
        absent=CONDITION,
        why_absent="the recording of the same year by mws-advanced has none",
    ),
    RecordedElement(
        TRY,
        "OrderItem",
        shipped(),
        LINE + CONDITION + MONEY + WRAP,
        " IsGift ProductInfo" + LATER_IN_LINES,
        WRAP,
        NO_WRAP,
    ),
    RecordedElement(
        INT_2014,
        "OrderItem",
        shipped(),
        LINE + CONDITION + MONEY + WRAP,
        " IsGift ProductInfo" + LATER_IN_LINES,
        WRAP,
        NO_WRAP,
    ),
    RecordedElement(
        INT_2018,
        "OrderItem",
        order(),
        LINE + CONDITION + MONEY + WRAP + " IsGift ProductInfo TaxCollection",
        LATER_IN_LINES,
        WRAP + " TaxCollection",
        NO_WRAP,
    ),
)
