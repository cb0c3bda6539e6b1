"""A server that is told to stop does so, however early it is told."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SERVERS = 6
LATEST = 0.004
"""Seconds from a server's first line to its being told."""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_servers_that_are_told_to_stop_at_once_stop(tmp_path: Path, number: signal.Signals) -> None:
    chance = random.Random(3)
    command = [sys.executable, "-m", "feedproc", "serve", "--port", "0", "--workers", "1", "--data-dir", str(tmp_path)]
    servers = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) for _ in range(SERVERS)]
    try:
        for server in servers:
            assert server.stdout is not None
            assert server.stdout.readline().startswith(b"feedproc serves http://")
            time.sleep(chance.uniform(0, LATEST))
            server.send_signal(number)
        assert [server.wait(20) for server in servers] == [0] * SERVERS
    finally:
        for server in servers:
            server.kill()
            server.communicate()
