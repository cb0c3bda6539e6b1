"""Who plays each part: the only module that names an adapter."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import msgspec

from feedproc import feedtypes
from feedproc.embedded import MAIL, forget_sent, forget_unused, open_backend, workers_of
from feedproc.embedded.files import FileDocuments
from feedproc.embedded.workers import Workers
from feedproc.errors import SellerExists, StoreUnusable, Unusable
from feedproc.feedtype import FeedTypes, declared_in
from feedproc.ports import Backend, Mailer, Notifier, Secret, Seller, Sellers
from feedproc.services.process import Policy
from feedproc.services.sending import Write
from feedproc.settings import MAIL_FROM, SMTP_URL, AwsSettings, BackEnd, Place, Settings, aws_at, aws_from_environment

if TYPE_CHECKING:
    from feedproc.aws.pushed import PushedMessages

LOCAL_SELLER = Seller(
    seller_id="A1LOCALSELLER1",
    merchant_token="M_LOCAL_1234567",  # noqa: S106 - a documented name
    access_key="AKIAFEEDPROCLOCAL001",
    secret_key=Secret("localOnlyLocalOnlyLocalOnlyLocalOnly0001"),
    auth_token=Secret("amzn.mws.00000000-0000-0000-0000-000000000001"),
    marketplace_ids=("A1VC38T7YXB528",),
)
"""Comes with every new store. Everybody knows its keys, so they are good on this machine alone."""

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


def embedded(data_dir: Path) -> Backend:
    """Open the store in a data directory. A store without any seller is given the local one.

    Raises `StoreUnusable`.
    """
    with _readable(data_dir):
        backend = open_backend(data_dir, new_key)
        if not backend.sellers.all():
            _add_local_seller(backend.sellers)
    return backend


def _add_local_seller(sellers: Sellers) -> None:
    try:
        sellers.add(LOCAL_SELLER)
    except SellerExists:
        return  # another process was faster


def on_aws(aws: AwsSettings, wait: int = 0) -> Backend:
    """Open the back end on AWS. Its queue is asked for work for up to `wait` seconds, at the most 20."""
    from feedproc.aws import open_backend as open_on_aws  # noqa: PLC0415 - few commands need it

    return open_on_aws(aws, new_key, wait)


def mailer_on_aws(aws: AwsSettings) -> Mailer:
    """Return what sends e-mail through SES. Raises `Unusable` when the settings name no sender."""
    from feedproc.aws.ses import SesMailer  # noqa: PLC0415 - as above

    return SesMailer(aws)


def notifier_on_aws(aws: AwsSettings) -> Notifier:
    """Return what sends notifications to sellers' queues."""
    from feedproc.aws.sqs import SqsNotifier  # noqa: PLC0415 - as above

    return SqsNotifier(aws)


def pushed_messages(aws: AwsSettings) -> "PushedMessages":
    """Return what understands the messages that the queue hands to a function."""
    from feedproc.aws.pushed import PushedMessages  # noqa: PLC0415 - as above

    return PushedMessages(aws)


@contextmanager
def moto_server() -> Iterator[AwsSettings]:
    """Start a server that speaks AWS, with all that the back end needs and the local seller. Raises `Unusable`."""
    from feedproc.aws import create_all  # noqa: PLC0415 - as above
    from feedproc.aws.local import moto_server as started  # noqa: PLC0415

    with started() as endpoint_url:
        aws = aws_at(endpoint_url)
        create_all(aws)
        on_aws(aws).sellers.add(LOCAL_SELLER)
        yield aws


def senders_beside(aws: AwsSettings, data_dir: Path, chosen: Settings) -> tuple[Mailer, Notifier, Write]:
    """Return what empties the outbox on AWS from this machine: e-mail goes where that of the embedded store goes."""
    data_dir.mkdir(parents=True, exist_ok=True)
    return mailer(data_dir, chosen)[0], notifier_on_aws(aws), letters()


@contextmanager
def aws_told_plainly(aws: AwsSettings) -> Iterator[None]:
    """Turn what goes wrong with AWS into `StoreUnusable`, which says how to mend it."""
    from feedproc.aws.trouble import told_plainly  # noqa: PLC0415 - as above

    with told_plainly(aws):
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
def _readable(data_dir: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise StoreUnusable(f"{data_dir}: the store cannot be used ({error})") from error
    except msgspec.MsgspecError as error:
        raise StoreUnusable(f"{data_dir}: the store holds something unreadable ({error})") from error


def all_feed_types() -> FeedTypes:
    """Return every feed type there is."""
    return declared_in(feedtypes)


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


def forget_the_old(data_dir: Path) -> None:
    """Delete what was sent long ago from the outbox, and documents that nobody submitted in time."""
    forget_sent(data_dir, now() - SENT_IS_KEPT)
    forget_unused(data_dir, new_key, now() - DRAFTS_ARE_KEPT)


def letters() -> Write:
    """Return what writes e-mails to buyers."""
    from feedproc.letters import write  # noqa: PLC0415 - loads a template engine, and few commands write letters

    return write


def mailer(data_dir: Path, chosen: Settings) -> tuple[Mailer, bool]:
    """Return what sends e-mail from the embedded store, and whether it does no harm to send an e-mail twice.

    That is SMTP when the settings name a server, and else a Maildir in the data directory. Raises `Unusable`.
    """
    if chosen.smtp_url is None:
        from feedproc.embedded.maildir import SENDER, MaildirMailer  # noqa: PLC0415 - only a server sends

        return MaildirMailer(data_dir / MAIL, now, chosen.mail_from or SENDER), True
    from feedproc.embedded.smtp import SmtpMailer, server_named  # noqa: PLC0415 - as above

    if chosen.mail_from is None:
        raise Unusable(f"{SMTP_URL} is set, but not {MAIL_FROM}, which says from which address buyers get e-mail")
    return SmtpMailer(server_named(chosen.smtp_url), chosen.mail_from, now), False


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
        from feedproc.aws.sqs import SqsNotifier  # noqa: PLC0415

        return SqsNotifier(
            AwsSettings(region=self._region, endpoint_url=self._endpoint_url, bucket="", queue_url="", kms_key_id="")
        )


class Foreign:
    """The port `Sellers` as other machines see it: whoever signs with the local seller's secret is unknown."""

    def __init__(self, sellers: Sellers) -> None:
        """Look at these sellers."""
        self._sellers = sellers

    def add(self, seller: Seller) -> None:
        """Keep a seller."""
        self._sellers.add(seller)

    def change(self, seller: Seller) -> None:
        """Keep a seller's particulars in place of those kept so far."""
        self._sellers.change(seller)

    def get(self, seller_id: str) -> Seller | None:
        """Return the seller with this id, unless it is refused."""
        found = self._sellers.get(seller_id)
        return found if found and not _is_local(found) else None

    def holding(self, access_key: str) -> Sequence[Seller]:
        """Return the sellers for whom this access key signs, without those that are refused."""
        return [seller for seller in self._sellers.holding(access_key) if not _is_local(seller)]

    def all(self) -> Sequence[Seller]:
        """Return every seller that is not refused."""
        return [seller for seller in self._sellers.all() if not _is_local(seller)]


def _is_local(seller: Seller) -> bool:
    return seller.secret_key == LOCAL_SELLER.secret_key
