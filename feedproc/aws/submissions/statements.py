"""How a submission's item changes, each change one statement: handed in, claimed, held, given up, cancelled, ended.

Each has the condition under which it may happen, so that of two that come at once one is refused. `worker` and `lease`
say who holds a submission until when. `call` names the call that took or cancelled it, so that a repetition of that
call, after an answer that was lost, is not taken for another's.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from feedproc.aws.dynamo import items
from feedproc.aws.dynamo.items import Item, Statement, Value
from feedproc.aws.submissions.item import encode_end, make_item, make_key, parse_counter, pick_key
from feedproc.feeds.endings import BY_SELLER
from feedproc.feeds.moments import as_micros
from feedproc.feeds.progress import Claim
from feedproc.feeds.submission import FeedSubmission, ProcessingStatus

_NOBODY = "-"
"""In the place of a worker: holds what was put off until its pause is over."""
LAST = 0
"""In the place of a counter: the item that tells the last one given."""
HAS_JOURNALS = "has_journals"
"""Stands on a submission from the first batch on that has left a journal of stock."""
_DIGEST = 14
"""Bytes of a repetition key's digest that stand, as a number, in the place of a counter."""


def put_counter(table: str, seller_id: str, last: int, is_known: bool) -> Statement:
    """Give the counter behind `last`; `is_known` says whether a seller's item tells that one, or there is none yet."""
    item = {**make_key(seller_id, LAST), "last": items.as_number(last + 1)}
    if not is_known:
        return items.put(table, item, "attribute_not_exists(#seller_id)")
    return items.put(table, item, "#last = :last", {"last": items.as_number(last)})


def put_submission(table: str, submission: FeedSubmission, token: str) -> Statement:
    """Keep a new submission; `token` tells by whom it was made."""
    return items.put(table, make_item(submission, token), "attribute_not_exists(#seller_id)")


def put_repetition(table: str, submission: FeedSubmission, repetition_key: str) -> Statement:
    """Keep under which key a submission was handed in, for a day, if none was handed in under it."""
    item = {
        **make_repetition_item_key(submission.seller_id, repetition_key),
        "repeats": items.as_number(submission.counter),
        **items.expire_after(submission.submitted_at, 1),
    }
    return items.put(table, item, "attribute_not_exists(#seller_id)")


def make_repetition_item_key(seller_id: str, repetition_key: str) -> Item:
    """Return the key of the item that tells what was handed in under a repetition key: below all counters.

    Numbers have 38 digits in DynamoDB; the digest has 34 at most.
    """
    return make_key(seller_id, -int.from_bytes(hashlib.sha256(repetition_key.encode()).digest()[:_DIGEST]) - 1)


def take(table: str, found: Item, claim: Claim, at: datetime, call: str) -> Statement:
    """Take it for a worker, if it waits, was given up, or its lease has run out; `call` names this very call.

    That is one more attempt, unless the worker has it already and could not give it back. It is not taken where
    the first of its journals has come since it was `found`: whoever takes it is to know of them.
    """
    is_free = "attribute_not_exists(#worker) OR #lease < :at OR #call = :call"
    is_as_found = "" if HAS_JOURNALS in found else f" AND attribute_not_exists(#{HAS_JOURNALS})"
    return items.update(
        table,
        pick_key(found),
        "SET #status = :taken, #worker = :worker, #lease = :lease, #call = :call, #attempts = #attempts + :one,"
        " #started_at = if_not_exists(#started_at, :at)",
        f"(#status = :waiting OR (#status = :taken AND ({is_free}))){is_as_found}",
        {
            "taken": items.as_text(ProcessingStatus.IN_PROGRESS),
            "waiting": items.as_text(ProcessingStatus.SUBMITTED),
            "worker": items.as_text(claim.worker),
            "lease": items.as_number(as_micros(claim.expires_at)),
            "call": items.as_text(call),
            "one": items.as_number(0 if is_held(found, claim) else 1),
            "at": items.as_number(as_micros(at)),
        },
    )


def let_go(table: str, counter: int, claim: Claim, reason: str) -> Statement:
    """Let go of it, so that another worker may claim it."""
    return items.update(
        table,
        make_key(claim.seller_id, counter),
        "SET #reason = :reason REMOVE #worker, #lease",
        "#worker = :worker AND #status = :held",
        {"reason": items.as_text(reason), **_describe_holder(claim)},
    )


def put_off(table: str, counter: int, claim: Claim, reason: str, until: datetime) -> Statement:
    """Let it be held by nobody until a moment, with one attempt less and one setback more."""
    return items.update(
        table,
        make_key(claim.seller_id, counter),
        "SET #reason = :reason, #worker = :nobody, #lease = :until, #attempts = #attempts - :one,"
        " #setbacks = if_not_exists(#setbacks, :zero) + :one",
        "#worker = :worker AND #status = :held",
        {
            "reason": items.as_text(reason),
            "nobody": items.as_text(_NOBODY),
            "until": items.as_number(as_micros(until)),
            "one": items.as_number(1),
            "zero": items.as_number(0),
            **_describe_holder(claim),
        },
    )


def cancel(table: str, key: Item, call: str, at: datetime, keep_days: int) -> Statement:
    """Cancel it for its seller, if no worker has begun it."""
    ending = {
        "status": items.as_text(ProcessingStatus.CANCELLED),
        "completed_at": items.as_number(as_micros(at)),
        "reason": items.as_text(BY_SELLER),
        "call": items.as_text(call),
        **items.expire_after(at, keep_days),
    }
    return items.update(
        table,
        key,
        f"{_join_settings(ending)} REMOVE #queue_position, #is_open",
        "#status = :submitted",
        {**ending, "submitted": items.as_text(ProcessingStatus.SUBMITTED)},
    )


def end(table: str, claim: Claim, ended: FeedSubmission, at: datetime, keep_days: int) -> Statement:
    """Keep how it ended, if the claim is still good."""
    attributes = encode_end(ended) | items.expire_after(at, keep_days)
    values = {name: value for name, value in attributes.items() if value is not None}
    gone = ["lease", "queue_position", "is_open", *(name for name, value in attributes.items() if value is None)]
    return items.update(
        table,
        make_key(claim.seller_id, parse_counter(claim.submission_id) or LAST),
        f"{_join_settings(values)} REMOVE {', '.join(f'#{name}' for name in gone)}",
        "#worker = :worker AND #status = :held",
        {**values, **_describe_holder(claim)},
    )


def _describe_holder(claim: Claim) -> dict[str, Value]:
    return {"worker": items.as_text(claim.worker), "held": items.as_text(ProcessingStatus.IN_PROGRESS)}


def _join_settings(values: Mapping[str, Value]) -> str:
    return f"SET {', '.join(f'#{name} = :{name}' for name in values)}"


def acknowledge(table: str, key: Item, submission_id: str, at: datetime | None) -> Statement:
    """Note when the report of a submission was acknowledged, if it has one; None takes that back."""
    values = {"id": items.as_text(submission_id)}
    if at is not None:
        values["at"] = items.as_number(as_micros(at))
    return items.update(
        table,
        key,
        "REMOVE #acknowledged_at" if at is None else "SET #acknowledged_at = :at",
        "#submission_id = :id AND attribute_exists(#report)",
        values,
    )


class ClaimListener(Protocol):
    """What wants to know how a worker fares with its claim."""

    def note_renewal(self, claim: Claim, at: datetime) -> None:
        """Hear that the worker still held it at a moment."""

    def note_end(self, claim: Claim) -> None:
        """Hear that its submission has ended."""


def renew(
    table: str, claim: Claim, until: datetime, also: str = "", values: Mapping[str, Value] | None = None
) -> Statement:
    """Return the statement that holds a claim until then; `also` sets further attributes from `values`."""
    return items.update(
        table,
        make_key(claim.seller_id, parse_counter(claim.submission_id) or 0),
        f"SET #lease = :lease{also}",
        "#worker = :worker AND #status = :held",
        {
            "lease": items.as_number(as_micros(until)),
            "worker": items.as_text(claim.worker),
            "held": items.as_text(ProcessingStatus.IN_PROGRESS),
            **(values or {}),
        },
    )


def is_held(found: Item, claim: Claim) -> bool:
    """Say whether the claim's worker is, or was to the end, the submission's."""
    return "worker" in found and found["worker"]["S"] == claim.worker
