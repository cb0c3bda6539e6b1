"""A server is killed again and again while it sends: each e-mail is there once, as if nothing had happened."""

import random
import time
from collections import Counter
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
from msgspec.structs import replace

from feedproc.orders.order import Buyer, Order
from feedproc.ports import OutboxKind
from feedproc.settings import Place
from feedproc.wiring.store import open_store
from tests.builders import (
    ADJUSTMENT,
    FULFILLMENT,
    SELLER,
    Shop,
    a_feed,
    an_order,
    cancels,
    refunds,
    ships,
)
from tests.embedded.mails import arrived
from tests.kill.test_server_kill import Servers
from tests.serve.builders import eventually

THIRD = 120
"""Of the orders."""
DEATHS = 6
LONGEST_PAUSE = 0.05
"""Seconds between an e-mail and the server's death."""


class Told(NamedTuple):
    """One e-mail, but for its date."""

    message_id: str
    recipient: str
    subject: str
    text: str


def bought(number: int) -> Order:
    """An order; of the last third, all units have shipped, so that there is something to refund."""
    order = an_order(number, buyer=Buyer(f"Buyer {number}", f"b{number}@marketplace.example"))
    shipped = order.items[0].quantity_ordered if number > 2 * THIRD else 0
    return replace(order, items=(replace(order.items[0], quantity_shipped=shipped),))


def prepared(folder: Path) -> Path:
    """A store with feeds that wait: a third of the orders is cancelled, a third shipped, and a third refunded."""
    shop = Shop(folder / "data").stocked(*[bought(number) for number in range(1, 3 * THIRD + 1)])
    shop.submit(a_feed(*map(cancels, range(1, THIRD + 1))))
    shop.submit(a_feed(*map(ships, range(THIRD + 1, 2 * THIRD + 1)), feed_type=FULFILLMENT), FULFILLMENT)
    shop.submit(a_feed(*map(refunds, range(2 * THIRD + 1, 3 * THIRD + 1)), feed_type=ADJUSTMENT), ADJUSTMENT)
    return folder / "data"


def told(data_dir: Path) -> Counter[Told]:
    return Counter(
        Told(mail["Message-ID"], mail["To"], mail["Subject"], mail.get_content()) for mail in arrived(data_dir / "mail")
    )


def emptied(data_dir: Path) -> bool:
    """Every feed has ended, and nothing waits to be sent."""
    with open_store(Place(data_dir=data_dir)) as backend:
        ends = [one for one in backend.outbox.list_recent(SELLER, 10_000) if one.entry.kind == OutboxKind.FEED_FINISHED]
        return len(ends) == 3 and not backend.outbox.list_waiting(1)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Counter[Told]:
    with Servers(prepared(tmp_path_factory.mktemp("undisturbed"))) as servers:
        servers.start()
        assert eventually(lambda: emptied(servers.data_dir))
        servers.stop()
        return told(servers.data_dir)


def test_a_server_that_is_killed_while_it_sends_sends_each_email_once(
    tmp_path: Path, undisturbed: Counter[Told]
) -> None:
    chance = random.Random(7)
    with Servers(prepared(tmp_path)) as servers:
        for death in range(1, DEATHS + 1):
            servers.start()
            assert eventually(partial(arriving, servers.data_dir, 3 * THIRD * death // (DEATHS + 2)))
            time.sleep(chance.uniform(0, LONGEST_PAUSE))
            servers.kill()
            assert eventually(lambda: not servers.processes())
        assert not emptied(servers.data_dir)
        servers.start()
        assert eventually(lambda: emptied(servers.data_dir))
        servers.stop()
        found = told(servers.data_dir)
    assert set(found.values()) == {1}
    assert found == undisturbed


def arriving(data_dir: Path, number: int) -> bool:
    return len(list((data_dir / "mail" / "new").glob("*"))) >= number
