"""What one container of a function makes once and keeps: clients, tables of feed types, the clock."""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from feedproc import settings, wiring
from feedproc.feeds.feed_type import FeedTypes
from feedproc.lambdas.watching import watched
from feedproc.ports import Backend
from feedproc.services.process.process import Clock, Policy


class Parts(NamedTuple):
    """All that a handler works with."""

    backend: Backend
    feed_types: FeedTypes
    policy: Policy
    clock: Clock
    new_id: Callable[[], str]


@cache
def aws_settings() -> settings.AwsSettings:
    """Return what the function's environment says. Raises `Unusable` when something is missing there."""
    return settings.aws_from_environment()


@cache
def parts() -> Parts:
    """Return this container's parts, made at its first event."""
    backend = watched(wiring.on_aws(aws_settings()))
    schemas = wiring.schemas_in(settings.schemas_folder())
    return Parts(backend, wiring.all_feed_types(schemas), Policy(), wiring.now, wiring.new_id)
