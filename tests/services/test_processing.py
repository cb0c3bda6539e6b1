"""A feed from submission to report, over the embedded store."""

from datetime import timedelta

import pytest

from feedproc.feeds.report import Summary
from feedproc.feeds.submission import ProcessingStatus
from feedproc.orders.order import OrderStatus
from feedproc.ports import OrderFilter, OutboxKind
from feedproc.services.process.processing import Policy
from tests.builders import (
    ACKNOWLEDGEMENT,
    ADJUSTMENT,
    FULFILLMENT,
    NOON,
    OTHER_SELLER,
    SELLER,
    TAIL,
    Shop,
    a_feed,
    a_seller,
    acknowledges,
    an_order,
    cancels,
    head,
    message,
    order_id,
    orders,
    refunds,
    ships,
)

WRONG_TYPE = "We are unable to process the XML feed because one or more items are invalid. Please re-submit the feed."


def test_nothing_waits_in_an_empty_shop(shop: Shop) -> None:
    assert shop.work() == 0


def test_an_acknowledged_order_remembers_the_sellers_ids(shop: Shop) -> None:
    shop.stocked(an_order())
    assert shop.run(a_feed(acknowledges(1, "M-1", "I-1"))).counts == (1, 1, 0, 0)
    assert shop.order().merchant_order_id == "M-1"
    assert shop.order().items[0].merchant_order_item_id == "I-1"


def test_a_shipped_order_is_shipped(shop: Shop) -> None:
    shop.stocked(an_order())
    assert shop.run(a_feed(ships(), feed_type=FULFILLMENT), FULFILLMENT).counts == (1, 1, 0, 0)
    assert shop.order().status is OrderStatus.SHIPPED


def test_a_refund_is_written_down(shop: Shop) -> None:
    shop.stocked(an_order())
    shop.run(a_feed(ships(), feed_type=FULFILLMENT), FULFILLMENT)
    assert shop.run(a_feed(refunds(1, 250), feed_type=ADJUSTMENT), ADJUSTMENT).counts == (1, 1, 0, 0)
    assert shop.order().items[0].refunded == {"Principal": 250}


def test_a_cancelled_order_brings_its_units_back(shop: Shop) -> None:
    shop.stocked(an_order(1, quantity=3), an_order(2))
    shop.run(a_feed(cancels(1, "BuyerCanceled"), cancels(2, "NoInventory")))
    assert set(shop.statuses()) == {OrderStatus.CANCELED}
    assert (shop.stock_of(1), shop.stock_of(2)) == (3, 0)


def test_the_restocking_table_can_be_another(shop: Shop) -> None:
    shop.stocked(an_order(1, quantity=3))
    shop.submit(a_feed(cancels(1, "NoInventory")))
    shop.work(Policy(restocking={"NoInventory": True}))
    assert shop.stock_of(1) == 3


def test_buyers_and_sellers_are_told_once(shop: Shop) -> None:
    shop.stocked(*orders(2))
    shop.run(a_feed(cancels(1), acknowledges(2)))
    told = [(one.kind, one.message_id, one.notice and one.notice.kind) for one in shop.backend.outbox.list_waiting(9)]
    assert told == [(OutboxKind.BUYER_NOTICE, "1", "cancelled"), (OutboxKind.FEED_FINISHED, None, None)]


def test_a_submission_ends_done_with_its_counts_and_times(shop: Shop) -> None:
    shop.stocked(an_order())
    submission = shop.submit(a_feed(acknowledges(), acknowledges(9)), at=NOON - timedelta(hours=1))
    shop.work()
    ended = shop.again(submission)
    assert ended.status is ProcessingStatus.DONE
    assert ended.summary == Summary(2, 1, 1, 0)
    assert (ended.started_at, ended.completed_at) == (NOON, NOON)


def test_messages_for_one_order_act_in_feed_order(shop: Shop) -> None:
    shop.stocked(an_order(1, quantity=3))
    report = shop.run(a_feed(ships(1, 2), ships(1, 2), ships(1, 1), feed_type=FULFILLMENT), FULFILLMENT)
    assert report.codes == [("2", 18021)]
    assert shop.order().status is OrderStatus.SHIPPED


def test_messages_for_one_order_act_in_feed_order_across_batches(shop: Shop) -> None:
    shop.stocked(an_order(1, quantity=900))
    report = shop.run(a_feed(*[ships(1, 1)] * 1_000, feed_type=FULFILLMENT), FULFILLMENT)
    assert report.counts == (1_000, 900, 100, 0)
    assert report.codes == [(str(number), 18021) for number in range(901, 1_001)]


def test_an_order_may_be_named_either_way_in_one_batch(shop: Shop) -> None:
    shop.stocked(an_order(1, quantity=3, merchant_order_id="M-1"))
    feed = a_feed(ships(1, 1), ships(1, 1, named="M-1"), ships(1, 1), ships(1, 1, named="M-1"), feed_type=FULFILLMENT)
    assert shop.run(feed, FULFILLMENT).codes == [("4", 18021)]
    assert shop.order().status is OrderStatus.SHIPPED


def test_a_merchant_order_id_can_be_handed_on_within_a_feed(shop: Shop) -> None:
    shop.stocked(an_order(1, merchant_order_id="A"), an_order(2, merchant_order_id="B"))
    feed = a_feed(acknowledges(1, "C"), acknowledges(2, "A"), acknowledges(1, "B"))
    assert shop.run(feed).counts == (3, 3, 0, 0)
    assert (shop.order(1).merchant_order_id, shop.order(2).merchant_order_id) == ("B", "A")


def test_a_merchant_order_id_names_one_order(shop: Shop) -> None:
    shop.stocked(*orders(3))
    assert shop.run(a_feed(acknowledges(1, "A"), acknowledges(2, "A"))).codes == [("2", 18028)]
    assert shop.run(a_feed(acknowledges(3, "A"))).codes == [("1", 18028)]


def test_an_order_acknowledged_in_one_feed_is_shipped_by_that_name_in_the_next(shop: Shop) -> None:
    shop.stocked(an_order())
    shop.submit(a_feed(acknowledges(1, "M-1")))
    shop.submit(a_feed(ships(named="M-1"), feed_type=FULFILLMENT), FULFILLMENT, at=NOON + timedelta(seconds=1))
    shop.work()
    assert shop.order().status is OrderStatus.SHIPPED


def test_feeds_of_one_type_and_seller_run_in_their_order(shop: Shop) -> None:
    shop.stocked(an_order())
    first, second = shop.submit(a_feed(cancels())), shop.submit(a_feed(acknowledges()))
    shop.work()
    assert shop.report(first).counts == (1, 1, 0, 0)
    assert shop.report(second).codes == [("1", 18028)]


def test_sellers_touch_their_own_orders_only(shop: Shop) -> None:
    shop.stocked(an_order()).stocked(an_order(), seller=a_seller(OTHER_SELLER))
    other = shop.submit(a_feed(cancels(), merchant=OTHER_SELLER), seller_id=OTHER_SELLER)
    shop.work()
    assert shop.report(other).counts == (1, 1, 0, 0)
    assert shop.order().status is OrderStatus.UNSHIPPED
    assert shop.order(seller_id=OTHER_SELLER).status is OrderStatus.CANCELED


def test_a_cancelled_submission_is_never_processed(shop: Shop) -> None:
    shop.stocked(an_order())
    submission = shop.submit(a_feed(cancels()))
    assert shop.backend.submissions.cancel(SELLER, submission.submission_id, NOON)
    assert shop.work() == 0
    assert shop.order().status is OrderStatus.UNSHIPPED


def test_the_merchant_identifier_may_be_the_sellers_other_name(shop: Shop) -> None:
    shop.stocked(an_order())
    assert shop.run(a_feed(acknowledges(), merchant=f"M_{SELLER}_1")).merchant_identifier == f"M_{SELLER}_1"
    assert shop.order().acknowledged_at == NOON


@pytest.mark.parametrize("merchant", ["SOMEONE", "", "X" * 51, SELLER.lower()])
def test_a_foreign_merchant_identifier_refuses_the_whole_feed(shop: Shop, merchant: str) -> None:
    shop.stocked(an_order())
    report = shop.run(a_feed(acknowledges(), merchant=merchant))
    assert report.codes == [("0", 5005)]
    assert report.counts == (0, 0, 1, 0)
    assert "http://sellercentral.amazon.de/gp/help/23071" in report.results[0].description
    assert report.merchant_identifier == SELLER
    assert shop.order().acknowledged_at is None


def test_a_feed_of_another_message_type_gets_code_25_for_each_message(shop: Shop) -> None:
    shop.stocked(*orders(2))
    report = shop.run(a_feed(ships(1), ships(2), feed_type=FULFILLMENT), ACKNOWLEDGEMENT)
    assert report.codes == [("1", 25), ("2", 25)]
    assert report.counts == (2, 0, 2, 0)
    assert {one.description for one in report.results} == {WRONG_TYPE}


def test_a_message_of_another_type_gets_code_25_and_the_others_go_on(shop: Shop) -> None:
    shop.stocked(*orders(2))
    report = shop.run(a_feed(acknowledges(1), ships(2), acknowledges(2)))
    assert report.codes == [("2", 25)]
    assert report.counts == (3, 2, 1, 0)


def test_one_faulty_message_leaves_the_others_processed(shop: Shop) -> None:
    shop.stocked(*orders(3))
    report = shop.run(a_feed(acknowledges(1), acknowledges(2).replace("Success", "Perhaps"), acknowledges(3)))
    assert report.codes == [("2", 5000)]
    assert report.counts == (3, 2, 1, 0)
    assert report.results[0].description.endswith("http://sellercentral.amazon.de/gp/help/22971")
    assert [shop.order(number).acknowledged_at for number in (1, 2, 3)] == [NOON, None, NOON]


def test_a_fault_outside_of_messages_withholds_the_whole_feed(shop: Shop) -> None:
    shop.stocked(*orders(3))
    feed = head().replace("1.01", "one") + message(acknowledges(1).replace("Success", "Perhaps"), 1)
    feed += message(acknowledges(2), 2) + message(acknowledges(3), 3) + TAIL
    report = shop.run(feed.encode())
    assert report.codes == [("0", 5000), ("1", 5000)]
    assert report.counts == (3, 0, 2, 0)
    assert shop.order(2).acknowledged_at is None


def test_a_fault_behind_the_last_message_withholds_what_stands_before_it(shop: Shop) -> None:
    shop.stocked(*orders(700))
    feed = a_feed(*map(acknowledges, range(1, 701))).replace(TAIL.encode(), b"<Trailer/>" + TAIL.encode())
    report = shop.run(feed)
    assert report.codes == [("0", 5000)]
    assert report.counts == (700, 0, 1, 0)
    assert not any(order.acknowledged_at for order in shop.backend.orders.list(SELLER, OrderFilter(), 700))


def test_nothing_of_a_feed_that_breaks_off_is_applied(shop: Shop) -> None:
    shop.stocked(*orders(700))
    report = shop.run(a_feed(*map(acknowledges, range(1, 701)))[:-3])
    assert report.codes == [("9223372036854775807", 50001)]
    assert report.counts == (0, 0, 1, 0)
    assert not any(order.acknowledged_at for order in shop.backend.orders.list(SELLER, OrderFilter(), 700))


def test_an_unknown_order_is_told_by_the_names_that_the_feed_gave(shop: Shop) -> None:
    (result,) = shop.run(a_feed(acknowledges(5))).results
    assert result.description == (
        f"Your order cannot be found using Merchant ID {SELLER} and Merchant Order {order_id(5)}. "
        "Enter the correct order ID and then resubmit your feed."
    )
    assert result.amazon_order_id is None


def test_a_feed_without_messages_is_reported(shop: Shop) -> None:
    assert shop.run((head() + TAIL).encode()).counts[:2] == (0, 0)


def test_message_ids_may_repeat_and_run_backwards(shop: Shop) -> None:
    shop.stocked(an_order())
    feed = head() + message(acknowledges(7), 9) + message(acknowledges(), 9) + message(acknowledges(8), 3) + TAIL
    assert shop.run(feed.encode()).codes == [("9", 18028), ("3", 18028)]


def test_a_message_is_told_that_an_earlier_one_of_its_feed_cancelled_the_order(shop: Shop) -> None:
    shop.stocked(an_order(1))
    submission = shop.submit(a_feed(cancels(1), cancels(1)))
    shop.work()
    (result,) = shop.backend.marks.list_results(SELLER, submission.submission_id)
    told = "message 1 of this feed cancelled it, and all items of an order belong into one message"
    assert str(result.reason) == f"Order {order_id(1)} is already canceled: {told}"
