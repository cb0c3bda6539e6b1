"""Transactions that are written and signed before their turn: when it comes, nothing but the sending is left.

Between the answer to one transaction and the next nothing is on its way. Botocore writes and signs a request there for
longer than it takes to send it, so it is asked ahead, and stopped where it would send: `before-send` is public, and
whoever else listens there, as moto does, hears of the request in its turn. What is neither done nor refused then is
left to botocore, which tries again, with waits between, and under the same token.
"""

import time
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, NamedTuple

import msgspec
from botocore.exceptions import BotoCoreError, ClientError
from msgspec import Struct

from feedproc.aws.dynamo.quick import BEFORE_SEND, WRITTEN, compose, speaks_json

_LONGEST_SECONDS = 60
"""AWS takes a signature for 5 minutes, by its own clock."""
_REFUSED = "TransactionCanceledException"


class Ready(NamedTuple):
    """A transaction that can be sent."""

    statement: dict[str, Any]
    """As the client's method takes it."""
    request: Any = None
    """What botocore would send; None where it is left to write and send it itself."""
    signed_at: float = 0.0


class _Refusal(Struct, rename={"kind": "__type", "message": "Message", "reasons": "CancellationReasons"}):
    """What DynamoDB says to a transaction that it does not carry out."""

    kind: str = ""
    message: str | None = None
    reasons: Sequence[Mapping[str, Any]] | None = None


_decode = msgspec.json.Decoder(_Refusal).decode


def make_ready(client: Any, statement: dict[str, Any]) -> Ready:
    """Write and sign a transaction, and send nothing."""
    if not speaks_json(client) or _find_session(client) is None:
        return Ready(statement)
    request = compose(client.transact_write_items, statement)
    return Ready({WRITTEN: request.body}, request, time.monotonic())


def send(client: Any, ready: Ready) -> None:
    """Send a transaction; raises what the client's own method does."""
    if ready.request is None or time.monotonic() - ready.signed_at > _LONGEST_SECONDS:
        client.transact_write_items(**ready.statement)
        return
    try:
        answer = _send(client, ready.request)
    except BotoCoreError:
        client.transact_write_items(**ready.statement)
        return
    if answer.status_code == HTTPStatus.OK:
        return
    if answer.status_code == HTTPStatus.BAD_REQUEST:
        _raise_if_refused(answer.content)
    client.transact_write_items(**ready.statement)


def _send(client: Any, request: Any) -> Any:
    answers = [answer for _, answer in client.meta.events.emit(BEFORE_SEND, request=request)]
    given = next((one for one in answers if one is not None), None)
    return _find_session(client).send(request) if given is None else given


def _find_session(client: Any) -> Any:
    """Return what sends a client's requests. It is not public; where it is not found, botocore does all itself."""
    return getattr(getattr(client, "_endpoint", None), "http_session", None)


def _raise_if_refused(body: bytes) -> None:
    """Raise what botocore would of a transaction that was cancelled, as that is final, or waited for elsewhere."""
    try:
        refusal = _decode(body)
    except msgspec.DecodeError:
        return
    code = refusal.kind.rpartition("#")[2]
    if code != _REFUSED:
        return
    told = {
        "Error": {"Code": code, "Message": refusal.message or ""},
        "CancellationReasons": refusal.reasons or (),
        "ResponseMetadata": {"HTTPStatusCode": HTTPStatus.BAD_REQUEST.value},
    }
    raise ClientError(told, "TransactWriteItems")
