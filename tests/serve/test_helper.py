"""A worker with a large feed has a helper that reads it: nobody can tell from what becomes of the feed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event
from typing import BinaryIO

import pytest

from feedproc.feeds.feed_type import FeedType
from feedproc.feeds.finding import Portion, Survey
from feedproc.feeds.message import Message
from feedproc.feeds.progress import Position
from feedproc.feeds.submission import ProcessingStatus
from feedproc.ports import OrderFilter
from feedproc.serve.helper import Helper, help_with, make_decoder, read_portion, write_portion
from feedproc.serve.worker import process_all
from feedproc.services.process.pick import process_next
from feedproc.services.process.processing import Policy, Processing
from feedproc.services.process.reading import OpenReader, Read, read_alone
from feedproc.settings import allows_helpers
from feedproc.stock.level import StockLevel
from feedproc.wiring.machine import Machine
from tests.builders import (
    ACKNOWLEDGEMENT,
    ADJUSTMENT,
    FULFILLMENT,
    NOON,
    SELLER,
    Shop,
    a_feed,
    acknowledges,
    an_order,
    cancels,
    feed_types,
    head,
    message,
    refunds,
    ships,
)
from tests.formats import flatfiles
from tests.serve.builders import SAMPLES

BEGINS_WITHIN = 60.0
ORDERS = 1_200
"""Messages of three portions."""

pytestmark = pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="looks at processes as Linux has them")


def prepared(folder: Path) -> Shop:
    shop = Shop(folder).stocked(*[an_order(number) for number in range(1, ORDERS + 1)])
    shop.backend.stock.load(SELLER, [StockLevel(f"SKU-{number}", 9) for number in range(1, ORDERS + 1)], NOON)
    return shop


def processed(shop: Shop, feed: bytes, feed_type: str, open_reader: OpenReader) -> dict[str, object]:
    """What a feed leaves behind."""
    submission = shop.submit(feed, feed_type)
    processing = Processing(shop.backend, feed_types(), shop.worker, Policy(), shop.clock, open_reader=open_reader)
    assert process_next(processing)
    backend = shop.backend
    return {
        "report": shop.raw_report(submission),
        "ended": shop.again(submission),
        "results": list(backend.marks.list_results(SELLER, submission.submission_id)),
        "orders": list(backend.orders.list(SELLER, OrderFilter(), 100_000)),
        "stock": list(backend.stock.list_levels(SELLER)),
        "ledger": [backend.stock.list_entries(SELLER, f"SKU-{number}", 10) for number in (1, 2, 3)],
        "outbox": backend.outbox.list_waiting(100_000),
    }


def mixed(make: Callable[[int], str]) -> list[str]:
    """Messages of all orders: every tenth is invalid, and every ninth is for an order that there is not."""
    made = [make(number if number % 9 else number + 100_000) for number in range(1, ORDERS + 1)]
    return [one.replace("Code>", "Cod>") if number % 10 == 0 else one for number, one in enumerate(made)]


def rows_that_ship() -> Iterator[dict[str, object]]:
    """Rows of all orders: of a day, of a moment, wrongly, and again without carrier and number."""
    told = ("2024-03-03", "2024-03-03T10:00:00+09:00", "2033-03-03T10:00:00+09:00", "2024-3-3")
    for number in range(1, ORDERS + 1):
        yield flatfiles.ships(number, ship_date=told[number % 4], tracking_number=number)
        if number % 8 == 0:
            yield flatfiles.ships(number, ship_date="", carrier_code="", carrier_name="NULL", tracking_number="NULL")


FEEDS = {
    "refunds": (a_feed(*mixed(refunds), feed_type=ADJUSTMENT), ADJUSTMENT),
    "ships": (a_feed(*mixed(ships), feed_type=FULFILLMENT), FULFILLMENT),
    "cancellations": (a_feed(*mixed(cancels), feed_type=ACKNOWLEDGEMENT), ACKNOWLEDGEMENT),
    "acknowledgements": (
        a_feed(*mixed(lambda number: acknowledges(number, f"M-{number}")), feed_type=ACKNOWLEDGEMENT),
        ACKNOWLEDGEMENT,
    ),
    "all faulty": (a_feed(*["<OrderAdjustment/>"] * ORDERS, feed_type=ADJUSTMENT), ADJUSTMENT),
    "cut off": (a_feed(*mixed(refunds), feed_type=ADJUSTMENT)[:-40], ADJUSTMENT),
    "of another seller": (a_feed(refunds(), feed_type=ADJUSTMENT, merchant="ELSE"), ADJUSTMENT),
    "a header that is wrong": (a_feed(*mixed(refunds), feed_type=ADJUSTMENT).replace(b"1.01", b"1"), ADJUSTMENT),
    "empty": (b"", ADJUSTMENT),
    "rows that ship": (flatfiles.a_file(flatfiles.FULFILLMENT, *rows_that_ship()).encode(), flatfiles.FULFILLMENT),
}
WITHOUT_HELPERS = {
    "POST_FLAT_FILE_PENDING_ORDER_CANCELLATION_DATA": "a page writes it, of the orders that it shows",
    "POST_FLAT_FILE_SHIPMENT_CONFIRMATION_DATA": "one call writes one row",
}
"""And why nobody makes them large."""


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_that_a_helper_reads_leaves_what_it_leaves_without_one(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    feed, feed_type = FEEDS[name]
    alone = processed(prepared(tmp_path / "alone"), feed, feed_type, read_alone)
    helped = processed(prepared(tmp_path / "helped"), feed, feed_type, help_with(0, BEGINS_WITHIN))
    assert helped == alone
    assert "lost" not in caplog.text


def test_each_feed_type_that_programs_submit_has_a_helper() -> None:
    types = feed_types()
    assert {name for name in types.names if types.look_up(name).body is None} == WITHOUT_HELPERS.keys()
    assert not WITHOUT_HELPERS.keys() & set(types.offered)


@pytest.mark.parametrize("name", feed_types().offered)
def test_what_a_helper_sends_of_a_sample_is_what_it_has_read(name: str) -> None:
    feed_type, sent = feed_types().look_up(name), 0
    decoder = make_decoder(feed_type)
    for sample in sorted(SAMPLES.rglob(f"*.{feed_type.format.suffix}")):
        with sample.open("rb") as feed:
            survey = feed_type.format.survey(feed, lambda _: None)
            for portion in [] if survey.withheld else feed_type.format.read(feed, survey, survey.start):
                assert repr(read_portion(write_portion(portion), decoder)) == repr(portion)
                sent += sum(isinstance(one, Message) for one in portion.messages)
    assert sent


@pytest.fixture(scope="module")
def long_feed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("feeds") / "feed.xml"
    many = "".join(message(refunds(number), number) for number in range(1, 25_001))
    path.write_text(f"{head(ADJUSTMENT)}{many}</AmazonEnvelope>")
    return path


def disturbed(disturb: Callable[[Helper], None], after: int) -> OpenReader:
    """Has something happen to the helper behind so many portions."""

    @contextmanager
    def open_reader(feed_type: FeedType, feed: BinaryIO) -> Iterator[Read]:
        with closing(Helper(feed_type, Path(feed.name), BEGINS_WITHIN)) as helper:

            def read(feed: BinaryIO, survey: Survey, start: Position) -> Iterator[Portion]:
                for number, portion in enumerate(helper.read(feed, survey, start)):
                    if number == after:
                        disturb(helper)
                    yield portion

            yield read

    return open_reader


def test_a_worker_whose_helper_is_killed_applies_each_message_once(tmp_path: Path) -> None:
    feed, feed_type = FEEDS["refunds"]
    alone = processed(prepared(tmp_path / "alone"), feed, feed_type, read_alone)
    killing = disturbed(lambda helper: os.kill(helper.process_id, signal.SIGKILL), 0)
    assert processed(prepared(tmp_path / "killed"), feed, feed_type, killing) == alone


@pytest.mark.parametrize("after", [0, 1, 20])
def test_where_a_helper_was_killed_its_worker_reads_on(
    long_feed: Path, caplog: pytest.LogCaptureFixture, after: int
) -> None:
    feed_type = feed_types().look_up(ADJUSTMENT)
    killing = disturbed(lambda helper: os.kill(helper.process_id, signal.SIGKILL), after)
    with long_feed.open("rb") as feed, killing(feed_type, feed) as read:
        survey = feed_type.format.survey(feed, lambda _: None)
        found = [one for portion in read(feed, survey, survey.start) for one in portion.messages]
        expected = [one for portion in feed_type.format.read(feed, survey, survey.start) for one in portion.messages]
    assert found == expected
    assert "is lost" in caplog.text


def test_a_helper_that_cannot_begin_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    feed, feed_type = FEEDS["ships"]
    alone = processed(prepared(tmp_path / "alone"), feed, feed_type, read_alone)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert processed(prepared(tmp_path / "helped"), feed, feed_type, help_with(0, BEGINS_WITHIN)) == alone


def test_a_helper_is_the_same_feedproc_wherever_its_worker_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "feedproc.py").write_text("raise SystemExit('another one')")
    monkeypatch.chdir(tmp_path)
    processed(prepared(tmp_path / "helped"), *FEEDS["refunds"], help_with(0, BEGINS_WITHIN))
    assert "lost" not in caplog.text


def test_no_helper_is_left_when_its_feed_has_ended(tmp_path: Path) -> None:
    seen: list[int] = []
    processed(prepared(tmp_path), *FEEDS["refunds"], disturbed(lambda helper: seen.append(helper.process_id), 0))
    assert seen
    assert not Path(f"/proc/{seen[0]}").exists()


def test_a_helper_is_not_far_ahead_of_its_worker(long_feed: Path) -> None:
    feed_type = feed_types().look_up(ADJUSTMENT)
    with long_feed.open("rb") as feed, closing(Helper(feed_type, long_feed, BEGINS_WITHIN)) as helper:
        survey = feed_type.format.survey(feed, lambda _: None)
        next(helper.read(feed, survey, survey.start))
        wait_until_idle(helper.process_id)
        assert 0 < place_in(long_feed, helper.process_id) < 3 * 1024 * 1024 < long_feed.stat().st_size


def wait_until_idle(process_id: int) -> None:
    def used() -> str:
        return Path(f"/proc/{process_id}/stat").read_text().split(")")[1].split()[11]

    before = ""
    while before != (before := used()):
        time.sleep(0.5)


def place_in(path: Path, process_id: int) -> int:
    """How far a process has read a file."""
    files = Path(f"/proc/{process_id}/fd")
    number = next(file.name for file in files.iterdir() if file.exists() and file.samefile(path))
    return int(Path(f"/proc/{process_id}/fdinfo/{number}").read_text().split()[1])


@pytest.mark.parametrize("portions", [0, 1], ids=["before it is asked", "while it waits to hand over"])
def test_a_helper_ends_when_its_worker_is_killed(long_feed: Path, portions: int) -> None:
    worker = subprocess.Popen([sys.executable, "-c", WORKER, long_feed, str(portions)], stdout=subprocess.PIPE)
    assert worker.stdout is not None
    helper = int(worker.stdout.readline())
    worker.kill()
    worker.communicate()
    patience = time.monotonic() + BEGINS_WITHIN
    while is_running(helper):
        assert time.monotonic() < patience
        time.sleep(0.01)


WORKER = f"""
import sys, time
from pathlib import Path
from feedproc.serve.helper import Helper
from tests.builders import feed_types
path, feed_type = Path(sys.argv[1]), feed_types().look_up({ADJUSTMENT!r})
helper = Helper(feed_type, path, {BEGINS_WITHIN})
with path.open("rb") as feed:
    survey = feed_type.format.survey(feed, lambda _: None)
    portions = helper.read(feed, survey, survey.start)
    for _ in range(int(sys.argv[2])):
        next(portions)
print(helper.process_id, flush=True)
time.sleep(1000)
"""


def is_running(process_id: int) -> bool:
    try:
        return Path(f"/proc/{process_id}/stat").read_text().split(")")[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_worker_of_a_server_has_its_large_feed_read_by_a_helper(tmp_path: Path) -> None:
    shop, seen, stopping = prepared(tmp_path), list[int](), Event()
    submission = shop.submit(*FEEDS["ships"])

    def stop_behind(helper: Helper) -> None:
        seen.append(helper.process_id)
        stopping.set()

    machine = Machine(shop.backend, feed_types(), Policy(), shop.clock, lambda: "id")
    process_all(machine, shop.worker, stopping, open_reader=disturbed(stop_behind, 0))
    assert seen
    assert shop.again(submission).status is ProcessingStatus.DONE


@pytest.mark.parametrize(
    ("setting", "cores", "allowed"), [("", 2, True), ("on", 2, True), ("off", 2, False), ("on", 1, False)]
)
def test_helpers_are_for_several_cores_and_can_be_switched_off(setting: str, cores: int, allowed: bool) -> None:
    all_cores = os.sched_getaffinity(0)
    if len(all_cores) < cores:
        pytest.skip("needs two cores")
    os.sched_setaffinity(0, sorted(all_cores)[:cores])
    try:
        assert allows_helpers({"FEEDPROC_HELPERS": setting}) is allowed
    finally:
        os.sched_setaffinity(0, all_cores)
