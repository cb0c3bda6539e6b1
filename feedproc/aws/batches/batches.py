"""The one transaction in DynamoDB that commits a batch."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from feedproc.aws.batches import marks
from feedproc.aws.clients import Clients
from feedproc.aws.dynamo.items import as_number
from feedproc.aws.dynamo.ready import Ready
from feedproc.aws.dynamo.tables import ORDERS, SUBMISSIONS
from feedproc.aws.dynamo.transaction import (
    MOST_ITEMS,
    ConditionsFailed,
    Write,
    check_size,
    make_token,
    prepare_transaction,
    send_transaction,
)
from feedproc.aws.orders import item as order_items
from feedproc.aws.orders.orders import DynamoOrders
from feedproc.aws.orders.tallies import add_counts
from feedproc.aws.outbox import outbox
from feedproc.aws.stock import stock
from feedproc.aws.stock.journals import Journal, Journals, make_journal, put_journal, read_journal
from feedproc.aws.submissions.item import encode_counts
from feedproc.aws.submissions.statements import HAS_JOURNALS, ClaimListener, renew
from feedproc.errors import ClaimLost, Conflict
from feedproc.feeds.progress import Claim, Mark
from feedproc.orders.order import Order
from feedproc.ports import Batch

_CLAIM, _MARK = 0, 1
"""Places of the claim and of the mark among the writes of a batch."""
_BESIDES = 2
"""Writes of every batch: the claim and the mark."""


class DynamoBatches:
    """The port `Batches`."""

    most_writes = MOST_ITEMS - _BESIDES
    commits_beside = True

    def __init__(self, clients: Clients, orders: DynamoOrders, listener: ClaimListener, journals: Journals) -> None:
        """Use the tables that a batch changes; `orders` found what is changed, and `listener` hears of claims."""
        self._clients = clients
        self._orders = orders
        self._listener = listener
        self._journals = journals

    def prepare(self, batch: Batch, at: datetime, lease: timedelta) -> Callable[[], None]:
        """Write the statements of a batch; return what sends them.

        Raises:
            Conflict: two of its orders would have the same name.
            BatchTooLarge: fewer messages are to be tried.

        """
        claim, moves = batch.claim, batch.moves
        lines = stock.list_lines(moves)
        beside = [
            *outbox.put_entries(self._clients, batch.outbox, at, moves.cause),
            *self._build_order_changes(claim.seller_id, batch.orders, at),
            *stock.put_levels(self._clients, claim.seller_id, moves, lines),
            *add_counts(self._clients, claim.seller_id, batch.tallies),
        ]
        journal = None
        if _BESIDES + len(beside) + sum(map(bool, lines.values())) <= MOST_ITEMS:
            beside += stock.put_lines(self._clients, claim.seller_id, at, moves.cause, lines)
        else:
            item = make_journal(self._clients, claim.seller_id, at, moves.cause, lines)
            beside.append(put_journal(self._clients, item))
            journal = read_journal(claim.seller_id, item)
        writes = [self._renew_claim(batch, at + lease, journal), self._put_mark(batch, "", at), *beside]
        check_size(writes)
        token = make_token(writes)
        writes[_MARK] = self._put_mark(batch, token, at)
        return partial(
            self._send, claim, batch.mark, at, prepare_transaction(self._clients, writes, token), token, journal
        )

    def commit(self, batch: Batch, at: datetime, lease: timedelta) -> None:
        """Commit a batch once, and renew the claim until `at + lease`.

        Raises:
            ClaimLost: another worker holds the submission, or committed this batch.
            Conflict: an order, a name or a level changed since it was read.
            BatchTooLarge: fewer messages are to be tried; nothing was written.

        """
        self.prepare(batch, at, lease)()

    def _send(
        self, claim: Claim, mark: Mark, at: datetime, transaction: Ready, token: str, journal: Journal | None
    ) -> None:
        self._journals.post_beside(claim)
        try:
            send_transaction(self._clients, transaction)
        except ConditionsFailed as refused:
            self._explain(claim, mark, token, refused)
        if journal is not None:
            self._journals.note(claim, journal)
        self._listener.note_renewal(claim, at)

    def _renew_claim(self, batch: Batch, until: datetime, journal: Journal | None) -> Write:
        """Renew the claim; note the counts so far, which also forgives earlier attempts, and that a journal stands."""
        also = ", #summary = :summary, #attempts = :one, #setbacks = :none"
        values = {"summary": encode_counts(batch.mark.summary), "one": as_number(1), "none": as_number(0)}
        if journal is not None:
            also += f", #{HAS_JOURNALS} = :one"
        return Write("Update", renew(self._clients.get_table_name(SUBMISSIONS), batch.claim, until, also, values))

    def _put_mark(self, batch: Batch, token: str, at: datetime) -> Write:
        return marks.put_mark(self._clients, batch.claim, batch.mark, token, at)

    def _build_order_changes(self, seller_id: str, orders: Sequence[Order], at: datetime) -> Iterator[Write]:
        table = self._clients.get_table_name(ORDERS)
        for order in orders:
            yield order_items.update_order(table, seller_id, order, at)
        old = self._orders.find_names_before(seller_id, orders)
        before = order_items.map_owners((old[one.amazon_order_id], one.amazon_order_id) for one in orders)
        after = order_items.map_owners((one.merchant_order_id, one.amazon_order_id) for one in orders)
        yield from order_items.move_names(table, seller_id, before, after)

    def _explain(self, claim: Claim, mark: Mark, token: str, refused: ConditionsFailed) -> None:
        """Return when an earlier try took effect, of which only the answer was lost; else say what stood against it."""
        number = mark.number
        if _MARK in refused.places:
            if marks.is_written(self._clients, claim, mark, token):
                return
            raise ClaimLost(f"batch {number} of {claim.submission_id} was committed by another worker")
        if _CLAIM in refused.places:
            raise ClaimLost(f"submission {claim.submission_id} is no longer held by worker {claim.worker}")
        raise Conflict(f"{len(refused.places)} orders, their merchant order ids, or levels of stock changed meanwhile")
