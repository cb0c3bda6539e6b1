"""What the outbox holds goes out: to sellers' queues as notifications; at least once, and told."""

import pytest
from lxml import etree
from msgspec.structs import replace

from feedproc.errors import DeliveryDelayed, Undeliverable
from feedproc.services.send.backoff import Patience
from feedproc.services.send.send import Outgoing, Outlets, send_pending
from feedproc.wiring.feed_types import load_feed_types
from feedproc.wiring.writers import load_writers
from tests.builders import (
    OTHER_SELLER,
    SELLER,
    Shop,
    a_feed,
    a_seller,
    cancels,
)
from tests.reporttypes.builders import Shop as ReportShop
from tests.reporttypes.builders import towels
from tests.services.post import MINUTE, QUEUES, Letterbox, Post, Queues, bought, notified


def test_a_feed_that_ended_is_told_to_each_of_the_sellers_queues(post: Post) -> None:
    notified(post, *QUEUES)
    submission = post.shop.submit(a_feed(cancels(1)))
    post.shop.work()
    post.shop.now += MINUTE
    post.sent()
    assert [destination for destination, _ in post.queues.bodies] == list(QUEUES)
    assert post.queues.said("FeedSubmissionId") == [submission.submission_id] * 2
    assert post.queues.said("FeedType") == ["_POST_ORDER_ACKNOWLEDGEMENT_DATA_"] * 2
    assert post.queues.said("FeedProcessingStatus") == ["_DONE_"] * 2
    assert post.queues.said("PublishTime") == ["2024-03-04T12:01:00Z"] * 2
    assert len(set(post.queues.said("UniqueId"))) == 2


def test_a_notification_reads_as_amazons_does(post: Post) -> None:
    notified(post, QUEUES[0])
    submission = post.shop.submit(a_feed(cancels(1)))
    post.shop.work()
    post.sent()
    unique = post.queues.said("UniqueId")[0]
    assert post.queues.bodies[0][1] == EXPECTED.format(unique=unique, submission=submission.submission_id)


EXPECTED = """<Notification>
  <NotificationMetaData>
    <NotificationType>FeedProcessingFinished</NotificationType>
    <PayloadVersion>1.0</PayloadVersion>
    <UniqueId>{unique}</UniqueId>
    <PublishTime>2024-03-04T12:00:00Z</PublishTime>
    <SellerId>A2SHOP</SellerId>
  </NotificationMetaData>
  <NotificationPayload>
    <FeedProcessingFinishedNotification>
      <SellerId>A2SHOP</SellerId>
      <FeedSubmissionId>{submission}</FeedSubmissionId>
      <FeedType>_POST_ORDER_ACKNOWLEDGEMENT_DATA_</FeedType>
      <FeedProcessingStatus>_DONE_</FeedProcessingStatus>
    </FeedProcessingFinishedNotification>
  </NotificationPayload>
</Notification>
"""


@pytest.mark.parametrize("orders", [0, 1])
def test_a_report_that_has_ended_is_told_to_the_sellers_queues(orders: int) -> None:
    reports = ReportShop()
    reports.load(*[towels()] * orders)
    seller = reports.backend.sellers.get(SELLER)
    assert seller is not None
    reports.backend.sellers.change(replace(seller, destinations=QUEUES[:1]))
    request = reports.produce("GET_FLAT_FILE_ORDERS_DATA")
    queues = Queues()
    outlets = Outlets(Letterbox(), queues, load_writers(load_feed_types()))
    send_pending(Outgoing(reports.backend, outlets, lambda: reports.now, Patience()))
    told = etree.fromstring(queues.bodies[0][1]).find("NotificationPayload/ReportProcessingFinishedNotification")
    assert told is not None
    expected = {"SellerId": SELLER, "ReportRequestId": request.request_id, "ReportId": request.report_id}
    expected |= {"ReportType": "_GET_FLAT_FILE_ORDERS_DATA_"}
    expected |= {"ReportProcessingStatus": "_DONE_" if orders else "_DONE_NO_DATA_"}
    assert {one.tag: one.text for one in told} == {name: text for name, text in expected.items() if text}


def test_a_notification_that_is_sent_again_has_the_same_id(post: Post) -> None:
    notified(post, *QUEUES)
    post.shop.run(a_feed(cancels(1)))
    post.queues.fails[QUEUES[1]] = DeliveryDelayed("throttled")
    post.sent()
    post.queues.fails.clear()
    post.patience = Patience()  # a sender that was started anew
    post.sent()
    first, again, _ = post.queues.said("UniqueId")
    assert first == again


def test_a_queue_that_fails_gets_its_notification_later_and_the_others_no_second_one(post: Post) -> None:
    notified(post, *QUEUES)
    post.shop.run(a_feed(cancels(1)))
    post.queues.fails[QUEUES[0]] = DeliveryDelayed("throttled")
    post.sent()
    assert post.waiting == 1
    post.queues.fails.clear()
    post.shop.now += MINUTE
    post.sent()
    assert [destination for destination, _ in post.queues.bodies] == [QUEUES[1], QUEUES[0]]
    assert post.waiting == 0


def test_a_queue_that_is_gone_keeps_nobody_waiting(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    notified(post, *QUEUES)
    post.shop.run(a_feed(cancels(1)))
    post.queues.fails[QUEUES[0]] = Undeliverable("there is no such queue")
    post.sent()
    assert ([destination for destination, _ in post.queues.bodies], post.waiting) == ([QUEUES[1]], 0)
    assert "there is no such queue" in caplog.text


def test_the_queues_of_one_seller_do_not_keep_another_waiting(post: Post) -> None:
    post.shop.stocked(bought(1), seller=replace(a_seller(OTHER_SELLER), destinations=(QUEUES[1],)))
    notified(post, QUEUES[0])
    post.queues.fails[QUEUES[0]] = DeliveryDelayed("no")
    for number in range(1, 6):
        post.shop.run(a_feed(cancels(number)))
    submission = post.shop.submit(a_feed(cancels(1), merchant=OTHER_SELLER), seller_id=OTHER_SELLER)
    post.shop.work()
    post.sent()
    assert post.queues.said("FeedSubmissionId") == [submission.submission_id]


def test_without_queues_there_is_nobody_to_notify(post: Post) -> None:
    post.shop.run(a_feed(cancels(99)))
    assert post.sent() == 1
    assert (post.queues.bodies, post.waiting) == ([], 0)


def test_a_feed_that_failed_for_good_is_told_as_cancelled(post: Post) -> None:
    notified(post, QUEUES[0])
    submission = post.shop.submit(a_feed(cancels(1)))
    post.shop.backend.documents.delete(submission.document)
    post.shop.struggle()
    post.sent()
    assert post.queues.said("FeedProcessingStatus") == ["_CANCELLED_"]


def test_nothing_in_a_sellers_name_breaks_a_notification(shop: Shop) -> None:
    hostile = "A</SellerId>&\x01"
    shop.stocked(seller=replace(a_seller(hostile), destinations=QUEUES[:1]))
    post = Post(shop)
    post.shop.submit(a_feed(cancels(1), merchant="X"), seller_id=hostile)
    post.shop.work()
    post.sent()
    assert post.queues.said("SellerId") == ["A</SellerId>&\ufffd"]
