"""What a Recount message says, and what it does to the level of its SKU."""

from msgspec import Struct

from feedproc.feeds.effects import Effects, Seen, Touches
from feedproc.feeds.feed_type import Context
from feedproc.feeds.report import Result
from feedproc.feeds.saying import say
from feedproc.stock.change import StockChange, To

MOST = 9_999
"""Units that a shelf holds."""


class Recount(Struct, frozen=True, gc=False):
    """The body of a message."""

    sku: str
    counted: int


def touches(body: Recount) -> Touches:
    """Name the SKU."""
    return Touches(skus=(body.sku,))


def apply(message_id: str, body: Recount, _seen: Seen, _context: Context) -> Effects:
    """Set the level to what was counted, unless no shelf could hold as much."""
    if body.counted > MOST:
        reason = say("No shelf holds {} units", body.counted)
        text = "The units that were counted are too many."
        return Effects(result=Result(message_id, 18028, text, sku=body.sku, reason=reason))
    return Effects(stock=(StockChange(body.sku, To(body.counted), "Recounted"),))
