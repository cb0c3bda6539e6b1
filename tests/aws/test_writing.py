"""Batches in DynamoDB: what is too large, too busy, or was written already."""

import json
import random
import string
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from msgspec.structs import replace

from feedproc.aws.account import AwsSettings
from feedproc.aws.clients import MOST_TRIES, get_clients
from feedproc.aws.errors import TooBusy
from feedproc.errors import BatchTooLarge, ClaimLost, Conflict
from feedproc.feeds.progress import Claim, Mark, Position
from feedproc.feeds.report import Result, Summary
from feedproc.feeds.submission import NewSubmission
from feedproc.orders.order import GivenBy, Item, Order, OrderKey
from feedproc.ports import Batch
from feedproc.stock.change import By, StockChange
from feedproc.stock.level import StockLevel
from tests.aws.builders import CloudShop, stored
from tests.aws.cloud import Answering, between, broken, noted, operation, throttled, timed_out
from tests.builders import (
    ACKNOWLEDGEMENT,
    FULFILLMENT,
    LEASE,
    NOON,
    SELLER,
    a_feed,
    acknowledges,
    an_order,
    cancels,
    order_id,
    orders,
    ships,
)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch, cloud: AwsSettings) -> list[float]:
    pauses: list[float] = []
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    monkeypatch.setattr(get_clients(cloud), "pause", pauses.append)
    return pauses


def claimed(shop: CloudShop, worker: str = "w") -> Claim:
    new = NewSubmission(seller_id=SELLER, feed_type=ACKNOWLEDGEMENT, document="0" * 32, size=7, submitted_at=NOON)
    claim = shop.backend.submissions.claim(SELLER, shop.backend.submissions.add(new).submission_id, worker, NOON, LEASE)
    assert claim is not None
    return claim


def a_batch(claim: Claim, *orders: Order, number: int = 1, stock: tuple[StockChange, ...] = ()) -> Batch:
    caused = [("1", change) for change in stock]
    return Batch(claim, orders, caused, (), Mark(number, Position(), Summary(1, 1)))


def noise(size: int) -> str:
    """Letters that cannot be compressed much."""
    return "".join(random.Random(1).choices(string.ascii_letters + string.digits, k=size))


def an_order_of(size: int, number: int = 1) -> Order:
    (item,) = an_order(number).items
    return an_order(number, items=(Item(item.order_item_code, item.sku, 2, item.charges, noise(size)),))


def refusing(code: str, times: int) -> Any:
    """Let the next transactions be cancelled for a reason that passes."""
    left = [None] * times

    def server(request: Any, answer: Answering) -> Any:
        if operation(request) != "dynamodb TransactWriteItems" or not left:
            return answer(request)
        left.pop()
        body = (
            '{"__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException", "Message": "busy",'
            f' "CancellationReasons": [{{"Code": "None"}}, {{"Code": "{code}", "Message": "m"}}]}}'
        )
        return 400, {"Content-Type": "application/x-amz-json-1.0"}, body

    return between(server)


@pytest.mark.parametrize("code", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])
def test_a_busy_table_is_asked_again_after_a_pause(shop: CloudShop, no_waiting: list[float], code: str) -> None:
    claim = claimed(shop)
    with refusing(code, times=3), noted() as asked:
        shop.backend.batches.commit(a_batch(claim), NOON, LEASE)
    assert asked == ["dynamodb TransactWriteItems"] * 4
    assert len(no_waiting) == 3


def test_a_table_that_stays_busy_is_given_up(shop: CloudShop) -> None:
    claim = claimed(shop)
    with refusing("TransactionConflict", times=10**4), noted() as asked, pytest.raises(ClientError, match="busy"):
        shop.backend.batches.commit(a_batch(claim), NOON, LEASE)
    assert len(asked) == MOST_TRIES
    assert shop.backend.marks.get_last(SELLER, claim.submission_id) is None


@pytest.mark.parametrize("fault", [throttled, broken])
def test_a_fault_that_stays_surfaces(shop: CloudShop, fault: Any) -> None:
    claim = claimed(shop)
    with between(fault), noted() as asked, pytest.raises(ClientError):
        shop.backend.batches.commit(a_batch(claim), NOON, LEASE)
    assert 1 < len(asked) < 10


def test_a_batch_whose_answer_was_lost_is_committed_once(shop: CloudShop) -> None:
    shop.stocked(an_order())
    lost: list[object] = []
    claim = claimed(shop)

    def once(request: Any, answer: Answering) -> Any:
        if operation(request) == "dynamodb TransactWriteItems" and not lost:
            lost.append(request)
            return timed_out(request, answer)
        return answer(request)

    back = StockChange("SKU-1", By(2), "BuyerCanceled", order_id(1))
    with between(once), noted() as asked:
        shop.backend.batches.commit(a_batch(claim, shop.order(), stock=(back,)), NOON, LEASE)
    assert asked.count("dynamodb TransactWriteItems") == 2
    assert (shop.order().version, shop.stock_of(1)) == (1, 2)


def test_a_repetition_has_the_same_token_and_another_batch_another(shop: CloudShop) -> None:
    tokens: list[str] = []

    def note(request: Any, answer: Answering) -> Any:
        if operation(request) == "dynamodb TransactWriteItems":
            tokens.append(json.loads(request.body)["ClientRequestToken"])
        return answer(request)

    claim = claimed(shop)
    with between(note), refusing("TransactionConflict", times=1):
        shop.backend.batches.commit(a_batch(claim), NOON, LEASE)
        shop.backend.batches.commit(a_batch(claim, number=2), NOON, LEASE)
    assert len(tokens) >= 2
    assert len(set(tokens)) == 2
    assert all(0 < len(token) <= 36 for token in tokens)


def test_a_mark_of_another_worker_stops_the_batch(shop: CloudShop) -> None:
    first = claimed(shop, "old")
    shop.backend.batches.commit(a_batch(first), NOON, LEASE)
    late = NOON + LEASE + timedelta(seconds=1)
    second = shop.backend.submissions.claim(SELLER, first.submission_id, "new", late, LEASE)
    assert second is not None
    with pytest.raises(ClaimLost):
        shop.backend.batches.commit(a_batch(second), late, LEASE)
    with pytest.raises(ClaimLost):
        shop.backend.batches.commit(a_batch(first, number=2), late, LEASE)


def test_keys_that_were_left_unread_are_asked_for_again(shop: CloudShop) -> None:
    shop.stocked(*orders(5))
    with _leaving(3):
        found = shop.backend.orders.find(SELLER, [OrderKey(order_id(number)) for number in range(1, 6)])
    assert len(found) == 5


def test_keys_that_are_never_read_surface(shop: CloudShop) -> None:
    shop.stocked(*orders(5))
    with _leaving(10**6), pytest.raises(TooBusy, match="orders"):
        shop.backend.orders.find(SELLER, [OrderKey(order_id(number)) for number in range(1, 6)])


def _leaving(times: int) -> Any:
    """Let DynamoDB answer one key of a BatchGetItem, and leave the others, so many times."""
    left = [None] * times

    def server(request: Any, answer: Answering) -> Any:
        if operation(request) != "dynamodb BatchGetItem" or not left:
            return answer(request)
        left.pop()
        asked = json.loads(request.body)["RequestItems"]
        ((table, wanted),) = asked.items()
        some = {**wanted, "Keys": wanted["Keys"][:1] if times < 100 else []}
        request.body = json.dumps({"RequestItems": {table: some}}).encode()
        if not some["Keys"]:
            told: dict[str, Any] = {"Responses": {table: []}}
            status, headers = 200, {"Content-Type": "application/x-amz-json-1.0"}
        else:
            status, headers, body = answer(request)
            told = json.loads(body)
        rest = {**wanted, "Keys": wanted["Keys"][len(some["Keys"]) :]}
        told["UnprocessedKeys"] = {table: rest} if rest["Keys"] else {}
        return status, headers, json.dumps(told)

    return between(server)


def test_a_large_order_is_kept_compressed(shop: CloudShop) -> None:
    large = an_order_of(50_000)
    large = replace(large, items=(replace(large.items[0], title="Ä" * 400_000),))
    shop.stocked(large)
    assert shop.order() == large
    assert shop.run(a_feed(cancels(1))).counts == (1, 1, 0, 0)
    assert shop.order().items[0].title == "Ä" * 400_000


def test_an_order_that_no_item_can_hold_is_refused_before_any_call(shop: CloudShop) -> None:
    with noted() as asked, pytest.raises(BatchTooLarge, match="409600"):
        shop.backend.orders.load(SELLER, [an_order_of(700_000)])
    assert "dynamodb TransactWriteItems" not in asked
    assert not stored(shop)


def test_results_that_no_item_can_hold_ask_for_a_smaller_batch(shop: CloudShop) -> None:
    claim = claimed(shop)
    results = (Result("1", 18028, noise(700_000)),)
    with pytest.raises(BatchTooLarge):
        shop.backend.batches.commit(Batch(claim, (), (), (), Mark(1, Position(), Summary(), results)), NOON, LEASE)


def test_a_batch_beyond_the_limit_of_a_transaction_is_refused_before_any_call(shop: CloudShop) -> None:
    claim = claimed(shop)
    with noted() as asked, pytest.raises(BatchTooLarge, match="one transaction"):
        shop.backend.batches.commit(a_batch(claim, *orders(101)), NOON, LEASE)
    assert "dynamodb TransactWriteItems" not in asked
    large = [an_order_of(300_000, number) for number in range(1, 25)]
    with pytest.raises(BatchTooLarge, match="4194304"):
        shop.backend.batches.commit(a_batch(claim, *large), NOON, LEASE)


def test_a_feed_of_large_orders_is_cut_into_batches_that_fit(shop: CloudShop) -> None:
    for number in range(1, 33):
        shop.stocked(an_order_of(180_000, number))
    with noted() as asked:
        report = shop.run(a_feed(*map(ships, range(1, 33)), feed_type=FULFILLMENT), FULFILLMENT)
    assert report.counts == (32, 32, 0, 0)
    assert asked.count("dynamodb TransactWriteItems") == 4  # the submission, two batches, the end


def test_as_many_writes_as_a_batch_may_have_fit_into_a_transaction(shop: CloudShop) -> None:
    most = shop.backend.batches.most_writes
    assert most is not None
    shop.stocked(*orders(50))
    with noted() as asked:
        report = shop.run(a_feed(*(cancels(number) for number in range(1, 51))))
    assert report.counts == (50, 50, 0, 0)
    assert asked.count("dynamodb TransactWriteItems") == 4  # the submission, two batches, the end
    assert most <= 98


def test_a_name_that_was_given_away_meanwhile_stops_the_batch(shop: CloudShop) -> None:
    shop.stocked(an_order(1, merchant_order_id="A"), an_order(2))
    first = shop.backend.orders.find(SELLER, [OrderKey("A", GivenBy.SELLER)])[OrderKey("A", GivenBy.SELLER)]
    other = CloudShop(shop.settings, first_key=900)
    other.stocked(replace(an_order(1), merchant_order_id=None), an_order(2, merchant_order_id="A"))
    with pytest.raises(Conflict):
        shop.backend.batches.commit(a_batch(claimed(shop), replace(first, merchant_order_id="B")), NOON, LEASE)
    assert shop.backend.orders.find(SELLER, [OrderKey("A", GivenBy.SELLER)])[
        OrderKey("A", GivenBy.SELLER)
    ].amazon_order_id == order_id(2)


def test_a_process_that_did_not_read_an_order_still_frees_its_old_name(shop: CloudShop) -> None:
    shop.stocked(an_order(1, merchant_order_id="A"))
    order = shop.order()
    fresh = CloudShop(shop.settings, first_key=900)
    fresh.backend.batches.commit(a_batch(claimed(fresh), replace(order, merchant_order_id="B")), NOON, LEASE)
    keys = [OrderKey("A", GivenBy.SELLER), OrderKey("B", GivenBy.SELLER)]
    assert list(shop.backend.orders.find(SELLER, keys)) == [OrderKey("B", GivenBy.SELLER)]


def test_a_process_that_forgot_an_order_still_frees_its_old_name(
    shop: CloudShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedproc.aws.orders.lookup._MOST_REMEMBERED", 1)
    shop.stocked(an_order(1, merchant_order_id="A"), an_order(2, merchant_order_id="C"))
    first, second = OrderKey(order_id(1)), OrderKey(order_id(2))
    found = shop.backend.orders.find(SELLER, [first, second])
    claim, batches = claimed(shop), shop.backend.batches
    batches.commit(a_batch(claim, replace(found[first], merchant_order_id="B")), NOON, LEASE)
    batches.commit(a_batch(claim, replace(found[second], merchant_order_id="A"), number=2), NOON, LEASE)
    keys = [OrderKey(name, GivenBy.SELLER) for name in "ABC"]
    named = shop.backend.orders.find(SELLER, keys)
    assert [one.amazon_order_id for one in map(named.get, keys) if one] == [order_id(2), order_id(1)]


def test_names_that_nobody_can_have_are_nobodys(shop: CloudShop) -> None:
    shop.stocked(*orders(1))
    hostile = [
        OrderKey(""),
        OrderKey("x" * 5_000),
        OrderKey("é" * 2_000, GivenBy.SELLER),
        OrderKey("", GivenBy.SELLER),
        OrderKey("a/b"),
    ]
    assert not shop.backend.orders.find(SELLER, hostile)
    assert shop.backend.orders.get(SELLER, "x" * 5_000) is None
    assert shop.backend.stock.get_level(SELLER, "x" * 5_000) == 0
    assert not shop.backend.stock.list_entries(SELLER, "x" * 5_000, 5)
    for submission_id in ("", "1", "x" * 50, "9" * 50, "-50001019786", "0050001019786", "5٠001019786"):
        assert shop.backend.submissions.get(SELLER, submission_id) is None
        assert not shop.backend.submissions.cancel(SELLER, submission_id, NOON)


def test_acknowledging_again_under_another_name_frees_the_first(shop: CloudShop) -> None:
    shop.stocked(*orders(2))
    report = shop.run(a_feed(acknowledges(1, "A"), acknowledges(1, "B"), acknowledges(2, "A")))
    assert report.counts == (3, 3, 0, 0)
    keys = [OrderKey("A", GivenBy.SELLER), OrderKey("B", GivenBy.SELLER)]
    found = shop.backend.orders.find(SELLER, keys)
    assert [found[key].amazon_order_id for key in keys] == [order_id(2), order_id(1)]


def test_a_level_that_is_set_while_it_changes_is_set_on_top(shop: CloudShop) -> None:
    shop.stocked(an_order())
    shop.backend.stock.load(SELLER, [StockLevel("SKU-1", 5)], NOON)
    changes = [lambda: shop.run(a_feed(cancels(1)))]

    def meanwhile(request: Any, answer: Answering) -> Any:
        if operation(request) == "dynamodb TransactWriteItems" and changes:
            changes.pop()()
        return answer(request)

    with between(meanwhile):
        shop.reopened().backend.stock.load(SELLER, [StockLevel("SKU-1", 9)], NOON)
    assert shop.stock_of(1) == 9
    assert sum(entry.quantity for entry in shop.backend.stock.list_entries(SELLER, "SKU-1", 9)) == 9
