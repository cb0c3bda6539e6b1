"""Messages of the queue that Lambda hands to a function, instead of the function asking for them."""

from datetime import timedelta

from botocore.exceptions import ClientError
from msgspec import MsgspecError

from feedproc.aws.account import AwsSettings
from feedproc.aws.clients import get_clients
from feedproc.aws.errors import get_code
from feedproc.aws.queue.message import read_nudge
from feedproc.ports import Waiting

_EXPIRED = frozenset({"ReceiptHandleIsInvalid", "InvalidParameterValue", "AWS.SimpleQueueService.MessageNotInflight"})


class LambdaQueue:
    """Messages that Lambda received, and deletes unless the function reports them as failed."""

    def __init__(self, settings: AwsSettings) -> None:
        """Use the queue that the settings name."""
        self._clients = get_clients(settings)

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
