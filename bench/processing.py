"""Whole processing of 100,000 messages of distinct orders by one worker, beside `xmllint --stream` on the feed.

Timed from the claim to DONE: survey, apply, commit, report. Feeds of other kinds stand beside the adjustments.
"""

from timing import HEADINGS, compare, read_options, run_command, run_in_turn, xmllint
from whole import prepared

BESIDE_ADJUSTMENTS = ("ships", "cancels with restocking", "acknowledgements", "adjustments as a flat file")


def main() -> None:
    """Print both tables."""
    options = read_options(__doc__, messages=100_000)
    target = 3.5 if "," in options.cores else 5.0
    with prepared("adjustments", options.messages) as (adjustments, feed):
        print(HEADINGS)
        runs = run_in_turn(options.runs, adjustments, lambda: run_command(xmllint(feed)))
        print(compare(f"{options.messages} adjustments, beside xmllint", runs, target, options.clock), flush=True)
        for kind in BESIDE_ADJUSTMENTS:
            with prepared(kind, options.messages) as (process, _):
                runs = run_in_turn(options.runs, process, adjustments)
            print(compare(f"{kind}, beside adjustments", runs, 1.3, options.clock), flush=True)


if __name__ == "__main__":
    main()
