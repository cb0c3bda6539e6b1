"""Who plays each part: the only module that names an adapter."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING
from uuid import uuid4

import msgspec
from msgspec.structs import replace

from feedproc import feedtypes
from feedproc.embedded import (
    DATABASE,
    MAIL,
    backup,
    check_for_loss,
    forget_ended,
    forget_sent,
    forget_unused,
    is_store,
    look_at_clock,
    open_backend,
    workers_of,
)
from feedproc.embedded.advice import advise
from feedproc.embedded.backup import HOUSEKEEPING, Manifest
from feedproc.embedded.database import CACHE_MIB
from feedproc.embedded.files import FileDocuments
from feedproc.embedded.private import make_private, try_lock
from feedproc.embedded.workers import Workers
from feedproc.errors import SellerExists, StoreUnusable, Unusable
from feedproc.feeds.feed_type import FeedTypes
from feedproc.feeds.marketplaces import JAPAN
from feedproc.ports import Backend, Mailer, Notifier, Secret, Seller, Sellers
from feedproc.services.process.process import Policy
from feedproc.services.send.send import Writers
from feedproc.settings import (
    AwsSettings,
    BackEnd,
    Place,
    Settings,
    aws_at,
    aws_from_environment,
    check_mail,
    feed_type_folders,
)

if TYPE_CHECKING:
    from feedproc.aws.queue.lambda_queue import LambdaQueue
    from feedproc.formats.xml.schemas import Schemas

LOCAL_SELLER = Seller(
    seller_id="A1LOCALSELLER1",
    merchant_token="M_LOCAL_1234567",  # noqa: S106 - a documented name
    access_key="AKIAFEEDPROCLOCAL001",
    secret_key=Secret("localOnlyLocalOnlyLocalOnlyLocalOnly0001"),
    auth_token=Secret("amzn.mws.00000000-0000-0000-0000-000000000001"),
    client_id="amzn1.application-oa2-client.feedproclocal0000000000000000000001",
    client_secret=Secret("amzn1.oa2-cs.v1.local-only-local-only-local-only-local-only-0001"),
    refresh_token=Secret("Atzr|feedproc-local-refresh-token"),
    marketplace_ids=(JAPAN,),
)
"""Comes with every new store. Everybody knows its keys, so they are good on this machine alone."""

_SMALL_CACHE_MIB = 2
RESTOCKING_FILE = "restocking.json"
"""In the data directory: cancellation reasons and whether their units come back, over the built-in table."""


def now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def new_id() -> str:
    """Return a new UUID."""
    return str(uuid4())


def new_key() -> str:
    """Return 32 hexadecimal digits that nobody can guess."""
    return uuid4().hex


def embedded(data_dir: Path, for_many_threads: bool = False) -> Backend:
    """Open the store in a data directory. A store without any seller is given the local one.

    Each thread has a connection to it; `for_many_threads` lets each keep less in memory. Raises `StoreUnusable`.
    """
    with _readable(data_dir):
        backend = open_backend(data_dir, new_key, _SMALL_CACHE_MIB if for_many_threads else CACHE_MIB)
        if not backend.sellers.all():
            _add_local_seller(backend.sellers)
        _complete_local_seller(backend.sellers)
    return backend


def _add_local_seller(sellers: Sellers) -> None:
    try:
        sellers.add(LOCAL_SELLER)
    except SellerExists:
        return  # another process was faster


def _complete_local_seller(sellers: Sellers) -> None:
    """Give the local seller of a store of before the application that calls SP-API for it."""
    kept = sellers.get(LOCAL_SELLER.seller_id)
    if kept is not None and not kept.client_id:
        application = {name: getattr(LOCAL_SELLER, name) for name in ("client_id", "client_secret", "refresh_token")}
        sellers.change(replace(kept, **application))


def on_aws(aws: AwsSettings, wait: int = 0) -> Backend:
    """Open the back end on AWS. Its queue is asked for work for up to `wait` seconds, at the most 20."""
    from feedproc.aws import open_backend as open_on_aws  # noqa: PLC0415 - few commands need it

    return open_on_aws(aws, new_key, wait)


def ask_aws(aws: AwsSettings) -> None:
    """Ask whether bucket and queue are there. What is not lets boto3 raise an error (`aws_told_plainly`)."""
    from feedproc.aws import ask  # noqa: PLC0415 - as above

    ask(aws)


def mailer_on_aws(aws: AwsSettings) -> Mailer:
    """Return what sends e-mail through SES. Raises `Unusable` when the settings name no sender."""
    from feedproc.aws.mail import SesMailer  # noqa: PLC0415 - as above

    return SesMailer(aws)


def notifier_on_aws(aws: AwsSettings) -> Notifier:
    """Return what sends notifications to sellers' queues."""
    from feedproc.aws.notifier import SqsNotifier  # noqa: PLC0415 - as above

    return SqsNotifier(aws)


def pushed_messages(aws: AwsSettings) -> "LambdaQueue":
    """Return what understands the messages that the queue hands to a function."""
    from feedproc.aws.queue.lambda_queue import LambdaQueue  # noqa: PLC0415 - as above

    return LambdaQueue(aws)


@contextmanager
def moto_server() -> Iterator[AwsSettings]:
    """Start a server that speaks AWS, with all that the back end needs and the local seller. Raises `Unusable`."""
    from feedproc.aws import create_all  # noqa: PLC0415 - as above
    from feedproc.aws.local_aws import moto_server as started  # noqa: PLC0415

    with started() as endpoint_url:
        aws = aws_at(endpoint_url)
        create_all(aws)
        on_aws(aws).sellers.add(LOCAL_SELLER)
        yield aws


def senders_beside(aws: AwsSettings, data_dir: Path, chosen: Settings) -> tuple[Mailer, Notifier, Writers]:
    """Return what empties the outbox on AWS from this machine: e-mail goes where that of the embedded store goes."""
    make_data_dir(data_dir)
    return mailer(data_dir, chosen)[0], notifier_on_aws(aws), writers()


def make_data_dir(data_dir: Path) -> None:
    """Make a data directory that is its owner's alone; take an existing one from everybody else.

    Raises:
        StoreUnusable: it cannot be made its owner's alone.

    """
    make_private(data_dir)


@contextmanager
def aws_told_plainly(aws: AwsSettings) -> Iterator[None]:
    """Turn what goes wrong with AWS into `StoreUnusable`, which says how to mend it."""
    from feedproc.aws.errors import explain_errors  # noqa: PLC0415 - as above

    with explain_errors(aws):
        yield


@contextmanager
def store(place: Place) -> Iterator[Backend]:
    """Open the store for the time of one command. Damage that shows only now raises `StoreUnusable`, too."""
    if place.back_end is BackEnd.AWS:
        aws = aws_from_environment(endpoint_url=place.endpoint_url)
        with aws_told_plainly(aws):
            yield on_aws(aws)
        return
    backend = embedded(place.data_dir)
    with _readable(place.data_dir):
        yield backend


@contextmanager
def existing_store(place: Place) -> Iterator[Backend]:
    """Open a store for the time of one command that makes none. Raises `StoreUnusable` where there is none."""
    if place.back_end is BackEnd.EMBEDDED and not is_store(place.data_dir):
        check_for_loss(place.data_dir)
        raise StoreUnusable(
            f"there is no store in {place.data_dir}; `feedproc serve --data-dir {quote(str(place.data_dir))}` makes one"
        )
    with store(place) as backend:
        yield backend


@contextmanager
def _readable(data_dir: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise StoreUnusable(f"{data_dir}: {advise(error)}") from error
    except msgspec.MsgspecError as error:
        raise StoreUnusable(f"{data_dir}: the store holds something unreadable ({error})") from error


def schemas_in(place: Path | None) -> "Schemas":
    """Return what XML feeds are judged by: the schemas in a folder, or feedproc's own. Raises `Unusable`."""
    from feedproc.feedtypes import catalogue  # noqa: PLC0415 - lxml takes time to load, and few commands need it

    folders = feed_type_folders()
    return catalogue.own_schemas(folders) if place is None else catalogue.schemas_in(place, folders)


def feed_type_places() -> tuple[Path, ...]:
    """Return where the folders of feed types stand, with what is said of them in each language."""
    return (*map(Path, feedtypes.__path__), *feed_type_folders())


def all_feed_types(schemas: "Schemas | None" = None) -> FeedTypes:
    """Return every feed type there is; XML feeds are judged by `schemas`, or by feedproc's own. Raises `Unusable`."""
    from feedproc.feedtypes import catalogue  # noqa: PLC0415 - as above

    folders = feed_type_folders()
    return catalogue.declare(schemas if schemas is not None else catalogue.own_schemas(folders), folders)


def workers(data_dir: Path) -> Workers:
    """Return the lock files of a data directory's workers."""
    return workers_of(data_dir)


def tidy(data_dir: Path) -> None:
    """Delete what interrupted servers and workers left behind. Only for when none is at work there."""
    workers_of(data_dir).sweep()
    FileDocuments(data_dir / "documents", new_key).sweep()


def policy(data_dir: Path) -> Policy:
    """Return how workers behave, with the restocking table of the data directory if it has one. Raises `Unusable`."""
    path = data_dir / RESTOCKING_FILE
    if not path.exists():
        return Policy()
    try:
        table = msgspec.json.decode(path.read_bytes(), type=dict[str, bool])
    except (OSError, msgspec.MsgspecError) as error:
        raise Unusable(f"{path}: not a table of reasons with true or false ({error})") from error
    return Policy(restocking={**Policy().restocking, **table})


SENT_IS_KEPT = timedelta(days=30)
"""How long the outbox shows what was sent."""
DRAFTS_ARE_KEPT = timedelta(days=7)
"""How long a stored feed may wait to be submitted."""


def forget_the_old(data_dir: Path, keep_days: int) -> Iterator[object]:
    """Delete what is old, a small step with each `next`, so that others can write in between.

    That is: what the outbox sent long ago; submissions that ended `keep_days` ago, with their feeds and reports, unless
    it is 0; and documents that nobody submitted in time. Only time that the store has lived through counts. Nothing
    goes while a copy of the store is made.
    """
    back = look_at_clock(data_dir, now())
    with try_lock(data_dir / HOUSEKEEPING) as is_alone:
        if not is_alone:
            return
        yield forget_sent(data_dir, back(SENT_IS_KEPT))
        if keep_days:
            yield from forget_ended(data_dir, new_key, back(timedelta(days=keep_days)))
        yield forget_unused(data_dir, new_key, back(DRAFTS_ARE_KEPT))


def back_up(place: Place, folder: Path) -> Manifest:
    """Copy a store of one machine into a folder, whoever is at work there; return what was copied.

    Raises:
        StoreUnusable: there is no store to copy, or no room for a copy.

    """
    with _copying(place, "backup"), _readable(place.data_dir):
        return backup.back_up(place.data_dir / DATABASE, folder)


def restore(place: Place, folder: Path) -> Manifest:
    """Make a store of one machine from a copy; return what was copied.

    Raises:
        StoreUnusable: there is no whole copy, or there is a store already.

    """
    with _copying(place, "restore"), _readable(place.data_dir):
        restored = backup.restore(folder, place.data_dir / DATABASE)
        open_backend(place.data_dir, new_key)
        return restored


@contextmanager
def _copying(place: Place, command: str) -> Iterator[None]:
    if place.back_end is BackEnd.AWS:
        raise Unusable(
            f"{command} is for the store on this machine; on AWS turn on point-in-time recovery of the tables and "
            "versions of the bucket"
        )
    try:
        yield
    except OSError as error:
        raise StoreUnusable(f"{command}: {error.filename or place.data_dir}: {error.strerror or error}") from error


def writers() -> Writers:
    """Return what writes e-mails to buyers and notifications to sellers."""
    from feedproc.letters import write_letter  # noqa: PLC0415 - loads a template engine, and few commands write letters
    from feedproc.mws.notification import write_feed_finished  # noqa: PLC0415 - as above

    return Writers(write_letter, write_feed_finished)


def check_mail_settings(chosen: Settings) -> None:
    """Raise `Unusable` when no sender could work with these settings. Makes nothing, and asks no server."""
    check_mail(chosen)
    if chosen.smtp_url is not None:
        from feedproc.embedded.smtp import server_named  # noqa: PLC0415 - as above

        server_named(chosen.smtp_url)


def mailer(data_dir: Path, chosen: Settings) -> tuple[Mailer, bool]:
    """Return what sends e-mail from the embedded store, and whether it does no harm to send an e-mail twice.

    That is SMTP when the settings name a server, and else a Maildir in the data directory. Raises `Unusable`.
    """
    from feedproc.embedded.maildir import SENDER, MaildirMailer  # noqa: PLC0415 - only a server sends

    check_mail(chosen)
    if chosen.smtp_url is None:
        return MaildirMailer(data_dir / MAIL, now, chosen.mail_from or SENDER), True
    from feedproc.embedded.smtp import SmtpMailer, server_named  # noqa: PLC0415 - as above

    return SmtpMailer(server_named(chosen.smtp_url), chosen.mail_from or SENDER, now), False


def names_a_queue(destination: str, place: Place) -> bool:
    """Say whether that is the address of a queue which a store there can notify: one of SQS, or of its own server."""
    from feedproc.aws.notifier import parse_region  # noqa: PLC0415 - as above

    is_own = False
    if place.back_end is BackEnd.AWS:
        endpoint = aws_from_environment(endpoint_url=place.endpoint_url).endpoint_url
        is_own = endpoint is not None and destination.startswith(endpoint.rstrip("/") + "/")
    return is_own or parse_region(destination) is not None


class SellersQueues:
    """The port `Notifier` beside the embedded store: SQS, which is loaded once a seller has a queue."""

    def __init__(self, region: str = "us-east-1", endpoint_url: str | None = None) -> None:
        """Sign with the credentials that boto3 finds; what they do not allow is tried again and again."""
        self._region = region
        self._endpoint_url = endpoint_url
        self._notifier: Notifier | None = None

    def notify(self, destination: str, body: str) -> None:
        """Put a notification into the queue at that address. Raises `Undeliverable` when that can never succeed."""
        if self._notifier is None:
            self._notifier = self._sqs()
        self._notifier.notify(destination, body)

    def _sqs(self) -> Notifier:
        from feedproc.aws.account import AwsSettings  # noqa: PLC0415 - most sellers have no queue
        from feedproc.aws.notifier import SqsNotifier  # noqa: PLC0415

        return SqsNotifier(
            AwsSettings(region=self._region, endpoint_url=self._endpoint_url, bucket="", queue_url="", kms_key_id="")
        )
