"""When items go: DynamoDB deletes them some time after their `expires`, which follows from the setting."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from feedproc.aws.account import AwsSettings
from feedproc.aws.clients import get_clients
from feedproc.aws.dynamo.tables import MARKS, SUBMISSIONS, Table
from tests.aws.builders import CloudShop
from tests.builders import NOON, SELLER, a_feed, cancels, orders


def expiring(settings: AwsSettings, table: Table) -> list[timedelta | None]:
    """After which time each item goes, but for the counters'."""
    clients = get_clients(settings)
    found = clients.dynamodb.scan(TableName=clients.get_table_name(table))["Items"]
    moments = [int(item["expires"]["N"]) if "expires" in item else None for item in found if "last" not in item]
    return [None if at is None else datetime.fromtimestamp(at, UTC) - NOON for at in moments]


@pytest.mark.parametrize(
    ("keep_days", "kept", "marks_kept"),
    [(90, timedelta(days=90), timedelta(days=120)), (7, timedelta(days=7), timedelta(days=37)), (0, None, None)],
)
def test_what_has_ended_goes_after_as_many_days_as_are_set(
    cloud: AwsSettings, keep_days: int, kept: timedelta | None, marks_kept: timedelta | None
) -> None:
    shop = CloudShop(replace(cloud, keep_days=keep_days)).stocked(*orders(1))
    shop.run(a_feed(cancels(1)))
    cancelled = shop.submit(a_feed())
    assert shop.backend.submissions.cancel(SELLER, cancelled.submission_id, NOON)
    assert expiring(cloud, SUBMISSIONS) == [kept, kept]
    assert expiring(cloud, MARKS) == [marks_kept]


def test_what_is_open_never_goes(cloud: AwsSettings) -> None:
    shop = CloudShop(cloud).stocked(*orders(1))
    shop.submit(a_feed(cancels(1)))
    assert expiring(cloud, SUBMISSIONS) == [None]
