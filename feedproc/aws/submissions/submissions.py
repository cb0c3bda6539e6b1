"""Submissions in DynamoDB: handed in, found, claimed, ended."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import islice

from botocore.exceptions import ClientError
from msgspec.structs import asdict

from feedproc.aws.clients import Clients, pauses
from feedproc.aws.dynamo import items
from feedproc.aws.dynamo.items import Item, Statement
from feedproc.aws.dynamo.read import one
from feedproc.aws.dynamo.tables import SUBMISSIONS
from feedproc.aws.dynamo.transaction import Refused, Write, token_of, transact
from feedproc.aws.errors import is_refused
from feedproc.aws.outbox import outbox
from feedproc.aws.submissions import search as lines
from feedproc.aws.submissions import statements as changes
from feedproc.aws.submissions.item import OPEN, counter_of, key_in, key_of, submission_in
from feedproc.aws.submissions.search import counted, matching
from feedproc.aws.submissions.statements import Watching, held, renewal
from feedproc.errors import ClaimLost, Conflict
from feedproc.feeds.progress import Claim
from feedproc.feeds.submission import FIRST_COUNTER, FeedSubmission, NewSubmission, ProcessingStatus, submission_id
from feedproc.ports import Filter, OutboxEntry


class DynamoSubmissions:
    """The port `Submissions`, and what a queue asks about those that are open."""

    def __init__(self, clients: Clients, new_token: Callable[[], str], watching: Watching) -> None:
        """Use the table `submissions`; `new_token` never gives the same twice; `watching` hears of claims."""
        self._clients = clients
        self._table = clients.table(SUBMISSIONS)
        self._keep_days = clients.settings.keep_days
        self._new_token = new_token
        self._watching = watching

    def add(self, new: NewSubmission) -> FeedSubmission:
        """Give it the seller's next counter and keep it as SUBMITTED: one transaction, so that no place is skipped."""
        token = self._new_token()
        for seconds in (*pauses(), *pauses(), 0.0):
            found = one(self._clients, SUBMISSIONS, key_of(new.seller_id, changes.LAST))
            last = items.integer(found["last"]) if found else FIRST_COUNTER
            submission = _numbered(new, last + 1)
            counting = changes.counting(self._table, new.seller_id, last, bool(found))
            writes = [Write("Put", counting), Write("Put", changes.handing_in(self._table, submission, token))]
            try:
                transact(self._clients, writes, token_of(writes))
            except Refused:
                made = one(self._clients, SUBMISSIONS, key_of(new.seller_id, last + 1))
                if made is None or made["token"]["S"] != token:
                    self._clients.pause(seconds)
                    continue
            return submission
        raise Conflict(f"seller {new.seller_id} handed in too many feeds at once; try again")

    def get(self, seller_id: str, submission_id: str) -> FeedSubmission | None:
        """Return one of this seller's submissions."""
        found = self._item(seller_id, submission_id)
        return submission_in(found) if found else None

    def find(self, seller_id: str, which: Filter, limit: int) -> Sequence[FeedSubmission]:
        """Return at most `limit` of this seller's submissions, newest first."""
        return list(islice(matching(self._clients, seller_id, which, limit), limit))

    def count(self, seller_id: str, which: Filter) -> int:
        """Return how many of this seller's submissions match."""
        return counted(self._clients, seller_id, which)

    def cancel(self, seller_id: str, submission_id: str, at: datetime, notices: Sequence[OutboxEntry] = ()) -> bool:
        """Cancel it if no worker has begun it, with what is to be told about that."""
        found = self._item(seller_id, submission_id)
        if found is None or found["status"]["S"] != ProcessingStatus.SUBMITTED:
            return False
        call = self._new_token()
        told = outbox.puts(self._clients, notices, at, f"{submission_id}/end")
        cancelling = changes.cancelling(self._table, key_in(found), call, at, self._keep_days)
        writes = [Write("Update", cancelling), *told]
        try:
            transact(self._clients, writes, token_of(writes))
        except Refused:
            found = self._item(seller_id, submission_id) or {}
            return found.get("call") == items.text(call)  # an earlier try of this very call
        return True

    def claim(self, seller_id: str, submission_id: str, worker: str, at: datetime, lease: timedelta) -> Claim | None:
        """Take it for a worker until `at + lease`."""
        found = self._item(seller_id, submission_id)
        if found is None or found["status"]["S"] not in OPEN:
            return None
        if lines.first_in_line(self._clients, seller_id, found["feed_type"]["S"]) != items.integer(found["counter"]):
            return None
        claim = Claim(seller_id, submission_id, worker, at + lease)
        claiming = changes.claiming(self._table, key_in(found), claim, at, self._new_token())
        return claim if self._written(claiming) else None

    def renew(self, claim: Claim, at: datetime, lease: timedelta) -> None:
        """Hold the claim until `at + lease`. Raises `ClaimLost`."""
        if not self._written(renewal(self._table, claim, at + lease)):
            raise ClaimLost(f"submission {claim.submission_id} is no longer held by worker {claim.worker}")
        self._watching.renewed(claim, at)

    def finish(self, claim: Claim, ended: FeedSubmission, notices: Sequence[OutboxEntry]) -> None:
        """Keep how it ended, with what is to be told about it. Raises `ClaimLost`."""
        at = ended.completed_at or claim.expires_at
        ending = changes.ending(self._table, claim, ended, at, self._keep_days)
        told = outbox.puts(self._clients, notices, at, f"{claim.submission_id}/end")
        writes = [Write("Update", ending), *told]
        try:
            transact(self._clients, writes, token_of(writes))
        except Refused:
            found = self._item(claim.seller_id, claim.submission_id)
            if found is None or found["status"]["S"] != ended.status or not held(found, claim):
                raise ClaimLost(f"submission {claim.submission_id} ended without worker {claim.worker}") from None
        self._watching.ended(claim)

    def release(self, claim: Claim, reason: str) -> None:
        """Give it up, so that another worker may claim it at once."""
        counter = counter_of(claim.submission_id)
        if counter is not None:
            self._written(changes.giving_up(self._table, counter, claim, reason))

    def head(self, seller_id: str, feed_type: str) -> lines.Head | None:
        """Return a line's oldest open submission, whether a worker has it, and until when; None for an empty line."""
        return lines.head_of(self._clients, seller_id, feed_type)

    def waiting_since(self, moment: datetime, limit: int) -> Sequence[FeedSubmission]:
        """Return the oldest submissions of all sellers that were handed in before a moment and have not ended."""
        return lines.waiting_since(self._clients, moment, limit)

    def _item(self, seller_id: str, submission_id: str) -> Item | None:
        counter = counter_of(submission_id)
        found = one(self._clients, SUBMISSIONS, key_of(seller_id, counter)) if counter is not None else None
        return found if found and found["submission_id"]["S"] == submission_id else None

    def _written(self, statement: Statement) -> bool:
        """Write, and say whether the condition held."""
        try:
            self._clients.write("update_item", **statement)
        except ClientError as error:
            if is_refused(error):
                return False
            raise
        return True


def _numbered(new: NewSubmission, counter: int) -> FeedSubmission:
    identifier = submission_id(counter, new.submitted_at.date())
    return FeedSubmission(**asdict(new), counter=counter, submission_id=identifier)
