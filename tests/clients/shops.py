"""Running servers, and sellers who each come to one with an order book of their own."""

import json
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from msgspec.structs import replace

from feedproc.control.calls import RecordedCall
from feedproc.imports.order_lines import read_order_lines
from feedproc.mws.throttle import QuotaMode
from feedproc.orders.order import Order
from feedproc.ports import Backend, Secret
from feedproc.serve.ephemeral import EphemeralOptions, EphemeralServer
from feedproc.settings import Place
from feedproc.testing import Feedproc
from feedproc.wiring.local_seller import LOCAL_SELLER
from feedproc.wiring.store import open_store
from tests.clients.drivers import Account
from tests.serve.builders import Running, eventually

SAMPLES = Path(__file__).parents[2] / "samples"
FEEDS = {
    "acknowledgement": "_POST_ORDER_ACKNOWLEDGEMENT_DATA_",
    "fulfillment": "_POST_ORDER_FULFILLMENT_DATA_",
    "adjustment": "_POST_PAYMENT_ADJUSTMENT_DATA_",
}
"""The mixed samples, and the feed type of each."""
ACKNOWLEDGEMENT, FULFILLMENT, ADJUSTMENT = FEEDS.values()
SAMPLES_SUBMISSION_ID = b"50001019793"
_numbers = count(1)


class Shop(Protocol):
    """A server, and its store."""

    @property
    def endpoint(self) -> str: ...

    def open_backend(self) -> AbstractContextManager[Backend]: ...

    def new_account(self) -> Account:
        """Add a seller who has the sample orders, and to whom the sample feeds belong."""
        number = next(_numbers)
        account = Account(f"A1CLIENT{number:06d}", f"AKIACLIENT{number:010d}", f"secret/of+client={number}")
        seller = replace(
            LOCAL_SELLER,
            seller_id=account.seller_id,
            access_key=account.access_key,
            secret_key=Secret(account.secret_key),
            auth_token=Secret(""),
        )
        with self.open_backend() as backend, (SAMPLES / "orders.jsonl").open("rb") as file:
            backend.sellers.add(seller)
            backend.orders.load(seller.seller_id, [one for one in read_order_lines(file) if isinstance(one, Order)])
        return account

    def get_order(self, account: Account, number: int) -> Order:
        """The sample order of that number, as it is now."""
        with self.open_backend() as backend:
            found = backend.orders.get(account.seller_id, f"250-10000{number:02d}-00000{number:02d}")
        assert found is not None
        return found


class KitShop(Shop):
    """The test kit's server, which the local seller may use, too."""

    def __init__(self, server: EphemeralServer) -> None:
        self._server = server
        server.backend.sellers.add(LOCAL_SELLER)

    @property
    def endpoint(self) -> str:
        return self._server.url

    def open_backend(self) -> AbstractContextManager[Backend]:
        return nullcontext(self._server.backend)

    @property
    def calls(self) -> Iterable[RecordedCall]:
        """What was asked of it, and answered."""
        return self._server.calls

    def list_notices(self, arn: str) -> list[Any]:
        """The notifications of SP-API that went to a queue."""
        return [json.loads(body) for queue, body in self._server.store.notifications if queue == arn]

    def copies(self, feed: bytes) -> set[str]:
        """The stored documents that hold a feed, whole or in part."""
        stored = self._server.store.documents.items()
        return {key for key, content in stored if feed.startswith(content) or content.startswith(feed)}


class TlsShop(Shop):
    """`feedproc serve --tls` over a data directory."""

    def __init__(self, server: Running, data_dir: Path) -> None:
        self._server = server
        self._data_dir = data_dir
        self.authority = data_dir / "tls" / "ca.pem"

    @property
    def endpoint(self) -> str:
        return self._server.endpoint

    def open_backend(self) -> AbstractContextManager[Backend]:
        return open_store(Place(data_dir=self._data_dir))


@contextmanager
def open_kit_shop(*, is_held: bool = False) -> Iterator[KitShop]:
    """A shop of its own; in one that is held no feed is ever begun."""
    with Feedproc() as kit:
        if is_held:
            kit.hold()
        yield KitShop(kit.server)


@contextmanager
def open_strict_shop() -> Iterator[KitShop]:
    """Quotas are enforced."""
    with EphemeralServer(EphemeralOptions(sellers=(), quotas=QuotaMode.AMAZON)) as server:
        yield KitShop(server)


@contextmanager
def open_tls_shop(folder: Path) -> Iterator[TlsShop]:
    data_dir = folder / "data"
    with Running(data_dir, "--workers", "1", "--tls") as server:
        assert eventually(lambda: list((data_dir / "workers").glob("*")))
        yield TlsShop(server, data_dir)


def sample(name: str) -> bytes:
    return (SAMPLES / "feeds" / "mixed" / f"{name}.xml").read_bytes()


def expected_report(name: str, submission_id: str) -> bytes:
    report = (SAMPLES / "feeds" / "mixed" / f"{name}.report.xml").read_bytes()
    return report.replace(SAMPLES_SUBMISSION_ID, submission_id.encode())
