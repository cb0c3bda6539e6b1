"""The ports on AWS: S3, SQS, DynamoDB, KMS and SES. The only room that imports boto3, and only once it is used."""

from collections.abc import Callable

from feedproc.aws.account import AwsSettings
from feedproc.ports import Backend


def open_backend(settings: AwsSettings, new_key: Callable[[], str], wait: int = 0) -> Backend:
    """Return the ports on AWS; nothing is connected before it is used.

    `new_key` gives 32 hexadecimal digits, never the same twice. `wait` is for how many seconds `Queue.receive` waits
    for work, at the most 20.
    """
    from feedproc.aws.backend import assemble_backend  # noqa: PLC0415 - commands over the embedded store do without

    return assemble_backend(settings, new_key, wait)


def create_all(settings: AwsSettings) -> None:
    """Make bucket, queue, key and tables at a server for developers; what is there stays as it is."""
    from feedproc.aws import local_aws  # noqa: PLC0415 - as above

    local_aws.create_all(settings)


def ask(settings: AwsSettings) -> None:
    """Ask whether the bucket and the queue are there, and may be used; what boto3 raises is left to propagate."""
    from feedproc.aws.clients import get_clients  # noqa: PLC0415 - as above

    clients = get_clients(settings)
    clients.s3.head_bucket(Bucket=settings.bucket)
    clients.sqs.get_queue_attributes(QueueUrl=settings.queue_url, AttributeNames=["QueueArn"])
