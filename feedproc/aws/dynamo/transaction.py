"""Several writes: together or not at all, or each by itself; tried again while the tables are busy."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

import msgspec
from botocore.exceptions import ClientError

from feedproc.aws.clients import MOST_TRIES, Clients, draw_pauses
from feedproc.aws.dynamo.items import OVERHEAD, Statement, as_sortable, measure
from feedproc.aws.dynamo.ready import Ready, make_ready, send
from feedproc.aws.errors import TooBusy, get_code, is_busy
from feedproc.errors import BatchTooLarge

MOST_ITEMS = 100
MOST_BYTES = 4 * 1024 * 1024
MOST_ITEM_BYTES = 400 * 1024
"""DynamoDB's limits of a transaction and of an item (TransactWriteItems; quotas)."""
_MOST_REQUESTS = 25
"""BatchWriteItem takes no more."""
_MARGIN = 0.9
"""An item may hold a little more than what a statement writes."""
_TOO_LARGE = "an item would become larger than the 400 KB that DynamoDB keeps"


Request = Mapping[str, Any]
"""A `PutRequest` or a `DeleteRequest`: a write that needs no condition, and takes effect by itself."""


class Write(NamedTuple):
    """One part of a transaction."""

    kind: str
    """`Put`, `Update` or `Delete`."""
    statement: Statement


class ConditionsFailed(Exception):
    """Conditions did not hold; nothing was written."""

    def __init__(self, places: Sequence[int]) -> None:
        """Name the writes whose condition did not hold, by their places in the transaction."""
        self.places = frozenset(places)
        super().__init__(f"the conditions of writes {sorted(places)} did not hold")


def make_stamp(clients: Clients, at: datetime) -> str:
    """Return a text that sorts by time, and what this process writes in one microsecond by its order."""
    return f"{as_sortable(at)}/{clients.take_number():012d}"


def make_token(writes: Sequence[Write]) -> str:
    """Return what names exactly these writes, so that DynamoDB knows a repetition: 32 hexadecimal digits."""
    return hashlib.sha256(msgspec.json.encode(writes)).hexdigest()[:32]


def check_size(writes: Sequence[Write]) -> None:
    """Raise `BatchTooLarge` for what DynamoDB would not take."""
    if len(writes) > MOST_ITEMS:
        raise BatchTooLarge(f"{len(writes)} writes are more than the {MOST_ITEMS} of one transaction")
    if len(msgspec.json.encode(writes)) + OVERHEAD * len(writes) <= MOST_ITEM_BYTES * _MARGIN:
        return  # in writing they are longer than what is measured of them, and all together would fit into one item
    sizes = [measure(write.statement) for write in writes]
    largest = max(sizes, default=0)
    if largest > MOST_ITEM_BYTES * _MARGIN:
        raise BatchTooLarge(f"an item would take {largest} bytes, and DynamoDB keeps no more than {MOST_ITEM_BYTES}")
    if sum(sizes) > MOST_BYTES * _MARGIN:
        raise BatchTooLarge(f"{sum(sizes)} bytes are more than the {MOST_BYTES} of one transaction")


def transact(clients: Clients, writes: Sequence[Write], token: str) -> None:
    """Write all, or nothing.

    Raises:
        ConditionsFailed: what is stored is not what a write asks for.
        BatchTooLarge: an item would become larger than DynamoDB keeps.
        ClientError: DynamoDB is too busy for too long, or broken.

    """
    send_transaction(clients, prepare_transaction(clients, writes, token))


def prepare_transaction(clients: Clients, writes: Sequence[Write], token: str) -> Ready:
    """Return what TransactWriteItems takes, ready to be sent."""
    asked = {"TransactItems": [{write.kind: write.statement} for write in writes], "ClientRequestToken": token}
    return make_ready(clients.dynamodb, asked)


def send_transaction(clients: Clients, ready: Ready) -> None:
    """Write all of a transaction, or nothing; raises what `transact` does."""
    for seconds in draw_pauses():
        try:
            send(clients.dynamodb, ready)
        except ClientError as error:
            _raise_unless_passing(error)
            clients.pause(seconds)
        else:
            return
    try:
        send(clients.dynamodb, ready)
    except ClientError as error:
        _raise_unless_passing(error)
        raise


def divide(requests: Iterable[Request]) -> Iterator[Sequence[Request]]:
    """Yield as many requests at a time as one call takes."""
    remaining = iter(requests)
    while part := list(islice(remaining, _MOST_REQUESTS)):
        yield part


def write_part(clients: Clients, name: str, requests: Sequence[Request]) -> None:
    """Write all of some requests, each at least once.

    Raises:
        TooBusy: the table left some of them undone again and again.
        ClientError: DynamoDB is too busy for too long, or broken.

    """
    asked: Mapping[str, Any] = {name: requests}
    for seconds in (*draw_pauses(), 0.0):
        answer = clients.write("batch_write_item", RequestItems=asked)
        asked = answer.get("UnprocessedItems") or {}
        if not asked:
            return
        clients.pause(seconds)
    raise TooBusy(f"table {name} left writes undone {MOST_TRIES} times in a row; try again later")


def _raise_unless_passing(error: ClientError) -> None:
    """Return when trying again may help."""
    if get_code(error) == "ValidationException" and "item size" in str(error).lower():
        raise BatchTooLarge(_TOO_LARGE) from error
    if get_code(error) != "TransactionCanceledException":
        raise error
    reasons = error.response.get("CancellationReasons", [])
    codes = [reason.get("Code") or "None" for reason in reasons]
    failed = [place for place, code in enumerate(codes) if code == "ConditionalCheckFailed"]
    if failed:
        raise ConditionsFailed(failed) from error
    if any("item size" in str(reason.get("Message")).lower() for reason in reasons):
        raise BatchTooLarge(_TOO_LARGE) from error
    if not is_busy(error):
        raise error
