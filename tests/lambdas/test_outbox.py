"""The function `outbox`: what waits is sent, and forgotten feeds are announced again."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from feedproc.errors import DeliveryDelayed, Undeliverable
from feedproc.feeds.effects import BuyerNotice
from feedproc.feeds.submission import ProcessingStatus
from feedproc.lambdas import outbox
from feedproc.lambdas.watching import wrap_handler
from feedproc.orders.order import Buyer, Event
from feedproc.ports import Mail, OutboxEntry, OutboxKind
from feedproc.services.send.backoff import Patience
from feedproc.services.send.send import Outgoing, Outlets
from feedproc.wiring.feed_types import load_feed_types
from feedproc.wiring.writers import load_writers
from tests.builders import (
    FULFILLMENT,
    LEASE,
    SELLER,
    a_feed,
    a_seller,
    acknowledges,
    an_order,
    cancels,
    order_id,
    orders,
    ships,
)
from tests.lambdas.builders import Context, LambdaShop, a_lambda_shop, an_event

QUEUE = "https://sqs.eu-west-1.amazonaws.com/123456789012/finished"


class Post:
    """A mailer and notifier that keeps what it is given, unless it is to fail."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.told: list[tuple[str, str]] = []
        self.failure: Exception | None = None

    def send(self, mail: Mail) -> None:
        if self.failure:
            raise self.failure
        self.mails.append(mail)

    def notify(self, destination: str, body: str) -> None:
        if self.failure:
            raise self.failure
        self.told.append((destination, body))


@pytest.fixture
def shop(tmp_path: Path) -> LambdaShop:
    shop = a_lambda_shop(tmp_path)
    shop.backend.sellers.change(replace(a_seller(), destinations=(QUEUE,)))
    shop.stocked(*(an_order(number, buyer=Buyer(name="Taro", email="taro@example.com")) for number in range(1, 4)))
    return shop


def sent(shop: LambdaShop, post: Post, milliseconds: int = 55_000) -> dict[str, int]:
    outgoing = Outgoing(
        shop.backend, Outlets(post, post, load_writers(load_feed_types())), shop.machine.clock, Patience()
    )
    handle = wrap_handler(lambda event, context: outbox.respond(event, context, outgoing))
    return handle(an_event("schedule"), Context(milliseconds))


def test_what_waits_is_sent_once(shop: LambdaShop) -> None:
    shop.submit(a_feed(ships(1), feed_type=FULFILLMENT), FULFILLMENT)
    shop.delivered()
    post = Post()
    assert [sent(shop, post)["sent"], sent(shop, post)["sent"]] == [2, 0]
    assert [one.recipient for one in post.mails] == ["taro@example.com"]
    assert [destination for destination, _ in post.told] == [QUEUE]


def test_what_could_not_be_sent_is_sent_the_next_time(shop: LambdaShop) -> None:
    shop.submit(a_feed(cancels(1)))
    shop.delivered()
    post = Post()
    post.failure = DeliveryDelayed("down")
    assert sent(shop, post)["sent"] == 0
    post.failure = None
    assert sent(shop, post)["sent"] == 2


def test_what_could_not_be_sent_is_counted(shop: LambdaShop, written: Any) -> None:
    shop.submit(a_feed(cancels(1)))
    shop.delivered()
    post = Post()
    post.failure = DeliveryDelayed("down")
    written()
    sent(shop, post)
    post.failure = None
    sent(shop, post)
    assert [one["Unsent"] for one in written() if "Unsent" in one] == [[2], [0]]


@pytest.mark.parametrize("fails", ["mail", "queues"])
def test_a_channel_that_fails_holds_up_no_other(shop: LambdaShop, fails: str) -> None:
    _fill(shop, OutboxKind.FEED_FINISHED if fails == "queues" else OutboxKind.BUYER_NOTICE)
    shop.submit(a_feed(*[cancels(number) for number in range(1, 4)]))
    shop.delivered()
    post = Post()
    failing = {"mail": "send", "queues": "notify"}[fails]
    setattr(post, failing, _raising(DeliveryDelayed("denied")))
    sent(shop, post)
    assert len(post.told if fails == "mail" else post.mails) == {"mail": 1, "queues": 3}[fails]


def _fill(shop: LambdaShop, kind: str) -> None:
    """Let 200 entries of one lane wait that are older than all others."""
    made = shop.submit(a_feed(acknowledges(1)))
    claim = shop.backend.submissions.claim(SELLER, made.submission_id, "w", shop.now, LEASE)
    assert claim is not None
    notice = BuyerNotice(Event.CANCELLED, order_id(1)) if kind == OutboxKind.BUYER_NOTICE else None
    of = kind, SELLER, made.submission_id, "1", notice, shop.now
    entries = [OutboxEntry(f"old-{number}", *of) for number in range(200)]
    shop.backend.submissions.finish(claim, replace(made, status=ProcessingStatus.DONE), entries)


def _raising(error: Exception) -> Any:
    def refuse(*_: object) -> None:
        raise error

    return refuse


def test_the_age_of_the_oldest_that_waits_is_told(shop: LambdaShop, written: Any) -> None:
    shop.submit(a_feed(cancels(1)))
    shop.delivered()
    shop.now += timedelta(hours=2)
    post = Post()
    post.failure = DeliveryDelayed("down")
    written()
    sent(shop, post)
    post.failure = None
    sent(shop, post)
    assert [one["OutboxAge"] for one in written() if "OutboxAge" in one] == [[7200], [0]]


def test_a_function_without_time_sends_nothing(shop: LambdaShop) -> None:
    shop.submit(a_feed(cancels(1)))
    shop.delivered()
    assert sent(shop, Post(), milliseconds=10_000)["sent"] == 0


def test_nothing_is_begun_shortly_before_the_deadline(shop: LambdaShop) -> None:
    shop.submit(a_feed(cancels(1), cancels(2), cancels(3)))
    shop.delivered()
    post = Post()
    take = post.send

    def slowly(mail: Mail) -> None:
        shop.now += timedelta(seconds=20)
        take(mail)

    post.send = slowly  # type: ignore[method-assign]
    assert sent(shop, post)["sent"] == len(post.mails) == 2
    assert sent(shop, post)["sent"] == 2
    assert len(post.mails) == 3


def test_each_line_names_the_submission_that_it_is_about(shop: LambdaShop, written: Any) -> None:
    first, second = shop.submit(a_feed(acknowledges(1))), shop.submit(a_feed(acknowledges(2)))
    shop.delivered()
    post = Post()
    post.failure = Undeliverable("gone")
    written()
    sent(shop, post)
    lines = [one for one in written() if one.get("level") == "WARNING"]
    assert [one["submission_id"] for one in lines] == [first.submission_id, second.submission_id]
    assert {one["seller_id"] for one in lines} == {SELLER}


def test_a_feed_that_was_never_announced_is_announced_and_processed(shop: LambdaShop) -> None:
    submission = shop.submit(a_feed(acknowledges(1)))
    shop.fifo.entries.clear()
    shop.now += timedelta(minutes=7)
    assert sent(shop, Post())["announced"] == 1
    shop.delivered()
    assert shop.again(submission).status is ProcessingStatus.DONE


def test_a_feed_that_came_in_just_now_is_not_announced_again(shop: LambdaShop) -> None:
    shop.submit(a_feed(acknowledges(1)))
    shop.now += timedelta(minutes=5)
    assert sent(shop, Post())["announced"] == 0


def test_of_each_line_only_the_oldest_is_announced(shop: LambdaShop) -> None:
    shop.stocked(*orders(1), seller=a_seller("A3RIVAL"))
    first, _ = shop.submit(a_feed(acknowledges(1))), shop.submit(a_feed(acknowledges(2)))
    other = shop.submit(a_feed(acknowledges(1)), seller_id="A3RIVAL")
    shop.fifo.entries.clear()
    shop.now += timedelta(minutes=7)
    assert sent(shop, Post())["announced"] == 2
    named = [shop.fifo.read_waiting(one.body).submission_id for one in shop.fifo.entries]
    assert sorted(named) == sorted([first.submission_id, other.submission_id])


def test_without_a_sender_mails_go_to_nobody_and_are_counted(shop: LambdaShop, written: Any) -> None:
    shop.submit(a_feed(cancels(1), cancels(2)))
    shop.delivered()
    written()
    post = Post()
    post.send = outbox.NoMailer().send  # type: ignore[method-assign]
    assert sent(shop, post)["sent"] == 3
    assert written()[-1]["MailsToNobody"] == [1, 1]
