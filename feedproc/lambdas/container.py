"""What one container of a function makes once and keeps: clients, tables of feed types, the clock.

What the first event needs of others' packages is loaded together with this module: Lambda gives a whole processor to
that, and to events no more than the function's memory buys.
"""

from functools import cache

from msgspec.structs import replace

import feedproc.aws.backend
import feedproc.aws.models  # noqa: F401 - for the first event, as said above
from feedproc import settings
from feedproc.aws import open_lambda_queue, open_links
from feedproc.aws.account import AwsSettings
from feedproc.lambdas.watching import watch
from feedproc.ports import DocumentLinks, PushedQueue
from feedproc.wiring.aws import open_aws
from feedproc.wiring.feed_types import load_feed_types, load_schemas
from feedproc.wiring.machine import Machine, make_machine


@cache
def get_settings() -> AwsSettings:
    """Return what the function's environment says.

    Raises:
        Unusable: something is missing there.

    """
    return settings.read_aws_environment()


@cache
def get_queue() -> PushedQueue:
    """Return the queue that hands its messages to the functions."""
    return open_lambda_queue(get_settings())


@cache
def get_links() -> DocumentLinks:
    """Return what makes addresses of documents."""
    return open_links(get_settings())


@cache
def get_machine(opens_secrets: bool = False) -> Machine:
    """Return this container's machine, made at its first event.

    Only who checks signatures `opens_secrets` of sellers. What reads feeds is loaded when the first feed is read.
    """
    backend = watch(open_aws(replace(get_settings(), opens_secrets=opens_secrets)))
    place = settings.find_schemas_folder()
    return make_machine(backend, load_feed_types(None if place is None else load_schemas(place)))
