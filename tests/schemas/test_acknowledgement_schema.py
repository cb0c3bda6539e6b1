"""What an OrderAcknowledgement may hold, as published."""

from lxml import etree

from tests.schemas.documents import ITEM, ORDER, OUR_ITEM, OUR_ORDER, Case, acknowledge, assert_verdict, cancel, each

ACKNOWLEDGEMENTS = (
    Case("an order id and a status suffice", acknowledge()),
    Case("the merchant's order id comes beside Amazon's", acknowledge(ORDER + OUR_ORDER)),
    Case("the merchant's order id does not stand alone", acknowledge(OUR_ORDER), "MerchantOrderID"),
    Case("an item is named by Amazon's code", acknowledge(items=f"<Item>{ITEM}{OUR_ITEM}</Item>")),
    Case(
        "an item is not named by the merchant's id alone",
        acknowledge(items=f"<Item>{OUR_ITEM}</Item>"),
        "MerchantOrderItemID",
    ),
    Case("a failure needs no items", acknowledge(status="Failure")),
    Case("a failure's item needs no reason", acknowledge(status="Failure", items=f"<Item>{ITEM}</Item>")),
    Case(
        "a success may carry a reason",
        acknowledge(items=f"<Item>{ITEM}<CancelReason>NoInventory</CancelReason></Item>"),
    ),
    Case(
        "a reason does not stand on the order",
        acknowledge(status="Failure", items="<CancelReason>NoInventory</CancelReason>"),
        "CancelReason",
    ),
    Case("a reason spelled BuyerCanceled is known", cancel("BuyerCanceled")),
    Case("a reason spelled BuyerCancelled is not", cancel("BuyerCancelled"), "CancelReason"),
    Case("the adjustment's CustomerCancel is no reason here", cancel("CustomerCancel"), "CancelReason"),
    Case("the newer reason PricingError is known", cancel("PricingError")),
    Case("the newer reason WeatherDelay is known", cancel("WeatherDelay")),
    Case("the adjustment's PriceError is no reason here", cancel("PriceError"), "CancelReason"),
    Case("the adjustment's CouldNotShip is no reason here", cancel("CouldNotShip"), "CancelReason"),
    Case(
        "an item may have a quantity after its reason", acknowledge(items=f"<Item>{ITEM}<Quantity>1</Quantity></Item>")
    ),
    Case("a quantity is not zero", acknowledge(items=f"<Item>{ITEM}<Quantity>0</Quantity></Item>"), "Quantity"),
    Case("a status is not trimmed", acknowledge(status=" Success"), "StatusCode"),
)


@each(ACKNOWLEDGEMENTS)
def test_an_acknowledgement_is_read_as_published(schema: etree.XMLSchema, case: Case) -> None:
    assert_verdict(schema, case)
