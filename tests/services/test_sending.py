"""What the outbox holds goes out: to buyers by e-mail; at least once, and told."""

import logging
from datetime import timedelta
from itertools import count

import pytest
from msgspec.structs import replace

from feedproc.errors import DeliveryDelayed, Undeliverable
from feedproc.orders.order import Buyer
from feedproc.ports import Mail, Undelivered
from feedproc.services.send.backoff import LONGEST, MOST_FAILURES, Patience
from feedproc.services.send.send import GIVEN_UP, make_mail_id, send_pending
from tests.builders import (
    ADJUSTMENT,
    FULFILLMENT,
    NOON,
    OTHER_SELLER,
    SELLER,
    a_feed,
    a_seller,
    acknowledges,
    an_order,
    cancels,
    order_id,
    refunds,
    ships,
)
from tests.services.post import JAPAN, MINUTE, QUEUES, SECOND, Post, bought, notified


def test_each_buyer_is_told_what_happened(post: Post) -> None:
    post.shop.run(a_feed(cancels(1)))
    post.shop.run(a_feed(ships(2), feed_type=FULFILLMENT), FULFILLMENT)
    post.shop.run(a_feed(refunds(2), feed_type=ADJUSTMENT), ADJUSTMENT)
    assert post.sent() == 6
    assert post.letterbox.recipients == [f"buyer{n}@marketplace.example" for n in (1, 2, 2)]
    assert post.letterbox.subjects == [
        f"Your order {order_id(1)}: items cancelled",
        f"Your order {order_id(2)} has shipped",
        f"Refund for your order {order_id(2)}",
    ]
    assert post.sent() == post.waiting == 0


def test_what_went_out_is_told_with_its_time(post: Post) -> None:
    post.shop.run(a_feed(cancels(1)))
    post.shop.now += MINUTE
    post.sent()
    assert {one.sent_at for one in post.told()} == {NOON + MINUTE}


def test_what_did_not_go_out_is_told_with_the_reason(post: Post) -> None:
    addresses = {1: "", 2: "two@shop.example, three@shop.example", 3: "gone@shop.example", 4: "here@shop.example"}
    post.shop.stocked(*[bought(n, buyer=Buyer(f"Buyer {n}", address)) for n, address in addresses.items()])
    post.letterbox.fails = {"gone@shop.example": Undeliverable("550")}
    post.shop.run(a_feed(*map(cancels, addresses)))
    assert post.sent() == 5
    told = {one.entry.notice.amazon_order_id: one for one in post.told() if one.entry.notice}
    assert [told[order_id(n)].undelivered for n in addresses] == [
        Undelivered("the order has no e-mail address", has_nobody=True),
        Undelivered("the order's e-mail address is none"),
        Undelivered("550"),
        None,
    ]
    assert all(one.sent_at for one in told.values())


def test_a_seller_without_a_queue_is_nobody_to_notify(post: Post) -> None:
    post.shop.run(a_feed(ships(2), feed_type=FULFILLMENT), FULFILLMENT)
    post.sent()
    ends = [one.undelivered for one in post.told() if one.entry.notice is None]
    assert ends == [Undelivered("the seller has no queue", has_nobody=True)]


def test_a_buyer_is_told_only_what_is_new(post: Post) -> None:
    for units in (1, 1):
        post.shop.run(a_feed(ships(1, units), feed_type=FULFILLMENT), FULFILLMENT)
    for amount in (100, 250):
        post.shop.run(a_feed(refunds(1, amount), feed_type=ADJUSTMENT), ADJUSTMENT)
    post.sent()
    *shipments, first, second = [mail.text for mail in post.letterbox.mails]
    assert ["1 × SKU-1" in text for text in shipments] == [True, True]
    assert ("JPY 100" in first, "JPY 250" in first) == (True, False)
    assert ("JPY 100" in second, "JPY 250" in second) == (False, True)


def test_two_refunds_in_one_feed_are_told_apart(post: Post) -> None:
    post.shop.run(a_feed(ships(1), feed_type=FULFILLMENT), FULFILLMENT)
    post.shop.run(a_feed(refunds(1, 100), refunds(1, 250), feed_type=ADJUSTMENT), ADJUSTMENT)
    post.sent()
    assert ["total: JPY 100\n" in mail.text for mail in post.letterbox.mails[1:]] == [True, False]
    assert ["total: JPY 250\n" in mail.text for mail in post.letterbox.mails[1:]] == [False, True]


def test_a_refund_that_waited_for_its_shipment_is_told_with_it(post: Post) -> None:
    post.shop.run(a_feed(refunds(1, 100), feed_type=ADJUSTMENT), ADJUSTMENT)
    assert post.sent() == 1  # the feed's end
    post.shop.run(a_feed(ships(1), feed_type=FULFILLMENT), FULFILLMENT)
    post.sent()
    assert [subject.split()[0] for subject in post.letterbox.subjects] == ["Your", "Refund"]


def test_no_seller_waits_behind_all_the_mail_of_another(post: Post) -> None:
    notified(post, "queue")
    post.shop.run(a_feed(*[cancels(number) for number in range(1, 31)]))
    post.shop.backend.sellers.add(replace(a_seller(OTHER_SELLER), destinations=("theirs",)))
    post.shop.submit(a_feed(acknowledges(99), merchant=OTHER_SELLER), seller_id=OTHER_SELLER)
    post.shop.work()
    assert post.sent(limit=12) == 12
    assert [destination for destination, _ in post.queues.bodies] == ["queue", "theirs"]
    assert len(post.letterbox.mails) == 10
    assert post.sent(limit=99) == 20


def test_whose_turn_it_is_goes_round(post: Post) -> None:
    notified(post, "queue")
    for _ in range(3):
        post.shop.run(a_feed(acknowledges(1), cancels(5)))
    turns = []
    for _ in range(4):
        post.sent(limit=1)
        turns.append((len(post.letterbox.mails), len(post.queues.bodies)))
    assert turns == [(1, 0), (1, 1), (1, 2), (1, 3)]


def test_what_could_not_be_sent_for_days_is_given_up(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    post.shop.run(a_feed(cancels(1)))
    post.letterbox.fails["all"] = DeliveryDelayed("down")
    post.shop.now += GIVEN_UP - MINUTE
    assert post.sent() == 1  # the feed's end, which nobody asked to be told of
    post.shop.now += 2 * MINUTE
    assert (post.sent(), post.waiting) == (1, 0)
    assert "is given up" in caplog.text


def test_refused_messages_send_nothing(post: Post) -> None:
    post.shop.run(a_feed(cancels(1), cancels(1), cancels(99)))
    post.sent()
    assert len(post.letterbox.mails) == 1


def test_buyers_of_the_japanese_marketplace_read_japanese(post: Post) -> None:
    post.shop.stocked(bought(1, marketplace_id=JAPAN))
    post.shop.run(a_feed(cancels(1), cancels(2)))
    post.sent()
    assert ["ご注文" in subject for subject in post.letterbox.subjects] == [True, False]


def test_an_order_that_names_no_marketplace_is_of_its_sellers(post: Post) -> None:
    post.shop.backend.sellers.change(a_seller(marketplace_id=JAPAN))
    post.shop.stocked(bought(1, marketplace_id=""))
    post.shop.run(a_feed(cancels(1)))
    post.sent()
    assert "ご注文" in post.letterbox.subjects[0]


def test_an_email_has_the_same_id_when_it_is_sent_again(post: Post) -> None:
    post.shop.run(a_feed(cancels(1)))
    entry = post.shop.backend.outbox.list_waiting(1)[0]
    again = Post(post.shop)
    again.letterbox.fails["all"] = DeliveryDelayed("gone")
    again.sent()
    post.sent()
    assert post.letterbox.mails[0].mail_id == make_mail_id(entry.entry_id)
    assert len({make_mail_id(f"{SELLER}/5000/{n}") for n in range(9)}) == 9


def test_without_an_address_there_is_nobody_to_tell(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    post.shop.stocked(an_order(1))
    post.shop.run(a_feed(cancels(1)))
    with caplog.at_level(logging.INFO):
        assert post.sent() == 2
    assert (post.letterbox.mails, post.waiting) == ([], 0)
    assert "no e-mail address" in caplog.text


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example\r\nBcc: all@b.example",
        "a@b.example, c@d.example",
        "Mari <mari@marketplace.example>",
        "nobody",
        "a@b@c",
        "a b@c.example",
        "@b.example",
        "あ@b.example",
    ],
)
def test_what_is_no_address_is_told_once_and_never_tried(
    post: Post, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    post.shop.stocked(bought(1, buyer=Buyer("x", address)))
    post.shop.run(a_feed(cancels(1)))
    assert post.sent() == 2
    assert (post.letterbox.tried, post.waiting) == (0, 0)
    assert "can never be sent" in caplog.text
    assert address not in caplog.text


def test_what_cannot_be_sent_now_waits_longer_each_time(post: Post) -> None:
    post.shop.run(a_feed(cancels(1)))
    post.letterbox.fails["all"] = DeliveryDelayed("refused")
    tried_at = []
    for second in range(40):
        before = post.letterbox.tried
        post.sent()
        tried_at += [second] * (post.letterbox.tried - before)
        post.shop.now += timedelta(seconds=1)
    assert tried_at == [0, 1, 3, 7, 15, 31]
    post.letterbox.fails.clear()
    post.shop.now += LONGEST
    assert post.sent() == 1
    assert post.waiting == 0


def test_a_channel_that_keeps_failing_is_tried_after_1_2_4_8_16_and_then_every_30_seconds() -> None:
    patience, now, pauses = Patience(), NOON, []
    for number in range(7 * MOST_FAILURES):
        patience.delay("e-mail", f"entry {number}", now)
        if (number + 1) % MOST_FAILURES == 0:
            pause = next(second for second in range(60) if patience.allows("e-mail", "another", now + SECOND * second))
            pauses.append(pause)
            now += SECOND * pause
    assert pauses == [1, 2, 4, 8, 16, 30, 30]


def test_no_entry_is_begun_when_the_time_is_up(post: Post) -> None:
    post.shop.run(a_feed(cancels(1)))
    assert post.sent(until=post.shop.now) == 0
    assert post.letterbox.tried == 0
    assert post.sent(until=post.shop.now + SECOND) == post.waiting + 2 == 2


def test_one_that_fails_does_not_stop_those_behind_it(post: Post) -> None:
    post.shop.run(a_feed(*[cancels(number) for number in range(1, 11)]))
    post.letterbox.fails["buyer1@marketplace.example"] = DeliveryDelayed("mailbox is full")
    assert post.sent(limit=3) + sum(post.sent(limit=3) for _ in range(4)) == 10
    assert post.letterbox.recipients == [f"buyer{number}@marketplace.example" for number in range(2, 11)]
    assert post.waiting == 1


def test_more_that_fail_than_a_round_holds_do_not_stop_those_behind_them(post: Post) -> None:
    post.shop.run(a_feed(*[cancels(number) for number in range(1, 31)]))
    for number in range(1, 30):
        post.letterbox.fails[f"buyer{number}@marketplace.example"] = DeliveryDelayed("no")
    for _ in range(60):
        post.sent(limit=2)
        post.shop.now += timedelta(seconds=20)
    assert post.letterbox.recipients == ["buyer30@marketplace.example"]


def test_while_all_email_fails_few_are_tried_and_notifications_go_out(post: Post) -> None:
    notified(post, QUEUES[0])
    post.shop.run(a_feed(*[cancels(number) for number in range(1, 31)]))
    post.letterbox.fails["all"] = DeliveryDelayed("refused")
    assert post.sent(limit=40) == 1
    assert post.letterbox.tried == MOST_FAILURES
    assert len(post.queues.bodies) == 1


def test_notifications_at_the_end_of_many_that_wait_go_out(post: Post) -> None:
    notified(post, QUEUES[0])
    post.shop.run(a_feed(*[cancels(number) for number in range(1, 31)]))
    post.letterbox.fails["all"] = DeliveryDelayed("refused")
    sent = [post.sent(limit=5) for _ in range(3)]
    assert sum(sent) == 1
    assert len(post.queues.bodies) == 1


def test_what_can_never_arrive_is_noted_and_told(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    post.shop.run(a_feed(cancels(1), cancels(2)))
    post.letterbox.fails["buyer1@marketplace.example"] = Undeliverable("refused for good (550)")
    assert post.sent() == 3
    assert post.waiting == 0
    assert "refused for good (550)" in caplog.text


def test_no_log_line_names_a_buyer(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    post.shop.run(a_feed(*[cancels(number) for number in range(1, 6)]))
    post.letterbox.fails["all"] = DeliveryDelayed("the server answers 421")
    with caplog.at_level(logging.DEBUG):
        post.sent()
        post.letterbox.fails.clear()
        post.shop.now += LONGEST
        post.sent()
    assert "was not sent (the server answers 421)" in caplog.text
    assert "marketplace.example" not in caplog.text
    assert "Buyer" not in caplog.text


@pytest.mark.parametrize("fault", [AttributeError("a fault of ours"), OSError("the store is gone")])
def test_what_is_no_failed_delivery_surfaces_and_what_went_out_is_noted(post: Post, fault: Exception) -> None:
    post.shop.run(a_feed(*[cancels(number) for number in range(1, 6)]))
    post.letterbox.fails["buyer3@marketplace.example"] = fault
    with pytest.raises(type(fault), match=str(fault)):
        post.sent(group=50)
    assert post.waiting == 4  # three e-mails and the feed's end


def test_a_fault_of_ours_in_a_notification_surfaces(post: Post) -> None:
    notified(post, *QUEUES)
    post.shop.run(a_feed(cancels(99)))
    post.queues.fails[QUEUES[0]] = TypeError("a fault of ours")
    with pytest.raises(TypeError, match="a fault of ours"):
        post.sent()
    assert post.waiting == 1


def test_nothing_is_noted_before_it_went_out(post: Post) -> None:
    post.shop.run(a_feed(*[cancels(number) for number in range(1, 8)]))
    post.letterbox.fails["buyer4@marketplace.example"] = KeyboardInterrupt()  # type: ignore[assignment]
    with pytest.raises(KeyboardInterrupt):
        post.sent(group=50)
    assert post.waiting == 5  # four e-mails and the feed's end


def test_each_is_noted_before_the_next_goes_out(post: Post) -> None:
    post.shop.run(a_feed(cancels(1), cancels(2), cancels(3)))
    waiting: list[int] = []
    send = post.letterbox.send

    def note_and_send(mail: Mail) -> None:
        waiting.append(post.waiting)
        send(mail)

    post.letterbox.send = note_and_send  # type: ignore[method-assign]
    post.sent()
    assert waiting == [4, 3, 2]


def test_the_limit_is_how_many_go_out(post: Post) -> None:
    post.shop.run(a_feed(*[cancels(number) for number in range(1, 10)]))
    assert [post.sent(limit=4) for _ in range(4)] == [4, 4, 2, 0]


def test_a_round_without_memory_tries_all_again(post: Post) -> None:
    post.shop.run(a_feed(cancels(1)))
    for number in count(1):
        post.letterbox.fails["all"] = DeliveryDelayed("no")
        send_pending(post.outgoing(Patience()))
        assert post.letterbox.tried == number
        if number == 3:
            break
    assert post.waiting == 1
