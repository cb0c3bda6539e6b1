"""Journals of stock: what a batch adds to many ledgers, in one item of its transaction, and posted to them afterwards.

A line of a ledger that is written by itself costs half of one within a transaction, and takes none of its places. Its
key follows from the journal, so a line that is posted twice is there once, whoever posts it. A journal that stands is
part of each ledger, and goes once its lines do: no ledger lacks a line for a moment, whatever happens in between.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime

import msgspec
from msgspec import Struct, field

from feedproc.aws.clients import Clients
from feedproc.aws.dynamo import items
from feedproc.aws.dynamo.items import Item
from feedproc.aws.dynamo.read import query_items
from feedproc.aws.dynamo.tables import STOCK
from feedproc.aws.dynamo.transaction import Request, Write, divide, make_stamp, write_part
from feedproc.aws.stock import ledger
from feedproc.aws.stock.ledger import Line, Lines
from feedproc.feeds.moments import as_micros
from feedproc.feeds.progress import Claim

_SIGN = "+"
"""Stands before the name of a journal, among the levels of its seller; it sorts before theirs."""
_THREADS = 4
_decode = msgspec.json.Decoder(dict[str, list[Line]]).decode


def make_journal(clients: Clients, seller_id: str, at: datetime, cause: str, lines: Lines) -> Item:
    """Return the item that holds lines of many ledgers."""
    return {
        "owner": items.as_text(items.make_key(seller_id)),
        "name": items.as_text(f"{_SIGN}{make_stamp(clients, at)}/{cause}"),
        "at": items.as_number(as_micros(at)),
        "lines": items.as_json({sku: told for sku, told in lines.items() if told}),
    }


def put_journal(clients: Clients, journal: Item) -> Write:
    """Return the write that keeps a journal."""
    return Write("Put", items.put(clients.get_table_name(STOCK), journal))


def list_journals(clients: Clients, seller_id: str) -> Iterator[Item]:
    """Yield a seller's journals that stand, oldest first: mostly none."""
    values = {"owner": items.as_text(items.make_key(seller_id)), "sign": items.as_text(_SIGN)}
    condition = "#owner = :owner AND begins_with(#name, :sign)"
    statement = items.query(clients.get_table_name(STOCK), condition, values)
    yield from query_items(clients, statement, ConsistentRead=True)


def list_ledger_items(seller_id: str, journal: Item) -> Iterator[tuple[str, Item]]:
    """Yield each SKU of a journal, and the item of its ledger."""
    name = journal["name"]["S"].removeprefix(_SIGN)
    for sku, told in items.from_json(journal["lines"], _decode).items():
        yield sku, ledger.make_item(seller_id, sku, name, journal["at"], told)


class _Book(Struct):
    """The journals of one claimed submission that stand, as far as this process knows."""

    is_taken_over: bool = False
    """Whoever had it before may have left some."""
    unposted: list[Item] = field(default_factory=list)
    posted: list[Item] = field(default_factory=list)
    """Their lines are in the ledgers, so they can go."""


class Journals:
    """Posts what batches leave in journals, one batch behind: while the next one is committed, or before the end."""

    def __init__(self, clients: Clients) -> None:
        """Use the table `stock`."""
        self._clients = clients
        self._books: dict[tuple[str, str], _Book] = {}

    def begin(self, claim: Claim, *, is_taken_over: bool) -> None:
        """Learn of a claim, and whether an earlier holder may have left journals."""
        self.forget(claim)
        if is_taken_over:
            self._books[_get_key(claim)] = _Book(is_taken_over=True)

    def note(self, claim: Claim, journal: Item) -> None:
        """Learn of a journal that stands, since its batch is committed."""
        self._books.setdefault(_get_key(claim), _Book()).unposted.append(journal)

    def forget(self, claim: Claim) -> None:
        """Leave what is not posted to whoever takes the submission up."""
        self._books.pop(_get_key(claim), None)

    @contextmanager
    def post_beside(self, claim: Claim) -> Iterator[None]:
        """Post what stands while the body of the statement runs; all of it is posted behind it, or something raises."""
        book = self._books.get(_get_key(claim))
        if book is None:
            yield
            return
        if book.is_taken_over:
            book.unposted += list_journals(self._clients, claim.seller_id)
            book.is_taken_over = False
        name, requests = self._clients.get_table_name(STOCK), list(self._list_requests(claim.seller_id, book))
        with ThreadPoolExecutor(_THREADS, "post") as threads:
            parts = [threads.submit(write_part, self._clients, name, part) for part in divide(requests)]
            yield
        for part in parts:
            part.result()
        book.posted, book.unposted = book.unposted, []

    def post_all(self, claim: Claim) -> None:
        """Post what stands, until nothing does."""
        while (book := self._books.get(_get_key(claim))) and (book.is_taken_over or book.unposted or book.posted):
            with self.post_beside(claim):
                pass

    def _list_requests(self, seller_id: str, book: _Book) -> Iterator[Request]:
        """Yield the lines that are to be written, and the journals that can go since theirs were written before."""
        for journal in book.unposted:
            for _, item in list_ledger_items(seller_id, journal):
                yield {"PutRequest": {"Item": item}}
        for journal in book.posted:
            yield {"DeleteRequest": {"Key": {name: journal[name] for name in ("owner", "name")}}}


def _get_key(claim: Claim) -> tuple[str, str]:
    return claim.seller_id, claim.submission_id
