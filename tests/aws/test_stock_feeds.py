"""Stock feeds over DynamoDB: a level that is set is guarded, and a purge takes as many batches as it needs."""

from typing import Any

from feedproc.stock.level import StockLevel
from tests.aws.builders import CloudShop
from tests.aws.cloud import Answering, between, operation
from tests.builders import NOON, SELLER, a_feed

XML = "POST_INVENTORY_AVAILABILITY_DATA"


def sets(*levels: tuple[str, int]) -> bytes:
    payloads = (f"<Inventory><SKU>{sku}</SKU><Quantity>{units}</Quantity></Inventory>" for sku, units in levels)
    return a_feed(*payloads, feed_type="Inventory")


def test_a_level_that_changes_just_before_it_is_set_is_looked_at_again(shop: CloudShop) -> None:
    shop.stocked().backend.stock.load(SELLER, [StockLevel("A", 10), StockLevel("B", 10)], NOON)
    left = [10, 20]

    def meanwhile(request: Any, answer: Answering) -> Any:
        if operation(request) == "dynamodb TransactWriteItems" and b"Set" in request.body and left:
            units = left.pop()
            shop.backend.stock.load(SELLER, [StockLevel("A", units)], NOON)
        return answer(request)

    with between(meanwhile):
        report = shop.run(sets(("A", 7), ("B", 1)), XML)
    assert (report.counts, left) == ((2, 2, 0, 0), [])
    assert [level.quantity for level in shop.backend.stock.list_levels(SELLER)] == [7, 1]
    assert [entry.quantity for entry in shop.backend.stock.list_entries(SELLER, "A", 9)] == [-3, -10, 10, 10]


def test_more_skus_are_purged_than_a_transaction_takes(shop: CloudShop) -> None:
    goods = [StockLevel(f"P-{number:03}", 1) for number in range(220)]
    shop.stocked().backend.stock.load(SELLER, goods, NOON)
    feed = sets(("P-007", 7)).replace(b"</MessageType>", b"</MessageType><PurgeAndReplace>1</PurgeAndReplace>")
    submission = shop.submit(feed, XML)
    shop.work()
    assert {one.sku: one.quantity for one in shop.backend.stock.list_levels(SELLER) if one.quantity} == {"P-007": 7}
    last = shop.backend.marks.get_last(SELLER, submission.submission_id)
    assert last is not None
    assert last.number == 4
