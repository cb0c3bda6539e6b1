"""Whatever happens to a store, in whatever order: nothing is lost, nothing applied twice, and all is told truly."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.model.machine import make_machine

STEPS = 50
"""Of each run of the machine."""


@pytest.mark.parametrize(("adapter", "runs"), [("memory", 20), ("embedded", 20), ("aws", 3), ("aws-journals", 3)])
def test_a_store_keeps_its_promises_whatever_happens(adapter: str, runs: int) -> None:
    chosen = settings(
        max_examples=runs, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(make_machine(adapter), settings=chosen)
