"""What all visits share."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from jinja2 import Environment

from feedproc.console.attempts import Attempts
from feedproc.console.form_guard import FormGuard
from feedproc.console.session import Seal
from feedproc.console.words import Words
from feedproc.feeds.feed_type import FeedTypes
from feedproc.ports import Backend, Seller
from feedproc.services.order_flow import FlowSetting


class CallSource(Protocol):
    """Knows what programs asked a server that tests control."""

    def list_last(self, seller_id: str, most: int) -> Sequence[Any]:
        """Return the last calls of a seller, and of nobody in particular, oldest first."""

    def follow(self, seller_id: str, after: int) -> Iterator[bytes]:
        """Yield a server-sent event for each of them behind the one with a number."""


class SimulationSource(Protocol):
    """Lets orders come in by themselves on a server that tests control."""

    def begin(self, seller: Seller, setting: FlowSetting) -> None:
        """Let them come in from now on. Raises `ValueError` where the setting says what means nothing."""

    def end(self, seller_id: str) -> None:
        """Let no more come in."""

    def tell(self, seller_id: str) -> dict[str, Any] | None:
        """Return rate, seed, when it began, and how many orders were placed, released and so on; None for nothing."""


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
    calls: CallSource | None
    """None where nobody keeps calls, so that there is no page of them."""
    simulations: SimulationSource | None
    """None where no orders come in by themselves."""
