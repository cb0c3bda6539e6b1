"""What the surroundings say: the only module that reads the environment."""

import os
import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from msgspec import Struct

from feedproc.aws.account import AwsSettings
from feedproc.errors import Unusable
from feedproc.feeds.manner import CarrierRule, Manner, SchemaFaults

BACK_END = "FEEDPROC_BACKEND"
DATA_DIR = "FEEDPROC_DATA_DIR"
SECRET_KEY = "FEEDPROC_SECRET_KEY"
CLIENT_SECRET, REFRESH_TOKEN = "FEEDPROC_CLIENT_SECRET", "FEEDPROC_REFRESH_TOKEN"
SCHEMAS = "FEEDPROC_SCHEMAS"
FEED_TYPES = "FEEDPROC_FEEDTYPES"
SMTP_URL = "FEEDPROC_SMTP_URL"
MAIL_FROM = "FEEDPROC_MAIL_FROM"
REGION = "AWS_REGION"
DEFAULT_REGION = "AWS_DEFAULT_REGION"
ENDPOINT_URL = "AWS_ENDPOINT_URL"
BUCKET = "FEEDPROC_BUCKET"
QUEUE_URL = "FEEDPROC_QUEUE_URL"
KMS_KEY_ID = "FEEDPROC_KMS_KEY_ID"
TABLE_PREFIX = "FEEDPROC_TABLE_PREFIX"
KEEP_DAYS = "FEEDPROC_KEEP_DAYS"
SUBMIT_ONCE = "FEEDPROC_SUBMIT_ONCE"
HELPERS = "FEEDPROC_HELPERS"
CARRIERS = "FEEDPROC_CARRIERS"
SCHEMA_FAULTS = "FEEDPROC_SCHEMA_FAULTS"
AMAZON_KEPT_DAYS = 90
"""Amazon listed submissions for so long unless asked for older ones (GetFeedSubmissionList, SubmittedFromDate)."""
_MOST_DAYS = 36_500
_REGION = re.compile(r"[a-z]{2,8}(-[a-z]+)+-[0-9]{1,2}")
_BUCKET_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
"""S3 user guide, bucket naming rules."""
_KEY_ID = re.compile(r"[A-Za-z0-9:/_-]{1,2048}")
"""KMS API, Encrypt, KeyId."""
_PREFIX = re.compile(r"[A-Za-z0-9_.-]{1,200}")
"""DynamoDB's naming rules, with room for a table's own name."""
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_PLAIN_ADDRESS = rf"{_ATOM}(?:\.{_ATOM})*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*"
_SENDER = re.compile(rf'{_PLAIN_ADDRESS}|(?:[^<>,;:"@\\\x00-\x1f]*|"[^"\\\x00-\x1f]*") ?<{_PLAIN_ADDRESS}>')
"""One address as a header takes it (RFC 5322, 3.4), alone or behind a name."""
_Named = TypeVar("_Named", bound=StrEnum)
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
    client_secret: str | None = None
    refresh_token: str | None = None
    """Signs what `feedproc submit` sends; None for the local seller's."""
    smtp_url: str | None = None
    """Where e-mail to buyers is handed over; None to keep it in the data directory."""
    mail_from: str | None = None
    """Sender of e-mail to buyers."""
    keep_days: int = AMAZON_KEPT_DAYS
    """After how many days ended submissions go, with their feeds and reports; 0 for never."""
    schemas: Path | None = None
    """The folder of the schemas that XML feeds are judged by; None for feedproc's own."""

    def __repr__(self) -> str:
        """Leave the secret out."""
        return f"Settings(data_dir={str(self.data_dir)!r})"


def read_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings; a variable that is empty counts as not set.

    Raises `Unusable`, which names the variable. What concerns e-mail is looked at by `check_mail`, and only where some
    is sent.
    """
    named = environ.get(DATA_DIR)
    data_dir = Path(named) if named else Path.home() / ".local" / "share" / "feedproc"
    if data_dir.is_file():
        raise Unusable(f"{DATA_DIR} is {named!r}, which is a file; it must be a directory")
    named = environ.get(BACK_END) or BackEnd.EMBEDDED.value
    if named not in set(BackEnd):
        raise Unusable(f"{BACK_END} is {named!r}; it must be one of {', '.join(BackEnd)}")
    return Settings(
        data_dir=data_dir.expanduser(),
        back_end=BackEnd(named),
        secret_key=environ.get(SECRET_KEY) or None,
        client_secret=environ.get(CLIENT_SECRET) or None,
        refresh_token=environ.get(REFRESH_TOKEN) or None,
        smtp_url=environ.get(SMTP_URL) or None,
        mail_from=environ.get(MAIL_FROM) or None,
        keep_days=_read_keep_days(environ),
        schemas=find_schemas_folder(environ),
    )


def find_schemas_folder(environ: Mapping[str, str] = os.environ) -> Path | None:
    """Return the folder of the schemas that XML feeds are judged by; None for feedproc's own."""
    named = environ.get(SCHEMAS)
    return Path(named).expanduser() if named else None


def submits_once(environ: Mapping[str, str] = os.environ, *, default: bool) -> bool:
    """Say whether a signed feed that comes again, as HTTP libraries repeat it, is answered with the id of the first.

    Raises:
        Unusable: the variable is neither on nor off.

    """
    return _read_switch(environ, SUBMIT_ONCE, default=default)


def allows_helpers(environ: Mapping[str, str] = os.environ) -> bool:
    """Say whether a worker with a large feed may have a helper: on, unless there is one core alone, or it is off.

    Raises:
        Unusable: the variable is neither on nor off.

    """
    return _read_switch(environ, HELPERS, default=True) and count_cores() > 1


def _read_switch(environ: Mapping[str, str], name: str, *, default: bool) -> bool:
    given = environ.get(name)
    if given and given not in {"on", "off"}:
        raise Unusable(f"{name} is {given!r}; it must be on or off")
    return given == "on" if given else default


def read_manner(environ: Mapping[str, str] = os.environ) -> Manner:
    """Return which of Amazon's manners feeds are judged by.

    Raises:
        Unusable: a variable names none of them.

    """
    return Manner(
        carriers=_read_one_of(environ, CARRIERS, CarrierRule),
        schema_faults=_read_one_of(environ, SCHEMA_FAULTS, SchemaFaults),
    )


def _read_one_of(environ: Mapping[str, str], name: str, kind: type[_Named]) -> _Named | None:
    given = environ.get(name)
    if given and given not in set(kind):
        raise Unusable(f"{name} is {given!r}; it must be {' or '.join(kind)}")
    return kind(given) if given else None


def feed_type_folders(environ: Mapping[str, str] = os.environ) -> tuple[Path, ...]:
    """Return the folders in which there are feed types besides feedproc's own; several are separated as in PATH."""
    named = environ.get(FEED_TYPES, "").split(os.pathsep)
    return tuple(Path(name).expanduser().resolve() for name in named if name)


def check_mail(chosen: Settings) -> None:
    """Raise `Unusable` for settings with which no e-mail can be sent; the server's address is left to the mailer."""
    if chosen.smtp_url is not None and chosen.mail_from is None:
        raise Unusable(
            f"{SMTP_URL} is set, but not {MAIL_FROM}, which says from which address buyers get e-mail; "
            f"set {MAIL_FROM} as well, or unset {SMTP_URL}, and e-mail stays in the data directory"
        )
    _check_sender(chosen.mail_from)


def _check_sender(address: str | None) -> None:
    if address is not None and not _SENDER.fullmatch(address):
        raise Unusable(f"{MAIL_FROM} is {address!r}; it must be one address, such as shop@example.com")


def _read_keep_days(environ: Mapping[str, str]) -> int:
    given = environ.get(KEEP_DAYS) or str(AMAZON_KEPT_DAYS)
    if not (given.isascii() and given.isdigit() and int(given) <= _MOST_DAYS):
        raise Unusable(
            f"{KEEP_DAYS} is {given!r}; it must be a number of days up to {_MOST_DAYS}, or 0 to keep for ever"
        )
    return int(given)


def read_aws_environment(environ: Mapping[str, str] = os.environ, endpoint_url: str | None = None) -> AwsSettings:
    """Return where on AWS everything is; `endpoint_url` goes before the environment's.

    Raises `Unusable`, which names the variable that is missing or wrong.
    """
    endpoint = endpoint_url or environ.get(ENDPOINT_URL) or None
    region = REGION if environ.get(REGION) else DEFAULT_REGION
    _check_sender(environ.get(MAIL_FROM) or None)
    return AwsSettings(
        region=_read_fitting(
            environ, region, _REGION, "a region, such as eu-central-1", f"{REGION} or {DEFAULT_REGION}"
        ),
        endpoint_url=_read_web_address(endpoint, "--endpoint-url" if endpoint_url else ENDPOINT_URL),
        bucket=_read_fitting(environ, BUCKET, _BUCKET_NAME, "the name of a bucket, such as feedproc-dev-documents"),
        queue_url=_read_queue_url(environ),
        kms_key_id=_read_fitting(environ, KMS_KEY_ID, _KEY_ID, "a key's id, ARN or alias, such as alias/feedproc-dev"),
        table_prefix=_read_fitting(
            environ, TABLE_PREFIX, _PREFIX, "the beginning of table names, such as feedproc-dev-"
        ),
        mail_from=environ.get(MAIL_FROM) or None,
        local_credentials=_is_here(endpoint) and not any(environ.get(name) for name in _CREDENTIALS),
        keep_days=_read_keep_days(environ),
    )


def locate_aws(endpoint_url: str) -> AwsSettings:
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
    given = {
        DEFAULT_REGION: aws.region,
        ENDPOINT_URL: aws.endpoint_url or "",
        BUCKET: aws.bucket,
        QUEUE_URL: aws.queue_url,
        KMS_KEY_ID: aws.kms_key_id,
        TABLE_PREFIX: aws.table_prefix,
        **({"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"} if aws.local_credentials else {}),
    }
    return {name: value for name, value in given.items() if value}


def _read_fitting(environ: Mapping[str, str], name: str, form: re.Pattern[str], meant: str, called: str = "") -> str:
    value = _require(environ, name, called)
    if not form.fullmatch(value):
        raise Unusable(f"{name} is {value!r}; it must be {meant}")
    return value


def _read_queue_url(environ: Mapping[str, str]) -> str:
    value = str(_read_web_address(_require(environ, QUEUE_URL), QUEUE_URL))
    if not value.endswith(".fifo"):
        raise Unusable(f"{QUEUE_URL} is {value!r}; it must be the address of a FIFO queue, whose name ends in .fifo")
    return value


def _read_web_address(value: str | None, called: str) -> str | None:
    if value is None:
        return None
    try:
        parts = urlsplit(value)
        fits = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # of a port that is none
        fits = False
    if not fits or any(sign.isspace() for sign in value):
        raise Unusable(f"{called} is {value!r}; it must be an address that begins with http:// or https://")
    return value


def _require(environ: Mapping[str, str], name: str, called: str = "") -> str:
    value = environ.get(name)
    if not value:
        raise Unusable(f"{called or name} is not set; the AWS back end needs it")
    return value


def _is_here(endpoint_url: str | None) -> bool:
    return endpoint_url is not None and urlsplit(endpoint_url).hostname in {"127.0.0.1", "localhost", "::1"}


def find_language(environ: Mapping[str, str] = os.environ) -> str:
    """Return in which language a person is to be spoken to: `ja` for Japanese, else `en`.

    The first variable that is set decides, as POSIX has it (XBD, 8.2, internationalization variables).
    """
    chosen = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), "")
    return "ja" if re.split("[_.@-]", chosen)[0] == "ja" else "en"


def count_cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
