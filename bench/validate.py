"""`feedproc validate` beside `xmllint --stream` on the same valid feed of 100,000 adjustments."""

import argparse
import tempfile
from pathlib import Path

from feeds import adjustments, numbered, written
from timing import feedproc, machine, seconds, told, xmllint


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        feed = written(Path(folder) / "feed.xml", adjustments(numbered(options.messages), "M_LOCAL_1234567"))
        ours, peers = [], []
        for _ in range(options.runs):
            ours.append(seconds(feedproc("validate", str(feed))))
            peers.append(seconds(xmllint(feed)))
        print(machine())
        print("| what | feedproc | xmllint | ratio | target | |\n|---|---|---|---|---|---|")
        print(told(f"validate, {options.messages} messages, {feed.stat().st_size / 1e6:.0f} MB", ours, peers, 2.0))


if __name__ == "__main__":
    main()
