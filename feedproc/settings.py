"""What the surroundings say: the only module that reads the environment."""

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from feedproc.aws.account import AwsSettings as AwsSettings  # noqa: PLC0414 - offered here
from feedproc.errors import Unusable

BACK_END = "FEEDPROC_BACKEND"
DATA_DIR = "FEEDPROC_DATA_DIR"
SECRET_KEY = "FEEDPROC_SECRET_KEY"  # noqa: S105 - the variable's name, not a secret
SMTP_URL = "FEEDPROC_SMTP_URL"
MAIL_FROM = "FEEDPROC_MAIL_FROM"
REGION = "AWS_REGION"
DEFAULT_REGION = "AWS_DEFAULT_REGION"
ENDPOINT_URL = "AWS_ENDPOINT_URL"
BUCKET = "FEEDPROC_BUCKET"
QUEUE_URL = "FEEDPROC_QUEUE_URL"
KMS_KEY_ID = "FEEDPROC_KMS_KEY_ID"
TABLE_PREFIX = "FEEDPROC_TABLE_PREFIX"
_CREDENTIALS = ("AWS_ACCESS_KEY_ID", "AWS_PROFILE")


class BackEnd(StrEnum):
    """Who keeps orders and submissions."""

    EMBEDDED = "embedded"
    AWS = "aws"


class Place(Struct, frozen=True, kw_only=True):
    """Where orders and submissions are kept."""

    back_end: BackEnd = BackEnd.EMBEDDED
    data_dir: Path
    """Of the embedded store."""
    endpoint_url: str | None = None
    """Of a server that speaks AWS; None for AWS itself."""


class Settings(Struct, frozen=True):
    """What a user can set once for all commands."""

    data_dir: Path
    """Where the store is, unless a command is told otherwise."""
    back_end: BackEnd = BackEnd.EMBEDDED
    secret_key: str | None = None
    """Signs what `feedproc submit` sends; None for the local seller's."""
    smtp_url: str | None = None
    """Where e-mail to buyers is handed over; None to keep it in the data directory."""
    mail_from: str | None = None
    """Sender of e-mail to buyers."""

    def __repr__(self) -> str:
        """Leave the secret out."""
        return f"Settings(data_dir={str(self.data_dir)!r})"


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings; a variable that is empty counts as not set."""
    named = environ.get(DATA_DIR)
    data_dir = Path(named) if named else Path.home() / ".local" / "share" / "feedproc"
    named = environ.get(BACK_END) or BackEnd.EMBEDDED.value
    if named not in set(BackEnd):
        raise Unusable(f"{BACK_END} is {named!r}; it must be one of {', '.join(BackEnd)}")
    return Settings(
        data_dir=data_dir.expanduser(),
        back_end=BackEnd(named),
        secret_key=environ.get(SECRET_KEY) or None,
        smtp_url=environ.get(SMTP_URL) or None,
        mail_from=environ.get(MAIL_FROM) or None,
    )


def aws_from_environment(environ: Mapping[str, str] = os.environ, endpoint_url: str | None = None) -> AwsSettings:
    """Return where on AWS everything is; `endpoint_url` goes before the environment's.

    Raises `Unusable`, which names the variable that is missing.
    """
    endpoint = endpoint_url or environ.get(ENDPOINT_URL) or None
    return AwsSettings(
        region=environ.get(REGION) or _required(environ, DEFAULT_REGION, f"{REGION} or {DEFAULT_REGION}"),
        endpoint_url=endpoint,
        bucket=_required(environ, BUCKET),
        queue_url=_required(environ, QUEUE_URL),
        kms_key_id=_required(environ, KMS_KEY_ID),
        table_prefix=_required(environ, TABLE_PREFIX),
        mail_from=environ.get(MAIL_FROM) or None,
        local_credentials=_is_here(endpoint) and not any(environ.get(name) for name in _CREDENTIALS),
    )


def aws_at(endpoint_url: str) -> AwsSettings:
    """Return where everything is at a server for developers, which `feedproc serve --moto` starts."""
    return AwsSettings(
        region="us-east-1",
        endpoint_url=endpoint_url,
        bucket="feedproc",
        queue_url=f"{endpoint_url}/123456789012/feedproc.fifo",
        kms_key_id="alias/feedproc",
        table_prefix="feedproc-",
        local_credentials=True,
    )


def as_environment(aws: AwsSettings) -> dict[str, str]:
    """Return the variables that tell other commands, and the AWS CLI, the same."""
    told = {
        DEFAULT_REGION: aws.region,
        ENDPOINT_URL: aws.endpoint_url or "",
        BUCKET: aws.bucket,
        QUEUE_URL: aws.queue_url,
        KMS_KEY_ID: aws.kms_key_id,
        TABLE_PREFIX: aws.table_prefix,
        **({"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"} if aws.local_credentials else {}),
    }
    return {name: value for name, value in told.items() if value}


def _required(environ: Mapping[str, str], name: str, called: str = "") -> str:
    value = environ.get(name)
    if not value:
        raise Unusable(f"{called or name} is not set; the AWS back end needs it")
    return value


def _is_here(endpoint_url: str | None) -> bool:
    return endpoint_url is not None and urlsplit(endpoint_url).hostname in {"127.0.0.1", "localhost", "::1"}


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
