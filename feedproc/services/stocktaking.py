"""Set the level of a SKU by hand."""

from datetime import datetime

from feedproc.ports import Stock
from feedproc.stock.level import StockLevel


def set_level(stock: Stock, seller_id: str, sku: str, units: int, at: datetime) -> None:
    """Set the level of a SKU; the ledger tells the difference."""
    stock.load(seller_id, [StockLevel(sku, units)], at)
