"""Many who try to sign in at once cost the memory of two, and a name of any length costs nothing."""

import subprocess
import sys

from feedproc.console.attempts import MOST_OF_BOTH, Attempts
from tests.builders import NOON

FORTY = """
from concurrent.futures import ThreadPoolExecutor
from feedproc.services.passwords import is_password_of

class Nobody:
    def get(self, seller_id):
        return None

with ThreadPoolExecutor(40) as pool:
    assert not any(pool.map(lambda _: is_password_of(Nobody(), "A1", "wrong wrong"), range(40)))
# The kernel's own figure would begin with that of the process from which this one was made.
lines = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(int(lines["VmHWM"].split()[0]) // 1024)
"""


def test_forty_wrong_passwords_at_once_take_the_memory_of_two() -> None:
    ran = subprocess.run([sys.executable, "-c", FORTY], capture_output=True, text=True, check=True)
    assert int(ran.stdout) < 300  # MiB; each check takes 32


def test_a_name_of_any_length_is_kept_as_a_short_one() -> None:
    attempts = Attempts(lambda: NOON)
    name = "A" * 40
    for number in range(MOST_OF_BOTH):
        assert attempts.begin(name + str(number) * 200_000, "192.0.2.1")
    assert not attempts.begin(name, "192.0.2.1")
    assert max(len(one) for key in attempts._made for one in key) <= 40
