"""What the rows of all flat files have in common: their results name order and item as the row does."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from feedproc.feeds.effects import Effects, Seen
from feedproc.feeds.feed_type import Context
from feedproc.feeds.report import Result

Apply = Callable[[str, Any, Seen, Context], Effects]


def name_results(apply: Apply, names: Callable[[Any], tuple[str, str | None]]) -> Apply:
    """Return `apply` with results for the report of a flat file, which always tells ids of order and item.

    `names` returns both of a body; None for the item of a row that is about a whole order.
    """

    def apply_and_name(message_id: str, body: Any, seen: Seen, context: Context) -> Effects:
        effects = apply(message_id, body, seen, context)
        if effects.result is None:
            return effects
        return replace(effects, result=name_result(effects.result, *names(body)))

    return apply_and_name


def name_result(result: Result, order_id: str, item_code: str | None) -> Result:
    """Return a result that names order and item."""
    return replace(result, amazon_order_id=order_id, order_item_code=item_code)
