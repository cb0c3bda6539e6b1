"""What imports cost: the MWS application beside a bare `import lxml.etree`, and the function `api` beside boto3."""

import statistics
import sys
from collections.abc import Sequence

from timing import MOST_SPREAD, Run, find_spread, keep_bytecode, read_options, run_command, run_in_turn

PAIRS = (("feedproc.mws.app", "lxml.etree", 150), ("boto3, feedproc.lambdas.api", "boto3", 250))
"""What is imported, beside what, and how many milliseconds more it may take."""


def main() -> None:
    """Print the table."""
    options = read_options(__doc__, messages=0, runs=15)
    print("| what | ours | spread | peer | spread | extra | target | |\n|---|---|---|---|---|---|---|---|")
    for ours, peer, most in PAIRS:
        commands = [[sys.executable, "-c", f"import {modules}"] for modules in (ours, peer)]
        sides = [lambda command=command: run_command(command) for command in commands]
        with keep_bytecode():
            run_in_turn(1, *sides)
            runs = run_in_turn(options.runs, *sides)
        print(compare_imports(f"`import {ours}` beside `import {peer}`", runs, most, options.clock))


def compare_imports(name: str, runs: Sequence[Sequence[Run]], most: int, clock: str) -> str:
    """Return a row of the table: medians, and the median of the differences, if it says much."""
    ours, peers = ([1000 * getattr(run, clock) for run in side] for side in runs)
    cells = [name]
    for times in (ours, peers):
        cells += [f"{statistics.median(times):.0f} ms", f"{find_spread(times):.0%}"]
    if max(find_spread(ours), find_spread(peers)) > MOST_SPREAD:
        cells += ["–", f"≤ +{most} ms", "runs differ too much"]
    else:
        extra = statistics.median(a - b for a, b in zip(ours, peers, strict=True))
        cells += [f"+{extra:.0f} ms", f"≤ +{most} ms", "met" if extra <= most else "**missed**"]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
