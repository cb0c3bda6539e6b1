"""Journals of stock: what a batch adds to many ledgers, in one item of its transaction, and posted to them afterwards.

A line of a ledger that is written by itself costs half of one within a transaction, and takes none of its places. Its
key follows from the journal, so a line that is posted twice is there once, whoever posts it. A journal that stands is
part of each ledger, and goes once its lines do: no ledger lacks a line for a moment, whatever happens in between.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime
from typing import NamedTuple

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
_THREADS = 8
_HEAD_START = 0.002
"""Seconds in which the transaction beside is sent, which is what is waited for."""
_MOST_POSTINGS = 2
"""At a time: each goes beside a transaction, and may take a little longer."""
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


class Journal(NamedTuple):
    """A journal, and the lines of ledgers that it holds."""

    item: Item
    lines: Sequence[Request]


def read_journal(seller_id: str, item: Item) -> Journal:
    """Return a journal with its lines as they are to be written."""
    return Journal(item, [{"PutRequest": {"Item": line}} for _, line in list_ledger_items(seller_id, item)])


class _Posting(NamedTuple):
    """Lines on their way into ledgers, with journals on their way out, since theirs are there."""

    journals: Sequence[Journal]
    gone: Sequence[Item]
    parts: Sequence[Future[None]]


class _Book(Struct):
    """The journals of one claimed submission that stand, as far as this process knows."""

    is_taken_over: bool = False
    """Whoever had it before may have left some."""
    unposted: list[Journal] = field(default_factory=list)
    postings: deque[_Posting] = field(default_factory=deque)
    posted: list[Item] = field(default_factory=list)
    """Their lines are in the ledgers, so they can go."""

    def wait(self, most: int) -> None:
        """Wait until at most so many postings are on their way; raise what came between one of the others."""
        while len(self.postings) > most:
            posting = self.postings.popleft()
            errors = [part.exception() for part in posting.parts]
            failed = next((error for error in errors if error is not None), None)
            if failed is not None:
                self.unposted[:0], self.posted[:0] = posting.journals, posting.gone
                raise failed
            self.posted += [one.item for one in posting.journals]


class Journals:
    """Posts what batches leave in journals behind them: beside the next batches, or before the end."""

    def __init__(self, clients: Clients) -> None:
        """Use the table `stock`."""
        self._clients = clients
        self._books: dict[tuple[str, str], _Book] = {}
        self._threads = ThreadPoolExecutor(_THREADS, "post")

    def begin(self, claim: Claim, *, is_taken_over: bool) -> None:
        """Learn of a claim, and whether an earlier holder may have left journals."""
        self.forget(claim)
        if is_taken_over:
            self._books[_get_key(claim)] = _Book(is_taken_over=True)

    def note(self, claim: Claim, journal: Journal) -> None:
        """Learn of a journal that stands, since its batch is committed."""
        self._books.setdefault(_get_key(claim), _Book()).unposted.append(journal)

    def forget(self, claim: Claim) -> None:
        """Leave what is not posted to whoever takes the submission up, once nothing of it is on its way."""
        book = self._books.pop(_get_key(claim), None)
        if book is not None:
            wait([part for posting in book.postings for part in posting.parts])

    def post_beside(self, claim: Claim) -> None:
        """Begin to post what stands, behind the posting before the last.

        Raises:
            TooBusy: an earlier posting failed, and is to be done again.
            ClientError: likewise.

        """
        book = self._books.get(_get_key(claim))
        if book is None:
            return
        book.wait(_MOST_POSTINGS - 1)
        if book.is_taken_over:
            left = list_journals(self._clients, claim.seller_id)
            book.unposted += [read_journal(claim.seller_id, item) for item in left]
            book.is_taken_over = False
        journals, gone = book.unposted, book.posted
        book.unposted, book.posted = [], []
        name, requests = self._clients.get_table_name(STOCK), _list_requests(journals, gone)
        parts = [self._threads.submit(self._write_later, name, part) for part in divide(requests)]
        book.postings.append(_Posting(journals, gone, parts))

    def _write_later(self, name: str, part: Sequence[Request]) -> None:
        self._clients.pause(_HEAD_START)
        write_part(self._clients, name, part)

    def post_all(self, claim: Claim) -> None:
        """Post what stands, until nothing does."""
        while book := self._books.get(_get_key(claim)):
            book.wait(0)
            if not (book.is_taken_over or book.unposted or book.posted):
                return
            self.post_beside(claim)


def _list_requests(journals: Iterable[Journal], gone: Iterable[Item]) -> Iterator[Request]:
    """Yield the lines that are to be written, and the journals that can go since theirs were written before."""
    for journal in journals:
        yield from journal.lines
    for item in gone:
        yield {"DeleteRequest": {"Key": {name: item[name] for name in ("owner", "name")}}}


def _get_key(claim: Claim) -> tuple[str, str]:
    return claim.seller_id, claim.submission_id
