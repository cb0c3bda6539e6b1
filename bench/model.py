"""Hold a store to its model for many steps: `python -m bench.model [ADAPTER] [STEPS]`, embedded and 100,000 by default.

Each run of the machine has 100 steps, begins with an empty store, and ends with a look at all that came of it. Runs are
random: what goes wrong is printed as the calls that lead to it, the fewest that are found. Adapters are `VARIANTS` of
`tests/ports/conftest.py`.
"""

import sys
import time

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.model.machine import StoreMachine, make_machine

STEPS, STEPS_A_RUN = 100_000, 100


def main(adapter: str = "embedded", steps: str = str(STEPS)) -> None:
    """Run the machine over an adapter, and print how long so many steps took."""
    runs = max(int(steps) // STEPS_A_RUN, 1)
    machine = make_machine(adapter)
    chosen = settings(
        max_examples=runs,
        stateful_step_count=STEPS_A_RUN,
        deadline=None,
        derandomize=False,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    began = time.perf_counter()
    run_state_machine_as_test(machine, settings=chosen)
    seconds = time.perf_counter() - began
    print(f"{adapter}: {runs} runs of up to {STEPS_A_RUN} steps, {StoreMachine.steps} steps in {seconds:.0f} s")


if __name__ == "__main__":
    main(*sys.argv[1:])
