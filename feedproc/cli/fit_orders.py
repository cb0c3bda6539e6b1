"""`feedproc orders for`."""

from collections.abc import Iterator
from typing import NamedTuple

import click

from feedproc.cli.feedtypes import charset_option, feed_type_option, make_flat_content_type
from feedproc.cli.files import open_seekable
from feedproc.cli.language import language_option, say_part
from feedproc.cli.options import place, take_options
from feedproc.cli.output import print_json
from feedproc.cli.seller_option import choose_seller, seller_option
from feedproc.feeds.feed_type import Context, FeedType, Provenance
from feedproc.feeds.message import Message
from feedproc.feeds.report import Result, Severity
from feedproc.formats.recognition import recognise
from feedproc.imports.order_check import find_problem
from feedproc.imports.order_files import recognise_orders
from feedproc.imports.order_lines import write_line
from feedproc.orders.order import Order
from feedproc.ports import Backend, Seller
from feedproc.services.fit_orders import OrderFitter, Trial
from feedproc.services.load_orders import load_orders
from feedproc.settings import Place
from feedproc.stock.restocking import RESTOCKING
from feedproc.wiring.clock import read_clock
from feedproc.wiring.feed_types import load_feed_types
from feedproc.wiring.store import open_store

_UNKNOWN = (
    "its content does not tell what kind of feed it is (--feed-type); `feedproc validate` tells what is wrong with it"
)
_ARE_ORDERS = "it holds orders, and is no feed; `feedproc orders load` loads them"
_MOST_TOLD = 20
"""Of one feed by name; the others are counted."""


class _FitOptions(NamedTuple):
    place: Place
    feeds: tuple[str, ...]
    feed_type: str | None
    charset: str | None
    seller: str | None
    replace: bool
    only_print: bool
    language: str


@click.command("for")
@click.argument(
    "feeds", metavar="FEED...", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, allow_dash=True)
)
@feed_type_option(required=False)
@charset_option
@seller_option
@click.option("--replace", is_flag=True, help="Replace orders that are there already; else they stay as they are.")
@click.option("--print", "only_print", is_flag=True, help="Print the orders as JSON Lines instead of loading them.")
@language_option
@place
@take_options(_FitOptions)
def command(given: _FitOptions) -> int:
    """Make orders that fit feeds, XML or flat, so that a feed that you have can be tried at once.

    Every order and item that a feed names is made, in the status that its first message needs, with units to ship or
    to refund and amounts that bear what is paid back. What a feed does not tell is made up, and said. Give the feeds
    in the order in which they are to be sent. Then the feeds are tried on the orders; messages that would be refused
    all the same are named.
    """
    with open_store(given.place) as backend:
        who = choose_seller(backend.sellers, given.seller)
        return _Fitting(given, backend, who).run()


class _Fitting:
    """One run of the command."""

    def __init__(self, given: _FitOptions, backend: Backend, seller: Seller) -> None:
        self._given = given
        self._backend = backend
        self._seller = seller
        self._types = load_feed_types()
        self._messages = self._told = 0
        self._is_faulty = False
        self._kept: dict[str, Order] = {}
        """Orders that are there already."""

    def run(self) -> int:
        """Make the orders, try the feeds on them, and say what came of it."""
        now = read_clock()
        fitter = OrderFitter(self._seller.marketplace, now)
        for name, feed_type, message in self._read_messages(is_first=True):
            need = feed_type.find_need(message.body)
            if need is not None:
                fitter.look_at(name, need)
                self._messages += 1
        if not self._messages:
            self._tell("", "nothing to fit", "no message that can be read is about an order")
        orders = {one.amazon_order_id: one for one in self._choose(fitter.make_orders())}
        self._load(orders)
        context = Context(
            self._seller.merchant_token, self._seller.marketplace.marketplace_id, now, now, dict(RESTOCKING)
        )
        self._try(Trial(orders | self._kept, context))
        made_up = ", ".join(f"{what} ({times})" for what, times in fitter.made_up.items())
        if made_up:
            click.echo(f"made up, as no feed tells them: {made_up}", err=True)
        return 1 if self._is_faulty else 0

    def _load(self, orders: dict[str, Order]) -> None:
        if self._given.only_print:
            for order in orders.values():
                print_json(write_line(order))
            return
        found = ((one.amazon_order_id, one) for one in orders.values())
        count = load_orders(
            self._backend,
            self._seller.seller_id,
            found,
            lambda _source, order, why: self._tell("", order.amazon_order_id, why),
            read_clock(),
        )
        made = "1 order" if count == 1 else f"{count} orders"
        messages = "1 message" if self._messages == 1 else f"{self._messages} messages"
        click.echo(f"{made} made for {self._seller.seller_id}, to fit {messages}")

    def _choose(self, made: Iterator[Order]) -> Iterator[Order]:
        """Leave out orders that cannot be, and those that are there already."""
        for order in made:
            problem = find_problem(order)
            if problem is not None:
                self._tell("", f"order {order.amazon_order_id}", problem)
                continue
            stored = self._backend.orders.get(self._seller.seller_id, order.amazon_order_id)
            if stored is not None and not self._given.replace:
                self._kept[stored.amazon_order_id] = stored
                click.echo(f"order {order.amazon_order_id} is there already and stays as it is (--replace)", err=True)
            else:
                yield order

    def _try(self, trial: Trial) -> None:
        for name, feed_type, message in self._read_messages(is_first=False):
            refusal = trial.apply(feed_type, message) if feed_type.find_need(message.body) else None
            if refusal is not None:
                self._tell_result(name, refusal)

    def _read_messages(self, *, is_first: bool) -> Iterator[tuple[str, FeedType, Message]]:
        """Yield the messages that can be applied; in the first pass, what is wrong with others is told."""
        for name in self._given.feeds:
            with open_seekable(name) as feed:
                marketplace_id = self._seller.marketplace.marketplace_id
                holds_orders = self._given.feed_type is None and recognise_orders(feed, marketplace_id)
                known = self._given.feed_type or (None if holds_orders else recognise(feed, self._types))
                if known is None:
                    self._tell_once(is_first, name, _ARE_ORDERS if holds_orders else _UNKNOWN)
                    continue
                feed_type = self._types.look_up(known)
                provenance = Provenance(make_flat_content_type(self._given.charset), marketplace_id)
                survey = feed_type.format.survey(feed, lambda _done: None, provenance)
                if survey.withheld:
                    for one in survey.findings[:_MOST_TOLD] if is_first else ():
                        self._tell(name, f"line {one.line}", str(one.reason or one.description))
                    continue
                for portion in feed_type.format.read(feed, survey, survey.start):
                    for message in portion.messages:
                        if isinstance(message, Message):
                            yield name, feed_type, message
                        elif is_first and message.severity is Severity.ERROR:
                            self._tell_result(name, message)

    def _tell_once(self, is_first: bool, name: str, problem: str) -> None:
        if is_first:
            self._tell(name, "line 1", problem)

    def _tell_result(self, name: str, result: Result) -> None:
        words = say_part(self._given.language, result.reason) if result.reason else result.description
        self._tell(name, f"message {result.message_id}", f"would be refused: {words}")

    def _tell(self, name: str, where: str, problem: str) -> None:
        self._is_faulty = True
        self._told += 1
        if self._told <= _MOST_TOLD:
            click.echo(f"{name}: {where}: {problem}" if name else f"{where}: {problem}", err=True)
        elif self._told == _MOST_TOLD + 1:
            click.echo("…and more; `feedproc validate --all` and the feed's report tell all", err=True)
