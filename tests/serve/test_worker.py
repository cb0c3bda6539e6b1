"""A worker process: it outlives what the world does wrong, and says so."""

import errno
import os
from collections.abc import Callable
from threading import Event
from typing import Any

import pytest

from feedproc.serve.worker import process_all
from feedproc.services.process.processing import Policy
from feedproc.wiring.machine import Machine
from tests.builders import Shop, a_feed, acknowledges, an_order, feed_types
from tests.services.faults import Wrapped


def test_a_worker_outlives_a_full_disk_and_logs_what_is_wrong_and_where(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    shop.stocked(an_order())
    submission = shop.submit(a_feed(acknowledges()))
    stopping = Event()

    def fail(_: Callable[..., Any]) -> Callable[..., Any]:
        def full(*_: object) -> object:
            stopping.set()
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        return full

    backend = shop.backend._replace(documents=Wrapped(shop.backend.documents, fail, "create"))
    process_all(Machine(backend, feed_types(), Policy(), shop.clock, lambda: "id"), shop.worker, stopping)
    said = f"submission {submission.submission_id} waits 1 s: {shop.data_dir}: No space left on device"
    assert said in caplog.text
