"""Inventory feeds, and the flat file Price and Quantity."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest

from feedproc.feedtypes import inventory as feed_type
from feedproc.feedtypes.inventory.message import PURGED, SET, Inventory
from feedproc.feedtypes.inventory.xml import decode, decode_deletion
from feedproc.services.process.pick import process_next
from feedproc.services.process.processing import Policy, Processing
from feedproc.stock.level import MOST_UNITS, StockLevel
from tests.builders import NOON, SELLER, Shop, a_feed, cancels, feed_types, orders, text_of
from tests.feedtypes.builders import payload
from tests.formats.flatfiles import table, told_by

XML = "POST_INVENTORY_AVAILABILITY_DATA"
FLAT = "POST_FLAT_FILE_PRICEANDQUANTITYONLY_UPDATE_DATA"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop with 10 units each of SKU-1 and SKU-2, and none of SKU-3."""
    shop = Shop(tmp_path).stocked(*orders(1))
    shop.backend.stock.load(SELLER, [StockLevel(f"SKU-{n}", units) for n, units in ((1, 10), (2, 10), (3, 0))], NOON)
    return shop


def tells(sku: str, *elements: str) -> str:
    return f"<Inventory><SKU>{sku}</SKU>{''.join(elements)}</Inventory>"


def quantity(units: object) -> str:
    return f"<Quantity>{units}</Quantity>"


def sets(*levels: tuple[str, object]) -> bytes:
    return a_feed(*(tells(sku, quantity(units)) for sku, units in levels), feed_type="Inventory")


def purging(feed: bytes) -> bytes:
    return feed.replace(b"</MessageType>", b"</MessageType><PurgeAndReplace>true</PurgeAndReplace>")


def levels(shop: Shop) -> dict[str, int]:
    return {one.sku: one.quantity for one in shop.backend.stock.list_levels(SELLER)}


def noted(shop: Shop, sku: str) -> list[tuple[int, str, str | None]]:
    """The ledger of a SKU, newest first, without what was loaded."""
    found = shop.backend.stock.list_entries(SELLER, sku, 50)
    return [(one.quantity, one.reason, one.message_id) for one in found if one.submission_id]


CENTER = "<FulfillmentCenterID>{}</FulfillmentCenterID>"
READ = {
    "a quantity": (quantity(7), 7),
    "none": (quantity(0), 0),
    "none, in another spelling": (quantity(" -000 "), 0),
    "thirty zeros in front": (quantity("+" + "0" * 30 + "5"), 5),
    "more than anybody has": (quantity("9" * 400), MOST_UNITS),
    "not available": ("<Available>0</Available>", 0),
    "available, nobody says how many": ("<Available>true</Available>", None),
    "Amazon knows": ("<Lookup>FulfillmentNetwork</Lookup>", None),
    "it lies with Amazon": (CENTER.format("AMAZON_JP") + quantity(7), None),
    "it lies with the seller": (CENTER.format("DEFAULT") + quantity(7), 7),
}


@pytest.mark.parametrize(("told", "units"), READ.values(), ids=READ)
def test_a_message_tells_a_level_or_none(told: str, units: int | None) -> None:
    body = decode(payload(tells("A\tB", told)))
    assert (body.sku, body.units) == ("A B", units)


def test_a_deletion_leaves_none_but_of_what_lies_with_amazon() -> None:
    assert decode_deletion(payload(tells("A", quantity(7)))) == Inventory("A", 0)
    assert decode_deletion(payload(tells("A", CENTER.format("AMAZON_NA"), quantity(7)))).units is None


def test_set_7_twice_is_7(shop: Shop) -> None:
    for _ in range(2):
        report = shop.run(sets(("SKU-1", 7)), XML)
        assert (report.counts, report.results) == ((1, 1, 0, 0), [])
    assert levels(shop) == {"SKU-1": 7, "SKU-2": 10, "SKU-3": 0}
    assert noted(shop, "SKU-1") == [(-3, SET, "1")]


def test_what_a_cancellation_brought_back_is_overwritten(shop: Shop) -> None:
    shop.run(a_feed(cancels(1)))
    assert shop.stock_of(1) == 12
    shop.run(sets(("SKU-1", 7)), XML)
    assert (shop.stock_of(1), noted(shop, "SKU-1")[0]) == (7, (-5, SET, "1"))


def test_a_sku_that_was_never_seen_is_successful_and_known_from_then_on(shop: Shop) -> None:
    assert shop.run(sets(("NEW", 4)), XML).counts == (1, 1, 0, 0)
    assert levels(shop)["NEW"] == 4


def test_of_a_sku_that_comes_twice_in_a_feed_the_last_level_stands(shop: Shop) -> None:
    shop.run(sets(("SKU-1", 7), ("SKU-1", 9)), XML)
    assert (shop.stock_of(1), noted(shop, "SKU-1")) == (9, [(2, SET, "2"), (-3, SET, "1")])


def test_a_deletion_sells_a_sku_out(shop: Shop) -> None:
    feed = text_of([tells("SKU-1", quantity(7))], "Inventory")
    deletes = feed.replace("</MessageID>", "</MessageID><OperationType>Delete</OperationType>")
    assert shop.run(deletes.encode(), XML).counts == (1, 1, 0, 0)
    assert levels(shop) == {"SKU-1": 0, "SKU-2": 10, "SKU-3": 0}


def test_a_feed_that_replaces_all_leaves_nothing_of_what_it_does_not_name(shop: Shop) -> None:
    shop.backend.stock.load("A3RIVAL", [StockLevel("SKU-2", 5)], NOON)
    assert shop.run(purging(sets(("SKU-1", 7))), XML).counts == (1, 1, 0, 0)
    assert levels(shop) == {"SKU-1": 7, "SKU-2": 0, "SKU-3": 0}
    assert (noted(shop, "SKU-2"), noted(shop, "SKU-3")) == ([(-10, PURGED, "0")], [])
    assert shop.backend.stock.get_level("A3RIVAL", "SKU-2") == 5


def test_a_feed_that_is_faulty_as_a_whole_replaces_nothing(shop: Shop) -> None:
    feed = purging(sets(("SKU-1", 7))).replace(b"<DocumentVersion>1.01</DocumentVersion>", b"")
    assert shop.run(feed, XML).counts[1] == 0
    assert levels(shop) == {"SKU-1": 10, "SKU-2": 10, "SKU-3": 0}


def test_no_order_feed_purges_anything(shop: Shop) -> None:
    shop.run(purging(a_feed(cancels(1))))
    assert shop.stock_of(2) == 10


def test_thousands_of_skus_are_purged_a_batch_at_a_time(shop: Shop) -> None:
    goods = [StockLevel(f"P-{number:04}", 1) for number in range(2_500)]
    shop.backend.stock.load(SELLER, goods, NOON)
    submission = shop.submit(purging(sets(("P-0007", 7))), XML)
    shop.work()
    assert {sku for sku, units in levels(shop).items() if units} == {"P-0007"}
    last = shop.backend.marks.get_last(SELLER, submission.submission_id)
    assert last is not None
    assert (last.number, last.summary.processed) == (4, 1)


def rows(*told: tuple[object, ...], headings: tuple[str, ...] = ("sku", "price", "quantity")) -> bytes:
    return table(headings, *told).encode()


def test_a_row_sets_a_level_and_what_is_empty_stays(shop: Shop) -> None:
    submission = shop.submit(rows(("SKU-1", "", 7), ("SKU-2", "880.00", "")), FLAT)
    shop.work()
    assert told_by(shop.raw_report(submission)).rows == []
    assert levels(shop) == {"SKU-1": 7, "SKU-2": 10, "SKU-3": 0}


def test_a_row_about_an_unknown_sku_is_told_under_it(shop: Shop) -> None:
    submission = shop.submit(rows(("NEW", "", 7), ("SKU-1", "", 3)), FLAT)
    shop.work()
    text = shop.raw_report(submission).decode("cp1252")
    assert "\n\noriginal-record-number\tsku\terror-code\terror-type\terror-message\n1\tNEW\t13013\tError\t" in text
    assert text.endswith("see http://sellercentral.amazon.de/gp/errorcode/13013.\n")
    assert levels(shop) == {"SKU-1": 3, "SKU-2": 10, "SKU-3": 0}


REFUSED = {
    "neither": ("SKU-1", "", ""),
    "no SKU": ("", "880", "1"),
    "a price of 0": ("SKU-1", "0.00", "1"),
    "a currency sign": ("SKU-1", "¥880", "1"),
    "decimals": ("SKU-1", "", "1.0"),
    "less than none": ("SKU-1", "", "-1"),
    "other digits": ("SKU-1", "", "٣"),
}


@pytest.mark.parametrize("row", REFUSED.values(), ids=REFUSED)
def test_a_row_that_cannot_be_read_changes_nothing(shop: Shop, row: tuple[str, str, str]) -> None:
    submission = shop.submit(rows(row), FLAT)
    shop.work()
    assert "\t18028\tError\t" in shop.raw_report(submission).decode("cp1252")
    assert shop.stock_of(1) == 10


def test_a_flat_file_that_replaces_all_spares_the_rows_that_fail(shop: Shop) -> None:
    shop.backend.stock.load(SELLER, [StockLevel("SKU-4", 3)], NOON)
    submission = shop.submit(rows(("SKU-1", "", "x"), ("SKU-2", "", 4)), FLAT, purges=True)
    shop.work()
    assert shop.again(submission).purges
    assert levels(shop) == {"SKU-1": 10, "SKU-2": 4, "SKU-3": 0, "SKU-4": 0}


def test_both_feed_types_are_offered() -> None:
    assert [one.name for one in feed_type.FEED_TYPES if one.is_offered] == [XML, FLAT]


class Breaking:
    """A clock that breaks once, at a certain reading."""

    def __init__(self, at: int) -> None:
        self.left = at

    def __call__(self) -> datetime:
        self.left -= 1
        if not self.left:
            raise OSError("the power is gone")
        return NOON


@pytest.mark.parametrize("at", range(2, 16))
def test_a_purge_that_breaks_off_goes_on_and_notes_each_sku_once(shop: Shop, at: int) -> None:
    shop.backend.stock.load(SELLER, [StockLevel(f"P-{number:04}", 1) for number in range(1_001)], NOON)
    submission, clock = shop.submit(purging(sets(("SKU-1", 7))), XML), Breaking(at)
    with suppress(OSError):
        process_next(Processing(shop.backend, feed_types(), "w", Policy(), clock))
    shop.work()
    assert shop.report(submission).counts == (1, 1, 0, 0)
    assert {sku for sku, units in levels(shop).items() if units} == {"SKU-1"}
    for sku in ("P-0000", "P-0998", "P-1000", "SKU-2"):
        assert [entry[1] for entry in noted(shop, sku)] == [PURGED]
