"""What goes wrong with AWS: the names of errors, and what they mean to a port's caller and to a person."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    ParamValidationError,
    PartialCredentialsError,
)

from feedproc.aws.account import AwsSettings
from feedproc.errors import DeliveryDelayed, FeedprocError, StoreBusy, StoreUnusable

_ADVICE = {
    "ResourceNotFoundException": "a table is not there: deploy first, or check FEEDPROC_TABLE_PREFIX and the region",
    "NoSuchBucket": "the bucket is not there: deploy first, or check FEEDPROC_BUCKET",
    "404": "the bucket is not there: deploy first, or check FEEDPROC_BUCKET and the region",
    "403": "the bucket may not be used with these credentials: check FEEDPROC_BUCKET and what they allow",
    "NotFoundException": "the key is not there: deploy first, or check FEEDPROC_KMS_KEY_ID",
    "QueueDoesNotExist": "the queue is not there: deploy first, or check FEEDPROC_QUEUE_URL",
    "AWS.SimpleQueueService.NonExistentQueue": "the queue is not there: deploy first, or check FEEDPROC_QUEUE_URL",
}


_BUSY = frozenset({
    "LimitExceededException", "ProvisionedThroughputExceededException", "RequestLimitExceeded", "RequestThrottled",
    "SlowDown", "ThrottledException", "Throttling", "ThrottlingException", "TooManyRequestsException",
    "TransactionConflictException", "TransactionInProgressException",
})  # fmt: skip
_BUSY_REASONS = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
"""Why a transaction may have been taken back, each of which passes (TransactWriteItems, CancellationReasons)."""
_ENVIRONMENT = frozenset({
    "403", "404", "AccessDenied", "AccessDeniedException", "AWS.SimpleQueueService.NonExistentQueue",
    "DependencyTimeoutException", "DisabledException", "ExpiredToken", "ExpiredTokenException", "InternalError",
    "InternalFailure", "InternalServerError", "InvalidClientTokenId", "KeyUnavailableException",
    "KMSInternalException", "KMSInvalidStateException", "NoSuchBucket", "NotFoundException", "QueueDoesNotExist",
    "RequestExpired", "RequestTimeout", "RequestTimeTooSkewed", "ResourceNotFoundException", "ServiceUnavailable",
    "SignatureDoesNotMatch", "UnrecognizedClientException",
})  # fmt: skip
"""Of the account, its permissions or AWS itself. That a document is gone (`NoSuchKey`) is not among them."""


class TooBusy(FeedprocError):
    """A table did not give all that was asked of it, again and again; try later."""


@contextmanager
def explain_errors(settings: AwsSettings) -> Iterator[None]:
    """Turn what boto3 raises into `StoreUnusable`, which names the place and the way out."""
    where = settings.endpoint_url or f"AWS in {settings.region}"
    try:
        with _unwrap_busy():
            yield
    except (NoCredentialsError, PartialCredentialsError) as error:
        raise StoreUnusable(f"{where}: no credentials; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and its secret") from error
    except ClientError as error:
        advice = _ADVICE.get(get_code(error), str(error))
        raise StoreUnusable(f"{where}: {advice}") from error
    except BotoCoreError as error:
        raise StoreUnusable(f"{where}: cannot be reached or used ({error})") from error


@contextmanager
def _unwrap_busy() -> Iterator[None]:
    """Raise what boto3 raised, where a store asks to come again for its sake."""
    try:
        yield
    except StoreBusy as busy:
        raise busy.__cause__ or busy from None


@contextmanager
def delay_delivery(service: str) -> Iterator[None]:
    """Turn what boto3 raises into `DeliveryDelayed`, which tells codes and names alone: other texts may quote a buyer.

    A call with parameters that boto3 does not take is a fault of ours, and surfaces.
    """
    try:
        yield
    except ClientError as error:
        raise DeliveryDelayed(f"{service} answers {get_code(error)}") from error
    except ParamValidationError:
        raise
    except BotoCoreError as error:
        raise DeliveryDelayed(f"{service} cannot be reached or used: {type(error).__name__}") from error


def get_code(error: ClientError) -> str:
    """Return the error's name, such as `ConditionalCheckFailedException`."""
    return str(error.response.get("Error", {}).get("Code", ""))


def is_busy(error: ClientError) -> bool:
    """Say whether AWS had too much to do, so that the same call may succeed after a while."""
    if get_code(error) == "TransactionCanceledException":
        reasons = {reason.get("Code") for reason in error.response.get("CancellationReasons", ())}
        return not _BUSY_REASONS.isdisjoint(reasons) and "ConditionalCheckFailed" not in reasons
    return get_code(error) in _BUSY


def describe_environment_fault(error: BaseException) -> str | None:
    """Return, in AWS' own words and with the place, what is wrong with the environment; None for any other error.

    The environment is what is mended without touching the feed or feedproc: AWS is busy, broken or out of reach, or the
    account does not allow what is needed. Only names of errors and calls are told: other texts may quote a buyer.
    """
    if isinstance(error, TooBusy | StoreBusy):
        return str(error)
    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if is_busy(error) or get_code(error) in _ENVIRONMENT or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return f"{error.operation_name}: {get_code(error)}"
        return None
    if isinstance(error, BotoCoreError) and not isinstance(error, ParamValidationError):
        return f"AWS cannot be reached or used: {type(error).__name__}"
    return None


def is_refused(error: ClientError) -> bool:
    """Say whether the condition of a single write did not hold."""
    return get_code(error) == "ConditionalCheckFailedException"
