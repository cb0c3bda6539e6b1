"""The FIFO queue that announces submissions."""

from datetime import datetime, timedelta

from botocore.exceptions import ClientError
from msgspec import MsgspecError
from msgspec.structs import replace

from feedproc.aws.account import AwsSettings
from feedproc.aws.clients import Clients, get_clients
from feedproc.aws.errors import delay_delivery, get_code
from feedproc.aws.queue.held_messages import HeldMessage, HeldMessages
from feedproc.aws.queue.message import compose_message, read_nudge, write_message
from feedproc.aws.submissions.submissions import DynamoSubmissions
from feedproc.feeds.endings import WORKER_STOPPED
from feedproc.feeds.progress import Claim
from feedproc.feeds.submission import FeedSubmission
from feedproc.ports import Waiting

_EXPIRED = frozenset({"ReceiptHandleIsInvalid", "InvalidParameterValue", "AWS.SimpleQueueService.MessageNotInflight"})


class SqsQueue:
    """The port `Queue`."""

    def __init__(
        self, clients: Clients, submissions: DynamoSubmissions, deliveries: HeldMessages, wait: int = 0
    ) -> None:
        """Use the queue of the settings; `wait` is for how many seconds to ask it for work, at the most 20."""
        self._clients = clients
        self._submissions = submissions
        self._deliveries = deliveries
        self._wait = wait

    def send(self, submission: FeedSubmission) -> None:
        """Announce a submission. Announced twice within five minutes, it comes once.

        Raises:
            DeliveryDelayed: the queue does not take it now.

        """
        with delay_delivery("SQS"):
            self._clients.announcing.send_message(
                QueueUrl=self._clients.settings.queue_url, **compose_message(submission)
            )

    def receive(self, at: datetime) -> Waiting | None:
        """Return a submission that can be claimed now, or None. It comes again if nobody ends it."""
        claimable = [found for one in self._deliveries.list_held(at) if (found := self._find_claimable(one, at))]
        if claimable:
            return min(claimable)[1]
        while delivery := self._deliveries.receive(at, self._wait):
            found = self._find_claimable(delivery, at)
            if found:
                return found[1]
        return None

    def leave(self, worker: str, at: datetime) -> None:
        """Give up what this worker has begun and not ended, so that another can go on at once."""
        for delivery in self._deliveries.list_held(at):
            if delivery.waiting is not None:
                self._submissions.release(Claim(*delivery.waiting, worker, at), WORKER_STOPPED)
            self._deliveries.give_back(delivery)

    def _find_claimable(self, delivery: HeldMessage, at: datetime) -> tuple[datetime, Waiting] | None:
        """Return the head of a delivery's line, and since when it waits, if nobody works on it.

        When the line has nothing more as old as what the delivery announced, its message is deleted.
        """
        nudge = delivery.nudge
        head = self._submissions.find_head(nudge.seller_id, nudge.feed_type)
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


class LambdaQueue:
    """Messages that Lambda received, and deletes unless the function reports them as failed."""

    def __init__(self, settings: AwsSettings) -> None:
        """Use the queue that the settings name."""
        self._clients = get_clients(settings)

    def read_holder(self, body: str) -> str | None:
        """Return the worker that a message of ours says could not give back what it had claimed."""
        return read_nudge(body).holder

    def replace(self, body: str, holder: str) -> None:
        """Put a message behind the others of its group that says the same, and who holds what it names.

        It is delivered once the one that it replaces is deleted, which Lambda does when its function ends well.

        Raises:
            DeliveryDelayed: the queue does not take it now.

        """
        message = write_message(replace(read_nudge(body), holder=holder))
        with delay_delivery("SQS"):
            self._clients.announcing.send_message(QueueUrl=self._clients.settings.queue_url, **message)

    def read_waiting(self, body: str) -> Waiting:
        """Return the submission that a message names.

        Raises:
            ValueError: it names none.

        """
        try:
            nudge = read_nudge(body)
        except (MsgspecError, RecursionError) as error:
            raise ValueError("the body of a message names no submission") from error
        return Waiting(nudge.seller_id, nudge.submission_id)

    def put_back(self, receipt: str, after: timedelta) -> None:
        """Let a message come again after a pause. One that came again already is left alone."""
        try:
            self._clients.sqs.change_message_visibility(
                QueueUrl=self._clients.settings.queue_url,
                ReceiptHandle=receipt,
                VisibilityTimeout=int(after.total_seconds()),
            )
        except ClientError as error:
            if get_code(error) not in _EXPIRED:
                raise
