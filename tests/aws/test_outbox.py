"""The outbox in DynamoDB: what was given out is found again when it has been sent, however much of it there is."""

import json
from typing import Any

import pytest

from feedproc.aws.clients import get_clients
from feedproc.aws.dynamo import items
from feedproc.aws.dynamo.tables import OUTBOX
from feedproc.feeds.progress import Mark, Position
from feedproc.feeds.report import Summary
from feedproc.feeds.submission import NewSubmission
from feedproc.ports import Batch, OutboxEntry, OutboxKind
from tests.aws.builders import CloudShop
from tests.aws.cloud import Answering, between, noted, operation
from tests.builders import ACKNOWLEDGEMENT, FULFILLMENT, LEASE, NOON, SELLER, a_feed, orders, ships

MOST_BYTES = 4_096
"""Of an expression (DynamoDB, service quotas, expression parameters); moto takes longer ones."""


def told(shop: CloudShop, *batches: int) -> None:
    """Let a feed tell so many things in each of its batches."""
    new = NewSubmission(seller_id=SELLER, feed_type=ACKNOWLEDGEMENT, document="0" * 32, size=7, submitted_at=NOON)
    submission_id = shop.backend.submissions.add(new).submission_id
    claim = shop.backend.submissions.claim(SELLER, submission_id, "w", NOON, LEASE)
    assert claim is not None
    for number, size in enumerate(batches, 1):
        names = [f"{SELLER}/{submission_id}/{number}-{place}" for place in range(size)]
        entries = [OutboxEntry(name, OutboxKind.FEED_FINISHED, SELLER, submission_id) for name in names]
        shop.backend.batches.commit(Batch(claim, (), (), entries, Mark(number, Position(), Summary())), NOON, LEASE)


def test_many_entries_of_one_batch_are_noted_in_expressions_that_dynamodb_takes(shop: CloudShop) -> None:
    told(shop, 250)
    expressions: list[str] = []

    def note(request: Any, answer: Answering) -> Any:
        expressions.append(json.loads(request.body).get("UpdateExpression", ""))
        return answer(request)

    waiting = shop.backend.outbox.list_waiting(1_000)
    with between(note):
        shop.backend.outbox.note_sent(waiting, NOON)
    assert 0 < max(map(len, expressions)) <= MOST_BYTES
    assert (
        len(waiting)
        == len([one for one in shop.backend.outbox.list_recent(SELLER, 1_000) if one.sent_at == NOON])
        == 250
    )
    assert not shop.reopened().backend.outbox.list_waiting(1)


def test_what_was_given_out_is_noted_without_looking_for_it(shop: CloudShop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedproc.aws.outbox.outbox._MOST_REMEMBERED", 5)
    told(shop, 3, 3, 3)
    waiting = shop.backend.outbox.list_waiting(9)
    with noted() as asked:
        shop.backend.outbox.note_sent(waiting, NOON)
    assert "dynamodb Query" not in asked  # the role of the sender lets it query the index alone
    assert len(waiting) == 9
    assert not shop.backend.outbox.list_waiting(9)


def test_what_two_senders_note_at_once_waits_no_longer(shop: CloudShop) -> None:
    told(shop, 2)
    first, second = shop.backend.outbox.list_waiting(2)
    other = shop.reopened().backend.outbox
    notes = [lambda: other.note_sent([second], NOON)]

    def meanwhile(request: Any, answer: Answering) -> Any:
        if operation(request) == "dynamodb UpdateItem" and notes:
            notes.pop()()
        return answer(request)

    assert len(other.list_waiting(2)) == 2
    with between(meanwhile):
        shop.backend.outbox.note_sent([first], NOON)
    assert not other.list_waiting(2)
    with noted() as asked:
        assert not other.list_waiting(2)
    assert set(asked) == {"dynamodb Query"}
    assert all(one.sent_at == NOON for one in other.list_recent(SELLER, 2))


def stored(shop: CloudShop) -> list[dict[str, Any]]:
    clients = get_clients(shop.settings)
    return list(clients.dynamodb.scan(TableName=clients.get_table_name(OUTBOX))["Items"])


def test_all_that_a_full_batch_of_ships_tells_takes_one_unit_of_writing(shop: CloudShop) -> None:
    shop.stocked(*orders(90))
    assert shop.run(a_feed(*map(ships, range(1, 91)), feed_type=FULFILLMENT), FULFILLMENT).counts == (90, 90, 0, 0)
    assert max(items.measure({"Item": one}) for one in stored(shop)) <= 1024


def test_entries_that_an_earlier_version_packed_are_sent(shop: CloudShop) -> None:
    told(shop, 50)
    waiting = shop.backend.outbox.list_waiting(99)
    clients, (item,) = get_clients(shop.settings), stored(shop)
    item |= {"entries": items.as_json(waiting)}
    clients.dynamodb.put_item(TableName=clients.get_table_name(OUTBOX), Item=item)
    assert list(shop.reopened().backend.outbox.list_waiting(99)) == waiting
