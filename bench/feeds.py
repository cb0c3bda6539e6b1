"""Feeds of any size for the benchmarks."""

from collections.abc import Iterable, Iterator
from pathlib import Path

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<AmazonEnvelope xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="amzn-envelope.xsd">
  <Header>
    <DocumentVersion>1.01</DocumentVersion>
    <MerchantIdentifier>{merchant}</MerchantIdentifier>
  </Header>
  <MessageType>OrderAdjustment</MessageType>
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


def adjustments(orders: Iterable[tuple[str, str]], merchant: str, reason: str = "CustomerReturn") -> Iterator[str]:
    """Yield the text of a feed that refunds a part of each (order id, item code)."""
    yield HEAD.format(merchant=merchant)
    for number, (order_id, item_code) in enumerate(orders, 1):
        yield ADJUSTMENT.format(number=number, order_id=order_id, item_code=item_code, reason=reason)
    yield TAIL


def numbered(count: int) -> Iterator[tuple[str, str]]:
    """Yield the names of orders that need not exist."""
    for number in range(count):
        yield f"250-{number // 10_000_000:07d}-{number % 10_000_000:07d}", f"{number:014d}"


def written(path: Path, text: Iterable[str]) -> Path:
    """Write a feed to a file."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(text)
    return path
