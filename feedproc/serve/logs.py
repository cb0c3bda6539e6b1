"""Where log lines go."""

import logging
import sys


def log_to_stderr(level: int = logging.INFO) -> None:
    """Log to standard error, a line an event."""
    logging.basicConfig(
        level=level,
        stream=sys.stderr,
        format="%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s",
        datefmt="%Y-%m-%dT%H:%M:%S",
    )
