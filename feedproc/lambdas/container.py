"""What one container of a function makes once and keeps: clients, tables of feed types, the clock."""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from msgspec.structs import replace

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
def parts(opens_secrets: bool = False) -> Parts:
    """Return this container's parts, made at its first event. Only who checks signatures `opens_secrets` of sellers."""
    backend = watched(wiring.on_aws(replace(aws_settings(), opens_secrets=opens_secrets)))
    schemas = wiring.schemas_in(settings.schemas_folder())
    return Parts(backend, wiring.all_feed_types(schemas), Policy(), wiring.now, wiring.new_id)
