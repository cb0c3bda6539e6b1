"""Payloads written as a seller writes them, and what a message gave."""

from datetime import datetime
from types import ModuleType
from typing import Any

from lxml import etree

from feedproc.feeds.effects import Effects, Seen
from feedproc.feeds.feed_type import Context
from feedproc.feeds.report import Result, Severity
from feedproc.orders.order import GivenBy, Order, OrderKey
from feedproc.stock.restocking import RESTOCKING
from tests.orders.builders import NOW

JAPAN = "A1VC38T7YXB528"
PARSER = etree.XMLParser(remove_comments=True, remove_pis=True)
"""What decoding relies on: a comment must not split a text."""

INVALID = (
    "The data you submitted is incomplete or invalid. "
    "For help fixing this, see http://sellercentral.amazon.co.jp/gp/help/30721"
)


def payload(xml: str) -> Any:
    return etree.fromstring(xml.encode(), PARSER)


def a_context(marketplace_id: str = JAPAN, submitted_at: datetime = NOW) -> Context:
    return Context("MERCHANT-1", marketplace_id, submitted_at, NOW, RESTOCKING)


def applying(feed_type: ModuleType, xml: str, *orders: Order, context: Context | None = None) -> Effects:
    """Decode and apply a payload to the book that holds these orders."""
    body = feed_type.xml.decode(payload(xml))
    book = {OrderKey(order.amazon_order_id): order for order in orders}
    book |= {OrderKey(order.merchant_order_id, GivenBy.SELLER): order for order in orders if order.merchant_order_id}
    found = {key: book[key] for key in feed_type.message.touches(body).orders if key in book}
    return feed_type.message.apply("7", body, Seen(found), context or a_context())


def changed(effects: Effects) -> Order:
    assert effects.result is None, effects.result
    (order,) = effects.orders
    return order


def refused(effects: Effects) -> Result:
    """The result of a message that changed nothing and told nobody."""
    assert (effects.orders, effects.stock, effects.notices) == ((), (), ())
    assert effects.result is not None
    assert effects.result.severity is Severity.ERROR
    assert effects.result.message_id == "7"
    assert effects.result.reason
    return effects.result


def said(effects: Effects) -> tuple[int, str]:
    result = refused(effects)
    return result.code, result.description
