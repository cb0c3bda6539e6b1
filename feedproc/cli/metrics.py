"""`feedproc metrics`."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import click

from feedproc.cli.options import output_format, place, write_examples
from feedproc.cli.output import print_json, print_rows
from feedproc.cli.seller_option import choose_seller, seller_option
from feedproc.orders.metrics import TARGET_CANCEL_RATE
from feedproc.services.read.metrics import (
    MOST_DAYS,
    TRAILING_DAYS,
    Counts,
    MetricsWindow,
    count_window,
    get_trailing_days,
)
from feedproc.settings import Place
from feedproc.wiring.clock import read_clock
from feedproc.wiring.store import open_existing_store

_DAY = click.DateTime(["%Y-%m-%d"])
_COLUMNS = ("day", "orders", "cancelled", "cancel rate", "refunded", "late", "reasons")


@click.command(
    "metrics",
    epilog=write_examples(
        "feedproc metrics --days 30", "feedproc metrics --from 2024-03-01 --to 2024-03-31 --format json"
    ),
)
@click.option("--days", type=click.IntRange(1, MOST_DAYS), help=f"The last so many; {TRAILING_DAYS} by default.")
@click.option("--from", "first", type=_DAY, metavar="DATE", help="The first day, instead of --days.")
@click.option("--to", "last", type=_DAY, metavar="DATE", help="The last day; today by default.")
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
    begin, end = _read_period(days, first, last)
    with open_existing_store(place) as backend:
        who = choose_seller(backend.sellers, seller)
        found = count_window(backend.tallies, who.seller_id, begin, end)
    if form == "json":
        print_json(_make_window_document(found) | {"seller_id": who.seller_id})
        return
    print_rows(f"Metrics of {who.seller_id}", _COLUMNS, _make_rows(found))
    click.echo(_say_verdict(found.total))


def _read_period(days: int | None, first: datetime | None, last: datetime | None) -> tuple[date, date]:
    if days is not None and first is not None:
        raise click.UsageError("--days and --from exclude each other")
    end = last.date() if last else read_clock().date()
    begin = first.date() if first else get_trailing_days(end, days or TRAILING_DAYS)[0]
    if not begin <= end:
        raise click.UsageError(f"--from {begin} is behind --to {end}")
    if (end - begin).days >= MOST_DAYS:
        raise click.UsageError(f"a window has at most {MOST_DAYS} days")
    return begin, end


def _make_rows(found: MetricsWindow) -> Iterator[tuple[object, ...]]:
    for day in found.days:
        yield (day.day, *_make_cells(day))
    yield ("total", *_make_cells(found.total))


def _make_cells(counts: Counts) -> tuple[object, ...]:
    reasons = ", ".join(f"{reason} {number}" for reason, number in counts.by_reason.items())
    return counts.orders, counts.cancelled, _format_percent(counts), counts.refunded, counts.late, reasons


def _say_verdict(total: Counts) -> str:
    if total.cancel_rate is None:
        return "no orders, and so no cancel rate"
    verdict = "below" if total.on_target else "not below"
    return f"cancel rate {_format_percent(total)}, {verdict} the target of {TARGET_CANCEL_RATE:.1%}"


def _format_percent(counts: Counts) -> str:
    return "–" if counts.cancel_rate is None else f"{counts.cancel_rate:.2%}"


def _make_window_document(found: MetricsWindow) -> dict[str, Any]:
    return {
        "first": found.days[0].day,
        "last": found.days[-1].day,
        "target": TARGET_CANCEL_RATE,
        "total": _make_document(found.total),
        "days": [{"day": day.day} | _make_document(day) for day in found.days],
    }


def _make_document(counts: Counts) -> dict[str, Any]:
    return {
        "orders": counts.orders,
        "cancelled": counts.cancelled,
        "cancel_rate": counts.cancel_rate,
        "by_reason": counts.by_reason,
        "refunded": counts.refunded,
        "late": counts.late,
    }
