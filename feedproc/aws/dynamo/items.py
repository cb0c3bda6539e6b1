"""Items of DynamoDB: their values, their keys, their sizes, and the statements that write them."""

import lzma
import re
import zlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec

from feedproc.aws.dynamo.tables import TTL
from feedproc.feeds.moments import as_micros

Value = Mapping[str, Any]
"""A value with its type, such as `{"S": "text"}`."""
Item = Mapping[str, Value]
Statement = dict[str, Any]
"""One write, as PutItem, UpdateItem and DeleteItem take it."""
_Decoded = TypeVar("_Decoded")

_PACKED_FROM = 1024
"""Bytes from which a JSON text is compressed: DynamoDB counts what is written by the KiB."""
_DENSE = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 20, "pb": 0, "nice_len": 64}]
_DEFLATED = b"\x78"
"""With which all begins that zlib made; what lzma made begins with 3."""
_ZERO = 10**17
"""Added to microseconds since the epoch, so that those of the years 1 to 9999 have 18 digits and sort as texts."""
_NAME = re.compile(r"#(\w+)")
OVERHEAD = 100
"""Bytes that DynamoDB counts of an item besides what it holds."""
MOST_KEY_BYTES = 1024
"""The longest sort key; names that are longer are nobody's."""


def as_text(value: str) -> Value:
    """Return a text."""
    return {"S": value}


def as_number(value: int) -> Value:
    """Return a number."""
    return {"N": str(value)}


def as_blob(value: bytes) -> Value:
    """Return bytes."""
    return {"B": value}


def as_json(value: object) -> Value:
    """Return a value as JSON: readable while it is short, else compressed."""
    encoded = msgspec.json.encode(value)
    return as_text(encoded.decode()) if len(encoded) <= _PACKED_FROM else as_blob(zlib.compress(encoded, 6))


def as_dense_json(value: object) -> Value:
    """Return a value as JSON that says nearly the same again and again: half as long, for a millisecond more."""
    encoded = msgspec.json.encode(value)
    if len(encoded) <= _PACKED_FROM:
        return as_text(encoded.decode())
    return as_blob(lzma.compress(encoded, lzma.FORMAT_ALONE, filters=_DENSE))


def from_json(value: Value, decode: Callable[[bytes], _Decoded]) -> _Decoded:
    """Return what `as_json` or `as_dense_json` made a value of."""
    if "S" in value:
        return decode(value["S"].encode())
    unpack = zlib.decompress if value["B"][:1] == _DEFLATED else lzma.decompress
    return decode(unpack(value["B"]))


def as_int(value: Value) -> int:
    """Return the whole number."""
    return int(value["N"])


def make_key(seller_id: str, *names: str) -> str:
    """Return a key that no other seller's names can give: the seller's own part cannot hold the slash behind it."""
    return "/".join((_quote(seller_id), *names))


@lru_cache(1_000)
def _quote(seller_id: str) -> str:
    return quote(seller_id, safe="")


def as_sortable(moment: datetime) -> str:
    """Return 18 digits that sort as moments do."""
    return f"{as_micros(moment) + _ZERO:018d}"


def expire_after(moment: datetime, days: int) -> dict[str, Value]:
    """Return the attribute that lets an item go so many days after a moment; none for 0 days, which is never."""
    return {TTL: as_number(as_micros(moment + timedelta(days=days)) // 1_000_000)} if days else {}


def put(table: str, item: Item, condition: str = "", values: Mapping[str, Value] | None = None) -> Statement:
    """Return the statement that puts an item; `#name` is an attribute, `:name` one of `values`."""
    return _add_names({"TableName": table, "Item": item}, {}, values or {}, ConditionExpression=condition)


def update(
    table: str,
    key: Item,
    expression: str,
    condition: str = "",
    values: Mapping[str, Value] | None = None,
    names: Mapping[str, str] | None = None,
) -> Statement:
    """Return the statement that changes an item. `names` tells attributes that are called otherwise than `#name`."""
    statement = {"TableName": table, "Key": key}
    return _add_names(statement, names or {}, values or {}, UpdateExpression=expression, ConditionExpression=condition)


def delete(table: str, key: Item, condition: str = "", values: Mapping[str, Value] | None = None) -> Statement:
    """Return the statement that deletes an item."""
    return _add_names({"TableName": table, "Key": key}, {}, values or {}, ConditionExpression=condition)


def query(table: str, condition: str, values: Mapping[str, Value], filtered: str = "") -> Statement:
    """Return what Query takes."""
    return _add_names({"TableName": table}, {}, values, KeyConditionExpression=condition, FilterExpression=filtered)


def _add_names(
    statement: Statement, names: Mapping[str, str], values: Mapping[str, Value], **expressions: str
) -> Statement:
    statement |= {name: text for name, text in expressions.items() if text}
    if spoken := _find_names(*expressions.values()):
        statement["ExpressionAttributeNames"] = {f"#{name}": names.get(name, name) for name in spoken}
    if values:
        statement["ExpressionAttributeValues"] = {f":{name}": value for name, value in values.items()}
    return statement


@lru_cache(200)
def _find_names(*expressions: str) -> tuple[str, ...]:
    """Return the names of attributes in expressions, each once: most statements of a batch say the same of an item."""
    return tuple(dict.fromkeys(name for text in expressions for name in _NAME.findall(text)))


def measure(statement: Statement) -> int:
    """Return about how many bytes a statement writes; never fewer than DynamoDB counts of them."""
    parts: Iterable[Mapping[str, Value]] = (
        statement.get("Item", {}), statement.get("Key", {}), statement.get("ExpressionAttributeValues", {}),
    )  # fmt: skip
    return OVERHEAD + sum(len(name) + _measure_value(value) for part in parts for name, value in part.items())


def _measure_value(value: Value) -> int:
    ((kind, held),) = value.items()
    if kind == "S":
        return len(held.encode())
    if kind == "M":
        return 3 + sum(len(name) + 1 + _measure_value(one) for name, one in held.items())
    return len(held) + 1 if kind in {"B", "N"} else 1
