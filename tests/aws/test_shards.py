"""The lines of the indexes are divided: none takes all that a seller writes, and those of earlier versions are seen."""

from typing import Any

from msgspec.structs import replace

from feedproc.aws.clients import get_clients
from feedproc.aws.dynamo.tables import ORDERS, OUTBOX, Table
from feedproc.orders.order import OrderStatus
from feedproc.ports import Lane, OrderFilter, OrderTime, OutboxEntry, OutboxKind
from tests.aws.builders import CloudShop
from tests.aws.cloud import noted
from tests.builders import FULFILLMENT, NOON, OTHER_SELLER, SELLER, a_feed, a_seller, order_id, orders, ships

UPDATED = OrderFilter(by=OrderTime.UPDATED)


def stored(shop: CloudShop, table: Table) -> list[dict[str, Any]]:
    clients = get_clients(shop.settings)
    found: list[dict[str, Any]] = clients.dynamodb.scan(TableName=clients.get_table_name(table))["Items"]
    return found


def put_back(shop: CloudShop, table: Table, **attributes: str) -> None:
    """Let all items of a table stand where an earlier version put them."""
    clients = get_clients(shop.settings)
    for item in stored(shop, table):
        earlier = {name: {"S": value} for name, value in attributes.items()}
        clients.dynamodb.put_item(TableName=clients.get_table_name(table), Item=item | earlier)


def listed(shop: CloudShop, which: OrderFilter, seller_id: str = SELLER) -> list[str]:
    return [one.amazon_order_id for one in shop.backend.orders.list(seller_id, which, 100)]


def test_orders_of_one_seller_and_status_stand_in_several_partitions(shop: CloudShop) -> None:
    shop.stocked(*orders(40))
    items = stored(shop, ORDERS)
    assert len({one["status_partition"]["S"] for one in items}) == 4
    assert len({one["seller_id"]["S"] for one in items}) == 4
    assert listed(shop, OrderFilter(statuses=(OrderStatus.UNSHIPPED,), oldest_first=True)) == [
        order_id(number) for number in range(1, 41)
    ]


def test_orders_of_an_earlier_version_are_listed_and_move_when_they_change(shop: CloudShop) -> None:
    shop.stocked(*orders(8))
    put_back(shop, ORDERS, status_partition=f"{SELLER}/Unshipped", seller_id=SELLER)
    assert len(listed(shop, OrderFilter())) == len(listed(shop, UPDATED)) == 8
    shop.run(a_feed(*map(ships, range(1, 6)), feed_type=FULFILLMENT), FULFILLMENT)
    assert len(listed(shop, OrderFilter())) == len(listed(shop, UPDATED)) == 8
    assert len(listed(shop, OrderFilter(statuses=(OrderStatus.UNSHIPPED,)))) == 3
    assert {one["status_partition"]["S"].count("/") for one in stored(shop, ORDERS)} == {1, 2}


def test_a_seller_whose_id_reads_like_a_shard_of_another_shares_nothing_with_it(shop: CloudShop) -> None:
    named_so = f"{SELLER}/1"
    shop.backend.sellers.add(replace(a_seller(), seller_id=named_so, access_key="AKIAOTHER", client_id="other"))
    shop.backend.orders.load(named_so, orders(20))
    assert len(listed(shop, UPDATED, named_so)) == 20
    assert listed(shop, UPDATED) == listed(shop, OrderFilter()) == []
    assert len(listed(shop, OrderFilter(), named_so)) == 20


def test_what_an_earlier_version_left_waiting_is_sent_in_its_turn(shop: CloudShop) -> None:
    sellers = (SELLER, OTHER_SELLER, "A4THIRD", "A5FOURTH", "A6FIFTH")
    entries = [OutboxEntry(f"{one}/5/1", OutboxKind.FEED_FINISHED, one, "5", at=NOON) for one in sellers]
    for entry in entries:
        shop.backend.outbox.add(entry, NOON)
    assert len({one["waiting"]["S"] for one in stored(shop, OUTBOX)}) > 1
    for _ in range(2):
        assert shop.backend.outbox.list_waiting(9) == entries
        lanes = [Lane(OutboxKind.FEED_FINISHED, one) for one in sorted(sellers)]
        assert shop.backend.outbox.list_lanes(9) == lanes
        assert shop.backend.outbox.list_lanes(9, lanes[1]) == lanes[2:]
        assert [shop.backend.outbox.list_waiting(9, lane) for lane in lanes] == [
            [one] for one in sorted(entries, key=lambda one: one.seller_id)
        ]
        put_back(shop, OUTBOX, waiting="yes")


def test_a_change_of_an_order_moves_one_entry_of_one_index(shop: CloudShop) -> None:
    shop.stocked(*orders(1))
    (before,) = stored(shop, ORDERS)
    shop.run(a_feed(ships(1), feed_type=FULFILLMENT), FULFILLMENT)
    (after,) = stored(shop, ORDERS)
    moved = [one.name for one in ORDERS.indexes for name in (one.partition, one.sort) if before[name] != after[name]]
    assert set(moved) == {"by_change"}  # each would be two more units of writing


def test_orders_of_a_status_in_which_none_stays_are_found_without_looking_at_others(shop: CloudShop) -> None:
    shop.stocked(*orders(60))
    shop.run(a_feed(*map(ships, range(1, 58)), feed_type=FULFILLMENT), FULFILLMENT)
    with noted() as asked:
        found = listed(shop, OrderFilter(statuses=(OrderStatus.UNSHIPPED, OrderStatus.PENDING)))
    assert found == [order_id(number) for number in (60, 59, 58)]
    assert (asked.count("dynamodb Query"), asked.count("dynamodb BatchGetItem")) == (8, 1)
