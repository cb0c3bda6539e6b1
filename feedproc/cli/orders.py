"""`feedproc orders`."""

import secrets
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from feedproc.cli import fit_orders
from feedproc.cli.files import open_seekable
from feedproc.cli.loading import Loader
from feedproc.cli.options import limit, output_format, place, write_examples
from feedproc.cli.order_rows import COLUMNS, make_row
from feedproc.cli.output import Listing, print_json, print_order
from feedproc.cli.progress import show_count
from feedproc.cli.seller_option import choose_seller, seller_option
from feedproc.errors import SoldOut, Unusable
from feedproc.imports.order_files import OrderFile, read_orders, take_orders
from feedproc.imports.order_lines import BadOrder, write_line
from feedproc.imports.values import Remark
from feedproc.orders.generation import generate_orders
from feedproc.orders.order import GivenBy, OrderKey, OrderStatus
from feedproc.ports import OrderFilter, Orders, Seller
from feedproc.services.load_orders import load_orders
from feedproc.services.news import load_and_tell
from feedproc.services.simulate import place_new
from feedproc.settings import Place
from feedproc.wiring.clock import read_clock
from feedproc.wiring.store import open_existing_store, open_store

_STATUSES = [status.value for status in OrderStatus]
_DAY = click.DateTime(["%Y-%m-%d"])


@click.group("orders")
def command() -> None:
    """Load, make to fit a feed, generate, list and show the orders of a seller."""


command.add_command(fit_orders.command)


@command.command(
    "load",
    epilog=write_examples("feedproc orders load samples/orders.jsonl", "feedproc orders load unshipped.txt all.txt"),
)
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@seller_option
@place
def load(place: Place, seller: str | None, files: tuple[str, ...]) -> int:
    """Load orders from the files that you have; - is standard input.

    Taken are flat order reports (order report, unshipped, converged, all orders; UTF-8, Shift_JIS or windows-1252),
    OrderReport XML, answers of ListOrders with ListOrderItems, of getOrders with getOrderItems and of searchOrders,
    and JSON Lines as `orders list --format json` prints them. What a file is, is seen from its content. Give files
    that belong together in one command: items of an order may lie in another file.

    An order with the id of one that is there replaces it. What cannot be taken is named with its line, the rest is
    loaded, and the exit code is 1.
    """
    loader = Loader()
    with open_store(place) as backend, ExitStack() as opened:
        who = choose_seller(backend.sellers, seller)
        taken = [OrderFile(name, opened.enter_context(open_seekable(name))) for name in files]

        def tell(name: str, one: BadOrder | Remark) -> None:
            if isinstance(one, Remark):
                click.echo(f"{name}: note: {one.text}", err=True)
            else:
                loader.refuse(name, one)

        found = take_orders(read_orders(taken, who.marketplace.marketplace_id), tell)
        loaded = load_orders(
            backend,
            who.seller_id,
            show_count(found, "orders"),
            lambda name, order, why: loader.refuse(name, BadOrder(order.amazon_order_id, why)),
            read_clock(),
        )
    return loader.print_outcome(loaded, "orders", who.seller_id)


@command.command("generate", epilog=write_examples("feedproc orders generate 1000 --seed 7 --pending 10"))
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
        made = show_count(generate_orders(count, seed, read_clock(), pending / 100), "orders", count)
        load_and_tell(backend, who.seller_id, made, read_clock())
        took = max(time.monotonic() - began, 1e-6)
    click.echo(f"{count} orders generated for {who.seller_id} in {took:.1f} s, {count / took:,.0f} a second")


@command.command("place", epilog=write_examples("feedproc orders place", "feedproc orders place 5 --released"))
@click.argument("count", metavar="N", default=1, type=click.IntRange(1, 10_000))
@click.option("--released", is_flag=True, help="At once ready to be shipped; else they are pending.")
@seller_option
@place
def place_(place: Place, seller: str | None, count: int, released: bool) -> None:
    """Place N new orders, bought now, whose units leave the stock.

    They come in pending, as at Amazon. Of a SKU that the stock never had nothing is taken; what is sold out cannot be
    ordered.
    """
    with open_store(place) as backend:
        who = choose_seller(backend.sellers, seller)
        number, seed = 0, secrets.randbelow(10**12)
        try:
            for order in place_new(backend, who, count, read_clock(), is_released=released, seed=seed):
                number += 1
                click.echo(f"{order.amazon_order_id}  {order.status}  {', '.join(item.sku for item in order.items)}")
        except SoldOut as sold_out:
            raise Unusable(f"{number} orders placed; {sold_out}") from sold_out


@command.command(
    "list",
    epilog=write_examples(
        "feedproc orders list --status Unshipped --status Pending --from 2024-03-01",
        "feedproc orders list --format json > orders.jsonl",
    ),
)
@click.option(
    "--status",
    "statuses",
    multiple=True,
    type=click.Choice(_STATUSES, case_sensitive=False),
    metavar="STATUS",
    help=f"Only those; may be repeated. {', '.join(_STATUSES[:-1])} or {_STATUSES[-1]}.",
)
@click.option("--from", "first", type=_DAY, metavar="DATE", help="Purchased on that day (UTC) or later.")
@click.option("--to", "last", type=_DAY, metavar="DATE", help="Purchased on that day (UTC) or earlier.")
@click.option("--after", metavar="ID", help="Only those behind that order: the next page.")
@limit
@seller_option
@place
@output_format("text", "json")
def list_(place: Place, seller: str | None, form: str, limit: int, **which: Any) -> None:
    """List orders, newest purchase first. As JSON they can be loaded again."""
    with open_existing_store(place) as backend:
        who = choose_seller(backend.sellers, seller)
        found = backend.orders.list(who.seller_id, _filter(backend.orders, who, **which), limit)
        Listing(f"Orders of {who.seller_id}", COLUMNS, make_row, write_line).print(form, found)


@command.command("show", epilog=write_examples("feedproc orders show 250-1000002-0000002"))
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
    """Return which orders the options name.

    Raises:
        Unusable: the order to go on behind is not known.

    """
    behind = orders.get(seller.seller_id, after) if after else None
    if after and behind is None:
        raise Unusable(f"Seller {seller.seller_id} has no order {after}")
    return OrderFilter(
        statuses=tuple(map(OrderStatus, statuses)),
        since=first and first.replace(tzinfo=UTC),
        before=last and last.replace(tzinfo=UTC) + timedelta(days=1),
        after=(behind.purchased_at, behind.amazon_order_id) if behind else None,
    )
