"""How the deployment bears 10 to 1,000,000 feeds an hour: a simulation of arrivals, lanes, partitions and quotas.

Run as `python -m bench.scale`; with `--check FOLDER` the time of a feed alone is held against measured ones first, over
DynamoDB Local (which that folder keeps). What is assumed:

- Feeds are of 1,000 ships, from so many sellers; the largest seller has a tenth of all, the others alike. They come at
  random (Poisson). A request beyond the API's rate is sent again until it is taken.
- A line is the feeds of one seller and type: one after another. A seller's feeds are all of one type here.
- A worker that has nothing to wait for takes `A_FEED` for a feed, `A_MESSAGE` for each message, and `A_BATCH` for each
  transaction of 96 messages: 15 ms for DynamoDB, the rest for processor time between two. A container's first feed
  takes `COLD` longer. Lambda adds 1,000 containers in 10 s at the most (Lambda quotas, scaling rate).
- A ship takes 2 units of writing of the table `orders` and 2 of its index `by_change`. Each of the two takes what it is
  warmed for, and no more within the hour, though DynamoDB would let it grow; the account's quota is above that.
- One seller's ships are divided over 4 partitions of each status, of 1,000 units each: 4,000 a second. Running feeds
  share what the table has alike. Nothing throttled is lost: it only takes longer.
- E-mails are another matter: each ship causes one, and SES sends so many a second.
"""

import argparse
import math
import random
import statistics
from collections import Counter, defaultdict, deque
from pathlib import Path
from typing import NamedTuple

A_FEED, A_MESSAGE, A_BATCH, COLD = 0.17, 0.000014, 0.0165, 0.7
"""Seconds."""
MESSAGES, BATCH = 1_000, 96
UNITS_A_SHIP = 2
"""Of the table, and of its index that changes."""
SHIPS_A_SELLER = 4_000
"""A second: 4 shards of 1,000 changes of status."""
STEP = 0.02
"""Seconds of the simulation's clock."""
MOST_ARRIVALS = 20_000
"""So many feeds are looked at, or those of an hour."""


class Deployment(NamedTuple):
    """What the template's parameters and the account's quotas say."""

    name: str
    workers: int = 50
    concurrency: int = 1_000
    requests: int = 100
    warm_writes: int = 4_000
    mails: int = 14
    sellers: int = 200


class Outcome(NamedTuple):
    """What came of a rate."""

    done: float
    """Feeds an hour that ended, over the last half."""
    median: float
    slow: float
    """Seconds from the first try to hand a feed in to its end: half of them, and 19 of 20, took no longer."""
    waiting: int
    """Feeds that were not done at the end."""
    busy: dict[str, float]
    """Which part of each resource was used, on average over the last half."""
    mails: int
    """E-mails that were not sent at the end."""


def compute_seconds(messages: int) -> float:
    """Return how long one feed takes a worker that waits for nobody."""
    return A_FEED + messages * A_MESSAGE + math.ceil(messages / BATCH) * A_BATCH


_SHIPS_A_WORKER = MESSAGES / (compute_seconds(MESSAGES) - A_FEED)
"""A second, while it writes and nothing holds it up."""


class Running:
    """A feed at work."""

    def __init__(self, seller: int, handed_in: float, cold: float) -> None:
        self.seller = seller
        self.handed_in = handed_in
        self.beginning = A_FEED + cold
        """Seconds until it begins to write."""
        self.left = compute_seconds(MESSAGES) - A_FEED
        """Seconds of undisturbed writing."""


class Simulation:
    """One deployment at one rate of feeds."""

    def __init__(self, deployment: Deployment, feeds_an_hour: int, seed: int = 1) -> None:
        self._of = deployment
        self._chance = random.Random(seed)
        self._rate = feeds_an_hour / 3_600
        self._seconds = min(3_600.0, MOST_ARRIVALS / self._rate)
        self._outside: deque[tuple[float, int]] = deque()
        self._lines: dict[int, deque[float]] = defaultdict(deque)
        self._ready: deque[int] = deque()
        """Sellers whose line has a feed that nobody works on."""
        self._running: list[Running] = []
        self._warm = 0
        """Containers that have run."""
        self._allowed = 0.0
        self._allowance = deployment.requests * 2.0
        self._took: list[float] = []
        self._used: dict[str, float] = defaultdict(float)
        self._done = 0
        self._steps = 0
        self._mails = 0.0

    def run(self) -> Outcome:
        clock, following = 0.0, self._chance.expovariate(self._rate)
        while clock < self._seconds:
            while following <= clock:
                self._outside.append((following, self._choose_seller()))
                following += self._chance.expovariate(self._rate)
            if not (self._outside or self._ready or self._running):
                self._mails = max(self._mails - self._of.mails * (following - clock), 0.0)
                skipped = int((following - clock) / STEP)
                self._steps += skipped if clock > self._seconds / 2 else 0
                clock += max(skipped, 1) * STEP
                self._allowance = self._of.requests * 2.0
                continue
            self._admit(clock)
            self._start()
            self._work(clock)
            clock += STEP
        took = sorted(self._took) or [math.inf]
        busy = {name: used / max(self._steps, 1) for name, used in self._used.items()}
        waiting = len(self._outside) + sum(map(len, self._lines.values())) + len(self._running)
        slow = took[min(len(took) * 19 // 20, len(took) - 1)]
        done = self._done / self._seconds * 2 * 3_600
        return Outcome(done, statistics.median(took), slow, waiting, busy, int(self._mails))

    def _choose_seller(self) -> int:
        return 0 if self._chance.random() < 0.1 else self._chance.randrange(1, self._of.sellers)

    def _admit(self, clock: float) -> None:
        self._allowance = min(self._allowance + self._of.requests * STEP, self._of.requests * 2.0)
        while self._outside and self._allowance >= 1:
            handed_in, seller = self._outside.popleft()
            self._allowance -= 1
            line = self._lines[seller]
            line.append(handed_in)
            if len(line) == 1 and all(one.seller != seller for one in self._running):
                self._ready.append(seller)
        self._note(clock, "requests", 1 - self._allowance / (self._of.requests * 2) if self._outside else 0)

    def _start(self) -> None:
        most = min(self._of.workers, self._of.concurrency)
        self._allowed = min(self._allowed + 100 * STEP, most) if self._warm else 10
        while self._ready and len(self._running) < min(most, self._warm + max(1, int(self._allowed))):
            seller = self._ready.popleft()
            cold = COLD if len(self._running) >= self._warm else 0.0
            self._warm = max(self._warm, len(self._running) + 1)
            self._running.append(Running(seller, self._lines[seller].popleft(), cold))

    def _work(self, clock: float) -> None:
        ships_of_all = self._of.warm_writes / UNITS_A_SHIP
        writing = sum(one.beginning <= 0 for one in self._running)
        share = min(1.0, ships_of_all / max(_SHIPS_A_WORKER * writing, 1), SHIPS_A_SELLER / _SHIPS_A_WORKER)
        done = []
        for one in self._running:
            if one.beginning > 0:
                one.beginning -= STEP
                continue
            one.left -= STEP * share
            if one.left <= 0:
                done.append(one)
        self._mails += len(done) * MESSAGES
        self._mails = max(self._mails - self._of.mails * STEP, 0.0)
        self._note(clock, "workers", len(self._running) / min(self._of.workers, self._of.concurrency))
        self._note(clock, "units", min(_SHIPS_A_WORKER * writing / ships_of_all, 1.0))
        busiest = any(one.seller == 0 for one in self._running)
        self._note(clock, "largest seller's line", float(busiest))
        self._steps += clock > self._seconds / 2
        for one in done:
            self._running.remove(one)
            self._took.append(clock - one.handed_in)
            self._done += clock > self._seconds / 2
            if self._lines[one.seller]:
                self._ready.append(one.seller)

    def _note(self, clock: float, name: str, used: float) -> None:
        if clock > self._seconds / 2:
            self._used[name] += used


DEPLOYMENTS = (
    Deployment("as deployed"),
    Deployment("raised", workers=1_000, concurrency=3_000, requests=1_000, warm_writes=40_000, mails=500),
    Deployment(
        "raised, a larger table, 2,000 sellers", 1_000, 3_000, 1_000, warm_writes=800_000, mails=500, sellers=2_000
    ),
)
RATES = (10, 100, 1_000, 10_000, 100_000, 1_000_000)


def main() -> None:
    """Print a table for each deployment."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", type=Path, help="folder that keeps DynamoDB Local: hold the model against runs")
    chosen = parser.parse_args()
    if chosen.check is not None:
        check(chosen.check)
    for deployment in DEPLOYMENTS:
        print(f"\n{deployment._asdict()}\n")
        print("| feeds an hour | done an hour | median | 19 of 20 | not done at the end | most used | mails behind |")
        print("|---|---|---|---|---|---|---|")
        for rate in RATES:
            print(_make_row(rate, Simulation(deployment, rate).run()), flush=True)


def _make_row(rate: int, outcome: Outcome) -> str:
    used = ", ".join(f"{name} {part:.0%}" for name, part in Counter(outcome.busy).most_common(2))
    times = f"{outcome.median:.1f} s | {outcome.slow:.1f} s" if outcome.done else "– | –"
    return f"| {rate:,} | {outcome.done:,.0f} | {times} | {outcome.waiting:,} | {used} | {outcome.mails:,} |"


def check(folder: Path) -> None:
    """Print how long feeds alone took, measured as `aws_throughput` does, and how long they take here."""
    from bench.aws_throughput import measure_alone

    print("| ships of one feed | measured, as on a quiet machine | simulated |\n|---|---|---|")
    for messages, seconds in measure_alone(folder, (100, 1_000, 10_000)):
        print(f"| {messages:,} | {seconds:.2f} s | {compute_seconds(messages):.2f} s |")


if __name__ == "__main__":
    main()
