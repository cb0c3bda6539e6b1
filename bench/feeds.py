"""Feeds of any kind and size for the benchmarks."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<AmazonEnvelope xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="amzn-envelope.xsd">
  <Header>
    <DocumentVersion>1.01</DocumentVersion>
    <MerchantIdentifier>{merchant}</MerchantIdentifier>
  </Header>
  <MessageType>{message_type}</MessageType>
"""
ADJUSTMENT = """  <Message>
    <MessageID>{number}</MessageID>
    <OrderAdjustment>
      <AmazonOrderID>{order_id}</AmazonOrderID>
      <AdjustedItem>
        <AmazonOrderItemCode>{item_code}</AmazonOrderItemCode>
        <MerchantAdjustmentItemID>adjustment-{number}</MerchantAdjustmentItemID>
        <AdjustmentReason>{reason}</AdjustmentReason>
        <ItemPriceAdjustments>
          <Component>
            <Type>Principal</Type>
            <Amount currency="JPY">100.00</Amount>
          </Component>
          <Component>
            <Type>Tax</Type>
            <Amount currency="JPY">10.00</Amount>
          </Component>
        </ItemPriceAdjustments>
      </AdjustedItem>
    </OrderAdjustment>
  </Message>
"""
TAIL = "</AmazonEnvelope>\n"
_SHIP = """  <Message>
    <MessageID>{number}</MessageID>
    <OrderFulfillment>
      <AmazonOrderID>{order_id}</AmazonOrderID>
      <MerchantFulfillmentID>{number}</MerchantFulfillmentID>
      <FulfillmentDate>2026-11-20T10:00:00+09:00</FulfillmentDate>
      <FulfillmentData>
        <CarrierCode>YAMATO</CarrierCode>
        <ShippingMethod>Takkyubin</ShippingMethod>
        <ShipperTrackingNumber>4700{number:08d}</ShipperTrackingNumber>
      </FulfillmentData>
    </OrderFulfillment>
  </Message>
"""
_CANCEL = """  <Message>
    <MessageID>{number}</MessageID>
    <OrderAcknowledgement>
      <AmazonOrderID>{order_id}</AmazonOrderID>
      <StatusCode>Failure</StatusCode>
      <Item>
        <AmazonOrderItemCode>{item_code}</AmazonOrderItemCode>
        <CancelReason>BuyerCanceled</CancelReason>
      </Item>
    </OrderAcknowledgement>
  </Message>
"""
_ACKNOWLEDGEMENT = """  <Message>
    <MessageID>{number}</MessageID>
    <OrderAcknowledgement>
      <AmazonOrderID>{order_id}</AmazonOrderID>
      <MerchantOrderID>own-{number}</MerchantOrderID>
      <StatusCode>Success</StatusCode>
      <Item>
        <AmazonOrderItemCode>{item_code}</AmazonOrderItemCode>
        <MerchantOrderItemID>own-{number}-1</MerchantOrderItemID>
      </Item>
    </OrderAcknowledgement>
  </Message>
"""
_COLUMNS = (
    "order-id",
    "order-item-id",
    "adjustment-reason-code",
    "currency",
    "item-price-adj",
    "item-tax-adj",
    "shipping-price-adj",
    "shipping-tax-adj",
    "gift-wrap-price-adj",
    "gift-wrap-tax-adj",
)
_ROW = "{order_id}\t{item_code}\t{reason}\tJPY\t100.00\t10.00\t\t\t\t\r\n"

Named = tuple[str, str]
"""Id of an order, and code of its first item."""


class Kind(NamedTuple):
    """Of a feed: its type, and what its messages are made from."""

    feed_type: str
    message_type: str
    message: str
    """With places as `str.format` has them."""


KINDS = {
    "adjustments": Kind("POST_PAYMENT_ADJUSTMENT_DATA", "OrderAdjustment", ADJUSTMENT),
    "ships": Kind("POST_ORDER_FULFILLMENT_DATA", "OrderFulfillment", _SHIP),
    "cancels with restocking": Kind("POST_ORDER_ACKNOWLEDGEMENT_DATA", "OrderAcknowledgement", _CANCEL),
    "acknowledgements": Kind("POST_ORDER_ACKNOWLEDGEMENT_DATA", "OrderAcknowledgement", _ACKNOWLEDGEMENT),
    "adjustments as a flat file": Kind("POST_FLAT_FILE_PAYMENT_ADJUSTMENT_DATA", "", _ROW),
}


def make_feed(kind: str, orders: Iterable[Named], merchant: str, faulty: int = 0) -> Iterator[str]:
    """Yield the text of a feed with a message a (order id, item code).

    Of adjustments, each message whose number `faulty` divides has a reason that there is not.
    """
    _, message_type, message = KINDS[kind]
    yield HEAD.format(merchant=merchant, message_type=message_type) if message_type else "\t".join(_COLUMNS) + "\r\n"
    for number, (order_id, item_code) in enumerate(orders, 1):
        reason = "NoSuchReason" if faulty and number % faulty == 0 else "CustomerReturn"
        yield message.format(number=number, order_id=order_id, item_code=item_code, reason=reason)
    yield TAIL if message_type else ""


def make_names(count: int) -> Iterator[Named]:
    """Yield the names of orders that need not exist."""
    for number in range(count):
        yield f"250-{number // 10_000_000:07d}-{number % 10_000_000:07d}", f"{number:014d}"


def write_feed(path: Path, text: Iterable[str]) -> Path:
    """Write a feed to a file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(text)
    return path
