"""`feedproc simulate`."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

import click

from feedproc.cli.options import place
from feedproc.cli.seller_option import choose_seller, seller_option
from feedproc.serve.overdue import cancel_overdue
from feedproc.services.order_flow import OrderFlow, read_rate, read_span
from feedproc.services.simulate import Happened, Simulator
from feedproc.settings import Place
from feedproc.wiring.clock import read_clock
from feedproc.wiring.store import open_store

_PAUSE = 1.0
"""Seconds between two looks at what is due."""
_Meant = TypeVar("_Meant")


def _make_read(read: Callable[[str], _Meant]) -> Callable[[click.Context, click.Parameter, str | None], _Meant | None]:
    """Return what gives an option the meaning of its text by `read`, which raises `ValueError` for none."""

    def convert(_context: click.Context, _option: click.Parameter, value: str | None) -> _Meant | None:
        try:
            return None if value is None else read(value)
        except ValueError as error:
            raise click.BadParameter(str(error)) from error

    return convert


@click.command("simulate")
@click.option(
    "--rate",
    callback=_make_read(read_rate),
    metavar="RATE",
    default="1/m",
    show_default=True,
    help="New orders: 2/s, 10/m, 100/h.",
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The same seed, the same orders.")
@click.option(
    "--pending-for",
    callback=_make_read(read_span),
    metavar="TIME",
    default="30m",
    show_default=True,
    help="Until an order is released.",
)
@click.option("--regretted", type=click.FloatRange(0, 100), default=5.0, show_default=True, metavar="PERCENT",
              help="Of the released orders, those whose buyers ask to cancel.")  # fmt: skip
@click.option("--cancelled-after", callback=_make_read(read_span), metavar="TIME", default="7d", show_default=True,
              help="Of its expected ship date, an order that nobody confirmed is cancelled.")  # fmt: skip
@click.option(
    "--for", "duration", callback=_make_read(read_span), metavar="TIME", help="Stop after that time; else with Ctrl-C."
)
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
            _print_step(simulator.step(now, partial(cancel_overdue, backend, now)))
            time.sleep(_PAUSE)


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
