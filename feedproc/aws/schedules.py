"""Schedules of reports in DynamoDB: the port `Schedules`.

They lie in the table of sellers, in a partition of their own: there are few, so that one query finds what is due.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from botocore.exceptions import ClientError
from msgspec.structs import replace

from feedproc.aws.clients import Clients
from feedproc.aws.dynamo import items
from feedproc.aws.dynamo.items import Item
from feedproc.aws.dynamo.read import query_items
from feedproc.aws.dynamo.tables import SELLERS
from feedproc.aws.errors import is_refused
from feedproc.feeds.moments import as_micros
from feedproc.feeds.report_request import ReportSchedule

_PARTITION = "report schedules"
"""In the place of the group of sellers under which a seller is listed; no access key's has such a name."""
_decode = msgspec.json.Decoder(ReportSchedule).decode


class DynamoSchedules:
    """The port `Schedules`."""

    def __init__(self, clients: Clients) -> None:
        """Use the table `sellers`."""
        self._clients = clients
        self._table = clients.get_table_name(SELLERS)

    def put(self, schedule: ReportSchedule) -> None:
        """Keep a schedule in place of the one that the seller has for the same type, if any."""
        self._clients.write("put_item", **items.put(self._table, _make_item(schedule)))

    def remove(self, seller_id: str, report_type: str) -> None:
        """Forget a schedule, if there is one."""
        self._clients.write("delete_item", **items.delete(self._table, _make_key(seller_id, report_type)))

    def list_schedules(self, seller_id: str) -> Sequence[ReportSchedule]:
        """Return a seller's schedules, by the name of their type."""
        statement = items.query(
            self._table,
            "#listed_under = :group AND begins_with(#seller_id, :seller)",
            {"group": items.as_text(_PARTITION), "seller": items.as_text(items.make_key(seller_id, ""))},
        )
        return [_read(one) for one in query_items(self._clients, statement, ConsistentRead=True)]

    def find_due(self, at: datetime, limit: int) -> Sequence[ReportSchedule]:
        """Return schedules of all sellers whose time has come, the longest due first, at most `limit` of them."""
        statement = items.query(
            self._table,
            "#listed_under = :group",
            {"group": items.as_text(_PARTITION), "at": items.as_number(as_micros(at))},
            "#next_at <= :at",
        )
        due = [_read(one) for one in query_items(self._clients, statement, ConsistentRead=True)]
        return sorted(due, key=lambda one: one.next_at)[:limit]

    def advance(self, schedule: ReportSchedule, next_at: datetime) -> bool:
        """Let a schedule be due next at that moment; False, and nothing changes, if it is not as it was read."""
        following = replace(schedule, next_at=next_at, previous_at=schedule.next_at)
        statement = items.put(
            self._table,
            _make_item(following),
            "#schedule = :read",
            {"read": items.as_json(schedule)},
        )
        try:
            self._clients.write("put_item", **statement)
        except ClientError as error:
            if is_refused(error):
                return False
            raise
        return True


def _make_key(seller_id: str, report_type: str) -> Item:
    return {
        "listed_under": items.as_text(_PARTITION),
        "seller_id": items.as_text(items.make_key(seller_id, report_type)),
    }


def _make_item(schedule: ReportSchedule) -> Item:
    return {
        **_make_key(schedule.seller_id, schedule.report_type),
        "next_at": items.as_number(as_micros(schedule.next_at)),
        "schedule": items.as_json(schedule),
    }


def _read(item: Item) -> ReportSchedule:
    return items.from_json(item["schedule"], _decode)
