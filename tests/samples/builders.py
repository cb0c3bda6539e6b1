"""What the tests of the samples share: a fresh store with the sample orders, and one feed processed in it."""

from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from feedproc import wiring
from feedproc.embedded import open_backend
from feedproc.formats.order_lines import orders_in_lines
from feedproc.orders.order import Order
from feedproc.ports import Backend
from feedproc.services import lookup
from feedproc.services.process import Policy, process_next
from feedproc.services.submit import store, submit
from feedproc.wiring import LOCAL_SELLER

SAMPLES = Path(__file__).parents[2] / "samples"
FEEDS = sorted(path for path in (SAMPLES / "feeds").glob("*/*.xml") if not path.name.endswith(".report.xml"))
NOON = datetime(2024, 3, 11, 12, tzinfo=UTC)
"""When every sample feed is submitted; the first submission of that day is 50001019793."""
SUBMISSION_ID = "50001019793"
FEED_TYPES = {
    "acknowledgement": "POST_ORDER_ACKNOWLEDGEMENT_DATA",
    "adjustment": "POST_PAYMENT_ADJUSTMENT_DATA",
    "fulfillment": "POST_ORDER_FULFILLMENT_DATA",
}


def sample_id(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def feed_type_of(path: Path) -> str:
    """A feed's name begins with the feed type it is sent as."""
    return FEED_TYPES[path.stem.partition("-")[0]]


def sample_orders() -> list[Order]:
    with (SAMPLES / "orders.jsonl").open("rb") as file:
        found = list(orders_in_lines(file))
    assert all(isinstance(one, Order) for one in found), found
    return found  # type: ignore[return-value]


def a_store(folder: Path) -> Backend:
    keys = count(1)
    backend = open_backend(folder, lambda: f"{next(keys):032x}")
    backend.sellers.add(LOCAL_SELLER)
    backend.book.load(LOCAL_SELLER.seller_id, sample_orders())
    return backend


def processed(backend: Backend, path: Path) -> bytes:
    """Submit a feed, process it, and return its report."""
    with path.open("rb") as feed:
        document = store(backend.documents, feed)
    one = submit(
        backend.submissions, backend.queue, LOCAL_SELLER.seller_id, feed_type_of(path), document, NOON, "text/xml"
    )
    assert process_next(backend, wiring.all_feed_types(), "a-worker", Policy(), lambda: NOON)
    _, report = lookup.report(backend.submissions, backend.documents, LOCAL_SELLER.seller_id, one.submission_id)
    with report:
        return report.read()
