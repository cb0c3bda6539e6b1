"""`feedproc simulate`."""

import re
import time
from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO
from typing import Any

import click

from feedproc.cli.options import place
from feedproc.cli.seller_option import choose_seller, seller_option
from feedproc.feeds.submission import NewSubmission
from feedproc.feedtypes.order_acknowledgement.compose import CancelledOrder, compose_cancellation
from feedproc.orders.order import Order
from feedproc.ports import Backend, Seller
from feedproc.services.simulate import Happened, OrderFlow, Simulator
from feedproc.services.submit import store, submit
from feedproc.settings import Place
from feedproc.wiring.clock import read_clock
from feedproc.wiring.store import open_store

_RATE = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)/(s|m|h)")
_MINUTES = {"s": 1 / 60, "m": 1.0, "h": 60.0}
_SPAN = re.compile(r"(\d{1,6})(s|m|h|d)")
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_REASON = "GeneralAdjustment"
"""Units that never left are for sale again."""
_MEMO = "Cancelled automatically: not confirmed in time"
_PAUSE = 1.0
"""Seconds between two looks at what is due."""


def read_rate(_context: click.Context, _option: click.Parameter, value: str) -> float:
    """Return how many in a minute a rate such as `10/m` means.

    Raises:
        click.BadParameter: the text is no rate.

    """
    found = _RATE.fullmatch(value)
    if found is None or not float(found[1]):
        raise click.BadParameter(f"{value!r} is no rate; write one such as 10/m, 2/s or 100/h")
    return float(found[1]) / _MINUTES[found[2]]


def read_span(_context: click.Context, _option: click.Parameter, value: str | None) -> timedelta | None:
    """Return the length of time that a text such as `30m` means.

    Raises:
        click.BadParameter: the text is none.

    """
    if value is None:
        return None
    found = _SPAN.fullmatch(value)
    if found is None:
        raise click.BadParameter(f"{value!r} is no length of time; write one such as 90s, 30m, 2h or 7d")
    return timedelta(seconds=int(found[1]) * _SECONDS[found[2]])


@click.command("simulate")
@click.option(
    "--rate", callback=read_rate, metavar="RATE", default="1/m", show_default=True, help="New orders: 2/s, 10/m, 100/h."
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The same seed, the same orders.")
@click.option(
    "--pending-for",
    callback=read_span,
    metavar="TIME",
    default="30m",
    show_default=True,
    help="Until an order is released.",
)
@click.option("--regretted", type=click.FloatRange(0, 100), default=5.0, show_default=True, metavar="PERCENT",
              help="Of the released orders, those whose buyers ask to cancel.")  # fmt: skip
@click.option("--cancelled-after", callback=read_span, metavar="TIME", default="7d", show_default=True,
              help="Of its expected ship date, an order that nobody confirmed is cancelled.")  # fmt: skip
@click.option("--for", "duration", callback=read_span, metavar="TIME", help="Stop after that time; else with Ctrl-C.")
@seller_option
@place
def command(place: Place, seller: str | None, rate: float, seed: int, duration: timedelta | None, **asked: Any) -> None:
    """Let orders come in by themselves, beside a running server or without one.

    They come in pending, are released, and some buyers ask to cancel; orders that nobody confirms in time are cancelled
    by a feed, as Amazon cancels them.
    """
    flow = OrderFlow(
        per_minute=rate,
        regretted=asked["regretted"] / 100,
        pending_for=asked["pending_for"],
        cancelled_after=asked["cancelled_after"],
    )
    begin = read_clock()
    with open_store(place) as backend:
        who = choose_seller(backend.sellers, seller)
        simulator = Simulator(backend, who, seed, flow, begin)
        while duration is None or read_clock() < begin + duration:
            now = read_clock()
            _print_step(simulator.step(now, lambda owner, orders: _cancel(backend, owner, orders)))
            time.sleep(_PAUSE)


def _cancel(backend: Backend, seller: Seller, orders: Sequence[Order]) -> None:
    """Hand in a feed that cancels orders."""
    named = (CancelledOrder(one.amazon_order_id, [item.order_item_code for item in one.items]) for one in orders)
    feed = compose_cancellation(seller.merchant_token, named, _REASON, _MEMO)
    document = store(backend.documents, BytesIO(feed.body))
    new = NewSubmission(
        seller_id=seller.seller_id,
        feed_type=feed.feed_type,
        document=document.key,
        size=document.size,
        submitted_at=read_clock(),
        content_type=feed.content_type,
        marketplace_ids=seller.marketplace_ids,
        memo=_MEMO,
    )
    submit(backend.submissions, backend.queue, new)


def _print_step(happened: Happened) -> None:
    told = {
        "placed": happened.placed,
        "released": happened.released,
        "buyer asks to cancel": happened.regretted,
        "cancelled automatically": happened.late,
    }
    for what, ids in told.items():
        for name in ids:
            click.echo(f"{name}  {what}")
