"""Look at a seller's stock: a page of SKUs, and how one of them came to its level."""

from collections.abc import Sequence
from itertools import accumulate, islice
from operator import sub

from msgspec import Struct

from feedproc.ports import Stock
from feedproc.stock.level import StockEntry, StockLevel

_LAST = "\U0010ffff"
_SURROGATES = range(0xD800, 0xE000)


class StockPage(Struct, frozen=True):
    """Some SKUs by name."""

    levels: tuple[StockLevel, ...]
    after: str | None
    """What to ask for the next page with; None when this is the last."""


class StockCard(Struct, frozen=True):
    """One SKU: its level, and its last changes, newest first."""

    level: StockLevel
    ledger: Sequence[StockEntry]

    @property
    def levels(self) -> Sequence[int]:
        """The level behind each change, reckoned back from the one that there is now."""
        changes = [entry.quantity for entry in self.ledger]
        return list(accumulate(changes[:-1], sub, initial=self.level.quantity)) if changes else []


def list_levels(stock: Stock, seller_id: str, limit: int, after: str = "") -> StockPage:
    """Return at most `limit` SKUs whose names come behind `after`."""
    found = tuple(islice(stock.list_levels(seller_id, after), limit + 1))
    return StockPage(found[:limit], found[limit - 1].sku if len(found) > limit else None)


def list_levels_from(stock: Stock, seller_id: str, name: str, limit: int) -> StockPage:
    """Return at most `limit` SKUs by name, from the first one on that is not before `name`."""
    return list_levels(stock, seller_id, limit, _come_before(name))


def get_card(stock: Stock, seller_id: str, sku: str, limit: int) -> StockCard:
    """Return the level of a SKU and its last `limit` changes; 0 and no changes for one that was never seen."""
    return StockCard(StockLevel(sku, stock.get_level(seller_id, sku)), stock.list_entries(seller_id, sku, limit))


def _come_before(name: str) -> str:
    """Return a text behind which `name` is the first: its last character a little smaller, and then the largest."""
    head, last = name[:-1], ord(name[-1]) if name else 0
    if last == 0:
        return head
    smaller = last - 1 if last - 1 not in _SURROGATES else _SURROGATES.start - 1
    return f"{head}{chr(smaller)}{_LAST}"
