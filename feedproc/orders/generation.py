"""Realistic orders of the Japanese marketplace, as many as you like, the same for the same seed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from random import Random

from feedproc.orders.order import Address, Buyer, Item, Order, OrderStatus

JAPAN = "A1VC38T7YXB528"
_SPAN = 10**10
"""Order numbers of one seed lie in a range of this size, spread evenly."""
_DAYS = 30
_ITEM_CODE_DIGITS = 14

_GOODS = (
    ("タオルハンカチ 今治", 880), ("電気ケトル 1.0L", 3_980), ("文庫本カバー 栃木レザー", 2_750),
    ("南部鉄器 急須 0.6L", 6_600), ("USB-C ケーブル 2m", 1_290), ("折りたたみ傘 軽量", 2_480),
    ("有機ほうじ茶 100g", 756), ("フライパン 26cm", 3_300), ("ノート A5 方眼 5冊", 1_100),
    ("ワイヤレスマウス 静音", 2_090), ("ヨガマット 10mm", 2_640), ("弁当箱 曲げわっぱ", 7_480),
)  # fmt: skip
_FAMILY = ("佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村", "小林", "加藤", "吉田", "山田")
_GIVEN = ("陽菜", "蓮", "結衣", "大翔", "さくら", "悠真", "美咲", "健太", "葵", "翔太", "直子", "隆")
_PLACES = (
    ("100-0005", "東京都", "千代田区", "丸の内1-9-1"), ("530-0001", "大阪府", "大阪市北区", "梅田3-1-3"),
    ("060-0806", "北海道", "札幌市北区", "北6条西4丁目"), ("460-0008", "愛知県", "名古屋市中区", "栄3-5-1"),
    ("810-0001", "福岡県", "福岡市中央区", "天神2-11-3"), ("980-0021", "宮城県", "仙台市青葉区", "中央1-1-1"),
)  # fmt: skip


def generate_orders(count: int, seed: int, now: datetime, pending: float = 0) -> Iterator[Order]:
    """Yield `count` unshipped orders of the 30 days before `now`, oldest first, with ascending ids.

    `pending` is the share of them, from 0 to 1, that are pending; which they are changes nothing else.
    """
    random = Random(seed)  # noqa: S311 - sample data, not a secret
    waits = Random(f"pending {seed}").random  # noqa: S311 - as above
    buyers, addresses, lines = _make_people(random), _make_addresses(random), _make_lines(random)
    first = seed * 7919 % 9_000 * _SPAN
    step = max(1, _SPAN // max(1, count))
    begin, apart = now - timedelta(days=_DAYS), timedelta(days=_DAYS) / max(1, count)
    draw = random.random
    for number in range(count):
        digits = f"{first + number * step + int(draw() * step):014d}"
        person = int(draw() * len(buyers))
        code = (first + number * step) * 3
        chosen = draw()
        lots = 1 if chosen < 0.7 else 2 if chosen < 0.93 else 3
        yield Order(
            amazon_order_id=f"250-{digits[:7]}-{digits[7:]}",
            purchased_at=begin + apart * number,
            currency="JPY",
            items=tuple([_make_item(lines[int(draw() * len(lines))], code + lot) for lot in range(lots)]),
            marketplace_id=JAPAN,
            buyer=buyers[person],
            ship_to=addresses[person],
            service_level="Standard" if draw() < 0.8 else "Expedited",
            marker=OrderStatus.PENDING if pending and waits() < pending else None,
        )


def make_item_code(order_id: str, sku: str, number: int) -> str:
    """Return an item's code for an order that was told without one: the same for the same order, SKU and place."""
    digest = sha256("\t".join((order_id, sku, str(number))).encode()).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 10**_ITEM_CODE_DIGITS:0{_ITEM_CODE_DIGITS}d}"


_Line = tuple[str, str, int, dict[str, Decimal]]
"""SKU, title, quantity and charges."""


def _make_item(line: _Line, code: int) -> Item:
    sku, title, quantity, charges = line
    return Item(f"{code % 10**14:014d}", sku, quantity, charges, title)


def _make_lines(random: Random) -> list[_Line]:
    lines = []
    for number, (title, price) in enumerate(_GOODS * 20):
        quantity = random.choices((1, 2, 3), (80, 15, 5))[0]
        principal = Decimal(price * quantity)
        charges = {"Principal": principal, "Tax": principal // 10}
        if random.random() < 0.4:
            charges |= {"Shipping": Decimal(410), "ShippingTax": Decimal(41)}
        lines.append((f"JP-{number % len(_GOODS) + 1:04d}", title, quantity, charges))
    return lines


def _make_people(random: Random) -> list[Buyer]:
    return [
        Buyer(f"{random.choice(_FAMILY)} {random.choice(_GIVEN)}", f"buyer{number:04d}@marketplace.example")
        for number in range(500)
    ]


def _make_addresses(random: Random) -> list[Address]:
    addresses = []
    for _ in range(500):
        code, prefecture, city, street = random.choice(_PLACES)
        addresses.append(
            Address(
                name=f"{random.choice(_FAMILY)} {random.choice(_GIVEN)}",
                lines=(street, f"{random.randint(1, 30)}号室"),
                city=city,
                state_or_region=prefecture,
                postal_code=code,
                country_code="JP",
            )
        )
    return addresses
