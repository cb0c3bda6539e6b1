"""The query for a page of orders: each reads its rows from one index, in order, and stops."""

from datetime import datetime

from feedproc.embedded.database import as_micros
from feedproc.ports import OrderFilter

WHOLE = (
    "SELECT o.version, o.data, r.data, o.purchased_at AS purchased, o.amazon_order_id AS id"
    " FROM orders AS o LEFT JOIN recipients AS r USING (seller_id, amazon_order_id)"
)
"""Orders with their recipients; in front of a condition."""

Values = list[str | int]


def selection(seller_id: str, which: OrderFilter) -> tuple[str, Values]:
    """Return the query for orders that match, newest purchase first, and the values of its placeholders.

    Of several statuses each is a query of its own, and SQLite merges them: one query for all would sort every match.
    """
    period, moments = _period(which)
    queries, values = [], Values()
    for status in dict.fromkeys(which.statuses) or (None,):
        named = [] if status is None else ["o.status = ?"]
        queries.append(f"{WHOLE} WHERE {' AND '.join(['o.seller_id = ?', *named, *period])}")
        values += [seller_id, *([] if status is None else [status.value]), *moments]
    return f"{' UNION ALL '.join(queries)} ORDER BY purchased DESC, id DESC", values


def _period(which: OrderFilter) -> tuple[list[str], Values]:
    """Return at most one bound at each end, as SQLite seeks in an index by one and tries each row by the others."""
    conditions: list[str] = []
    values = Values()
    if which.purchased_from is not None:
        conditions.append("o.purchased_at >= ?")
        values.append(as_micros(which.purchased_from))
    if which.after is not None and _is_earlier(which.after[0], which.purchased_before):
        conditions.append("(o.purchased_at, o.amazon_order_id) < (?, ?)")
        values += [as_micros(which.after[0]), which.after[1]]
    elif which.purchased_before is not None:
        conditions.append("o.purchased_at < ?")
        values.append(as_micros(which.purchased_before))
    return conditions, values


def _is_earlier(moment: datetime, end: datetime | None) -> bool:
    return end is None or moment < end
