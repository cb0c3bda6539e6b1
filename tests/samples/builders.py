"""What the tests of the samples share: a fresh store with the sample orders, and one feed processed in it."""

from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from msgspec.json import decode
from msgspec.structs import replace

from feedproc.embedded import open_backend
from feedproc.feedtypes.catalogue import find_sample_type
from feedproc.imports.order_lines import read_order_lines
from feedproc.orders.order import Order
from feedproc.ports import Backend, Seller
from feedproc.services.process.pick import process_next
from feedproc.services.process.processing import Policy, Processing
from feedproc.services.read.submissions import open_report
from feedproc.stock.level import StockLevel
from feedproc.wiring.feed_types import load_feed_types
from feedproc.wiring.local_seller import LOCAL_SELLER
from tests.builders import hand_in

SAMPLES = Path(__file__).parents[2] / "samples"
FEEDS = sorted(
    path
    for path in (SAMPLES / "feeds").glob("*/*.*")
    if path.suffix in {".xml", ".txt"} and not path.stem.endswith(".report")
)
NOON = datetime(2024, 3, 11, 12, tzinfo=UTC)
"""When every sample feed is submitted; the first submission of that day is 50001019793."""
SUBMISSION_ID = "50001019793"
GERMANY = "A1PA6795UKMFR9"


def sample_id(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}{'' if path.suffix == '.xml' else path.suffix}"


def report_of(path: Path) -> Path:
    """The report beside a feed."""
    return path.with_suffix(f".report{path.suffix}")


def findings_of(path: Path) -> Path:
    """Where the findings of a feed stand, if it has any."""
    return path.with_suffix(".findings.json" if path.suffix == ".xml" else f"{path.suffix}.findings.json")


def seller_of(path: Path) -> Seller:
    """The local seller; for what is in windows-1252 it sells in Germany."""
    is_western = path.stem.endswith("-windows-1252")
    return replace(LOCAL_SELLER, marketplace_ids=(GERMANY,)) if is_western else LOCAL_SELLER


def content_type_of(path: Path) -> str:
    """As which content type a feed is sent: a flat file's name ends with its encoding if that must be told."""
    if path.suffix == ".xml":
        return "text/xml"
    charset = "; charset=Shift_JIS" if path.stem.endswith("-shift-jis") else ""
    charset = "; charset=iso-8859-1" if path.stem.endswith("-windows-1252") else charset
    return f"text/tab-separated-values{charset}"


def feed_type_of(path: Path) -> str:
    """A feed's name begins with the feed type it is sent as."""
    return find_sample_type(path.name, load_feed_types())


def sample_orders() -> list[Order]:
    with (SAMPLES / "orders.jsonl").open("rb") as file:
        found = list(read_order_lines(file))
    orders = [one for one in found if isinstance(one, Order)]
    assert orders == found
    return orders


def sample_levels() -> list[StockLevel]:
    return [decode(line, type=StockLevel) for line in (SAMPLES / "stock.jsonl").read_bytes().splitlines()]


def a_store(folder: Path, seller: Seller = LOCAL_SELLER) -> Backend:
    keys = count(1)
    backend = open_backend(folder, lambda: f"{next(keys):032x}")
    backend.sellers.add(seller)
    backend.orders.load(LOCAL_SELLER.seller_id, sample_orders())
    backend.stock.load(LOCAL_SELLER.seller_id, sample_levels(), NOON)
    return backend


def processed(backend: Backend, path: Path) -> bytes:
    """Submit a feed, process it, and return its report."""
    with path.open("rb") as feed:
        one = hand_in(
            backend, feed, LOCAL_SELLER.seller_id, feed_type_of(path), NOON, content_type=content_type_of(path)
        )
    assert process_next(Processing(backend, load_feed_types(), "a-worker", Policy(), lambda: NOON))
    _, report = open_report(backend.submissions, backend.documents, LOCAL_SELLER.seller_id, one.submission_id)
    with report:
        return report.read()
