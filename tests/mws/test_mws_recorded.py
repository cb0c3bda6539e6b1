"""Our answers beside recorded ones: the same headers and elements, in the same order."""

from xml.etree import ElementTree

import pytest

from tests.builders import order_id
from tests.mws.builders import signed
from tests.mws.recorded import EXCHANGES, Exchange
from tests.mws.recorded_orders import RECORDED_ORDERS, RecordedElement
from tests.mws.reports import ReportServer
from tests.mws.test_mws_orders import serving

VERSIONS = {
    "Feeds": "2009-01-01",
    "Reports": "2009-01-01",
    "Orders": "2013-09-01",
    "Sellers": "2011-07-01",
    "Subscriptions": "2013-07-01",
}
HOPS = {"Connection", "Transfer-Encoding"}


def outline(element: ElementTree.Element) -> str:
    """The element's name, and in braces what it holds; of neighbours that are alike one."""
    name, inside = element.tag.rpartition("}")[2], [outline(child) for child in element]
    told = [one for place, one in enumerate(inside) if not place or inside[place - 1] != one]
    return f"{name}{{{' '.join(told)}}}" if told else name


@pytest.mark.parametrize("exchange", EXCHANGES, ids=str)
def test_an_answer_is_built_as_the_recorded_one(exchange: Exchange) -> None:
    server = ReportServer()
    given = {**exchange.given, **exchange.arrange(server), "Action": exchange.action}
    version = VERSIONS[exchange.section]
    params = {**server.common(server.sellers[0]), **given, "Version": version}
    path = f"/{exchange.section}/{version}"
    reply = server.send(signed(params, server.sellers[0].secret_key, exchange.feed, path=path))
    assert (reply.status, reply.headers["Content-Type"]) == (exchange.status, exchange.content_type)
    assert tuple(name for name, _ in reply.headers.items() if name not in HOPS) == exchange.headers
    if exchange.elements:
        assert outline(reply.root) == exchange.elements
        assert reply.body.startswith(b'<?xml version="1.0"?>\n') is exchange.is_declared


@pytest.mark.parametrize("recorded", RECORDED_ORDERS, ids=str)
def test_an_order_and_its_lines_hold_what_recorded_ones_do(recorded: RecordedElement) -> None:
    names, absent = recorded.names.split(), set(recorded.absent.split())
    server = serving(recorded.ours)
    is_line = recorded.element == "OrderItem"
    reply = server.ask("ListOrderItems", AmazonOrderId=order_id(1)) if is_line else server.list()
    told = reply.children(recorded.element)
    assert set(told) == {*names, *recorded.came.split()} - absent
    assert bool(absent) is bool(recorded.why_absent)
    if recorded.is_in_order:
        assert [name for name in told if name in names] == [name for name in names if name not in absent]


def test_an_order_that_amazon_ships_is_promised_for_one_moment() -> None:
    for one in (order for order in RECORDED_ORDERS if order.ours.fulfilled_by_amazon):
        told = serving(one.ours).list().one("Order")
        assert told["EarliestShipDate"] == told["LatestShipDate"]
        assert told["SellerOrderId"] == told["AmazonOrderId"]
