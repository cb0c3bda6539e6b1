"""Find a SKU by how its name begins, and set its level by hand."""

from datetime import datetime

from feedproc.orders.inventory import StockLevel
from feedproc.ports import Stock
from feedproc.services.read.stock import StockPage, page

_LAST = "\U0010ffff"
_SURROGATES = range(0xD800, 0xE000)


def from_name(stock: Stock, seller_id: str, name: str, limit: int) -> StockPage:
    """Return at most `limit` SKUs by name, from the first one on that is not before `name`."""
    return page(stock, seller_id, limit, _before(name))


def set_level(stock: Stock, seller_id: str, sku: str, units: int, at: datetime) -> None:
    """Set the level of a SKU; the ledger tells the difference."""
    stock.load(seller_id, [StockLevel(sku, units)], at)


def _before(name: str) -> str:
    """Return a text behind which `name` is the first: its last character a little smaller, and then the largest."""
    head, last = name[:-1], ord(name[-1]) if name else 0
    if last == 0:
        return head
    smaller = last - 1 if last - 1 not in _SURROGATES else _SURROGATES.start - 1
    return f"{head}{chr(smaller)}{_LAST}"
