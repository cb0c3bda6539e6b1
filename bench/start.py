"""How soon a server answers: from the start of `feedproc serve` to its first signed answer, beside `moto_server`.

Run as `python -m bench.start`. Both are started in turn. Told are the time of the clock, which others on the machine
lengthen, and that of the processor, which the server itself had used by then (its workers, which start beside it, not).
A first round, in which Python compiles what it loads, is not counted.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import Request, urlopen

from bench.timing import describe_machine, keep_bytecode
from feedproc.wiring.clock import read_clock
from feedproc.wiring.local_seller import LOCAL_SELLER
from tests.mws.clients import mac, strict

RUNS = 15
PORT = 18_080
PARAMETERS = {
    "AWSAccessKeyId": LOCAL_SELLER.access_key,
    "Action": "GetFeedSubmissionCount",
    "SellerId": LOCAL_SELLER.seller_id,
    "SignatureMethod": "HmacSHA256",
    "SignatureVersion": "2",
    "Version": "2009-01-01",
}


class Start(NamedTuple):
    """Milliseconds until the first answer."""

    clock: float
    processor: float


def sign() -> Request:
    """Return a signed request."""
    given = {**PARAMETERS, "Timestamp": f"{read_clock():%Y-%m-%dT%H:%M:%SZ}"}
    signature = mac(str(LOCAL_SELLER.secret_key), f"POST\n127.0.0.1:{PORT}\n/\n{strict(given)}")
    return Request(f"http://127.0.0.1:{PORT}/", strict({**given, "Signature": signature}).encode())


def measure(command: Sequence[str], make_request: Callable[[], Request], lasts: float = 0) -> Start:
    """Start a server, ask until it answers, and stop it; `lasts` are seconds in which its workers can get as far."""
    began = perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            while not has_answered(make_request()):
                sleep(0.002)
            start = Start((perf_counter() - began) * 1000, read_processor(running.pid))
            sleep(lasts)
            return start
        finally:
            running.terminate()


def has_answered(request: Request) -> bool:
    try:
        with urlopen(request, timeout=30) as answer:
            return answer.status == 200
    except URLError as error:
        if isinstance(error.reason, ConnectionRefusedError):
            return False
        raise


def read_processor(pid: int) -> float:
    """Milliseconds that a process has used, without its children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def main() -> None:
    serve = [sys.executable, "-m", "feedproc", "serve", "--port", str(PORT)]
    moto = [sys.executable, "-m", "moto.server", "-p", str(PORT)]
    with TemporaryDirectory() as folder, keep_bytecode():
        kept = [*serve, "--data-dir", f"{folder}/kept"]
        commands: dict[str, Callable[[int], Sequence[str]]] = {
            "feedproc serve, a new store": lambda number: [*serve, "--data-dir", f"{folder}/{number}"],
            "feedproc serve, a store that is there": lambda _: kept,
            "feedproc serve --ephemeral": lambda _: [*serve, "--ephemeral"],
            "moto_server": lambda _: moto,
        }
        took: dict[str, list[Start]] = {name: [] for name in commands}
        for number in range(RUNS + 1):
            for name, command in commands.items():
                ask = sign if name.startswith("feedproc") else lambda: Request(f"http://127.0.0.1:{PORT}/moto-api/")
                start = measure(command(number), ask, lasts=0 if number else 5)
                if number:
                    took[name].append(start)
    print(f"{describe_machine()}; medians of {RUNS}\n")
    print("| start to first answer | clock | best | worst | processor |\n|---|---|---|---|---|")
    for name, starts in took.items():
        clock = [one.clock for one in starts]
        used = median(one.processor for one in starts)
        print(f"| {name} | {median(clock):.0f} ms | {min(clock):.0f} ms | {max(clock):.0f} ms | {used:.0f} ms |")


if __name__ == "__main__":
    main()
