"""`feedproc orders`."""

import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO

import click

from feedproc.cli.files import open_seekable
from feedproc.cli.loading import Loader
from feedproc.cli.options import output_format, place
from feedproc.cli.order_rows import COLUMNS, make_row
from feedproc.cli.output import print_json, print_order, print_rows
from feedproc.cli.progress import show_count
from feedproc.cli.seller_option import choose_seller, seller_option
from feedproc.errors import Unusable
from feedproc.feeds.marketplaces import MARKETPLACES
from feedproc.imports.order_lines import BadOrder, read_order_lines, write_line
from feedproc.imports.order_report import read_order_report
from feedproc.orders.generation import generate_orders
from feedproc.orders.order import GivenBy, Order, OrderKey, OrderStatus
from feedproc.ports import OrderFilter, Orders, Seller
from feedproc.settings import Place
from feedproc.wiring.clock import read_clock
from feedproc.wiring.store import open_existing_store, open_store

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group("orders")
def command() -> None:
    """Load, generate, list and show the orders of a seller."""


@command.command("load")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@seller_option
@place
def load(place: Place, seller: str | None, files: tuple[str, ...]) -> int:
    """Load orders: JSON Lines, or OrderReport XML as MWS delivers it; - is standard input.

    An order with the id of one that is there replaces it. What cannot be taken is named, the rest is loaded, and the
    exit code is 1.
    """
    loaded, loader = 0, Loader()
    with open_store(place) as backend:
        who = choose_seller(backend.sellers, seller)
        for name in files:
            with open_seekable(name) as file:
                orders = _read_marketplaces(_read_orders(file, who))
                found = loader.load(Order, name, _reject_repeated(backend.orders, who.seller_id, orders))
                loaded += backend.orders.load(who.seller_id, show_count(found, "orders"))
    return loader.print_outcome(loaded, "orders", who.seller_id)


@command.command("generate")
@click.argument("count", metavar="N", type=click.IntRange(1, 10_000_000))
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The same seed, the same orders.")
@click.option("--pending", type=click.FloatRange(0, 100), default=0.0, metavar="PERCENT", help="Of them, pending.")
@seller_option
@place
def generate(place: Place, seller: str | None, count: int, seed: int, pending: float) -> None:
    """Write N realistic orders of the Japanese marketplace into the store."""
    with open_store(place) as backend:
        who = choose_seller(backend.sellers, seller)
        began = time.monotonic()
        backend.orders.load(
            who.seller_id, show_count(generate_orders(count, seed, read_clock(), pending / 100), "orders", count)
        )
        took = max(time.monotonic() - began, 1e-6)
    click.echo(f"{count} orders generated for {who.seller_id} in {took:.1f} s, {count / took:,.0f} a second")


@command.command("list")
@click.option(
    "--status",
    "statuses",
    multiple=True,
    type=click.Choice([status.value for status in OrderStatus]),
    help="Only those; may be repeated.",
)
@click.option("--from", "first", type=_DAY, metavar="DATE", help="Purchased on that day (UTC) or later.")
@click.option("--to", "last", type=_DAY, metavar="DATE", help="Purchased on that day (UTC) or earlier.")
@click.option("--after", metavar="ID", help="Only those behind that order: the next page.")
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="At most so many.")
@seller_option
@place
@output_format("text", "json")
def list_(place: Place, seller: str | None, form: str, limit: int, **which: Any) -> None:
    """List orders, newest purchase first. As JSON they can be loaded again."""
    with open_existing_store(place) as backend:
        who = choose_seller(backend.sellers, seller)
        found = backend.orders.list(who.seller_id, _filter(backend.orders, who, **which), limit)
        if form == "json":
            for order in found:
                print_json(write_line(order))
        else:
            print_rows(f"Orders of {who.seller_id}", COLUMNS, map(make_row, found))


@command.command("show")
@click.argument("order_id", metavar="ID")
@seller_option
@place
@output_format("text", "json")
def show(place: Place, seller: str | None, form: str, order_id: str) -> None:
    """Tell all that is known of an order; ID is Amazon's, or the one the seller gave."""
    with open_existing_store(place) as backend:
        who = choose_seller(backend.sellers, seller)
        names = (OrderKey(order_id), OrderKey(order_id, GivenBy.SELLER))
        found = backend.orders.find(who.seller_id, names)
        named = next((found[name] for name in names if name in found), None)
        order = backend.orders.get(who.seller_id, named.amazon_order_id) if named else None
    if order is None:
        raise Unusable(f"Seller {who.seller_id} has no order {order_id}")
    if form == "json":
        print_json(write_line(order))
    else:
        print_order(write_line(order))


def _filter(
    orders: Orders,
    seller: Seller,
    statuses: tuple[str, ...],
    first: datetime | None,
    last: datetime | None,
    after: str | None,
) -> OrderFilter:
    """Return which orders the options name. Raises `Unusable` for an unknown order to go on behind."""
    behind = orders.get(seller.seller_id, after) if after else None
    if after and behind is None:
        raise Unusable(f"Seller {seller.seller_id} has no order {after}")
    return OrderFilter(
        statuses=tuple(map(OrderStatus, statuses)),
        since=first and first.replace(tzinfo=UTC),
        before=last and last.replace(tzinfo=UTC) + timedelta(days=1),
        after=(behind.purchased_at, behind.amazon_order_id) if behind else None,
    )


def _read_orders(file: BinaryIO, seller: Seller) -> Iterator[Order | BadOrder]:
    begin = file.read(1024)
    file.seek(0)
    if begin.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<"):
        return read_order_report(file, seller.marketplace.marketplace_id)
    return read_order_lines(file)


def _read_marketplaces(found: Iterable[Order | BadOrder]) -> Iterator[Order | BadOrder]:
    """Refuse an order of a marketplace that Amazon never had: its e-mails would be in the wrong language."""
    for one in found:
        if isinstance(one, Order) and one.marketplace_id and one.marketplace_id not in MARKETPLACES:
            known = ", ".join(MARKETPLACES)
            yield BadOrder(one.amazon_order_id, f"marketplace_id {one.marketplace_id!r} is none; there are {known}")
        else:
            yield one


def _reject_repeated(orders: Orders, seller_id: str, found: Iterable[Order | BadOrder]) -> Iterator[Order | BadOrder]:
    """Refuse an order that has another's merchant order id."""
    owners: dict[str, str] = {}
    for one in found:
        name = one.merchant_order_id if isinstance(one, Order) else None
        if not isinstance(one, Order) or name is None:
            yield one
            continue
        key = OrderKey(name, GivenBy.SELLER)
        stored = orders.find(seller_id, [key]).get(key)
        owner = owners.setdefault(name, stored.amazon_order_id if stored else one.amazon_order_id)
        taken = owner != one.amazon_order_id
        yield BadOrder(one.amazon_order_id, f"order {owner} has the merchant_order_id {name!r}") if taken else one
