"""A machine whose store is on AWS, or at a server that speaks AWS."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from feedproc import aws as adapters
from feedproc.aws.account import AwsSettings
from feedproc.feeds.feed_type import FeedTypes
from feedproc.ports import Backend, Mailer
from feedproc.services.send.send import Outlets
from feedproc.settings import Settings, locate_aws
from feedproc.wiring.clock import make_key
from feedproc.wiring.local_seller import LOCAL_SELLER
from feedproc.wiring.writers import load_writers


def open_aws(aws: AwsSettings, wait: int = 0) -> Backend:
    """Open the back end on AWS. Its queue is asked for work for up to `wait` seconds, at the most 20."""
    return adapters.open_backend(aws, make_key, wait)


def open_checked(aws: AwsSettings) -> Backend:
    """Open the back end on AWS, and ask it for something, so that what is wrong shows at once.

    Raises:
        StoreUnusable: it cannot be reached, or lacks something.

    """
    backend = open_aws(aws)
    with adapters.explain_errors(aws):
        adapters.ask(aws)
        backend.sellers.get(LOCAL_SELLER.seller_id)
    return backend


def open_outlets(aws: AwsSettings, otherwise: Mailer, feed_types: FeedTypes) -> Outlets:
    """Return what takes e-mail through SES and notifications through SQS.

    E-mail goes to the mailer `otherwise` when the settings name no sender.
    """
    mailer = otherwise if aws.mail_from is None else adapters.open_mailer(aws)
    return Outlets(mailer, adapters.open_notifier(aws), load_writers(feed_types))


def open_outlets_beside(aws: AwsSettings, data_dir: Path, chosen: Settings, feed_types: FeedTypes) -> Outlets:
    """Return what empties the outbox on AWS from this machine: e-mail goes where that of the embedded store goes."""
    # A function on AWS has no such store, and would load it for nothing at each cold start.
    from feedproc.embedded.private import make_private  # noqa: PLC0415
    from feedproc.wiring import embedded  # noqa: PLC0415

    make_private(data_dir)
    here = embedded.open_outlets(data_dir, chosen, feed_types)
    return here._replace(notifier=adapters.open_notifier(aws), may_repeat=False)


@contextmanager
def run_moto(port: int = 0) -> Iterator[AwsSettings]:
    """Run a server that speaks AWS, with all that the back end needs and the local seller; 0 for any port.

    Raises:
        Unusable: moto is not installed, or the port is not to be had.

    """
    with adapters.run_moto(port) as endpoint_url:
        aws = locate_aws(endpoint_url)
        adapters.create_all(aws)
        open_aws(aws).sellers.add(LOCAL_SELLER)
        yield aws
