from tests.builders import ACKNOWLEDGEMENT, hand_in
from tests.cli.builders import SAMPLES, Shell, one_line

STOCK = SAMPLES / "stock.jsonl"
CANCELLING = SAMPLES / "feeds" / "mixed" / "acknowledgement.xml"


def test_json_lines_and_tabs_are_loaded_alike(feedproc: Shell) -> None:
    assert feedproc("inventory", "load", STOCK).out.endswith(" SKUs loaded for A1LOCALSELLER1\n")
    ran = feedproc("inventory", "load", "-", stdin=b"sku\tquantity\r\nBENTO-08\t7\r\nNEW\t1\r\n")
    assert (ran.code, ran.out) == (0, "2 SKUs loaded for A1LOCALSELLER1\n")
    rows = dict(feedproc("inventory", "list").rows)
    assert (rows["BENTO-08"], rows["CABLE-03"], rows["NEW"]) == ("7", "10", "1")


def test_what_list_prints_as_json_can_be_loaded_again(feedproc: Shell) -> None:
    feedproc("inventory", "load", STOCK)
    printed = feedproc("inventory", "list", "--format", "json").out
    assert feedproc("inventory", "load", "-", stdin=printed.encode()).code == 0
    assert feedproc("inventory", "list", "--format", "json").out == printed


def test_a_bad_line_is_named_and_the_rest_is_loaded(feedproc: Shell) -> None:
    ran = feedproc(
        "inventory", "load", "-", stdin=b'{"sku": "A", "quantity": 1}\n{"sku": "B", "quantity": "x"}\nnot json\n'
    )
    assert (ran.code, ran.out) == (1, "1 SKU loaded for A1LOCALSELLER1, 2 refused\n")
    first, second = ran.err.splitlines()
    assert first == "-: line 2: Expected `int`, got `str` - at `$.quantity`"
    assert second.startswith("-: line 3: ")


def test_stock_is_listed_page_by_page(feedproc: Shell) -> None:
    feedproc("inventory", "load", "-", stdin=b"A\t1\nB\t2\nC\t3\n")
    assert feedproc("inventory", "list", "--limit", 2).rows == [["A", "1"], ["B", "2"]]
    assert feedproc("inventory", "list", "--after", "B").rows == [["C", "3"]]


def test_the_ledger_of_a_sku_is_told_newest_first(feedproc: Shell) -> None:
    feedproc("inventory", "load", "-", stdin=b"A\t5\n")
    feedproc("inventory", "load", "-", stdin=b"A\t3\n")
    shown = feedproc("inventory", "show", "A", "--format", "json").json
    assert (shown["sku"], shown["quantity"]) == ("A", 3)
    assert [(entry["quantity"], entry["reason"]) for entry in shown["ledger"]] == [(-2, "Loaded"), (5, "Loaded")]
    lines = feedproc("inventory", "show", "A").out.splitlines()
    assert lines[0] == "A: 3"
    assert [line.split("\t")[1] for line in lines[2:]] == ["-2", "+5"]


def test_the_ledger_names_the_feed_that_brought_units_back(shop: Shell) -> None:
    shop("inventory", "load", STOCK)
    processed(shop)
    shown = shop("inventory", "show", "KETTLE-02", "--format", "json").json
    cause = shown["ledger"][0]
    assert shown["quantity"] == 10 + cause["quantity"]
    assert (cause["reason"], cause["amazon_order_id"]) == ("BuyerCanceled", "250-1000002-0000002")
    assert {"submission_id", "message_id"} <= set(cause)


def processed(shop: Shell) -> None:
    """Process the sample feed that cancels an order."""
    from feedproc.services.process.pick import process_next
    from feedproc.services.process.processing import Processing
    from feedproc.settings import Place
    from feedproc.wiring.clock import read_clock
    from feedproc.wiring.embedded import load_policy
    from feedproc.wiring.feed_types import load_feed_types
    from feedproc.wiring.local_seller import LOCAL_SELLER
    from feedproc.wiring.store import open_store

    with open_store(Place(data_dir=shop.data_dir)) as backend, CANCELLING.open("rb") as feed:
        hand_in(backend, feed, LOCAL_SELLER.seller_id, ACKNOWLEDGEMENT, read_clock())
        assert process_next(Processing(backend, load_feed_types(), "w", load_policy(shop.data_dir), read_clock))


def test_a_sku_that_never_was_is_one_line(opened: Shell) -> None:
    ran = opened("inventory", "show", "NOWHERE")
    assert (ran.code, one_line(ran.err)) == (1, True)
    assert "NOWHERE" in ran.err


def test_each_seller_has_stock_of_its_own(feedproc: Shell) -> None:
    feedproc("sellers", "add", "--seller-id", "A2OTHERSELLER")
    feedproc("inventory", "load", STOCK)
    assert feedproc("inventory", "list", "--seller", "A2OTHERSELLER").rows == []
