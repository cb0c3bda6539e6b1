"""Where the parts of a chart stand: the numbers that a template draws as SVG, without any style of its own."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from msgspec import Struct

WIDTH, HEIGHT = 760, 260
"""Of the whole picture, in its own units."""
LEFT, RIGHT, TOP, BOTTOM = 84, 12, 16, 34
"""Around the part that is drawn in."""
_STEPS = (1, 2, 2.5, 5, 10)
_MOST_DAYS_NAMED = 8
_LINES = 4
_WIDEST_BAR = 44.0


class Tick(NamedTuple):
    """A mark on an axis."""

    at: float
    label: str


class Dot(NamedTuple):
    """A value of one day."""

    x: float
    y: float
    day: date
    value: float


class Bar(NamedTuple):
    """A part of one day's column."""

    x: float
    y: float
    width: float
    height: float
    series: int
    """Which of the names it is of."""
    day: date
    value: int


class Axes(Struct, frozen=True):
    """What both charts have."""

    across: Sequence[Tick]
    up: Sequence[Tick]
    is_empty: bool


class RateChart(Axes, frozen=True):
    """A rate by day, against a target."""

    runs: Sequence[Sequence[Dot]]
    """Days in a row that have a rate; a line joins those of one run."""
    target: float
    """At which height the target is."""


class ColumnChart(Axes, frozen=True):
    """Counts by day, each day's by name on top of each other."""

    bars: Sequence[Bar]
    names: Sequence[str]


def draw_rate_chart(rates: Sequence[tuple[date, float | None]], target: float) -> RateChart:
    """Lay out rates from 0 to 1. A day without a rate leaves a gap."""
    known = [rate for _, rate in rates if rate is not None]
    top = _round_up(max([*known, target * 2]))
    dots = [
        Dot(_place_day(at, len(rates)), _place_value(rate, top), day, rate) if rate is not None else None
        for at, (day, rate) in enumerate(rates)
    ]
    return RateChart(
        across=_list_days([day for day, _ in rates]),
        up=[Tick(_place_value(step, top), f"{step * 100:g}%") for step in _list_levels(top)],
        is_empty=not known,
        runs=_split_runs(dots),
        target=_place_value(target, top),
    )


def draw_column_chart(days: Sequence[tuple[date, dict[str, int]]], names: Sequence[str]) -> ColumnChart:
    """Lay out counts; names that are not listed are left out."""
    totals = [sum(counts.get(name, 0) for name in names) for _, counts in days]
    top = max(_round_up(max([*totals, 0])), _LINES)
    width = min(_WIDEST_BAR, (WIDTH - LEFT - RIGHT) / max(len(days), 1) * 0.7)
    bars: list[Bar] = []
    for at, (day, counts) in enumerate(days):
        below = 0
        for series, name in enumerate(names):
            count = counts.get(name, 0)
            if count:
                upper = _place_value(below + count, top)
                x = round(_place_day(at, len(days)) - width / 2, 2)
                bars.append(
                    Bar(x, upper, round(width, 2), round(_place_value(below, top) - upper, 2), series, day, count)
                )
                below += count
    return ColumnChart(
        across=_list_days([day for day, _ in days]),
        up=[Tick(_place_value(step, top), f"{step:,.0f}") for step in _list_levels(top) if step == int(step)],
        is_empty=not bars,
        bars=bars,
        names=names,
    )


def _place_day(at: int, days: int) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * (at + 0.5) / max(days, 1), 2)


def _place_value(value: float, top: float) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top, 2)


def _round_up(value: float) -> float:
    """Return the next round number that can be divided into lines."""
    if value <= 0:
        return 1.0
    size = 10.0 ** _count_digits(value)
    return next(step * size for step in _STEPS if step * size >= value - 1e-12)


def _count_digits(value: float) -> int:
    """Return which power of ten a number begins with."""
    return int(f"{value:e}".partition("e")[2])


def _list_levels(top: float) -> list[float]:
    return [top * line / _LINES for line in range(_LINES + 1)]


def _list_days(days: Sequence[date]) -> list[Tick]:
    """Name some of the days, evenly."""
    every = max(1, -(-len(days) // _MOST_DAYS_NAMED))
    return [Tick(_place_day(at, len(days)), f"{day:%m-%d}") for at, day in enumerate(days) if at % every == 0]


def _split_runs(dots: Sequence[Dot | None]) -> list[list[Dot]]:
    runs: list[list[Dot]] = [[]]
    for dot in dots:
        if dot is None:
            runs.append([])
        else:
            runs[-1].append(dot)
    return [run for run in runs if run]
