import json

from tests.cli.builders import Shell, one_line

LINE = {
    "amazon_order_id": "",
    "purchased_at": "",
    "currency": "JPY",
    "items": [{"order_item_code": "10000000000101", "sku": "A", "quantity_ordered": 1, "charges": {}}],
}


def order(number: int, day: int, reason: str = "", **changed: object) -> str:
    """An order of a day in March 2024; with a reason, cancelled on the same day."""
    at = f"2024-03-{day:02}T10:00:00Z"
    cancellations = [{"quantity": 1, "at": at, "reason": reason}] if reason else []
    items = [LINE["items"][0] | {"cancellations": cancellations}]
    known = {"amazon_order_id": f"250-0000000-{number:07}", "purchased_at": at, "items": items}
    return json.dumps(LINE | known | changed)


def loaded(feedproc: Shell, *lines: str) -> None:
    ran = feedproc("orders", "load", "-", stdin="\n".join(lines).encode())
    assert ran.code == 0, ran.err


def march(feedproc: Shell, first: int, last: int, *options: object) -> object:
    return feedproc("metrics", "--from", f"2024-03-{first:02}", "--to", f"2024-03-{last:02}", "--format", "json").json


def test_orders_are_counted_day_by_day_and_in_all(feedproc: Shell) -> None:
    loaded(feedproc, order(1, 1), order(2, 1, "NoInventory"), order(3, 3, "NoInventory"), order(4, 3, "BuyerCanceled"))
    told = march(feedproc, 1, 3)
    assert [(day["day"], day["orders"], day["cancelled"]) for day in told["days"]] == [
        ("2024-03-01", 2, 1),
        ("2024-03-02", 0, 0),
        ("2024-03-03", 2, 2),
    ]
    total = told["total"]
    assert (total["orders"], total["cancelled"], total["cancel_rate"]) == (4, 3, 0.75)
    assert total["by_reason"] == {"NoInventory": 2, "BuyerCanceled": 1}


def test_what_buyers_asked_for_and_what_is_pending_is_not_held_against_the_seller(feedproc: Shell) -> None:
    asked = order(1, 1, "BuyerCanceled", buyer_asked_to_cancel=True)
    loaded(feedproc, asked, order(2, 1, marker="Pending"), order(3, 1))
    total = march(feedproc, 1, 1)["total"]
    assert (total["orders"], total["cancelled"], total["cancel_rate"]) == (2, 0, 0.0)


def test_refunds_and_late_shipments_are_counted(feedproc: Shell) -> None:
    code = LINE["items"][0]["order_item_code"]
    refund = {"order_item_code": code, "reason": "CustomerReturn", "at": "2024-03-09T10:00:00Z"}
    package = {"shipped_at": "2024-03-06T10:00:00Z", "items": [{"order_item_code": code, "quantity": 1}]}
    late = order(1, 1, refunds=[refund], packages=[package], latest_ship_date="2024-03-05T10:00:00Z")
    in_time = order(2, 1, packages=[package], latest_ship_date="2024-03-07T10:00:00Z")
    loaded(feedproc, late, in_time)
    total = march(feedproc, 1, 1)["total"]
    assert (total["orders"], total["refunded"], total["late"]) == (2, 1, 1)


def test_the_table_ends_in_the_total_and_the_verdict(feedproc: Shell) -> None:
    loaded(feedproc, order(1, 1), order(2, 2, "NoInventory"))
    *rows, verdict = feedproc("metrics", "--from", "2024-03-01", "--to", "2024-03-02").rows
    assert rows == [
        ["2024-03-01", "1", "0", "0.00%", "0", "0", ""],
        ["2024-03-02", "1", "1", "100.00%", "0", "0", "NoInventory 1"],
        ["total", "2", "1", "50.00%", "0", "0", "NoInventory 1"],
    ]
    assert verdict == ["cancel rate 50.00%, not below the target of 2.5%"]


def test_without_orders_there_is_no_rate(opened: Shell) -> None:
    assert march(opened, 1, 2)["total"]["cancel_rate"] is None
    *_, total, verdict = opened("metrics").rows
    assert (total[:4], verdict) == (["total", "0", "0", "–"], ["no orders, and so no cancel rate"])


def test_the_trailing_week_ends_today(feedproc: Shell) -> None:
    feedproc("orders", "generate", 300)
    told = feedproc("metrics", "--format", "json").json
    assert len(told["days"]) == 7
    assert 40 < told["total"]["orders"] < 100
    assert len(feedproc("metrics", "--days", 31, "--format", "json").json["days"]) == 31


def test_each_seller_is_told_apart(feedproc: Shell) -> None:
    feedproc("sellers", "add", "--seller-id", "A2OTHERSELLER")
    loaded(feedproc, order(1, 1))
    told = feedproc("metrics", "--seller", "A2OTHERSELLER", "--from", "2024-03-01", "--to", "2024-03-01").rows
    assert told[0][1] == "0"


def test_periods_that_make_no_sense_are_one_line(feedproc: Shell) -> None:
    for options in (
        ("--days", 7, "--from", "2024-03-01"),
        ("--from", "2024-03-02", "--to", "2024-03-01"),
        ("--from", "2000-01-01"),
        ("--from", "yesterday"),
    ):
        ran = feedproc("metrics", *options)
        assert (ran.code, one_line(ran.err)) == (2, True)
