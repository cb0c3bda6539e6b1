"""`feedproc metrics`."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import click

from feedproc.cli.options import output_format, place
from feedproc.cli.output import print_json, print_rows
from feedproc.cli.who import chosen, seller_option
from feedproc.orders.metrics import TARGET_CANCEL_RATE
from feedproc.services.read.metrics import MOST_DAYS, TRAILING_DAYS, Counts, Window, trailing, window
from feedproc.settings import Place
from feedproc.wiring.clock import read_clock
from feedproc.wiring.store import open_existing_store

_DAY = click.DateTime(["%Y-%m-%d"])
_COLUMNS = ("day", "orders", "cancelled", "cancel rate", "refunded", "late", "reasons")


@click.command("metrics")
@click.option("--days", type=click.IntRange(1, MOST_DAYS), help=f"The last so many; {TRAILING_DAYS} unless told.")
@click.option("--from", "first", type=_DAY, metavar="DATE", help="The first day, instead of --days.")
@click.option("--to", "last", type=_DAY, metavar="DATE", help="The last day; today unless told.")
@seller_option
@place
@output_format("text", "json")
def command(
    place: Place, seller: str | None, form: str, days: int | None, first: datetime | None, last: datetime | None
) -> None:
    """Tell a seller's orders, cancellations by reason, refunds and cancel rate, day by day.

    Days are those of UTC on which orders were purchased. The cancel rate is the share of orders that the seller
    cancelled before shipment, whole or in part; cancellations that buyers asked for and pending orders do not count.
    """
    begin, end = _period(days, first, last)
    with open_existing_store(place) as backend:
        who = chosen(backend.sellers, seller)
        found = window(backend.tallies, who.seller_id, begin, end)
    if form == "json":
        print_json(_told_window(found) | {"seller_id": who.seller_id})
        return
    print_rows(f"Metrics of {who.seller_id}", _COLUMNS, _rows(found))
    click.echo(_verdict(found.total))


def _period(days: int | None, first: datetime | None, last: datetime | None) -> tuple[date, date]:
    if days is not None and first is not None:
        raise click.UsageError("--days and --from exclude each other")
    end = last.date() if last else read_clock().date()
    begin = first.date() if first else trailing(end, days or TRAILING_DAYS)[0]
    if not begin <= end:
        raise click.UsageError(f"--from {begin} is behind --to {end}")
    if (end - begin).days >= MOST_DAYS:
        raise click.UsageError(f"a window has at most {MOST_DAYS} days")
    return begin, end


def _rows(found: Window) -> Iterator[tuple[object, ...]]:
    for day in found.days:
        yield (day.day, *_cells(day))
    yield ("total", *_cells(found.total))


def _cells(counts: Counts) -> tuple[object, ...]:
    reasons = ", ".join(f"{reason} {number}" for reason, number in counts.by_reason.items())
    return counts.orders, counts.cancelled, _percent(counts), counts.refunded, counts.late, reasons


def _verdict(total: Counts) -> str:
    if total.cancel_rate is None:
        return "no orders, and so no cancel rate"
    verdict = "below" if total.on_target else "not below"
    return f"cancel rate {_percent(total)}, {verdict} the target of {TARGET_CANCEL_RATE:.1%}"


def _percent(counts: Counts) -> str:
    return "–" if counts.cancel_rate is None else f"{counts.cancel_rate:.2%}"


def _told_window(found: Window) -> dict[str, Any]:
    return {
        "first": found.days[0].day,
        "last": found.days[-1].day,
        "target": TARGET_CANCEL_RATE,
        "total": _told(found.total),
        "days": [{"day": day.day} | _told(day) for day in found.days],
    }


def _told(counts: Counts) -> dict[str, Any]:
    return {
        "orders": counts.orders,
        "cancelled": counts.cancelled,
        "cancel_rate": counts.cancel_rate,
        "by_reason": counts.by_reason,
        "refunded": counts.refunded,
        "late": counts.late,
    }
