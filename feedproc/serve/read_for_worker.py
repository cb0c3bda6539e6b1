"""A helper: `python -m feedproc.serve.read_for_worker ORDERS PORTIONS` reads one feed for the worker at two pipes."""

import sys
from contextlib import suppress
from multiprocessing.connection import Connection

from feedproc.serve.helper import END, READY, write_portion
from feedproc.wiring.feed_types import load_feed_types
from feedproc.wiring.tuning import collect_rarely, keep_blocks


def serve_worker(orders: Connection, portions: Connection) -> None:
    """Send a feed portion by portion. Raises `EOFError` or `OSError` when the worker has gone."""
    name, path = orders.recv()
    feed_type = load_feed_types().look_up(name)
    collect_rarely()
    keep_blocks()
    portions.send_bytes(READY)
    survey, start = orders.recv()
    with path.open("rb") as feed:
        for portion in feed_type.format.read(feed, survey, start):
            portions.send_bytes(write_portion(portion))
    portions.send_bytes(END)


if __name__ == "__main__":
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):  # the worker has gone, or needs no more
        serve_worker(Connection(int(sys.argv[1]), writable=False), Connection(int(sys.argv[2]), readable=False))
