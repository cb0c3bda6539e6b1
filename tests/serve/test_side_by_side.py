"""Feeds of several sellers share a server's workers: a large one holds up its own line alone."""

import os
import signal
import subprocess
from io import BytesIO
from pathlib import Path
from shutil import which

import pytest

from feedproc.feeds.submission import FeedSubmission, ProcessingStatus
from feedproc.ports import Backend, Filter
from feedproc.serve.helper import SMALLEST
from feedproc.settings import Place, allows_helpers
from feedproc.wiring.clock import read_clock
from feedproc.wiring.store import open_store
from tests.builders import NOON, OTHER_SELLER, SELLER, a_feed, a_seller, hand_in
from tests.serve.builders import Running, eventually

INVENTORY = "POST_INVENTORY_AVAILABILITY_DATA"
SMALL_SHOPS = [f"A{number}SMALL" for number in range(1, 6)]
MESSAGES = 75_000
"""Of a large feed: enough for a helper, and for some seconds."""


def tells_levels(messages: int, merchant: str) -> bytes:
    levels = (f"<Inventory><SKU>SKU-{n}</SKU><Quantity>1</Quantity></Inventory>" for n in range(messages))
    return a_feed(*levels, feed_type="Inventory", merchant=merchant)


def handed_in(backend: Backend, messages: int, *sellers: str) -> list[FeedSubmission]:
    """A feed of each seller, in turn."""
    for seller_id in sellers:
        backend.sellers.add(a_seller(seller_id, access_key=f"AK{seller_id}"))
    return [
        hand_in(backend, BytesIO(tells_levels(messages, seller_id)), seller_id, INVENTORY, read_clock())
        for seller_id in sellers
    ]


def again(backend: Backend, submissions: list[FeedSubmission]) -> list[FeedSubmission]:
    sought = [(one.seller_id, Filter(submission_ids=(one.submission_id,))) for one in submissions]
    return [found for seller_id, these in sought for found in backend.submissions.find(seller_id, these, 1)]


def are_done(backend: Backend, submissions: list[FeedSubmission]) -> bool:
    return all(one.status is ProcessingStatus.DONE for one in again(backend, submissions))


def helpers_of(workers: list[int]) -> list[int]:
    """The processes that a server's workers have started to read for them."""
    children = [Path(f"/proc/{worker}/task").glob("*/children") for worker in workers]
    started = [int(number) for files in children for file in files for number in file.read_text().split()]
    return [one for one in started if b"read_for_worker" in Path(f"/proc/{one}/cmdline").read_bytes()]


def has_begun(backend: Backend, feed: FeedSubmission) -> bool:
    return backend.marks.get_last(feed.seller_id, feed.submission_id) is not None


@pytest.mark.skipif(not allows_helpers({}), reason="a helper needs a second core")
def test_small_feeds_end_while_a_large_one_before_them_is_read_by_a_helper(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    with open_store(Place(data_dir=data_dir)) as backend:
        (large,) = handed_in(backend, MESSAGES, SELLER)
        assert large.size > SMALLEST
        with Running(data_dir, "--workers", "2") as server:
            assert eventually(lambda: has_begun(backend, large))
            assert helpers_of(server.workers)
            small = handed_in(backend, 5, *SMALL_SHOPS)
            assert eventually(lambda: are_done(backend, small))
            assert not are_done(backend, [large])
            assert eventually(lambda: are_done(backend, [large]))
    ended = [one.completed_at or NOON for one in again(backend, [large, *small])]
    assert ended[0] == max(ended)


def test_large_feeds_of_two_sellers_go_on_side_by_side(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    with open_store(Place(data_dir=data_dir)) as backend:
        feeds = handed_in(backend, MESSAGES, SELLER, OTHER_SELLER)
        with Running(data_dir, "--workers", "2"):
            assert eventually(lambda: all(has_begun(backend, one) for one in feeds))
            assert not any(are_done(backend, [one]) for one in feeds)


CONTAINER = ("unshare", "--pid", "--fork", "--kill-child")
"""In which a server is process 1."""


@pytest.mark.skipif(not allows_helpers({}), reason="a helper needs a second core")
def test_in_a_container_nothing_is_left_of_the_helper_of_a_killed_worker(tmp_path: Path) -> None:
    if not which("unshare") or subprocess.run([*CONTAINER, "true"], capture_output=True, check=False).returncode:
        pytest.skip("processes may not be kept apart here")
    data_dir = tmp_path / "data"
    with open_store(Place(data_dir=data_dir)) as backend:
        handed_in(backend, MESSAGES, SELLER)
    with Running(data_dir, "--workers", "1", within=CONTAINER) as server:
        assert eventually(lambda: helpers_of(server.workers))
        (worker,), (helper,) = server.workers, helpers_of(server.workers)
        os.kill(worker, signal.SIGKILL)
        assert eventually(lambda: not Path(f"/proc/{helper}").exists())
