"""Whole processing of 100,000 messages of distinct orders by one worker, beside `xmllint --stream` on the feed.

Timed from the claim to DONE: survey, apply, commit, report. Feeds of other kinds stand beside the adjustments. At last
come the processor's seconds of worker and helper apart. Both find compiled what they load, as where it is installed.
"""

from timing import (
    HEADINGS,
    HEADINGS_OF_WORKERS,
    compare,
    divide,
    keep_bytecode,
    read_options,
    run_command,
    run_in_turn,
    xmllint,
)
from whole import prepared

BESIDE_ADJUSTMENTS = ("ships", "cancels with restocking", "acknowledgements", "adjustments as a flat file")


def main() -> None:
    """Print the tables."""
    options = read_options(__doc__, messages=100_000)
    target = 3.5 if "," in options.cores else 5.0
    with keep_bytecode(), prepared("adjustments", options.messages) as (adjustments, feed):
        adjustments()  # which compiles
        print(HEADINGS)
        runs = run_in_turn(options.runs, adjustments, lambda: run_command(xmllint(feed)))
        print(compare(f"{options.messages} adjustments, beside xmllint", runs, target, options.clock), flush=True)
        workers = {"adjustments": runs[0]}
        for kind in BESIDE_ADJUSTMENTS:
            with prepared(kind, options.messages) as (process, _):
                runs = run_in_turn(options.runs, process, adjustments)
            print(compare(f"{kind}, beside adjustments", runs, 1.3, options.clock), flush=True)
            workers[kind] = runs[0]
        print(f"\n{HEADINGS_OF_WORKERS}", *(divide(*one) for one in workers.items()), sep="\n")


if __name__ == "__main__":
    main()
