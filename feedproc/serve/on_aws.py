"""What the processes beside a server do when the store is on AWS."""

import logging
import os
import time
from pathlib import Path
from threading import Event

from feedproc import settings
from feedproc.aws.account import AwsSettings
from feedproc.ports import Backend
from feedproc.reporttypes.catalogue import load_report_types
from feedproc.serve.life import run_life
from feedproc.serve.worker import process_all
from feedproc.services.announce import announce_overdue
from feedproc.services.reports.schedules import request_due
from feedproc.services.send.backoff import Patience
from feedproc.services.send.send import Outgoing, send_pending
from feedproc.wiring.aws import open_aws, open_outlets_beside
from feedproc.wiring.clock import make_id, read_clock
from feedproc.wiring.embedded import load_policy
from feedproc.wiring.feed_types import load_feed_types, load_schemas
from feedproc.wiring.machine import make_machine

WAIT = 2
"""Seconds for which the queue is asked for work at a time: what it answers to a worker that died is late by as much."""
_LOOK, _ROUND = 60.0, 0.5
"""Seconds between looks for feeds that nobody was told of, and between looks into the outbox."""
_NICENESS = 10
"""E-mail can wait; feeds and requests come first."""
_logger = logging.getLogger(__name__)


def work_on_aws(
    aws: AwsSettings, data_dir: Path, schemas: Path | None = None, console: str = "", level: int = logging.INFO
) -> None:
    """Run as a worker of the AWS back end: the whole life of a worker process. `data_dir` may hold a policy.

    Each feed that ends is a line in the log, with its page under the address `console`, if it logs from `level`
    INFO on.
    """
    run_life(lambda stopping: _work(aws, data_dir, schemas, console, stopping), level)


def _work(aws: AwsSettings, data_dir: Path, schemas: Path | None, console: str, stopping: Event) -> None:
    """Process until told to stop; then give back at once what is not done, rather than let it wait for its lease."""
    backend, worker = open_aws(aws, WAIT), make_id()
    try:
        feed_types = load_feed_types(load_schemas(schemas))
        process_all(make_machine(backend, feed_types, load_policy(data_dir)), worker, stopping, console)
    finally:
        backend.queue.leave(worker, read_clock())


def attend_on_aws(aws: AwsSettings, sends: bool, data_dir: Path) -> None:
    """Run as the attendant: announce again what nobody was told of, and empty the outbox if nobody else does."""
    run_life(lambda stopping: _attend(aws, sends, data_dir, stopping))


def _attend(aws: AwsSettings, sends: bool, data_dir: Path, stopping: Event) -> None:
    os.nice(_NICENESS)
    backend, looked, outgoing = open_aws(aws), 0.0, None
    if sends:
        outlets = open_outlets_beside(aws, data_dir, settings.read_environment(), load_feed_types())
        outgoing = Outgoing(backend, outlets, read_clock, Patience())
    while not stopping.is_set():
        if time.monotonic() - looked > _LOOK:
            _announce(backend)
            request_due(backend, load_report_types(), read_clock())
            looked = time.monotonic()
        if outgoing is None or not send_pending(outgoing):
            stopping.wait(_ROUND)


def _announce(backend: Backend) -> None:
    announced = announce_overdue(backend.submissions, backend.queue, read_clock())
    if announced.done:
        _logger.warning("%d feeds that waited long were announced again", announced.done)
