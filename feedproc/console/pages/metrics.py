"""How the seller does: the pre-fulfilment cancel rate against its target, by day and by reason."""

from datetime import date, timedelta
from typing import NamedTuple

from werkzeug.wrappers import Response

from feedproc.console import charts
from feedproc.console.charts import draw_column_chart, draw_rate_chart
from feedproc.console.request import RequestContext
from feedproc.console.route import Route
from feedproc.orders.metrics import TARGET_CANCEL_RATE
from feedproc.services.read.metrics import MOST_DAYS, TRAILING_DAYS, count_window, get_trailing_days

_SHORT_CUTS = (TRAILING_DAYS, 30, 90)
_MOST_REASONS = 7
"""That have a colour of their own; the rest are told together."""
OTHERS = "others"


class _Asked(NamedTuple):
    first: date
    last: date
    problem: str | None


def show_metrics(context: RequestContext) -> Response:
    """Show a window of days; the trailing seven unless asked otherwise. Days are those of UTC."""
    asked = _read_window(context)
    found = count_window(context.backend.tallies, context.seller.seller_id, asked.first, asked.last)
    today = context.now.date()
    week = count_window(context.backend.tallies, context.seller.seller_id, *get_trailing_days(today))
    names = list(found.total.by_reason)
    if len(names) > _MOST_REASONS:
        names = [*names[: _MOST_REASONS - 1], OTHERS]
    by_day = [(day.day, _gather(day.by_reason, names)) for day in found.days]
    return context.render(
        "metrics.html",
        400 if asked.problem else 200,
        asked=asked,
        window=found,
        week=week.total,
        target=TARGET_CANCEL_RATE,
        rates=draw_rate_chart([(day.day, day.cancel_rate) for day in found.days], TARGET_CANCEL_RATE),
        columns=draw_column_chart(by_day, names),
        by_day=dict(by_day),
        by_name=_gather(found.total.by_reason, names),
        short_cuts=[(days, get_trailing_days(today, days)) for days in _SHORT_CUTS],
        charts=charts,
    )


def _gather(by_reason: dict[str, int], names: list[str]) -> dict[str, int]:
    """Return cancellations with those of unnamed reasons together."""
    told = {name: count for name, count in by_reason.items() if name in names}
    rest = sum(count for name, count in by_reason.items() if name not in names)
    return told | ({OTHERS: rest} if rest else {})


def _read_window(context: RequestContext) -> _Asked:
    """Read the window that the address asks for; say what is wrong with it, and take the trailing days then."""
    usual = get_trailing_days(context.now.date())
    given = [context.request.args.get(name, "") for name in ("from", "to")]
    if not any(given):
        return _Asked(*usual, None)
    try:
        last = date.fromisoformat(given[1]) if given[1] else usual[1]
        first = date.fromisoformat(given[0]) if given[0] else last - timedelta(days=TRAILING_DAYS - 1)
        days = (last - first).days + 1
    except (ValueError, OverflowError):
        return _Asked(*usual, context.translate("metrics.no_day"))
    if not 1 <= days <= MOST_DAYS:
        return _Asked(*usual, context.translate("metrics.no_window", most=MOST_DAYS))
    return _Asked(first, last, None)


ROUTES = (Route("/metrics", "metrics", show_metrics),)
