"""How Python is set for a process that processes feeds all its life."""

import gc
import sys

_TURN = 0.0001
"""Seconds that a thread may hold Python's lock while another waits for it. One that commits a batch takes it some ten
times, each for a moment, and the batch is on its way for so much longer; Python's own is 0.005."""
_BLOCK = 1024 * 1024
"""Bytes: several times the parts in which feeds are read."""


def collect_rarely() -> None:
    """Look for garbage in cycles less often: messages and orders form none, and there are many of them at a time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def take_turns_often() -> None:
    """Let a thread that waits for Python's lock have it soon: most of what it does then, it does without the lock."""
    sys.setswitchinterval(_TURN)


def keep_blocks() -> None:
    """Let memory of the size of a feed's parts be used again, in place of new memory from the system for each.

    glibc gives blocks back at once that are larger than the largest one freed so far, or than twice that at the end of
    its heap. This frees a larger one, which is never written to.
    """
    bytes(_BLOCK)
