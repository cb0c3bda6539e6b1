"""Transactions that are written and signed before their turn: when it comes, nothing but the sending is left.

Between the answer to one transaction and the next nothing is on its way. Botocore writes and signs a request there for
longer than it takes to send it, so it is asked ahead, and stopped where it would send: `before-send` is public, and
whoever else listens there, as moto does, hears of the request in its turn. What is not surely done or refused then is
left to botocore, which tries again, with waits between, and under the same token.
"""

import time
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, NamedTuple
from zlib import crc32

import msgspec
from botocore.exceptions import BotoCoreError, ClientError
from msgspec import Struct

from feedproc.aws.dynamo.quick import BEFORE_SEND, WRITTEN, compose, speaks_json

_LONGEST_SECONDS = 60
"""AWS takes a signature for 5 minutes, by its own clock."""
_REFUSED = "TransactionCanceledException"
_CHECKSUM = "x-amz-crc32"
"""The header in which DynamoDB tells what its answer adds up to."""


class Ready(NamedTuple):
    """A transaction that can be sent."""

    statement: dict[str, Any]
    """As the client's method takes it."""
    request: Any = None
    """What botocore would send; None where it is left to write and send it itself."""
    signed_at: float = 0.0


class _Outcome(Struct, rename={"kind": "__type", "message": "Message", "reasons": "CancellationReasons"}):
    """What DynamoDB says became of a transaction: nothing when it is carried out, and else why it is not."""

    kind: str = ""
    message: str | None = None
    reasons: Sequence[Mapping[str, Any]] | None = None


_decode = msgspec.json.Decoder(_Outcome).decode


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
        is_done = False
    else:
        is_done = _is_done(answer)
    if not is_done:
        client.transact_write_items(**ready.statement)


def _send(client: Any, request: Any) -> Any:
    answers = [answer for _, answer in client.meta.events.emit(BEFORE_SEND, request=request)]
    given = next((one for one in answers if one is not None), None)
    return _find_session(client).send(request) if given is None else given


def _find_session(client: Any) -> Any:
    """Return what sends a client's requests. It is not public; where it is not found, botocore does all itself."""
    return getattr(getattr(client, "_endpoint", None), "http_session", None)


def _is_done(answer: Any) -> bool:
    """Say whether an answer tells that a transaction was carried out: one in another's words, or in part, does not.

    Raises:
        ClientError: it was cancelled, as botocore would say it: that is final, or waited for elsewhere.

    """
    told = _read(answer)
    if told is None:
        return False
    if answer.status_code == HTTPStatus.BAD_REQUEST and told.kind.rpartition("#")[2] == _REFUSED:
        refusal = {
            "Error": {"Code": _REFUSED, "Message": told.message or ""},
            "CancellationReasons": told.reasons or (),
            "ResponseMetadata": {"HTTPStatusCode": HTTPStatus.BAD_REQUEST.value},
        }
        raise ClientError(refusal, "TransactWriteItems")
    return bool(answer.status_code == HTTPStatus.OK)


def _read(answer: Any) -> _Outcome | None:
    """Return what DynamoDB says; None where that did not arrive whole, or it is not DynamoDB that answers."""
    if answer.headers.get(_CHECKSUM, "") not in {"", str(crc32(answer.content))}:
        return None
    try:
        return _decode(answer.content)
    except msgspec.DecodeError:
        return None
