"""What faults cost: feeds with 1 % of their messages faulty, and with all of them, beside the clean feed.

Once for `feedproc validate`, and once for whole processing by one worker, from the claim to DONE.
"""

import tempfile
from pathlib import Path

from feeds import make_feed, make_names, write_feed
from timing import HEADINGS, compare, feedproc, read_options, run_command, run_in_turn
from whole import SELLER, prepared

FAULTY = {"1 % faulty": (100, 1.3), "every message faulty": (1, 12.0)}
"""Every how manyeth message is faulty, and how many times as long it may take."""


def main() -> None:
    """Print the table."""
    options = read_options(__doc__, messages=400_000, runs=5)
    print(HEADINGS)
    with tempfile.TemporaryDirectory() as folder:

        def write(faulty: int) -> list[str]:
            text = make_feed("adjustments", make_names(options.messages), SELLER.merchant_token, faulty)
            path = write_feed(Path(folder, f"{faulty}.xml"), text)
            return feedproc("validate", "--format", "json", str(path))

        clean = write(0)
        for name, (every, target) in FAULTY.items():
            command = write(every)
            runs = run_in_turn(
                options.runs, lambda command=command: run_command(command, may_fail=True), lambda: run_command(clean)
            )
            print(compare(f"validate, {options.messages}, {name}", runs, target, options.clock), flush=True)
    with prepared("adjustments", options.messages) as (sound, _):
        for name, (every, target) in FAULTY.items():
            with prepared("adjustments", options.messages, every) as (process, _):
                runs = run_in_turn(options.runs, process, sound)
            print(compare(f"process, {options.messages}, {name}", runs, target, options.clock), flush=True)


if __name__ == "__main__":
    main()
