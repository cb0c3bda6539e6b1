"""The store that a command names, on this machine or on AWS."""

from collections.abc import Iterator
from contextlib import contextmanager
from shlex import quote

from feedproc import aws as adapters
from feedproc.embedded import check_for_loss, is_store
from feedproc.errors import StoreUnusable
from feedproc.ports import Backend
from feedproc.settings import BackEnd, Place, read_aws_environment
from feedproc.wiring.aws import open_aws
from feedproc.wiring.embedded import explain_damage, open_embedded


@contextmanager
def open_store(place: Place) -> Iterator[Backend]:
    """Open the store for the time of one command.

    Raises:
        StoreUnusable: it cannot be used; also for damage that shows only later.

    """
    if place.back_end is BackEnd.AWS:
        aws = read_aws_environment(endpoint_url=place.endpoint_url)
        with adapters.explain_errors(aws):
            yield open_aws(aws)
        return
    backend = open_embedded(place.data_dir)
    with explain_damage(place.data_dir):
        yield backend


@contextmanager
def open_existing_store(place: Place) -> Iterator[Backend]:
    """Open a store for the time of one command that makes none.

    Raises:
        StoreUnusable: there is none, or it cannot be used.

    """
    if place.back_end is BackEnd.EMBEDDED and not is_store(place.data_dir):
        check_for_loss(place.data_dir)
        raise StoreUnusable(
            f"there is no store in {place.data_dir}; `feedproc serve --data-dir {quote(str(place.data_dir))}` makes one"
        )
    with open_store(place) as backend:
        yield backend


def is_queue_address(destination: str, place: Place) -> bool:
    """Say whether that is the address of a queue which a store there can notify: one of SQS, or of its own server."""
    is_own = False
    if place.back_end is BackEnd.AWS:
        endpoint = read_aws_environment(endpoint_url=place.endpoint_url).endpoint_url
        is_own = endpoint is not None and destination.startswith(endpoint.rstrip("/") + "/")
    return is_own or adapters.is_sqs_address(destination)
