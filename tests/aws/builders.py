"""A shop on AWS, and what there is to compare between two shops."""

from feedproc import aws
from feedproc.aws.account import AwsSettings
from feedproc.aws.clients import get_clients
from feedproc.aws.stock.journals import list_journals
from feedproc.orders.order import Order
from feedproc.ports import OrderFilter
from tests.builders import NOON, SELLER, Shop, new_keys


class CloudShop(Shop):
    """A shop whose store is on AWS."""

    def __init__(self, settings: AwsSettings, worker: str = "worker-1", first_key: int = 1) -> None:
        self.settings = settings
        self.backend = aws.open_backend(settings, new_keys(first_key))
        self.worker = worker
        self.now = NOON

    def reopened(self, first_key: int = 1_000_000) -> "CloudShop":
        """The same shop, as another process sees it."""
        return CloudShop(self.settings, f"worker-{first_key}", first_key)


def stored(shop: Shop, seller_id: str = SELLER) -> list[Order]:
    return list(shop.backend.orders.list(seller_id, OrderFilter(), 10_000))


def count_journals(shop: CloudShop) -> int:
    """How many journals are not posted, or stand although they are."""
    return len(list(list_journals(get_clients(shop.settings), SELLER)))


def outcome(shop: Shop, seller_id: str = SELLER) -> dict[str, object]:
    """All that feeds can change for a seller, besides reports."""
    backend = shop.backend
    levels = list(backend.stock.list_levels(seller_id))
    return {
        "orders": stored(shop, seller_id),
        "stock": levels,
        "ledger": [backend.stock.list_entries(seller_id, level.sku, 1_000) for level in levels],
        "outbox": backend.outbox.list_waiting(10_000),
        "tallies": backend.tallies.count(seller_id, NOON.date().replace(month=1), NOON.date()),
    }
