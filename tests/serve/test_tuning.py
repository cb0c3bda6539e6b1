"""A process that processes feeds all its life uses the same memory for one part of a feed after the other."""

import platform
import subprocess
import sys

import pytest

PARTS = """
import resource
from feedproc.wiring.tuning import keep_blocks
keep_blocks()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for number in range(200):
    text = bytes([number]) * 256 * 1024
    texts = [text.decode("latin-1"), text[1:], text + b"."]
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""
PAGES_OF_A_PART = 256 * 1024 // 4096


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="others handle memory otherwise")
def test_the_next_part_of_a_feed_needs_no_new_memory_from_the_system() -> None:
    ran = subprocess.run([sys.executable, "-c", PARTS], check=True, capture_output=True, text=True)
    assert int(ran.stdout) < 30 * PAGES_OF_A_PART
