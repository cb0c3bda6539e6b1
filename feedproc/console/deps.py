"""What all visits share."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from jinja2 import Environment

from feedproc.console.attempts import Attempts
from feedproc.console.form_guard import FormGuard
from feedproc.console.session import Seal
from feedproc.console.words import Words
from feedproc.feeds.feed_type import FeedTypes
from feedproc.ports import Backend


class Deps(NamedTuple):
    """The console's equipment. `backend` is changed by services alone."""

    backend: Backend
    feed_types: FeedTypes
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    seal: Seal
    attempts: Attempts
    form_guard: FormGuard
    words: Mapping[str, Words]
    templates: Environment
    endpoints: frozenset[str]
    local_seller: str | None
    """Who may sign in with one click; None where other machines can reach the console."""
    pages_version: str
    """Changes when style or script do."""
    restocking: Mapping[str, bool]
    """After which reasons cancelled units come back to the stock; not after others."""
