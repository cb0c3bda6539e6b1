"""From SubmitFeed to GetFeedSubmissionResult over the MWS edge: the same on one machine and on AWS, byte for byte."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from feedproc.mws.app import create_app
from feedproc.stock.level import StockLevel
from feedproc.wiring.clock import make_id
from tests.aws.builders import CloudShop, outcome
from tests.builders import (
    ACKNOWLEDGEMENT,
    ADJUSTMENT,
    FULFILLMENT,
    NOON,
    SELLER,
    TAIL,
    Shop,
    a_feed,
    a_seller,
    acknowledges,
    cancels,
    feed_types,
    orders,
    refunds,
    ships,
)
from tests.mws.builders import Server

FEEDS = (
    (ACKNOWLEDGEMENT, a_feed(acknowledges(1, "M-1"), cancels(2), cancels(3, "NoInventory"), cancels(99))),
    (FULFILLMENT, a_feed(ships(1, 1, named="M-1"), ships(4), ships(5, 9), feed_type=FULFILLMENT)),
    (ADJUSTMENT, a_feed(refunds(4, 300), refunds(4, 99_999), refunds(6, 10), feed_type=ADJUSTMENT)),
    (ACKNOWLEDGEMENT, a_feed(acknowledges(7).replace("Success", "Perhaps"), ships(8), acknowledges(9))),
    (ACKNOWLEDGEMENT, a_feed(acknowledges(9))[: -len(TAIL)]),
    (FULFILLMENT, a_feed(ships(9), feed_type=FULFILLMENT, merchant="SOMEONE")),
    (ADJUSTMENT, b""),
)


class Edge(Server):
    """The MWS edge over a shop, with that shop's clock."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.sellers = (a_seller(),)
        self.now = NOON
        self.app = create_app(shop.backend, feed_types(), lambda: shop.now, make_id)


def told(edge: Edge, submission_id: str) -> tuple[bytes, str]:
    """The report and its digest, as a client gets them."""
    reply = edge.call("GetFeedSubmissionResult", FeedSubmissionId=submission_id)
    assert reply.status == 200, reply.text
    return reply.body, reply.headers["Content-MD5"]


def driven(shop: Shop) -> list[object]:
    """Hand in all feeds, cancel one, process the others; return all that was answered."""
    shop.stocked(*orders(10))
    shop.backend.stock.load(SELLER, [StockLevel("SKU-2", 5)], NOON)
    edge = Edge(shop)
    ids = []
    for feed_type, feed in FEEDS:
        ids.append(edge.submit(feed, f"_{feed_type}_"))
        shop.now += timedelta(seconds=1)
    cancelled = edge.submit(FEEDS[0][1], f"_{ACKNOWLEDGEMENT}_")
    early = edge.call("GetFeedSubmissionResult", FeedSubmissionId=ids[0])
    edge.call("CancelFeedSubmissions", FeedSubmissionIdList__Id__1=cancelled)
    shop.work()
    first = edge.call("GetFeedSubmissionList", MaxCount="3")
    rest = edge.call("GetFeedSubmissionListByNextToken", NextToken=first.find("NextToken"))
    counted = [
        edge.call("GetFeedSubmissionCount", **{"FeedProcessingStatusList.Status.1": f"_{status}_"}).find("Count")
        for status in ("DONE", "CANCELLED", "SUBMITTED")
    ]
    pages = [page.find_all(name) for page in (first, rest) for name in ("FeedSubmissionId", "FeedProcessingStatus")]
    return [ids, early.find("Code"), pages, counted, [told(edge, one) for one in ids]]


def test_the_whole_flow_is_the_same_on_aws(shop: CloudShop, tmp_path: Path) -> None:
    here = Shop(tmp_path / "data").stocked()
    assert driven(shop) == driven(here)
    assert outcome(shop) == outcome(here)
    assert len(shop.backend.outbox.list_recent(SELLER, 99)) == len(shop.backend.outbox.list_waiting(99)) > len(FEEDS)


def test_what_was_sent_is_noted_alike(shop: CloudShop, tmp_path: Path) -> None:
    here = Shop(tmp_path / "data").stocked()
    noted: list[Callable[[Shop], object]] = [driven, lambda one: one.backend.outbox.note_sent(_some(one), NOON)]
    for step in noted:
        step(here)
        step(shop)
    assert shop.backend.outbox.list_waiting(99) == here.backend.outbox.list_waiting(99)
    assert shop.backend.outbox.list_recent(SELLER, 99) == here.backend.outbox.list_recent(SELLER, 99)


def _some(shop: Shop) -> list[object]:
    return list(shop.backend.outbox.list_waiting(99))[::2]
