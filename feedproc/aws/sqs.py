"""The FIFO queue that announces submissions, and sellers' own queues."""

import hashlib
import re
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from feedproc.aws.account import AwsSettings
from feedproc.aws.clients import Clients, clients_of, code_of
from feedproc.aws.deliveries import Deliveries, Delivery
from feedproc.aws.handing_over import handing_over
from feedproc.aws.nudges import message_of
from feedproc.aws.submissions import DynamoSubmissions
from feedproc.errors import Undeliverable
from feedproc.feeds.progress import Claim
from feedproc.feeds.submission import FeedSubmission
from feedproc.ports import Waiting

_QUEUE = re.compile(r"https://sqs\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/[0-9]{12}/[0-9A-Za-z_-]{1,80}(?:\.fifo)?")
_HOPELESS = frozenset({"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist", "InvalidAddress"})
"""A queue that denies access is not among them: its owner can mend its policy, and the notification waits."""


class SqsQueue:
    """The port `Queue`."""

    def __init__(self, clients: Clients, submissions: DynamoSubmissions, deliveries: Deliveries, wait: int = 0) -> None:
        """Use the queue of the settings; `wait` is for how many seconds to ask it for work, at the most 20."""
        self._clients = clients
        self._submissions = submissions
        self._deliveries = deliveries
        self._wait = wait

    def send(self, submission: FeedSubmission) -> None:
        """Announce a submission. Announced twice within five minutes, it comes once. Raises `DeliveryDelayed`."""
        with handing_over("SQS"):
            self._clients.announcing.send_message(QueueUrl=self._clients.settings.queue_url, **message_of(submission))

    def receive(self, at: datetime) -> Waiting | None:
        """Return a submission that can be claimed now, or None. It comes again if nobody ends it."""
        claimable = [found for one in self._deliveries.held(at) if (found := self._claimable(one, at))]
        if claimable:
            return min(claimable)[1]
        while delivery := self._deliveries.received(at, self._wait):
            found = self._claimable(delivery, at)
            if found:
                return found[1]
        return None

    def leave(self, worker: str, at: datetime) -> None:
        """Give up what this worker has begun and not ended, so that another can go on at once."""
        for delivery in self._deliveries.held(at):
            if delivery.waiting is not None:
                self._submissions.release(Claim(*delivery.waiting, worker, at), "the worker was stopped")
            self._deliveries.give_back(delivery)

    def _claimable(self, delivery: Delivery, at: datetime) -> tuple[datetime, Waiting] | None:
        """Return the head of a delivery's line, and since when it waits, if nobody works on it.

        When the line has nothing more as old as what the delivery announced, its message is deleted.
        """
        nudge = delivery.nudge
        head = self._submissions.head(nudge.seller_id, nudge.feed_type)
        if head is None or _is_newer(head[0], nudge.submission_id):
            self._deliveries.forget(delivery)
            return None
        submission, is_held, lease = head
        if is_held and lease is not None and lease >= at:
            return None
        delivery.waiting = Waiting(submission.seller_id, submission.submission_id)
        self._deliveries.hide(delivery, at)
        return submission.submitted_at, delivery.waiting


def _is_newer(submission: FeedSubmission, submission_id: str) -> bool:
    return (len(submission.submission_id), submission.submission_id) > (len(submission_id), submission_id)


def region_of(queue_url: str) -> str | None:
    """Return the region of a queue of SQS by its address; None for any other address."""
    named = _QUEUE.fullmatch(queue_url)
    return named and named[1]


class SqsNotifier:
    """The port `Notifier`: sellers' queues are SQS queues, or queues of the server that the settings name."""

    def __init__(self, settings: AwsSettings) -> None:
        """Take where one's own queue is."""
        self._clients = clients_of(settings)
        self._settings = settings

    def notify(self, destination: str, body: str) -> None:
        """Put a notification into the queue at that address. Raises `Undeliverable`, or `DeliveryDelayed`."""
        message = {"QueueUrl": destination, "MessageBody": body}
        if destination.endswith(".fifo"):
            digest = hashlib.sha256(body.encode()).hexdigest()
            message |= {"MessageGroupId": "feedproc", "MessageDeduplicationId": digest}
        with handing_over("SQS"):
            try:
                self._client(destination).send_message(**message)
            except ClientError as error:
                if code_of(error) in _HOPELESS:
                    raise Undeliverable(f"queue {destination} does not take it: {code_of(error)}") from error
                raise

    def _client(self, destination: str) -> Any:
        endpoint = self._settings.endpoint_url
        if endpoint is not None and destination.startswith(endpoint.rstrip("/") + "/"):
            return self._clients.sqs
        region = region_of(destination)
        if region is None:
            raise Undeliverable(f"{destination!r} is no address of an SQS queue")
        return self._clients.sqs_in(region)
