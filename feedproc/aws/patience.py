"""How long it is tried again what a busy table refused, and how long is waited in between."""

import random
from collections.abc import Iterator

MOST_TRIES = 8
"""After so many the error surfaces, and the work is tried again as a whole."""
_FIRST, _LONGEST = 0.05, 2.0


def pauses() -> Iterator[float]:
    """Yield the seconds to wait before each further try: random, up to a bound that doubles; 6 s in all on average."""
    for number in range(MOST_TRIES - 1):
        yield random.uniform(0, min(_LONGEST, _FIRST * 2**number))  # noqa: S311 - spreads load, hides nothing
