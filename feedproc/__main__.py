"""`python -m feedproc`, and the command `feedproc`.

Python loads the module that a program began with in its worker processes, too. So all else is loaded by `run` alone.
"""

import sys


def run() -> int:
    """Run the command that was typed, and return its exit code."""
    from feedproc.wiring.tuning import collect_rarely, keep_blocks  # noqa: PLC0415 - see above

    collect_rarely()
    keep_blocks()
    from feedproc.cli import main  # noqa: PLC0415 - see above

    return main()


if __name__ == "__main__":
    sys.exit(run())
