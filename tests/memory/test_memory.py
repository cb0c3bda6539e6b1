"""The store in memory: what it promises beyond the contracts of the ports."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from msgspec.structs import replace

from feedproc.errors import ClaimLost, Undeliverable
from feedproc.memory import MemoryStore
from feedproc.ports import Backend, Mail, Secret
from feedproc.services.process.pick import process_next
from feedproc.services.process.processing import Policy, Processing
from feedproc.stock.level import StockLevel
from tests.builders import (
    LEASE,
    NOON,
    OTHER_SELLER,
    SELLER,
    Shop,
    a_feed,
    a_seller,
    acknowledges,
    an_order,
    cancels,
    feed_types,
    hand_in,
    new_keys,
    orders,
    told_by,
)

UNKNOWN = 9_000_000


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore(new_keys())


def stocked(backend: Backend, many: int, seller_id: str = SELLER) -> Backend:
    backend.sellers.add(a_seller(seller_id))
    backend.orders.load(seller_id, orders(many))
    return backend


def submitted(backend: Backend, feed: bytes, seller_id: str = SELLER) -> str:
    return hand_in(backend, io.BytesIO(feed), seller_id, "POST_ORDER_ACKNOWLEDGEMENT_DATA", NOON).submission_id


def work(backend: Backend, worker: str) -> int:
    turns = 0
    while process_next(Processing(backend, feed_types(), worker, Policy(), lambda: NOON)):
        turns += 1
    return turns


def report_of(backend: Backend, submission_id: str, seller_id: str = SELLER) -> bytes:
    found = backend.submissions.get(seller_id, submission_id)
    assert found is not None
    assert found.report is not None
    with backend.documents.open(found.report) as report:
        return report.read()


def test_a_feed_leaves_in_memory_what_it_leaves_in_sqlite(store: MemoryStore, tmp_path: Path) -> None:
    feed = a_feed(acknowledges(1, "M-1"), cancels(2), acknowledges(UNKNOWN), cancels(2), acknowledges(3))
    on_disk = Shop(tmp_path).stocked(*orders(3)).backend
    backends = (stocked(store.backend, 3), on_disk)
    ids = [submitted(backend, feed) for backend in backends]
    for backend in backends:
        work(backend, "w")
    assert report_of(store.backend, ids[0]) == report_of(on_disk, ids[1])
    names = [order.amazon_order_id for order in orders(3)]
    assert [store.backend.orders.get(SELLER, one) for one in names] == [
        on_disk.orders.get(SELLER, one) for one in names
    ]
    assert store.backend.outbox.list_waiting(100) == on_disk.outbox.list_waiting(100)


def test_many_threads_process_each_feed_once(store: MemoryStore) -> None:
    sellers = [f"A{number}SELLER" for number in range(6)]
    for seller_id in sellers:
        stocked(store.backend, 30, seller_id)
    ids = [
        (
            seller_id,
            submitted(store.backend, a_feed(*[cancels(n) for n in some], merchant=f"M_{seller_id}_1"), seller_id),
        )
        for seller_id in sellers
        for some in (range(1, 11), range(11, 21), range(1, 31))
    ]
    with ThreadPoolExecutor(8) as pool:
        turns = sum(pool.map(lambda number: work(store.backend, f"w{number}"), range(8)))
    assert turns >= len(ids)
    counts = [told_by(report_of(store.backend, one, seller_id)).counts for seller_id, one in ids]
    assert counts == [(10, 10, 0, 0), (10, 10, 0, 0), (30, 10, 20, 0)] * len(sellers)
    assert len(store.backend.outbox.list_waiting(10_000)) == len(sellers) * (30 + 3)


def test_a_reset_forgets_everything(store: MemoryStore) -> None:
    stocked(store.backend, 2)
    store.backend.stock.load(SELLER, [StockLevel("A", 3)], NOON)
    document = submitted(store.backend, a_feed(acknowledges(1)))
    work(store.backend, "w")
    store.mailer.send(a_mail())
    store.notifier.notify("queue", "<Notification/>")
    store.reset()
    assert not store.backend.sellers.list_sellers()
    assert store.backend.orders.get(SELLER, an_order(1).amazon_order_id) is None
    assert store.backend.submissions.get(SELLER, document) is None
    assert (store.backend.stock.get_levels(SELLER, ["A"]), store.backend.outbox.list_waiting(9)) == ({}, [])
    assert (store.mails, store.notifications, store.documents) == ([], [], {})


def test_a_worker_that_is_at_work_during_a_reset_loses_its_claim(store: MemoryStore) -> None:
    stocked(store.backend, 1)
    identifier = submitted(store.backend, a_feed(acknowledges(1)))
    claim = store.backend.submissions.claim(SELLER, identifier, "w", NOON, LEASE)
    assert claim is not None
    store.reset()
    with pytest.raises(ClaimLost):
        store.backend.submissions.renew(claim, NOON, LEASE)


def test_after_a_reset_a_seller_begins_again_with_the_first_id(store: MemoryStore) -> None:
    first = submitted(stocked(store.backend, 1), a_feed(acknowledges(1)))
    store.reset()
    assert submitted(stocked(store.backend, 1), a_feed(acknowledges(1))) == first


def test_stores_know_nothing_of_each_other(store: MemoryStore) -> None:
    stocked(store.backend, 1)
    assert not MemoryStore(new_keys()).backend.sellers.list_sellers()


def a_mail(recipient: str = "taro@example.com", subject: str = "Your order") -> Mail:
    return Mail(mail_id="1", recipient=Secret(recipient), subject=subject, text="It is on its way.\n")


def test_an_e_mail_is_kept_once(store: MemoryStore) -> None:
    store.mailer.send(a_mail())
    store.mailer.send(replace(a_mail(), text="again"))
    assert store.mails == [a_mail()]


@pytest.mark.parametrize("mail", [a_mail(recipient="no address"), a_mail(subject="one\r\nBcc: two@example.com")])
def test_what_no_e_mail_can_say_is_refused(store: MemoryStore, mail: Mail) -> None:
    with pytest.raises(Undeliverable):
        store.mailer.send(mail)
    assert not store.mails


@pytest.mark.parametrize(
    "ask",
    [
        lambda backend: backend.sellers.find_by_access_key("\ud800"),
        lambda backend: backend.sellers.get("\ud800"),
        lambda backend: backend.submissions.get(OTHER_SELLER, "\ud800"),
    ],
)
def test_what_no_store_can_write_is_no_key_here_either(store: MemoryStore, ask: Callable[[Backend], object]) -> None:
    with pytest.raises(UnicodeEncodeError):
        ask(store.backend)
