"""What getFeeds and getReports ask alike: statuses, marketplaces, a period; and a list that goes on, newest first."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from feedproc.spapi.call import TOLERATED, Call
from feedproc.spapi.errors import INPUT_MALFORMED, PARAMETERS_INVALID
from feedproc.spapi.next_token import unseal_token
from feedproc.spapi.refusals import InputInvalid, MembersMissing
from feedproc.spapi.spelling import FATAL

KEPT = timedelta(days=90)
"""How far back feeds and reports are listed (createdSince)."""
MOST_TYPES = 10
"""Or marketplaces, in one query."""
DEFAULT_PAGE, MOST_PAGE = 10, 100


class ListLeft(Struct, frozen=True, kw_only=True):
    """The rest of a list, but for the store's filter. Each list has a class of its own, and so tokens of its own."""

    size: int
    """Of a page."""
    marketplace_ids: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    """As SP-API names them; CANCELLED and FATAL are one status in the store."""

    def selects(self, status: str, marketplace_ids: Collection[str]) -> bool:
        """Say whether what the store found is asked for, by its status and marketplaces."""
        if self.statuses and status not in self.statuses:
            return False
        wanted = set(self.marketplace_ids)
        return not wanted or not marketplace_ids or not wanted.isdisjoint(marketplace_ids)


class ListQuery(NamedTuple):
    """What a query asks for beside types."""

    size: int
    marketplace_ids: tuple[str, ...]
    statuses: tuple[str, ...]
    since: datetime
    until: datetime | None


class Listed(Protocol):
    """What is listed."""

    @property
    def counter(self) -> int:
        """Its place; newer ones have greater numbers."""

    @property
    def marketplace_ids(self) -> tuple[str, ...]:
        """Those that it is for; empty for all of its seller's."""


_Item = TypeVar("_Item", bound=Listed)
_Rest = TypeVar("_Rest", bound=ListLeft)


def read_list_query(call: Call, types: Collection[str], name: str, statuses: Collection[str]) -> ListQuery:
    """Return what a query asks for; `types` are what its parameter `name` tells, `statuses` those that there are.

    Raises:
        MembersMissing: no types are named.
        InputInvalid: a parameter is not as it must be.

    """
    if not types:
        raise MembersMissing([name])
    query = call.query
    marketplace_ids, asked = query.list("marketplaceIds"), query.list("processingStatuses")
    if len(types) > MOST_TYPES or len(marketplace_ids) > MOST_TYPES:
        raise InputInvalid(INPUT_MALFORMED, f"at most {MOST_TYPES} values are allowed")
    if not set(asked) <= {*statuses, FATAL}:
        raise InputInvalid(INPUT_MALFORMED, "processingStatuses")
    return ListQuery(
        size=query.integer("pageSize", DEFAULT_PAGE, 1, MOST_PAGE),
        marketplace_ids=marketplace_ids,
        statuses=asked,
        since=query.moment("createdSince") or call.now - KEPT,
        until=query.moment("createdUntil"),
    )


def continue_list(call: Call, token: str, kind: type[_Rest]) -> _Rest:
    """Return the rest of a list that a token tells. Raises `InputInvalid` when something stands beside it."""
    if not call.query.has_only("nextToken", *TOLERATED):
        raise InputInvalid(PARAMETERS_INVALID, "nextToken must be the only parameter")
    return unseal_token(call.seller, token, kind)


def take_page(
    rest: _Rest, which: Any, look: Callable[[Any], tuple[Sequence[_Item], bool]], name_status: Callable[[_Item], str]
) -> tuple[Sequence[_Item], Any]:
    """Return the next page of a list, and the filter of what is left behind it; None when that was the last page.

    `look` returns what the store finds by a filter, and whether there is more; `which` is the filter to begin with.
    """
    found: list[_Item] = []
    filtered = which
    while len(found) <= rest.size:
        items, has_next = look(filtered)
        found += [one for one in items if rest.selects(name_status(one), one.marketplace_ids)]
        if not has_next:
            break
        filtered = replace(filtered, before_counter=items[-1].counter)
    if len(found) <= rest.size:
        return found, None
    return found[: rest.size], replace(which, before_counter=found[rest.size - 1].counter)
