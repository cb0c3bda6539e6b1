"""What goes wrong with AWS, said so that a person can mend it."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, PartialCredentialsError

from feedproc.aws.account import AwsSettings
from feedproc.aws.clients import code_of
from feedproc.errors import StoreUnusable

_ADVICE = {
    "ResourceNotFoundException": "a table is not there: deploy first, or check FEEDPROC_TABLE_PREFIX and the region",
    "NoSuchBucket": "the bucket is not there: deploy first, or check FEEDPROC_BUCKET",
    "404": "the bucket is not there: deploy first, or check FEEDPROC_BUCKET and the region",
    "403": "the bucket may not be used with these credentials: check FEEDPROC_BUCKET and what they allow",
    "NotFoundException": "the key is not there: deploy first, or check FEEDPROC_KMS_KEY_ID",
    "QueueDoesNotExist": "the queue is not there: deploy first, or check FEEDPROC_QUEUE_URL",
    "AWS.SimpleQueueService.NonExistentQueue": "the queue is not there: deploy first, or check FEEDPROC_QUEUE_URL",
}


@contextmanager
def told_plainly(settings: AwsSettings) -> Iterator[None]:
    """Turn what boto3 raises into `StoreUnusable`, which names the place and the way out."""
    where = settings.endpoint_url or f"AWS in {settings.region}"
    try:
        yield
    except (NoCredentialsError, PartialCredentialsError) as error:
        raise StoreUnusable(f"{where}: no credentials; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and its secret") from error
    except ClientError as error:
        advice = _ADVICE.get(code_of(error), str(error))
        raise StoreUnusable(f"{where}: {advice}") from error
    except BotoCoreError as error:
        raise StoreUnusable(f"{where}: cannot be reached or used ({error})") from error
