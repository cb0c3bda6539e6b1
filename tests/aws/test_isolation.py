"""No name that a seller can give, forge or guess leads to what is another's."""

from datetime import timedelta

import pytest

from feedproc.errors import SubmissionUnknown
from feedproc.feeds.submission import NewSubmission, ProcessingStatus
from feedproc.mws.feeds.get_feed_submission_list import RestOfList
from feedproc.mws.next_token import seal, unseal
from feedproc.orders.order import GivenBy, OrderKey, OrderStatus
from feedproc.ports import Filter, OrderFilter
from feedproc.services.cancel import cancel
from feedproc.services.read.submissions import get_submission, open_report
from feedproc.stock.level import StockLevel
from tests.aws.builders import CloudShop
from tests.aws.test_flow import Edge
from tests.builders import (
    ACKNOWLEDGEMENT,
    LEASE,
    NOON,
    OTHER_SELLER,
    SELLER,
    a_feed,
    a_seller,
    an_order,
    cancels,
    order_id,
)

NEIGHBOURS = ("A", "A/order", "A%2Forder", "A2", "A2/", "A2SHOP/50001019786", "../A2SHOP", "A2SHOP%2F")


@pytest.fixture
def both(shop: CloudShop) -> CloudShop:
    """Two sellers; the first has an order, a feed that is done, one that waits, stock and entries in the outbox."""
    shop.stocked(an_order(merchant_order_id="M-1")).stocked(seller=a_seller(OTHER_SELLER))
    shop.backend.stock.load(SELLER, [StockLevel("SKU-1", 5)], NOON)
    shop.run(a_feed(cancels(1)))
    shop.submit(a_feed(cancels(1)))
    return shop


def test_anothers_ids_are_unknown_on_every_port(both: CloudShop) -> None:
    backend, ids = both.backend, ("50001019786", "50002019786")
    assert not backend.submissions.find(OTHER_SELLER, Filter(submission_ids=ids), 9)
    assert backend.submissions.count(OTHER_SELLER, Filter(submission_ids=ids)) == 0
    assert backend.submissions.claim(OTHER_SELLER, ids[1], "w", NOON, LEASE) is None
    assert not backend.submissions.cancel(OTHER_SELLER, ids[1], NOON)
    for ask in (get_submission, lambda ports, *name: open_report(ports, backend.documents, *name)):
        with pytest.raises(SubmissionUnknown):
            ask(backend.submissions, OTHER_SELLER, ids[0])
    with pytest.raises(SubmissionUnknown):
        cancel(backend.submissions, OTHER_SELLER, Filter(submission_ids=ids), NOON)
    assert backend.marks.get_last(OTHER_SELLER, ids[0]) is None
    assert not list(backend.marks.list_results(OTHER_SELLER, ids[0]))


def test_anothers_orders_stock_and_outbox_are_not_there(both: CloudShop) -> None:
    orders, day = both.backend.orders, NOON.date()
    assert not orders.find(OTHER_SELLER, [OrderKey(order_id(1)), OrderKey("M-1", GivenBy.SELLER)])
    assert not list(orders.list(OTHER_SELLER, OrderFilter(), 9))
    assert not list(orders.list(OTHER_SELLER, OrderFilter(statuses=(OrderStatus.CANCELED,)), 9))
    assert not both.backend.tallies.count(OTHER_SELLER, day - timedelta(99), day)
    assert not list(both.backend.stock.list_levels(OTHER_SELLER))
    assert not both.backend.stock.list_entries(OTHER_SELLER, "SKU-1", 9)
    assert not both.backend.outbox.list_recent(OTHER_SELLER, 9)


@pytest.mark.parametrize("seller_id", NEIGHBOURS)
def test_a_sellers_name_cannot_be_made_to_run_into_anothers(both: CloudShop, seller_id: str) -> None:
    backend = both.backend
    backend.orders.load(seller_id, [an_order(7, merchant_order_id="M-1")])
    backend.stock.load(seller_id, [StockLevel("x", 1)], NOON)
    for name in (order_id(1), f"order/{order_id(1)}", "M-1", "named/M-1", f"SHOP/order/{order_id(1)}"):
        assert OrderKey(name) not in backend.orders.find(seller_id, [OrderKey(name)])
    assert [order.amazon_order_id for order in backend.orders.list(seller_id, OrderFilter(), 9)] == [order_id(7)]
    assert list(backend.stock.list_levels(seller_id)) == [StockLevel("x", 1)]
    assert len(list(backend.orders.list(SELLER, OrderFilter(), 9))) == 1
    assert both.order().merchant_order_id == "M-1"


def test_a_feed_changes_its_own_sellers_orders_alone(both: CloudShop) -> None:
    submission = both.submit(a_feed(cancels(1), merchant=OTHER_SELLER), seller_id=OTHER_SELLER)
    both.work()
    assert both.report(submission).codes == [("1", 18028)]
    assert both.order().version == 1


def test_a_token_of_one_seller_is_refused_from_another(both: CloudShop) -> None:
    mine, other = a_seller(), a_seller(OTHER_SELLER)
    token = seal(mine, RestOfList(Filter(), 1))
    assert unseal(other, token, RestOfList) is None
    assert unseal(mine, token, RestOfList) is not None
    edge = Edge(both)
    edge.sellers = (mine, other)
    assert edge.call("GetFeedSubmissionListByNextToken", NextToken=token).status == 200
    assert edge.call("GetFeedSubmissionListByNextToken", NextToken=token, seller=other).status == 400


@pytest.mark.parametrize("action", ["GetFeedSubmissionResult", "GetFeedSubmissionList", "CancelFeedSubmissions"])
def test_every_action_refuses_anothers_feed(both: CloudShop, action: str) -> None:
    edge, given = Edge(both), {}
    edge.sellers = (a_seller(), a_seller(OTHER_SELLER))
    for submission_id in ("50001019786", "50002019786"):
        name = "FeedSubmissionId" if action.endswith("Result") else "FeedSubmissionIdList__Id__1"
        given[name] = submission_id
        reply = edge.call(action, seller=edge.sellers[1], **given)
        assert (reply.status, SELLER in reply.text) != (200, True)
        assert submission_id not in reply.find_all("FeedSubmissionId")
    waiting = both.backend.submissions.get(SELLER, "50002019786")
    assert waiting is not None
    assert waiting.status is ProcessingStatus.SUBMITTED


def test_counters_of_sellers_are_their_own(both: CloudShop) -> None:
    new = NewSubmission(seller_id=OTHER_SELLER, feed_type=ACKNOWLEDGEMENT, document="0" * 32, size=1, submitted_at=NOON)
    assert both.backend.submissions.add(new).submission_id == "50001019786"
