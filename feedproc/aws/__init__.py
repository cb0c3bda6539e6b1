"""The ports on AWS: S3, SQS, DynamoDB, KMS and SES. The only room that imports boto3, and only once it is used.

Commands over the embedded store do without boto3, which takes long to load: the functions here load what they open.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from feedproc.aws.account import AwsSettings

if TYPE_CHECKING:
    from feedproc.aws.queue.queue import LambdaQueue
    from feedproc.ports import Backend, DocumentLinks, Mailer, Notifier


def open_backend(settings: AwsSettings, new_key: Callable[[], str], wait: int = 0) -> "Backend":
    """Return the ports on AWS; nothing is connected before it is used.

    `new_key` gives 32 hexadecimal digits, never the same twice. `wait` is for how many seconds `Queue.receive` waits
    for work, at the most 20.
    """
    from feedproc.aws.backend import assemble_backend

    return assemble_backend(settings, new_key, wait)


def create_all(settings: AwsSettings) -> None:
    """Make bucket, queue, key and tables at a server for developers; what is there stays as it is."""
    from feedproc.aws import local_aws

    local_aws.create_all(settings)


def ask(settings: AwsSettings) -> None:
    """Ask whether the bucket and the queue are there, and may be used; what boto3 raises is left to propagate."""
    from feedproc.aws.clients import get_clients

    clients = get_clients(settings)
    clients.s3.head_bucket(Bucket=settings.bucket)
    clients.sqs.get_queue_attributes(QueueUrl=settings.queue_url, AttributeNames=["QueueArn"])


def open_mailer(settings: AwsSettings) -> "Mailer":
    """Return what sends e-mail through SES.

    Raises:
        Unusable: the settings name no sender.

    """
    from feedproc.aws.mail import SesMailer

    return SesMailer(settings)


def open_notifier(settings: AwsSettings) -> "Notifier":
    """Return what sends notifications to sellers' queues."""
    from feedproc.aws.notifier import SqsNotifier

    return SqsNotifier(settings)


def open_links(settings: AwsSettings) -> "DocumentLinks":
    """Return what makes addresses of documents in the bucket."""
    from feedproc.aws.clients import get_clients
    from feedproc.aws.links import S3Links

    return S3Links(get_clients(settings))


def open_lambda_queue(settings: AwsSettings) -> "LambdaQueue":
    """Return what understands the messages that the queue hands to a function."""
    from feedproc.aws.queue.queue import LambdaQueue

    return LambdaQueue(settings)


def run_moto(port: int = 0) -> AbstractContextManager[str]:
    """Run a server that speaks AWS in this process; its address is what `with` gives.

    Raises:
        Unusable: moto is not installed.

    """
    from feedproc.aws.local_aws import serve_moto

    return serve_moto(port)


def explain_errors(settings: AwsSettings) -> AbstractContextManager[None]:
    """Turn what goes wrong with AWS into `StoreUnusable`, which says how to mend it."""
    from feedproc.aws import errors

    return errors.explain_errors(settings)


def is_sqs_address(destination: str) -> bool:
    """Say whether that is the address of a queue of SQS."""
    from feedproc.aws.notifier import parse_region

    return parse_region(destination) is not None


class LazyNotifier:
    """The port `Notifier` beside the embedded store: SQS, which is loaded once a seller has a queue."""

    def __init__(self, region: str = "us-east-1", endpoint_url: str | None = None) -> None:
        """Sign with the credentials that boto3 finds; what they do not allow is tried again and again."""
        self._settings = AwsSettings(region=region, endpoint_url=endpoint_url, bucket="", queue_url="", kms_key_id="")
        self._notifier: Notifier | None = None

    def notify(self, destination: str, body: str) -> None:
        """Put a notification into the queue at that address.

        Raises:
            Undeliverable: that can never succeed.
            DeliveryDelayed: it does not succeed now.

        """
        if self._notifier is None:
            self._notifier = open_notifier(self._settings)
        self._notifier.notify(destination, body)
