"""Real clients submit, wait, read the report, and the orders have really changed."""

from feedproc.orders.order import Address
from tests.clients.drivers import Account, Driver, Told
from tests.clients.shops import ACKNOWLEDGEMENT, ADJUSTMENT, FEEDS, FULFILLMENT, Shop, expected_report, sample
from tests.serve.builders import eventually


def done(client: Driver, submission_id: str) -> bool:
    (told,) = client.page([submission_id]).submissions
    return told.status == "_DONE_"


def test_each_feed_type_is_submitted_processed_and_reported(client: Driver) -> None:
    submitted = {name: client.submit(sample(name), feed_type) for name, feed_type in FEEDS.items()}
    for name, told in submitted.items():
        assert told == Told(told.submission_id, FEEDS[name], "_SUBMITTED_")
        assert eventually(lambda told=told: done(client, told.submission_id))
        assert client.report(told.submission_id) == client.as_shown(expected_report(name, told.submission_id))


def test_a_cancellation_really_cancels_the_order(client: Driver, shop: Shop, account: Account) -> None:
    assert shop.get_order(account, 2).status == "Unshipped"
    submitted = client.submit(sample("acknowledgement"), ACKNOWLEDGEMENT).submission_id
    assert eventually(lambda: done(client, submitted))
    after = shop.get_order(account, 2)
    assert after.status == "Canceled"
    cancelled = [(one.quantity, one.reason) for item in after.items for one in item.cancellations]
    assert cancelled == [(1, "BuyerCanceled"), (1, "NoInventory")]


def test_a_shipment_is_really_confirmed(client: Driver, shop: Shop, account: Account) -> None:
    before = shop.get_order(account, 10)
    submitted = client.submit(sample("fulfillment"), FULFILLMENT).submission_id
    assert eventually(lambda: done(client, submitted))
    after = shop.get_order(account, 10)
    assert (before.status, after.status) == ("Unshipped", "Shipped")
    assert after.ship_to == before.ship_to != Address()
    assert [one.carrier for one in after.packages] == ["YAMATO"]
    assert [item.quantity_shipped for item in after.items] == [1]


def test_a_refund_is_really_given(client: Driver, shop: Shop, account: Account) -> None:
    assert not shop.get_order(account, 6).refunds
    submitted = client.submit(sample("adjustment"), ADJUSTMENT).submission_id
    assert eventually(lambda: done(client, submitted))
    after = shop.get_order(account, 6)
    assert [one.reason for one in after.refunds] == ["CustomerReturn"]
    assert sum(after.items[0].refunded.values()) == 7711


def test_a_list_tells_the_newest_first_and_can_be_filtered(client: Driver) -> None:
    feeds = [*FEEDS.items(), ("adjustment", ADJUSTMENT)]
    ids = [client.submit(sample(name), feed_type).submission_id for name, feed_type in feeds]
    assert eventually(lambda: all(done(client, one) for one in ids))
    assert [told.submission_id for told in client.page().submissions] == ids[::-1]
    found = client.page(types=[ADJUSTMENT], statuses=["_DONE_"])
    assert found == ([Told(one, ADJUSTMENT, "_DONE_") for one in (ids[3], ids[2])], None)
    assert client.page(types=[ADJUSTMENT, FULFILLMENT], statuses=["_SUBMITTED_"]) == ([], None)
    assert [told.submission_id for told in client.page(ids[1:3]).submissions] == ids[2:0:-1]


def test_a_long_list_is_told_page_by_page(client: Driver) -> None:
    ids = [client.submit(sample("fulfillment"), FULFILLMENT).submission_id for _ in range(5)]
    page = client.page(size=2)
    pages = [page]
    while page.next_token:
        page = client.next_page(page.next_token)
        pages.append(page)
    assert [[told.submission_id for told in one.submissions] for one in pages] == [ids[:2:-1], ids[2:0:-1], ids[:1]]


def test_submissions_are_counted(client: Driver) -> None:
    ids = [client.submit(sample(name), feed_type).submission_id for name, feed_type in FEEDS.items()]
    assert eventually(lambda: all(done(client, one) for one in ids))
    counted = client.count(), client.count(types=[ADJUSTMENT]), client.count(types=[ADJUSTMENT, FULFILLMENT])
    assert counted == (3, 1, 2)
    assert (client.count(statuses=["_DONE_"]), client.count(statuses=["_CANCELLED_"])) == (3, 0)


def test_a_feed_that_nobody_has_begun_is_cancelled(client_type: type[Driver], halted_shop: Shop) -> None:
    client = client_type(halted_shop.endpoint, halted_shop.new_account())
    first, second = (client.submit(sample("fulfillment"), FULFILLMENT).submission_id for _ in range(2))
    assert client.cancel([first]) == (1, [Told(first, FULFILLMENT, "_CANCELLED_")])
    assert [told.status for told in client.page([first, second]).submissions] == ["_SUBMITTED_", "_CANCELLED_"]


def test_a_feed_that_is_done_stays_done_when_it_is_cancelled(client: Driver) -> None:
    submitted = client.submit(sample("fulfillment"), FULFILLMENT).submission_id
    assert eventually(lambda: done(client, submitted))
    assert client.cancel([submitted]) == (1, [Told(submitted, FULFILLMENT, "_DONE_")])
