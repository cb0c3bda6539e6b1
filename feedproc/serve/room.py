"""How many clients a server can have at once: as many as it may have files open for."""

import resource
import sys

from msgspec import Struct

MOST_THREADS, FEWEST_THREADS = 256, 16
"""Requests answered at once. A thread is made when it is needed; one that waits for a slow upload costs 100 kB."""
MOST_WAITING, FEWEST_WAITING = 20_000, 32
"""Connections that wait for their request at once. Each costs some 5 kB."""
_FILES_OF_A_THREAD = 4
"""The connection, the database and its log, and a document."""
_OTHER_FILES = 64
_WISHED = 65_536
"""Files: more than all of the above need."""


class Room(Struct, frozen=True):
    """How many clients there may be at once."""

    threads: int
    waiting: int


def raise_file_limit() -> None:
    """Let this process, and those it starts, open as many files as the system allows, up to what can be of use."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = _WISHED if hard == resource.RLIM_INFINITY else min(hard, _WISHED)
    if sys.platform == "darwin":
        allowed = min(allowed, 10_240)  # OPEN_MAX, beyond which macOS refuses
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))


def measure_room() -> Room:
    """Return how many clients the files suffice for that this process may open."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = _WISHED if soft == resource.RLIM_INFINITY else soft
    threads = min(MOST_THREADS, max(FEWEST_THREADS, files // (2 * _FILES_OF_A_THREAD)))
    waiting = files - _OTHER_FILES - _FILES_OF_A_THREAD * threads
    return Room(threads, min(MOST_WAITING, max(FEWEST_WAITING, waiting)))
