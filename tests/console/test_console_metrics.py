"""The metrics, and the charts of them."""

import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedproc.console import charts
from feedproc.console.charts import draw_column_chart, draw_rate_chart
from tests.builders import a_feed, cancels, orders
from tests.console.builders import Visitor

FIRST = date(2024, 2, 1)


def days(count: int) -> list[date]:
    return [FIRST + timedelta(days=number) for number in range(count)]


def test_the_trailing_week_is_told_first(seller: Visitor) -> None:
    seller.shop.stocked(*orders(50))
    seller.get("/metrics")
    assert "Pre-fulfilment cancel rate 0.00 %" in seller.text
    assert "below the target of 2.5 %" in seller.text


def test_a_cancellation_changes_rate_chart_and_table(seller: Visitor) -> None:
    seller.shop.stocked(*orders(50))
    seller.shop.submit(a_feed(cancels(1, "NoInventory"), cancels(2, "PricingError")))
    seller.shop.work()
    seller.get("/metrics")
    assert "Pre-fulfilment cancel rate 4.00 %" in seller.text
    assert "not below the target of 2.5 %" in seller.text
    assert "<title>2024-03-01: 4.00 %</title>" in seller.page
    assert seller.page.count("<rect class=") == 2
    assert "2024-03-01 50 2 4.00 % 1 1 0 0" in seller.text
    assert "All days 50 2 4.00 % 1 1 0 0" in seller.text


def test_any_window_can_be_looked_at(seller: Visitor) -> None:
    seller.shop.stocked(*orders(3))
    seller.get("/metrics?from=2023-03-05&to=2024-03-04")
    assert seller.page.count('<th scope="row" class="nowrap">') == 366
    seller.get("/metrics?from=2024-03-01&to=2024-03-01")
    assert "All days 3 0 0.00 %" in seller.text
    seller.get("/metrics?to=2024-02-10")
    assert "There were no orders on these days." in seller.text


NO_WINDOWS = (
    "from=x",
    "to=2024-13-01",
    "from=2024-03-02&to=2024-03-01",
    "from=2000-01-01",
    "from=9999-12-31&to=0001-01-01",
    "to=0001-01-02",
)


@pytest.mark.parametrize("query", NO_WINDOWS)
def test_a_window_that_makes_no_sense_is_said_on_the_page(seller: Visitor, query: str) -> None:
    assert seller.get(f"/metrics?{query}").status_code == 400
    assert 'role="alert"' in seller.page
    assert "Day by day" in seller.text


def test_a_chart_can_be_read_without_seeing_it(seller: Visitor) -> None:
    seller.shop.stocked(*orders(10))
    seller.shop.submit(a_feed(cancels(1)))
    seller.shop.work()
    seller.get("/metrics")
    assert re.search(r'<svg [^>]*role="img" aria-label="Line chart of the cancel rate by day[^"]*10.00 %', seller.page)
    assert re.search(r'<svg [^>]*role="img" aria-label="Column chart[^"]*1 in all', seller.page)


def test_many_reasons_are_told_together_at_the_end(seller: Visitor) -> None:
    named = "NoInventory BuyerCanceled PricingError GeneralAdjustment CustomerReturn CustomerExchange"
    reasons = [*named.split(), "ShippingAddressUndeliverable", "RejectOrder", "WeatherDelay"]
    seller.shop.stocked(*orders(20))
    seller.shop.submit(a_feed(*[cancels(number, reason) for number, reason in enumerate(reasons, 1)]))
    seller.shop.work()
    seller.get("/metrics")
    assert "Other reasons" in seller.text
    assert "All days 20 9 45.00 % 1 1 1 1 1 1 3 0 0" in seller.text


rates = st.lists(st.none() | st.floats(0, 1), min_size=1, max_size=60)


@given(rates)
def test_every_rate_is_within_the_picture_and_higher_for_more(values: list[float | None]) -> None:
    chart = draw_rate_chart(list(zip(days(len(values)), values, strict=True)), 0.025)
    dots = [dot for run in chart.runs for dot in run]
    assert [dot.value for dot in dots] == [value for value in values if value is not None]
    assert all(
        charts.LEFT <= dot.x <= charts.WIDTH and charts.TOP <= dot.y <= charts.HEIGHT - charts.BOTTOM for dot in dots
    )
    assert all((a.y <= b.y) for a in dots for b in dots if a.value >= b.value)
    assert charts.TOP < chart.target < charts.HEIGHT - charts.BOTTOM
    assert len(chart.across) <= 8


def test_a_day_without_orders_leaves_a_gap() -> None:
    chart = draw_rate_chart(list(zip(days(4), [0.1, None, 0.2, 0.3], strict=True)), 0.025)
    assert [len(run) for run in chart.runs] == [1, 2]
    assert draw_rate_chart([(FIRST, None)], 0.025).is_empty


def test_the_rate_axis_ends_at_a_round_number_above_all() -> None:
    assert [tick.label for tick in draw_rate_chart([(FIRST, 0.04)], 0.025).up] == ["0%", "1.25%", "2.5%", "3.75%", "5%"]
    assert draw_rate_chart([(FIRST, 0.3)], 0.025).up[-1].label == "50%"
    assert draw_rate_chart([(FIRST, 1.0)], 0.025).up[-1].label == "100%"


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(0, 10**6)), min_size=1, max_size=40))
def test_the_parts_of_a_column_stand_on_each_other(counts: list[dict[str, int]]) -> None:
    chart = draw_column_chart(list(zip(days(len(counts)), counts, strict=True)), ["a", "b", "c"])
    assert sum(bar.value for bar in chart.bars) == sum(sum(one.values()) for one in counts)
    for day in days(len(counts)):
        parts = [bar for bar in chart.bars if bar.day == day]
        assert all(abs(low.y - high.y - high.height) < 0.02 for low, high in pairwise(parts))
        assert all(charts.TOP - 0.01 <= bar.y <= charts.HEIGHT - charts.BOTTOM for bar in parts)


def test_no_cancellations_make_an_empty_chart() -> None:
    assert draw_column_chart([(FIRST, {})], []).is_empty
