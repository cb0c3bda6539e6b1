"""Ledgers in DynamoDB: all lines that one cause gives a SKU are one item."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from feedproc.aws.dynamo import items
from feedproc.aws.dynamo.items import Item, Value
from feedproc.feeds.moments import as_moment
from feedproc.stock.level import StockEntry

Line = tuple[int, str, str | None, str | None, str | None]
"""Units, reason, Amazon order id, submission id and message id."""
Lines = Mapping[str, Sequence[Line]]
"""What one cause gives each SKU, in the order in which it happened."""
_decode = msgspec.json.Decoder(list[Line]).decode


def make_item(seller_id: str, sku: str, name: str, at: Value, lines: Sequence[Line]) -> Item:
    """Return the item of what one cause gives a SKU; names sort as their times do."""
    owner = items.as_text(items.make_key(seller_id, sku))
    return {"owner": owner, "name": items.as_text(name), "at": at, "lines": items.as_json(lines)}


def read_entries(sku: str, item: Item) -> Iterator[StockEntry]:
    """Yield the lines of an item, newest first."""
    at = as_moment(items.as_int(item["at"]))
    for units, reason, *cause in reversed(items.from_json(item["lines"], _decode)):
        yield StockEntry(sku, units, reason, at, *cause)
