"""Lines of ledgers that do not fit into the transaction of their batch: posted behind it, and lacking at no time."""

import json
from collections.abc import Sequence
from threading import Event
from typing import Any

import pytest
from msgspec.structs import replace

from feedproc.aws.clients import MOST_TRIES
from feedproc.aws.errors import TooBusy
from feedproc.errors import ClaimLost
from feedproc.feeds.progress import Claim, Mark, Position
from feedproc.feeds.report import Summary
from feedproc.feeds.submission import NewSubmission, ProcessingStatus
from feedproc.ports import Batch
from feedproc.services.process.processing import Policy
from feedproc.stock.change import By, StockChange
from feedproc.stock.level import StockEntry
from tests.aws.builders import CloudShop, count_journals
from tests.aws.cloud import Answering, Fault, Killed, between, killed_after, killed_before, operation, time_passes
from tests.builders import ACKNOWLEDGEMENT, LEASE, NOON, SELLER, a_feed, cancels, orders

MANY = 60
"""SKUs: more than have a level and a line of their ledger in one transaction."""
POST = "dynamodb BatchWriteItem"


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses between tries take no time."""
    monkeypatch.setattr("time.sleep", lambda seconds: None)


def claimed(shop: CloudShop, worker: str = "w") -> Claim:
    new = NewSubmission(seller_id=SELLER, feed_type=ACKNOWLEDGEMENT, document="0" * 32, size=7, submitted_at=NOON)
    claim = shop.backend.submissions.claim(SELLER, shop.backend.submissions.add(new).submission_id, worker, NOON, LEASE)
    assert claim is not None
    return claim


def a_batch(claim: Claim, number: int = 1) -> Batch:
    """Brings one unit of many SKUs back."""
    stock = [(str(one), StockChange(f"SKU-{one}", By(1), "PricingError")) for one in range(1, MANY + 1)]
    return Batch(claim, (), stock, (), Mark(number, Position(), Summary(1, 1)))


def ledger(shop: CloudShop, number: int = 1, limit: int = 9) -> Sequence[StockEntry]:
    return shop.backend.stock.list_entries(SELLER, f"SKU-{number}", limit)


def count_lines(shop: CloudShop) -> dict[int, int]:
    """How often so many lines are in a ledger."""
    numbers = [len(ledger(shop, number)) for number in range(1, 101)]
    return {number: numbers.count(number) for number in set(numbers)}


def at_first(wanted: str, kind: Any) -> Any:
    """Go wrong at the first call of a kind."""
    fault = Fault(0, kind)

    def server(request: Any, answer: Answering) -> Any:
        return fault(request, answer) if fault.where or operation(request) == wanted else answer(request)

    return between(server)


def test_a_line_is_in_its_ledger_with_its_batch_and_before_it_is_posted(shop: CloudShop) -> None:
    claim = claimed(shop)
    shop.backend.batches.commit(a_batch(claim), NOON, LEASE)
    assert count_journals(shop) == 1
    (entry,) = ledger(shop.reopened(), MANY)
    assert entry == StockEntry(f"SKU-{MANY}", 1, "PricingError", NOON, None, claim.submission_id, str(MANY))
    assert [level.sku for level in shop.backend.stock.list_levels(SELLER)][:2] == ["SKU-1", "SKU-10"]


def test_lines_are_posted_behind_their_batch_and_told_newest_first(shop: CloudShop) -> None:
    claim = claimed(shop)
    for number in (1, 2, 3, 4, 5):
        shop.backend.batches.commit(a_batch(claim, number), NOON.replace(minute=number), LEASE)
    assert count_journals(shop) in {3, 4}  # one is not posted, two are on their way, one goes with the last of these
    assert [entry.at.minute for entry in ledger(shop)] == [5, 4, 3, 2, 1]
    assert [entry.at.minute for entry in ledger(shop, limit=2)] == [5, 4]


def test_a_batch_is_committed_while_lines_of_the_two_before_it_are_not_posted_yet(shop: CloudShop) -> None:
    claim, may_post = claimed(shop), Event()

    def server(request: Any, answer: Answering) -> Any:
        assert operation(request) != POST or may_post.wait(10)
        return answer(request)

    with between(server):
        for number in (1, 2, 3):
            shop.backend.batches.commit(a_batch(claim, number), NOON.replace(minute=number), LEASE)
        assert [entry.at.minute for entry in ledger(shop)] == [3, 2, 1]
        may_post.set()
        shop.backend.submissions.release(claim, "time is up")
    assert count_journals(shop) == 3


def test_nothing_is_left_to_post_when_a_feed_has_ended(shop: CloudShop) -> None:
    shop.stocked(*orders(100))
    assert shop.run(a_feed(*map(cancels, range(1, 101)))).counts == (100, 100, 0, 0)
    assert count_journals(shop) == 0
    assert count_lines(shop) == {1: 100}


@pytest.mark.parametrize("kind", [killed_before, killed_after])
def test_a_worker_that_dies_between_batch_and_lines_leaves_no_ledger_without_them(shop: CloudShop, kind: Any) -> None:
    shop.stocked(*orders(100))
    submission = shop.submit(a_feed(*map(cancels, range(1, 101))))
    with at_first(POST, kind), pytest.raises(Killed):
        shop.work()
    again = shop.reopened()
    changed = [number for number in range(1, 101) if again.stock_of(number)]
    assert len(changed) > 40
    assert all(len(ledger(again, number)) == 1 for number in changed)
    time_passes()
    again.work()
    assert again.report(submission).counts == (100, 100, 0, 0)
    assert (count_journals(again), count_lines(again)) == (0, {1: 100})


def test_a_worker_that_has_lost_its_claim_adds_no_line_twice(shop: CloudShop) -> None:
    lost, other = claimed(shop), shop.reopened().backend
    shop.backend.batches.commit(a_batch(lost), NOON, LEASE)
    later = NOON + 2 * LEASE
    claim = other.submissions.claim(SELLER, lost.submission_id, "other", later, LEASE)
    assert claim is not None
    other.batches.commit(a_batch(claim, 2), later, LEASE)
    with pytest.raises(ClaimLost):
        shop.backend.batches.commit(a_batch(lost, 2), later, LEASE)
    submission = other.submissions.get(SELLER, lost.submission_id)
    assert submission is not None
    other.submissions.finish(claim, replace(submission, status=ProcessingStatus.DONE), ())
    assert [entry.at for entry in ledger(shop)] == [later, NOON]
    assert count_journals(shop) == 0


def test_what_is_left_while_another_takes_over_is_posted_by_it(shop: CloudShop) -> None:
    lost, other, asked = claimed(shop), shop.reopened().backend.submissions, list[str]()

    def server(request: Any, answer: Answering) -> Any:
        if operation(request) == "dynamodb UpdateItem" and not asked:
            asked.append("take")
            shop.backend.batches.commit(a_batch(lost), NOON, LEASE)
            shop.backend.submissions.release(lost, "time is up")
        return answer(request)

    with between(server):
        assert other.claim(SELLER, lost.submission_id, "other", NOON, LEASE) is None
    claim = other.claim(SELLER, lost.submission_id, "other", NOON, LEASE)
    submission = other.get(SELLER, lost.submission_id)
    assert claim is not None
    assert submission is not None
    other.finish(claim, replace(submission, status=ProcessingStatus.DONE), ())
    assert count_journals(shop) == 0


def test_what_dynamodb_leaves_undone_is_written_again(shop: CloudShop) -> None:
    shop.stocked(*orders(100))
    left = [None] * 5

    def server(request: Any, answer: Answering) -> Any:
        if operation(request) != POST or not left:
            return answer(request)
        left.pop()
        undone = {"UnprocessedItems": json.loads(request.body)["RequestItems"]}
        return 200, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(undone)

    with between(server):
        assert shop.run(a_feed(*map(cancels, range(1, 101)))).counts == (100, 100, 0, 0)
    assert (left, count_journals(shop), count_lines(shop)) == ([], 0, {1: 100})


def test_a_feed_does_not_end_while_its_lines_cannot_be_posted(shop: CloudShop) -> None:
    claim = claimed(shop)
    shop.backend.batches.commit(a_batch(claim), NOON, LEASE)
    submission = shop.backend.submissions.get(SELLER, claim.submission_id)
    assert submission is not None
    asked: list[str] = []

    def server(request: Any, answer: Answering) -> Any:
        if operation(request) != POST:
            return answer(request)
        asked.append(POST)
        undone = {"UnprocessedItems": json.loads(request.body)["RequestItems"]}
        return 200, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(undone)

    with between(server), pytest.raises(TooBusy, match="undone 8 times"):
        shop.backend.submissions.finish(claim, submission, ())
    assert len(asked) == MOST_TRIES * 3
    assert shop.backend.submissions.get(SELLER, claim.submission_id) == submission


def test_a_feed_that_is_given_up_behind_a_batch_has_its_lines(shop: CloudShop) -> None:
    shop.stocked(*orders(100))
    submission = shop.submit(a_feed(*map(cancels, range(1, 101))))
    with at_first(POST, killed_before), pytest.raises(Killed):
        shop.work()
    shop.backend.documents.delete(submission.document)
    time_passes()
    again = shop.reopened()
    again.work(Policy(most_attempts=1))
    assert again.again(submission).status is ProcessingStatus.DONE
    assert count_journals(again) == 0
    assert all(len(ledger(again, number)) == 1 for number in range(1, 101) if again.stock_of(number))
