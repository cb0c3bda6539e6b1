"""Notifications for sellers' own queues."""

import hashlib
import re
from typing import Any

from botocore.exceptions import ClientError

from feedproc.aws.account import AwsSettings
from feedproc.aws.clients import get_clients
from feedproc.aws.errors import delay_delivery, get_code
from feedproc.errors import Undeliverable

_QUEUE = re.compile(r"https://sqs\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/[0-9]{12}/[0-9A-Za-z_-]{1,80}(?:\.fifo)?")
_ARN = re.compile(r"arn:aws([a-z-]*):sqs:([a-z0-9-]{1,40}):([0-9]{12}):([0-9A-Za-z_-]{1,80}(?:\.fifo)?)")
_HOPELESS = frozenset({"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist", "InvalidAddress"})
"""A queue that denies access is not among them: its owner can mend its policy, and the notification waits."""


def parse_region(queue_url: str) -> str | None:
    """Return the region of a queue of SQS by its address; None for any other address."""
    named = _QUEUE.fullmatch(queue_url)
    return named and named[1]


class SqsNotifier:
    """The port `Notifier`: sellers' queues are SQS queues, or queues of the server that the settings name."""

    def __init__(self, settings: AwsSettings) -> None:
        """Use the credentials and the region that the settings name."""
        self._clients = get_clients(settings)
        self._settings = settings

    def notify(self, destination: str, body: str) -> None:
        """Put a notification into the queue of that address, or of that ARN.

        Raises:
            Undeliverable: there is no such queue, or the address is none of a queue.
            DeliveryDelayed: the queue does not take it now; also while it denies access.

        """
        with delay_delivery("SQS"):
            client, url = self._locate(destination)
            message = {"QueueUrl": url, "MessageBody": body}
            if url.endswith(".fifo"):
                digest = hashlib.sha256(body.encode()).hexdigest()
                message |= {"MessageGroupId": "feedproc", "MessageDeduplicationId": digest}
            try:
                client.send_message(**message)
            except ClientError as error:
                if get_code(error) in _HOPELESS:
                    raise Undeliverable(f"queue {destination} does not take it: {get_code(error)}") from error
                raise

    def _locate(self, destination: str) -> tuple[Any, str]:
        """Return a client of a queue's region, and the queue's address."""
        endpoint = self._settings.endpoint_url
        if named := _ARN.fullmatch(destination):
            partition, region, account, name = named.groups()
            host = f"https://sqs.{region}.amazonaws.com" + (".cn" if partition == "-cn" else "")
            return self._clients.get_sqs_in(region), f"{(endpoint or host).rstrip('/')}/{account}/{name}"
        if endpoint is not None and destination.startswith(endpoint.rstrip("/") + "/"):
            return self._clients.sqs, destination
        region = parse_region(destination) or ""
        if not region:
            raise Undeliverable(f"{destination!r} is no address of an SQS queue")
        return self._clients.get_sqs_in(region), destination
