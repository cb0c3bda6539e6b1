"""Statements written and answers read in C, for the calls that a feed makes most; botocore does all the rest.

Its serializer and its parser walk each value of a call in Python, which takes longer than all that feedproc does with
a message. They are handed an empty statement and an empty answer here. Events of botocore are public, so that
whoever listens to others, as moto does, still hears of each request and each answer as it travels. A transaction can be
composed ahead, up to where it would be sent.
"""

import threading
from collections.abc import Callable, Mapping
from typing import Any, TypedDict

import msgspec
from botocore.exceptions import ResponseStreamingError

_Statement = dict[str, Any]
_LEFT: Mapping[str, _Statement] = {
    "BatchGetItem": {"RequestItems": {}},
    "BatchWriteItem": {"RequestItems": {}},
    "GetItem": {},
    "Query": {},
    "TransactWriteItems": {"TransactItems": []},
}
"""The calls, and what botocore is left of their statements: it looks for the tables' names there."""
_PROTOCOL = "json"
_BODY = "feedproc_body"
"""Where the context of a call keeps its statement, in writing."""
WRITTEN = "feedproc_written"
"""The one parameter of a call whose statement is in writing already."""
BEFORE_SEND = "before-send.dynamodb.TransactWriteItems"
_here = threading.local()


class _Value(TypedDict, total=False):
    """A value of an item: bytes travel in base64. Within maps there are texts and numbers alone."""

    S: str
    N: str
    B: bytes
    BOOL: bool
    M: dict[str, Any]


_Item = dict[str, _Value]


class _Answer(TypedDict, total=False):
    """What is read of any of these calls' answers."""

    Item: _Item
    Items: list[_Item]
    Count: int
    LastEvaluatedKey: _Item
    Responses: dict[str, list[_Item]]
    UnprocessedItems: dict[str, Any]
    UnprocessedKeys: dict[str, Any]


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(_Answer).decode


def quicken(client: Any) -> None:
    """Let a client of DynamoDB write and read its most frequent calls in C.

    It must not validate parameters, as it gets to see none. One that speaks another protocol than JSON stays as it is.
    """
    if not speaks_json(client):
        return
    for operation in _LEFT:
        client.meta.events.register(f"provide-client-params.dynamodb.{operation}", _write)
        client.meta.events.register(f"before-call.dynamodb.{operation}", _put_in)
        client.meta.events.register(f"before-parse.dynamodb.{operation}", _read)
    client.meta.events.register_first(BEFORE_SEND, _stop)


class _Stop(BaseException):
    """Ends a call where it would be sent. Botocore takes it for no failure that it must tell, or try again."""

    def __init__(self, request: Any) -> None:
        self.request = request


def compose(call: Callable[..., object], statement: _Statement) -> Any:
    """Return the request, signed, that a call of TransactWriteItems by a quickened client would send; send nothing."""
    _here.composes = True
    try:
        call(**statement)
    except _Stop as stopped:
        return stopped.request
    finally:
        _here.composes = False
    raise RuntimeError("botocore answered a call that it was not to send")


def speaks_json(client: Any) -> bool:
    """Say whether a client's statements and answers travel as JSON."""
    return bool(client.meta.service_model.resolved_protocol == _PROTOCOL)


def _write(params: _Statement, context: dict[str, Any], model: Any, **_: Any) -> _Statement:
    """Keep a statement in writing, and leave next to nothing of it to be written."""
    context[_BODY] = params[WRITTEN] if WRITTEN in params else _encode(params)
    return dict(_LEFT[model.name])


def _put_in(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
    params["body"] = context[_BODY]


def _stop(request: Any, **_: Any) -> None:
    if getattr(_here, "composes", False):
        raise _Stop(request)


def _read(response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: Any) -> None:
    """Read an answer, and leave nothing of it to be read; errors are botocore's own.

    Raises:
        ResponseStreamingError: it did not arrive whole, or is not DynamoDB's.

    """
    if response_dict["status_code"] < 300:
        try:
            customized_response_dict.update(_decode(response_dict["body"]))
        except msgspec.DecodeError as error:
            raise ResponseStreamingError(error=error) from error
        response_dict["body"] = b"{}"
