"""How long the console's pages take over a store of 1,000,000 orders, asked through WSGI; the target is 100 ms."""

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from msgspec.structs import replace
from timing import describe_machine
from werkzeug.test import Client
from werkzeug.wrappers import Response
from whole import SELLER

from feedproc.console.app import ConsoleOptions, create_console
from feedproc.embedded import open_backend
from feedproc.orders.generation import generate_orders
from feedproc.orders.order import Item, Order, OrderStatus, Package, PackageItem
from feedproc.ports import Backend, OrderFilter, Seller
from feedproc.serve.sessions import SignedOutHere
from feedproc.stock.level import StockLevel
from feedproc.wiring.feed_types import load_feed_types

TARGET_MS = 100
HERE = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost"}


def mixed(count: int, now: datetime) -> Iterator[Order]:
    """Yield orders of every state: of a hundred, four are pending, one is partly shipped and seventy are shipped."""
    for number, order in enumerate(generate_orders(count, 1, now)):
        placed = _put_in_state(order, number % 100)
        yield replace(placed, merchant_order_id=f"WEB-{number}") if number % 100 == 50 else placed


def _put_in_state(order: Order, place: int) -> Order:
    if place < 4:
        return replace(order, marker=OrderStatus.PENDING)
    return _shipped(order, whole=place > 4) if place < 75 else order


def _shipped(order: Order, whole: bool) -> Order:
    units = [item.quantity_ordered if whole else 1 for item in order.items]
    items: list[Item] = [replace(item, quantity_shipped=count) for item, count in zip(order.items, units, strict=True)]
    packed = tuple(PackageItem(item.order_item_code, item.quantity_shipped) for item in items)
    package = Package(order.purchased_at + timedelta(hours=5), packed, "YamatoTransport", None, "4567-8901-2345")
    return replace(order, items=tuple(items), packages=(package,))


def pages(backend: Backend, now: datetime) -> list[tuple[str, str]]:
    """Return what is asked for: a name, and an address."""
    listed = backend.orders.list
    order = next(iter(listed(SELLER.seller_id, OrderFilter(statuses=(OrderStatus.SHIPPED,)), 1))).amazon_order_id
    oldest = now - timedelta(days=29, hours=23)
    deep = f"{oldest:%Y%m%dT%H%M%S%f}_0"
    many = "&".join(f"order={one.amazon_order_id}" for one in listed(SELLER.seller_id, OrderFilter(), 50))
    day, later = f"{now - timedelta(days=20):%Y-%m-%d}", f"{now - timedelta(days=10):%Y-%m-%d}"
    statuses = "&".join(f"status={status}" for status in list(OrderStatus)[:-1])
    return [
        ("orders", "/orders"),
        ("orders, the last page", f"/orders?after={deep}"),
        ("orders of one status", "/orders?status=Pending"),
        ("orders of a status that none has", "/orders?status=Unfulfillable"),
        ("orders of seven statuses and ten days", f"/orders?{statuses}&from={day}&to={later}"),
        ("… the last page", f"/orders?{statuses}&after={deep}"),
        ("search, found by Amazon's id", f"/orders?q={order}"),
        ("search, found by the seller's id", "/orders?q=WEB-50"),
        ("search, not found", "/orders?q=250-0000000-0000000"),
        ("an order", f"/orders/{order}"),
        ("pending orders", "/orders/pending"),
        ("cancel 50 orders", f"/orders/cancel?{many}"),
        ("cancel 2,000 pending orders", "/orders/pending/cancel?all=1"),
        ("ship", f"/orders/{order}/ship"),
        ("refund", f"/orders/{order}/refund"),
        ("feeds", "/feeds"),
        ("stock", "/stock"),
        ("metrics", "/metrics"),
        ("outbox", "/outbox"),
    ]


def fill_store(folder: Path, seller: Seller, count: int, now: datetime) -> Backend:
    """Make a store of one seller with orders of every state, and print how long that took, and where."""
    backend = open_backend(folder, lambda: uuid4().hex)
    backend.sellers.add(seller)
    began = time.perf_counter()
    backend.orders.load(seller.seller_id, mixed(count, now))
    print(f"{describe_machine()}; {count:,} orders loaded in {time.perf_counter() - began:.0f} s\n")
    return backend


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=30)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="feedproc-bench-") as temporary:
        now = datetime.now(UTC)
        backend = fill_store(Path(temporary), SELLER, chosen.orders, now)
        backend.stock.load(SELLER.seller_id, (StockLevel(f"JP-{sku:05d}", sku) for sku in range(20_000)), now)
        console = create_console(
            backend,
            load_feed_types(),
            lambda: datetime.now(UTC),
            lambda: uuid4().hex,
            ConsoleOptions(b"x" * 32, SELLER.seller_id, SignedOutHere()),
        )
        measure(Client(console, Response), pages(backend, now), chosen.rounds)


def measure(client: Client, asked: list[tuple[str, str]], rounds: int) -> None:
    """Sign in, ask for each page some times, and print a row for it."""
    token = client.get("/sign-in", environ_overrides=HERE).text.partition('name="token" value="')[2].partition('"')[0]
    client.post("/sign-in/here", data={"token": token}, environ_overrides=HERE)
    print("| page | first | median | worst | bytes | target | |\n|---|---|---|---|---|---|---|")
    for name, address in asked:
        taken = []
        for _ in range(rounds):
            began = time.perf_counter()
            answer = client.get(address, environ_overrides=HERE)
            size = len(answer.get_data())
            taken.append((time.perf_counter() - began) * 1000)
        if answer.status_code not in {200, 303}:
            print(f"| {name} | answered {answer.status_code} | | | | | |")
            continue
        first, median, worst = taken[0], statistics.median(taken), max(taken)
        met = "met" if worst <= TARGET_MS else "missed"
        row = f"{first:.1f} ms | {median:.1f} ms | {worst:.1f} ms | {size:,} | ≤ {TARGET_MS} ms | {met}"
        print(f"| {name} | {row} |")


if __name__ == "__main__":
    main()
