"""A worker to be killed: `python -m tests.kill.worker FOLDER NAME [helped]`.

Says `ready` when all is loaded, begins when it is told to by a line, and ends when nothing is left to be processed.
"""

import io
import sys
import time
from pathlib import Path
from uuid import uuid4

from feedproc.embedded import open_backend, workers_of
from feedproc.errors import ClaimLost
from feedproc.feeds.submission import ProcessingStatus
from feedproc.ports import Backend, Filter
from feedproc.serve.helper import help_with
from feedproc.services.process.pick import process_next
from feedproc.services.process.processing import Policy, Processing
from feedproc.services.process.reading import read_alone
from tests.builders import ACKNOWLEDGEMENT, NOON, a_feed, feed_types

OPEN = Filter(statuses=(ProcessingStatus.SUBMITTED, ProcessingStatus.IN_PROGRESS))


def anything_open(backend: Backend) -> bool:
    return any(backend.submissions.count(one.seller_id, OPEN) for one in backend.sellers.list_sellers())


def main(folder: str, name: str, helped: str = "") -> None:
    types = feed_types()
    list(types.look_up(ACKNOWLEDGEMENT).format.inspect(io.BytesIO(a_feed("<Junk/>")), any_type=False))
    print("ready", flush=True)
    sys.stdin.readline()
    backend = open_backend(Path(folder), lambda: uuid4().hex)
    workers_of(Path(folder)).join(name)
    open_reader = help_with(0, begins_within=60) if helped else read_alone
    while anything_open(backend):
        try:
            processing = Processing(backend, types, name, Policy(), lambda: NOON, open_reader=open_reader)
            found = process_next(processing)
        except ClaimLost:
            continue
        if not found:
            time.sleep(0.005)


if __name__ == "__main__":
    main(*sys.argv[1:])
