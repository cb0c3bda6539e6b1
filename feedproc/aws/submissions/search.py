"""Submissions in DynamoDB found by what is asked of them, and the lines in which open ones stand."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from feedproc.aws.clients import Clients
from feedproc.aws.dynamo import items
from feedproc.aws.dynamo.items import Item, Statement
from feedproc.aws.dynamo.read import fetch, get_item, query_items, query_pages
from feedproc.aws.dynamo.tables import SUBMISSIONS
from feedproc.aws.submissions.item import make_key, parse_counter, pick_key, read_submission
from feedproc.feeds.moments import as_micros, as_moment
from feedproc.feeds.submission import OPEN, REPORT_PREFIX, FeedSubmission, SubmissionKind
from feedproc.ports import Filter

_MOST_COUNTER = 10**18 - 1
_PAGE = 100
_MOST_COMPARED = 100
"""Values that an IN of DynamoDB takes; of more types than that each submission is looked at here."""


def count_matching(clients: Clients, seller_id: str, which: Filter) -> int:
    """Return how many of a seller's submissions match."""
    if which.submission_ids or _are_open(which) or len(which.feed_types) > _MOST_COMPARED:
        return sum(1 for _ in find_matching(clients, seller_id, which, _PAGE))
    statement = _build_query(clients, seller_id, which)
    return sum(page["Count"] for page in query_pages(clients, statement, Select="COUNT", ConsistentRead=True))


def find_matching(clients: Clients, seller_id: str, which: Filter, limit: int) -> Iterator[FeedSubmission]:
    """Yield a seller's submissions that match, newest first."""
    if which.submission_ids:
        counters = {counter for name in which.submission_ids if (counter := parse_counter(name)) is not None}
        found = _fetch_by_counter(clients, seller_id, sorted(counters, reverse=True))
        named = (one for one in found if one.submission_id in which.submission_ids and _is_before(one, which))
        return (one for one in named if which.kind in (None, one.kind))
    if _are_open(which):
        counters = {items.as_int(key["counter"]) for key in list_open_keys(clients, seller_id)}
        found = _fetch_by_counter(clients, seller_id, sorted(counters, reverse=True))
        return (one for one in found if _fits(one, which) and _is_before(one, which))
    statement = _build_query(clients, seller_id, which)
    read = min(limit, 1_000) if "FilterExpression" not in statement else 1_000
    newest_first = {"ScanIndexForward": False, "ConsistentRead": True, "Limit": max(read, 1)}
    found = map(read_submission, query_items(clients, statement, **newest_first))
    return (one for one in found if _fits(one, which))


def _fetch_by_counter(clients: Clients, seller_id: str, counters: Sequence[int]) -> Iterator[FeedSubmission]:
    for start in range(0, len(counters), _PAGE):
        keys = [make_key(seller_id, counter) for counter in counters[start : start + _PAGE]]
        found = map(read_submission, fetch(clients, SUBMISSIONS, keys))
        yield from sorted(found, key=lambda one: -one.counter)


def _build_query(clients: Clients, seller_id: str, which: Filter) -> Statement:
    last = _MOST_COUNTER if which.before_counter is None else which.before_counter - 1
    conditions, values = _build_conditions(which)
    return items.query(
        clients.get_table_name(SUBMISSIONS),
        "#seller_id = :seller AND #counter BETWEEN :first AND :last",
        values
        | {
            "seller": items.as_text(seller_id),
            "first": items.as_number(1),
            "last": items.as_number(max(last, 1)),
        },
        " AND ".join(conditions),
    )


def list_open_keys(clients: Clients, seller_id: str, feed_type: str | None = None, **options: object) -> Iterator[Item]:
    """Yield the keys of the open submissions of a seller, by type and age."""
    condition, values = "#seller_id = :seller", {"seller": items.as_text(seller_id)}
    if feed_type is not None:
        condition += " AND begins_with(#queue_position, :line)"
        values["line"] = items.as_text(f"{feed_type}#")
    statement = items.query(clients.get_table_name(SUBMISSIONS), condition, values)
    return query_items(clients, statement, IndexName="in_line", ConsistentRead=True, **options)


def _are_open(which: Filter) -> bool:
    return bool(which.statuses) and set(which.statuses) <= set(OPEN)


def _is_before(one: FeedSubmission, which: Filter) -> bool:
    return which.before_counter is None or one.counter < which.before_counter


def _fits(one: FeedSubmission, which: Filter) -> bool:
    return (
        which.kind in (None, one.kind)
        and (not which.feed_types or one.feed_type in which.feed_types)
        and (not which.statuses or one.status in which.statuses)
        and (which.submitted_from is None or one.submitted_at >= which.submitted_from)
        and (which.submitted_to is None or one.submitted_at <= which.submitted_to)
    )


def _build_conditions(which: Filter) -> tuple[list[str], dict[str, items.Value]]:
    conditions: list[str] = []
    values: dict[str, items.Value] = {}
    if which.kind is not None:
        negation = "" if which.kind is SubmissionKind.REPORT_REQUEST else "NOT "
        conditions.append(f"{negation}begins_with(#feed_type, :report_prefix)")
        values["report_prefix"] = items.as_text(REPORT_PREFIX)
    for name, wanted in (("feed_type", which.feed_types), ("status", which.statuses)):
        if 0 < len(wanted) <= _MOST_COMPARED:
            places = {f"{name}{number}": items.as_text(value) for number, value in enumerate(wanted)}
            conditions.append(f"#{name} IN ({', '.join(f':{place}' for place in places)})")
            values |= places
    for name, operator, moment in (("from", ">=", which.submitted_from), ("to", "<=", which.submitted_to)):
        if moment is not None:
            conditions.append(f"#submitted_at {operator} :{name}")
            values[name] = items.as_number(as_micros(moment))
    return conditions, values


Head = tuple[FeedSubmission, bool, datetime | None]
"""A line's oldest open submission, whether a worker has it, and until when."""


def find_first_open(clients: Clients, seller_id: str, feed_type: str) -> int | None:
    """Return the counter of a line's oldest open submission; None for an empty line."""
    first = next(list_open_keys(clients, seller_id, feed_type, Limit=1), None)
    return items.as_int(first["counter"]) if first else None


def find_head(clients: Clients, seller_id: str, feed_type: str) -> Head | None:
    """Return the head of a line; None for an empty one."""
    counter = find_first_open(clients, seller_id, feed_type)
    found = get_item(clients, SUBMISSIONS, make_key(seller_id, counter)) if counter is not None else None
    if found is None:
        return None
    lease = as_moment(items.as_int(found["lease"])) if "lease" in found else None
    return read_submission(found), "worker" in found, lease


def find_overdue(clients: Clients, moment: datetime, limit: int) -> Sequence[FeedSubmission]:
    """Return the oldest submissions that were handed in before a moment and have not ended, of all sellers.

    The index may lag behind by about a second.
    """
    statement = items.query(
        clients.get_table_name(SUBMISSIONS),
        "#is_open = :open AND #submitted_at < :moment",
        {"open": items.as_text("yes"), "moment": items.as_number(as_micros(moment))},
    )
    keys = islice(query_items(clients, statement, IndexName="open_by_age", Limit=min(limit, 1_000)), limit)
    found = map(read_submission, fetch(clients, SUBMISSIONS, map(pick_key, keys)))
    return sorted((one for one in found if one.status.is_open), key=lambda one: one.submitted_at)
