"""The marks of committed batches in DynamoDB, with their results."""

import zlib
from collections.abc import Iterator
from datetime import datetime

import msgspec
from msgspec.structs import replace

from feedproc.aws.clients import Clients
from feedproc.aws.dynamo import items
from feedproc.aws.dynamo.items import Item, Statement
from feedproc.aws.dynamo.read import get_item, query_items
from feedproc.aws.dynamo.tables import MARKS
from feedproc.aws.dynamo.transaction import Write
from feedproc.feeds.progress import Claim, Mark
from feedproc.feeds.report import Result

_DAYS_AT_WORK = 30
"""Longer no feed is processed; its marks are kept as long as itself behind that."""
_decode = msgspec.json.Decoder(Mark).decode
_decode_results = msgspec.json.Decoder(list[Result]).decode
_encode = msgspec.json.Encoder().encode


def put_mark(clients: Clients, claim: Claim, mark: Mark, token: str, at: datetime) -> Write:
    """Return the write of a mark that is not there yet. `token` tells by which call it was written."""
    keep_days = clients.settings.keep_days
    item: dict[str, items.Value] = {
        **_make_key(claim.seller_id, claim.submission_id, mark.number),
        "document": items.as_json(replace(mark, results=())),
        "token": items.as_text(token),
        **items.expire_after(at, keep_days and _DAYS_AT_WORK + keep_days),
    }
    if mark.results:
        item["results"] = items.as_blob(zlib.compress(_encode(mark.results), 6))
    return Write("Put", items.put(clients.get_table_name(MARKS), item, "attribute_not_exists(#submission)"))


def is_written(clients: Clients, claim: Claim, mark: Mark, token: str) -> bool:
    """Say whether the mark was written by the call with that token."""
    found = get_item(clients, MARKS, _make_key(claim.seller_id, claim.submission_id, mark.number))
    return found is not None and found["token"]["S"] == token


class DynamoMarks:
    """The port `Marks`."""

    def __init__(self, clients: Clients) -> None:
        """Use the table `marks`."""
        self._clients = clients

    def get_last(self, seller_id: str, submission_id: str) -> Mark | None:
        """Return the mark with the highest number, without its results."""
        statement = _query_marks(self._clients, seller_id, submission_id, "document")
        found = next(query_items(self._clients, statement, ScanIndexForward=False, ConsistentRead=True, Limit=1), None)
        return items.from_json(found["document"], _decode) if found else None

    def get(self, seller_id: str, submission_id: str, number: int) -> Mark | None:
        """Return the mark of one batch, with its results."""
        found = get_item(self._clients, MARKS, _make_key(seller_id, submission_id, number))
        if found is None:
            return None
        return replace(items.from_json(found["document"], _decode), results=tuple(_read_results(found)))

    def list_results(self, seller_id: str, submission_id: str) -> Iterator[Result]:
        """Yield the results of all committed batches, in feed order."""
        statement = _query_marks(self._clients, seller_id, submission_id, "results")
        for found in query_items(self._clients, statement, ConsistentRead=True):
            yield from _read_results(found)


def _read_results(found: Item) -> list[Result]:
    return _decode_results(zlib.decompress(found["results"]["B"])) if "results" in found else []


def _query_marks(clients: Clients, seller_id: str, submission_id: str, shown: str) -> Statement:
    submission = items.as_text(items.make_key(seller_id, submission_id))
    statement = items.query(clients.get_table_name(MARKS), "#submission = :submission", {"submission": submission})
    statement["ProjectionExpression"] = "#shown"
    statement["ExpressionAttributeNames"]["#shown"] = shown
    return statement


def _make_key(seller_id: str, submission_id: str, number: int) -> Item:
    return {"submission": items.as_text(items.make_key(seller_id, submission_id)), "number": items.as_number(number)}
