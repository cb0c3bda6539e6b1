from tests.cli.builders import SAMPLES, Run, Shell, one_line

ORDERS = SAMPLES / "orders.jsonl"
REPORT = SAMPLES / "orders-report.xml"
LINE = ORDERS.read_bytes().splitlines()[0]


def test_json_lines_and_order_reports_are_loaded_alike(feedproc: Shell) -> None:
    ran = feedproc("orders", "load", ORDERS, REPORT)
    assert (ran.code, ran.out) == (0, "15 orders loaded for A1LOCALSELLER1\n")
    assert len(feedproc("orders", "list").rows) == 15


def test_what_list_prints_as_json_can_be_loaded_again(shop: Shell) -> None:
    printed = shop("orders", "list", "--format", "json").out
    assert shop("orders", "load", "-", stdin=printed.encode()).code == 0
    assert shop("orders", "list", "--format", "json").out == printed


def test_a_bad_line_is_named_and_the_rest_is_loaded(feedproc: Shell) -> None:
    ran = feedproc("orders", "load", "-", stdin=LINE + b'\n{"amazon_order_id": 7}\n' + b"not json\n")
    assert (ran.code, ran.out) == (1, "1 order loaded for A1LOCALSELLER1, 2 refused\n")
    first, second = ran.err.splitlines()
    assert first == "-: line 2: Expected `str`, got `int` - at `$.amazon_order_id`"
    assert second.startswith("-: line 3: ")


def test_an_order_of_an_unknown_marketplace_is_refused_with_those_that_are_known(feedproc: Shell) -> None:
    ran = feedproc("orders", "load", "-", stdin=LINE.replace(b"A1VC38T7YXB528", b"A1VC38T7YXB529"))
    assert (ran.code, ran.out) == (1, "0 orders loaded for A1LOCALSELLER1, 1 refused\n")
    assert "marketplace_id 'A1VC38T7YXB529' is none; there are ATVPDKIKX0DER" in ran.err


def test_a_seller_that_is_not_there_is_told_with_those_that_are(feedproc: Shell) -> None:
    ran = feedproc("orders", "load", ORDERS, "--seller", "A1LOCALSELER1")
    assert (ran.code, ran.err) == (1, "feedproc: No seller A1LOCALSELER1; there are A1LOCALSELLER1\n")


def test_two_orders_cannot_have_one_merchant_order_id(shop: Shell) -> None:
    line = LINE.replace(b'"currency"', b'"merchant_order_id": "SHOP-0011", "currency"')
    ran = shop("orders", "load", "-", stdin=line)
    assert ran.code == 1
    assert "order 250-1000011-0000011 has the merchant_order_id 'SHOP-0011'" in ran.err


def test_orders_are_listed_newest_first_and_by_status(shop: Shell) -> None:
    assert [row[0] for row in shop("orders", "list").rows][:2] == ["250-1000013-0000013", "250-1000012-0000012"]
    assert [row[0] for row in shop("orders", "list", "--status", "Pending").rows] == ["250-1000004-0000004"]
    assert len(shop("orders", "list", "--limit", 3).rows) == 3


def test_an_order_is_shown_by_either_of_its_names(shop: Shell) -> None:
    by_amazons = shop("orders", "show", "250-1000011-0000011", "--format", "json").json
    assert shop("orders", "show", "SHOP-0011", "--format", "json").json == by_amazons
    assert by_amazons["status"] == "Unshipped"
    assert "SHOP-0011-1" in shop("orders", "show", "SHOP-0011").out


def test_an_unknown_order_is_one_line(shop: Shell) -> None:
    ran = shop("orders", "show", "250-0000000-0000000")
    assert (ran.code, ran.err) == (1, "feedproc: Seller A1LOCALSELLER1 has no order 250-0000000-0000000\n")


def test_generated_orders_are_the_same_for_the_same_seed(feedproc: Shell) -> None:
    assert feedproc("orders", "generate", 50, "--seed", 3).out.startswith("50 orders generated for A1LOCALSELLER1 in ")
    assert feedproc("orders", "generate", 50, "--seed", 3).code == 0
    assert len(feedproc("orders", "list").rows) == 50


def test_each_seller_has_an_order_book_of_its_own(shop: Shell) -> None:
    shop("sellers", "add", "--seller-id", "A2OTHERSELLER")
    assert shop("orders", "list", "--seller", "A2OTHERSELLER").rows == []
    assert len(shop("orders", "list").rows) == 13


def test_an_unknown_seller_is_one_line_that_names_the_others(shop: Shell) -> None:
    ran = shop("orders", "list", "--seller", "A9NOBODY")
    assert (ran.code, one_line(ran.err)) == (1, True)
    assert "A1LOCALSELLER1" in ran.err


def ids(run: Run) -> list[str]:
    return [row[0] for row in run.rows]


def test_pending_orders_are_loaded_and_found_by_status_and_day(shop: Shell) -> None:
    line = LINE.replace(b'"currency"', b'"marker": "Pending", "currency"').replace(b"1000001-0000001", b"9-9000009")
    assert shop("orders", "load", "-", stdin=line.replace(b"250-9-", b"250-9000009-")).code == 0
    pending = ("orders", "list", "--status", "Pending")
    assert ids(shop(*pending)) == ["250-1000004-0000004", "250-9000009-9000009"]
    assert ids(shop(*pending, "--to", "2024-03-01")) == ["250-9000009-9000009"]
    assert ids(shop(*pending, "--from", "2024-03-02")) == ["250-1000004-0000004"]


def test_orders_are_found_by_several_statuses(shop: Shell) -> None:
    both = ids(shop("orders", "list", "--status", "Pending", "--status", "Unshipped"))
    assert both == [row[0] for row in shop("orders", "list").rows if row[2] in {"Pending", "Unshipped"}]
    assert "250-1000004-0000004" in both


def test_the_next_page_begins_behind_the_last_order(shop: Shell) -> None:
    everything = ids(shop("orders", "list"))
    assert ids(shop("orders", "list", "--after", everything[4], "--limit", 3)) == everything[5:8]
    ran = shop("orders", "list", "--after", "250-0000000-0000000")
    assert (ran.code, ran.err) == (1, "feedproc: Seller A1LOCALSELLER1 has no order 250-0000000-0000000\n")


def test_a_share_of_generated_orders_is_pending_and_the_rest_stays_the_same(feedproc: Shell) -> None:
    feedproc("orders", "generate", 400, "--pending", 25)
    statuses = [row[2] for row in feedproc("orders", "list", "--limit", 1000).rows]
    assert 70 < statuses.count("Pending") < 130
    assert statuses.count("Pending") + statuses.count("Unshipped") == 400
    some = [row[:2] + row[3:] for row in feedproc("orders", "list", "--limit", 1000).rows]
    feedproc("orders", "generate", 400)
    rows = feedproc("orders", "list", "--limit", 1000).rows
    assert {row[2] for row in rows} == {"Unshipped"}
    assert [row[0] for row in rows] == [row[0] for row in some]


def test_what_a_buyer_asked_for_is_kept_with_the_order(shop: Shell) -> None:
    line = LINE.replace(b'"currency"', b'"buyer_asked_to_cancel": true, "currency"')
    assert shop("orders", "load", "-", stdin=line).code == 0
    assert shop("orders", "show", "250-1000001-0000001", "--format", "json").json["buyer_asked_to_cancel"] is True


def stock(units: int) -> bytes:
    """So many of each of the goods that orders are generated of."""
    return "".join(f'{{"sku": "JP-{number:04d}", "quantity": {units}}}\n' for number in range(1, 13)).encode()


def test_placed_orders_are_pending_or_released_and_take_from_the_stock(opened: Shell) -> None:
    opened("inventory", "load", "-", stdin=stock(1_000))
    placed = opened("orders", "place", "3").out.splitlines()
    released = opened("orders", "place", "--released").out.split()
    assert [line.split()[1] for line in placed] == ["Pending"] * 3
    assert released[1] == "Unshipped"
    assert opened("orders", "show", released[0]).code == 0
    levels = [one["quantity"] for one in opened("inventory", "list", "--format", "json").objects]
    assert sum(levels) < 12_000


def test_who_sells_out_is_told_in_one_line(opened: Shell) -> None:
    opened("inventory", "load", "-", stdin=stock(0))
    ran = opened("orders", "place")
    assert ran.code == 1
    assert "0 orders placed; SKU JP-00" in ran.err
