"""Whatever asks for the time follows the clock of the kit when it is set."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from feedproc.mws.throttle import QuotaMode
from feedproc.serve.ephemeral import EphemeralOptions, EphemeralServer
from feedproc.testing import Feedproc
from feedproc.testing.clients import TEST_SELLER, MwsAccess
from tests.clients.drivers import installed
from tests.testing.builders import list_statuses, submit

NOON = datetime(2024, 2, 29, 12, tzinfo=UTC)
SHIPPED = "_POST_FLAT_FILE_FULFILLMENT_DATA_"


def a_shipment(order_id: str, day: str) -> bytes:
    rows = ("order-id", "ship-date", "carrier-code", "ship-method"), (order_id, day, "YAMATO", "Std")
    return "".join("\t".join(row) + "\n" for row in rows).encode()


@pytest.mark.parametrize(("day", "successful"), [("2024-02-29", 1), ("2024-03-09", 0)])
def test_ship_dates_are_judged_by_it(feedproc: Feedproc, day: str, successful: int) -> None:
    feedproc.clock.freeze(NOON)
    installed("mws", "mws")
    order = feedproc.orders.add()
    feedproc.mws.client().submit_feed(a_shipment(order.amazon_order_id, day), SHIPPED)
    feedproc.drain()
    counts = feedproc.submissions.last.summary
    assert counts is not None
    assert counts.successful == successful


def test_lists_and_their_filters_go_by_it(feedproc: Feedproc) -> None:
    feedproc.clock.freeze(NOON)
    submit(feedproc)
    client: Any = feedproc.mws.client()
    hour_ago = {"Action": "GetFeedSubmissionCount", "SubmittedFromDate": "2024-02-29T11:00:00Z"}
    hour_on = {**hour_ago, "SubmittedFromDate": "2024-02-29T13:00:00Z"}
    assert [client.make_request(one).parsed.Count for one in (hour_ago, hour_on)] == ["1", "0"]
    feedproc.clock.move(days=400)
    assert list_statuses(feedproc) == []


def test_a_claim_ends_with_its_lease_by_it(feedproc: Feedproc) -> None:
    feedproc.clock.freeze(NOON)
    feedproc.hold()
    submission_id, store = submit(feedproc), feedproc.server.backend.submissions
    assert store.claim(feedproc.mws.seller_id, submission_id, "who died", feedproc.clock(), timedelta(minutes=5))
    feedproc.drain()
    before = list_statuses(feedproc)
    feedproc.clock.move(minutes=6)
    feedproc.drain()
    assert (before, list_statuses(feedproc)) == (["_IN_PROGRESS_"], ["_DONE_"])


def call_until_throttled(client: Any) -> int:
    """Return how many calls in a row were answered."""
    for number in range(30):
        try:
            client.get_feed_submission_list()
        except installed("mws", "mws").MWSError:
            return number
    raise AssertionError("no call was throttled")


def test_quotas_are_restored_by_it() -> None:
    with EphemeralServer(EphemeralOptions(sellers=(TEST_SELLER,), quotas=QuotaMode.AMAZON)) as server:
        server.clock.freeze(NOON)
        client = MwsAccess(server.url, server.clock).client()
        assert call_until_throttled(client) == 10
        assert call_until_throttled(client) == 0
        server.clock.move(seconds=95)
        assert call_until_throttled(client) == 2


def test_an_address_of_a_document_ends_by_it(feedproc: Feedproc) -> None:
    feedproc.clock.freeze(NOON)
    installed("python-amazon-sp-api", "sp_api.api")
    made = feedproc.spapi.client("Feeds").create_feed_document(None, content_type="text/xml").payload
    feedproc.clock.move(minutes=6)
    late = requests.put(made["url"], b"<x/>", headers={"Content-Type": "text/xml"}, timeout=10)
    assert (late.status_code, "expired" in late.text) == (403, True)


def test_orders_are_placed_and_sold_by_it() -> None:
    with EphemeralServer(EphemeralOptions(sellers=(TEST_SELLER,), has_control=True)) as server:
        server.clock.freeze(NOON)
        control = f"{server.url}/_feedproc"
        requests.put(f"{control}/stock", json={f"JP-{number:04d}": 9 for number in range(1, 13)}, timeout=10)
        requests.post(f"{control}/orders/place", json={"count": 1}, timeout=10).raise_for_status()
        (order,) = requests.get(f"{control}/orders", timeout=10).json()
    assert order["purchased_at"] == "2024-02-29T12:00:00Z"
