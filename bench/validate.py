"""`feedproc validate` beside `xmllint --stream` on the same valid feed of 100,000 adjustments."""

import tempfile
from pathlib import Path

from feeds import make_feed, make_names, write_feed
from timing import HEADINGS, compare, feedproc, read_options, run_command, run_in_turn, xmllint


def main() -> None:
    """Print the table."""
    options = read_options(__doc__, messages=100_000)
    with tempfile.TemporaryDirectory() as folder:
        feed = write_feed(
            Path(folder, "feed.xml"), make_feed("adjustments", make_names(options.messages), "M_LOCAL_1234567")
        )
        runs = run_in_turn(
            options.runs,
            lambda: run_command(feedproc("validate", str(feed))),
            lambda: run_command(xmllint(feed)),
        )
        print(HEADINGS)
        print(compare(f"validate, {options.messages} messages", runs, 2.0, options.clock))


if __name__ == "__main__":
    main()
