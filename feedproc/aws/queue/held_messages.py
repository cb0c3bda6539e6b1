"""The messages that a worker was given, and holds while it works on what they announced."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError
from msgspec import MsgspecError

from feedproc.aws.clients import Clients
from feedproc.aws.errors import get_code
from feedproc.aws.queue.message import Nudge, read_nudge
from feedproc.feeds.progress import Claim
from feedproc.ports import Waiting

FIRST_LOOK = timedelta(seconds=10)
"""How long a received message is hidden from other workers at first: an answer may have been lost on its way."""
VISIBILITY = timedelta(minutes=2)
"""How long it is hidden once a worker turns to it; as long again with each half of it at work."""
_logger = logging.getLogger(__name__)
_EXPIRED = frozenset({"ReceiptHandleIsInvalid", "InvalidParameterValue", "AWS.SimpleQueueService.MessageNotInflight"})


class HeldMessage:
    """A message that this process was given and has not deleted."""

    def __init__(self, handle: str, nudge: Nudge, at: datetime) -> None:
        """Keep the handle of this delivery, and what it says; it came `at` a moment."""
        self.handle = handle
        self.nudge = nudge
        self.until = at + FIRST_LOOK
        self.waiting: Waiting | None = None
        """What was told to be processed for it."""


class HeldMessages:
    """The messages that this process was given: hidden from others for as long as it works on them."""

    def __init__(self, clients: Clients, new_token: Callable[[], str]) -> None:
        """Use the queue of the settings; `new_token` never gives the same twice."""
        self._clients = clients
        self._new_token = new_token
        self._held: list[HeldMessage] = []

    def list_held(self, at: datetime) -> list[HeldMessage]:
        """Return those that are still hidden from others."""
        self._held = [one for one in self._held if one.until >= at]
        return list(self._held)

    def receive(self, at: datetime, wait: int) -> HeldMessage | None:
        """Ask the queue for one more, and wait up to so many seconds for it."""
        answer = self._clients.sqs.receive_message(
            ReceiveRequestAttemptId=self._new_token(),  # so that a repetition gets what the lost answer held
            QueueUrl=self._queue_url,
            MaxNumberOfMessages=1,
            VisibilityTimeout=int(FIRST_LOOK.total_seconds()),
            WaitTimeSeconds=wait,
        )
        for message in answer.get("Messages", ()):
            try:
                nudge = read_nudge(message["Body"])
            except MsgspecError:
                _logger.warning("message %s of the queue announces no submission", message["MessageId"])
                return None  # after some more tries it goes to the queue of dead letters
            delivery = HeldMessage(message["ReceiptHandle"], nudge, at)
            self._held.append(delivery)
            return delivery
        return None

    def forget(self, delivery: HeldMessage) -> None:
        """Delete the message from the queue: what it announced has ended."""
        self._held.remove(delivery)
        self._try("delete_message", delivery)

    def give_back(self, delivery: HeldMessage) -> None:
        """Let the message come again at once, to whoever asks."""
        self._held.remove(delivery)
        self._try("change_message_visibility", delivery, VisibilityTimeout=0)

    def note_end(self, claim: Claim) -> None:
        """Delete the message that announced a submission which has ended now: the next of its line can come."""
        for one in list(self._held):
            if (one.nudge.seller_id, one.nudge.submission_id) == (claim.seller_id, claim.submission_id):
                self.forget(one)

    def note_renewal(self, claim: Claim, at: datetime) -> None:
        """Hide the message on which a worker works for longer, when half of its time is over."""
        for one in self._held:
            if one.waiting == (claim.seller_id, claim.submission_id):
                self.hide(one, at)

    def hide(self, delivery: HeldMessage, at: datetime) -> None:
        """Hide a message for longer, unless more than half of its time is left."""
        if at > delivery.until - VISIBILITY / 2:
            self._try("change_message_visibility", delivery, VisibilityTimeout=int(VISIBILITY.total_seconds()))
            delivery.until = at + VISIBILITY

    def _try(self, operation: str, delivery: HeldMessage, **options: Any) -> None:
        """Do something with a message, if it is still ours."""
        try:
            getattr(self._clients.sqs, operation)(QueueUrl=self._queue_url, ReceiptHandle=delivery.handle, **options)
        except ClientError as error:
            if get_code(error) not in _EXPIRED:
                raise

    @property
    def _queue_url(self) -> str:
        return self._clients.settings.queue_url
