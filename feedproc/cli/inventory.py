"""`feedproc inventory`."""

from itertools import islice

import click
from msgspec.structs import asdict, astuple

from feedproc.cli.files import open_seekable
from feedproc.cli.loading import Loader
from feedproc.cli.options import output_format, place
from feedproc.cli.output import Listing, print_json, print_rows
from feedproc.cli.progress import show_count
from feedproc.cli.seller_option import choose_seller, seller_option
from feedproc.errors import Unusable
from feedproc.imports.stock_lines import read_level_lines
from feedproc.services.read.stock import get_card
from feedproc.settings import Place
from feedproc.stock.level import StockEntry, StockLevel
from feedproc.wiring.clock import read_clock
from feedproc.wiring.store import open_existing_store, open_store

_LEDGER = ("at", "units", "reason", "order", "submission", "message")


@click.group("inventory")
def command() -> None:
    """Load, list and show the stock of a seller, SKU by SKU."""


@command.command("load")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@seller_option
@place
def load(place: Place, seller: str | None, files: tuple[str, ...]) -> int:
    """Set levels: JSON Lines with sku and quantity, or the two with a tab between; - is standard input.

    The ledger notes each difference. What cannot be taken is named, the rest is loaded, and the exit code is 1.
    """
    loaded, loader = 0, Loader()
    with open_store(place) as backend:
        who = choose_seller(backend.sellers, seller)
        for name in files:
            with open_seekable(name) as file:
                found = show_count(loader.load(StockLevel, name, read_level_lines(file)), "SKUs")
                loaded += backend.stock.load(who.seller_id, found, read_clock())
    return loader.print_outcome(loaded, "SKUs", who.seller_id)


@command.command("list")
@click.option("--limit", type=click.IntRange(1), help="At most so many.")
@click.option("--after", default="", metavar="SKU", help="Only those whose names come behind it.")
@seller_option
@place
@output_format("text", "json")
def list_(place: Place, seller: str | None, form: str, limit: int | None, after: str) -> None:
    """List all SKUs by name. As JSON they can be loaded again."""
    with open_existing_store(place) as backend:
        who = choose_seller(backend.sellers, seller)
        levels = islice(backend.stock.list_levels(who.seller_id, after), limit)
        Listing(f"Stock of {who.seller_id}", ("sku", "quantity"), astuple, asdict).print(form, levels)


@command.command("show")
@click.argument("sku")
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="At most so many changes.")
@seller_option
@place
@output_format("text", "json")
def show(place: Place, seller: str | None, form: str, sku: str, limit: int) -> None:
    """Tell the level of a SKU, and each change of it with its cause, newest first."""
    with open_existing_store(place) as backend:
        who = choose_seller(backend.sellers, seller)
        found = get_card(backend.stock, who.seller_id, sku, limit)
    if not found.ledger and not found.level.quantity:
        raise Unusable(f"Seller {who.seller_id} never had any of {sku}")
    if form == "json":
        print_json(asdict(found.level) | {"ledger": [_make_document(entry) for entry in found.ledger]})
    else:
        click.echo(f"{sku}: {found.level.quantity}")
        print_rows(f"Changes of {sku}", _LEDGER, [_make_row(entry) for entry in found.ledger])


def _make_document(entry: StockEntry) -> dict[str, object]:
    fields = {name: value for name, value in asdict(entry).items() if name != "sku"}
    return {name: value for name, value in fields.items() if value is not None}


def _make_row(entry: StockEntry) -> tuple[object, ...]:
    cause = entry.reason, entry.amazon_order_id, entry.submission_id, entry.message_id
    return (f"{entry.at:%Y-%m-%d %H:%M:%S}", f"{entry.quantity:+}", *cause)
