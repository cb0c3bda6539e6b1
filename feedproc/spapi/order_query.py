"""What both versions of Orders ask alike: a period by purchase or by update, and a list that goes on."""

from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from feedproc.feeds.marketplaces import marketplace_of
from feedproc.ports import OrderTime
from feedproc.services.read.order_list import OrderListPage, OrderQuery, list_matching
from feedproc.spapi.call import Call
from feedproc.spapi.errors import INPUT_MALFORMED
from feedproc.spapi.refusals import AccessDenied, InputInvalid

FOREIGN_MARKETPLACE = "The marketplaces you provided are not valid for region."
MOST_MARKETPLACES = 50
MOST_ORDERS = 100
"""On a page, and unless another number is asked for."""
STEP = timedelta(microseconds=1)
"""By which an inclusive end is exceeded."""


class Period(Struct, frozen=True):
    """From when until when, by one of the times of orders; both ends included."""

    by: OrderTime
    since: datetime | None
    until: datetime


class OrdersLeft(Struct, frozen=True):
    """The rest of a list of orders: which, how many a page, and the bound that every page tells."""

    query: OrderQuery
    size: int
    until: datetime


def read_period(call: Call, created: str, updated: str, *, is_required: bool = True) -> Period:
    """Return the period that a query names; `created` and `updated` are how its parameters begin.

    Raises:
        InputInvalid: neither or both of the beginnings are given, an end lies before its beginning or in the last two
            minutes, or a time is none.

    """
    latest = call.now - call.orders_delay
    ends = {name: call.query.moment(name) for name in _name_ends(created, updated)}
    has_created, has_updated = (any(ends[one] for one in ends if one.startswith(name)) for name in (created, updated))
    if has_created and has_updated:
        raise InputInvalid(INPUT_MALFORMED)
    chosen = updated if has_updated else created
    since, until = ends[f"{chosen}After"], ends[f"{chosen}Before"]
    if since is None and is_required:
        names = ", ".join(name[0].lower() + name[1:] for name in (f"{updated}After", f"{created}After"))
        raise InputInvalid("This is an invalid input", f"Invalid date-time field(s) [{names}].")
    if until is not None and (until > latest or (since is not None and until < since)):
        raise InputInvalid(INPUT_MALFORMED)
    by = OrderTime.UPDATED if has_updated else OrderTime.PURCHASED
    return Period(by, since, latest if until is None else until)


def read_marketplaces(call: Call, name: str) -> tuple[str, ...]:
    """Return the marketplaces that a query names.

    Raises:
        InputInvalid: there are too many.
        AccessDenied: one is of another region than all of the seller's.

    """
    ids = call.query.list(name)
    if len(ids) > MOST_MARKETPLACES:
        raise InputInvalid(INPUT_MALFORMED, f"{name}: at most {MOST_MARKETPLACES}")
    own = {one.region for one in map(marketplace_of, call.seller.marketplace_ids)}
    if any(not marketplace_of(one).country or (own and marketplace_of(one).region not in own) for one in ids):
        raise AccessDenied(FOREIGN_MARKETPLACE)
    return ids


def list_page(call: Call, rest: OrdersLeft) -> tuple[OrderListPage, OrdersLeft | None]:
    """Return a page of a list, and what is left of the list; None when that was the last page."""
    page = list_matching(call.services.backend.orders, call.seller.seller_id, rest.query, rest.size)
    if page.following is None:
        return page, None
    query = replace(rest.query, which=replace(rest.query.which, after=page.following))
    return page, replace(rest, query=query)


def _name_ends(created: str, updated: str) -> tuple[str, ...]:
    return tuple(f"{name}{end}" for name in (created, updated) for end in ("After", "Before"))
