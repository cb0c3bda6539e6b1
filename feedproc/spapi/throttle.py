"""Usage plans: how many calls an application may make for a seller (SP-API developer guide, usage plans)."""

from collections import OrderedDict
from datetime import datetime
from threading import Lock

from feedproc.spapi.call import Operation
from feedproc.spapi.refusals import QuotaExceeded

MOST_BUCKETS = 100_000
"""Kept in memory; beyond them the one longest unused is forgotten, and full again when it is asked for."""


class UsagePlans:
    """A token bucket for each application, seller and operation, in this process."""

    def __init__(self, is_on: bool) -> None:
        """Count when `is_on`; else let everything pass."""
        self._is_on = is_on
        self._lock = Lock()
        self._buckets: OrderedDict[tuple[str, str, str], tuple[float, float]] = OrderedDict()

    def admit(self, operation: Operation, client_id: str, seller_id: str, now: datetime) -> None:
        """Count a call.

        Raises:
            QuotaExceeded: it is one too many.

        """
        if not self._is_on:
            return
        key = client_id, seller_id, operation.name
        with self._lock:
            left, at = self._buckets.pop(key, (float(operation.burst), now.timestamp()))
            left = min(float(operation.burst), left + max(0.0, now.timestamp() - at) * operation.rate)
            self._buckets[key] = (left - 1 if left >= 1 else left), now.timestamp()
            if len(self._buckets) > MOST_BUCKETS:
                self._buckets.popitem(last=False)
        if left < 1:
            raise QuotaExceeded(f"{operation.name}: {operation.burst} at once, {operation.rate} a second")

    def tell_rate(self, operation: Operation) -> str | None:
        """Return the value of `x-amzn-RateLimit-Limit`; None when nothing is counted, as clients wait by it."""
        return str(float(operation.rate)) if self._is_on else None
