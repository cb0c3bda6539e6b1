"""How Python is set for a process that processes feeds all its life."""

import gc
import sys

_TURN = 0.0005
"""Seconds that a thread may hold Python's lock while another waits for it; Python's own 0.005 are half a batch."""


def collect_rarely() -> None:
    """Look for garbage in cycles less often: messages and orders form none, and there are many of them at a time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def take_turns_often() -> None:
    """Let a thread that waits for Python's lock have it soon: most of what it does then, it does without the lock."""
    sys.setswitchinterval(_TURN)
