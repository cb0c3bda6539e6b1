"""A worker's right to a submission, as the submission's item tells it.

`worker` and `lease` say who holds it until when. `call` names the call that took or cancelled it, so that a repetition
of that call, after an answer that was lost, is not taken for another's.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from feedproc.aws import items
from feedproc.aws.items import Item, Statement, Value
from feedproc.aws.record import counter_of, key_of
from feedproc.feeds.progress import Claim
from feedproc.feeds.submission import ProcessingStatus


class Watching(Protocol):
    """What wants to know how a worker fares with its claim."""

    def renewed(self, claim: Claim, at: datetime) -> None:
        """Hear that the worker still held it at a moment."""

    def ended(self, claim: Claim) -> None:
        """Hear that its submission has ended."""


def renewal(
    table: str, claim: Claim, until: datetime, also: str = "", values: Mapping[str, Value] | None = None
) -> Statement:
    """Return the statement that holds a claim until then; `also` sets further attributes from `values`."""
    return items.update(
        table,
        key_of(claim.seller_id, counter_of(claim.submission_id) or 0),
        f"SET #lease = :lease{also}",
        "#worker = :worker AND #status = :held",
        {
            "lease": items.number(items.as_micros(until)),
            "worker": items.text(claim.worker),
            "held": items.text(ProcessingStatus.IN_PROGRESS),
            **(values or {}),
        },
    )


def held(found: Item, claim: Claim) -> bool:
    """Say whether the claim's worker is, or was to the end, the submission's."""
    return "worker" in found and found["worker"]["S"] == claim.worker
