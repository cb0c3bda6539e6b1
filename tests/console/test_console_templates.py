"""Templates to download: what comes down can be filled in and goes up again, in each language."""

import re
from io import BytesIO

import pytest
from msgspec.structs import replace

from feedproc.stock.level import StockLevel
from tests.builders import FULFILLMENT, SELLER, Shop, a_feed, an_order, item_code, order_id, ships
from tests.console.builders import Visitor
from tests.console.stage import JAPAN

CANCELLATION, ADJUSTMENT, SHIPPING, PRICES = (
    "order-cancellation", "order-adjustment", "shipping-confirmation", "price-and-quantity",
)  # fmt: skip
FILLED = {
    CANCELLATION: {"order-id": order_id(1)},
    SHIPPING: {"order-id": order_id(1), "ship-date": "2024-03-02", "carrier-code": "YAMATO", "ship-method": "宅急便"},
    ADJUSTMENT: {
        "order-id": order_id(1), "order-item-id": item_code(1), "adjustment-reason-code": "CustomerReturn",
        "currency": "JPY", "item-price-adj": "500.00",
    },
    PRICES: {"sku": "SKU-1", "quantity": "7"},
}  # fmt: skip
LANGUAGES = ("en", "ja")
AMERICA = "ATVPDKIKX0DER"
CODECS = {JAPAN: "cp932", AMERICA: "utf-8-sig"}


def fill_in(blank: bytes, codec: str, values: dict[str, str]) -> bytes:
    """Write a row beneath the headings, as a person with a spreadsheet does."""
    text = blank.decode(codec)
    headings = text.splitlines()[-1].split("\t")
    assert set(values) <= set(headings)
    return (text + "\t".join(values.get(name, "") for name in headings) + "\r\n").encode(codec)


def of(visitor: Visitor, marketplace_id: str) -> Visitor:
    """The shop's seller, at home in a marketplace, signed in."""
    sellers = visitor.shop.backend.sellers
    known = sellers.get(SELLER)
    assert known
    sellers.change(replace(known, marketplace_ids=(marketplace_id,)))
    assert visitor.sign_in().status_code == 303
    return visitor


def upload(seller: Visitor, feed: bytes) -> str:
    """Upload a file, send it as what it is recognised as, let it run, and return what its page says."""
    seller.get("/feeds")
    looked = seller.post("/feeds/upload", feed=(BytesIO(feed), "filled.txt"))
    seller.get(looked.location.removeprefix("/console"))
    kind = re.search(r'name="type" value="([^"]+)"', seller.page)
    send = re.search(r'action="/console([^"]+/send)"', seller.page)
    assert kind, "its type is recognised"
    assert send
    answer = seller.post(send[1], type=kind[1])
    seller.shop.work()
    seller.get(answer.location.removeprefix("/console"))
    return seller.text


@pytest.mark.parametrize("marketplace_id", CODECS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FILLED)
def test_a_template_that_is_filled_in_is_accepted(
    visitor: Visitor, name: str, language: str, marketplace_id: str
) -> None:
    seller = of(visitor, marketplace_id)
    seller.shop.stocked(an_order())
    seller.shop.backend.stock.load(SELLER, [StockLevel("SKU-1", 1)], seller.shop.now)
    if name == ADJUSTMENT:
        seller.shop.run(a_feed(ships(1), feed_type=FULFILLMENT), FULFILLMENT)
    blank = seller.get(f"/templates/{language}/{name}.txt")
    assert blank.status_code == 200
    assert f'filename="{name}-{language}.txt"' in blank.headers["Content-Disposition"]
    told = upload(seller, fill_in(blank.data, CODECS[marketplace_id], FILLED[name]))
    assert "1 of 1 succeeded" in told
    assert done(seller.shop, name)


def done(shop: Shop, name: str) -> bool:
    """Whether the feed did what its row says."""
    order = shop.order()
    return {
        CANCELLATION: order.status.value == "Canceled",
        SHIPPING: order.status.value == "Shipped" and order.packages[0].shipping_method == "宅急便",
        ADJUSTMENT: len(order.refunds) == 1,
        PRICES: shop.stock_of(1) == 7,
    }[name]


def test_the_japanese_shipping_template_is_amazons(visitor: Visitor) -> None:
    seller = of(visitor, JAPAN)
    rows = seller.get(f"/templates/ja/{SHIPPING}.txt").data.decode("cp932").splitlines()
    assert rows[0].startswith("TemplateType=OrderFulfillment\tVersion=2011.1102\tこの行はAmazonが使用します")
    assert rows[1].split("\t")[:4] == ["注文番号", "注文商品番号", "出荷数", "出荷日"]
    assert rows[2].split("\t")[-1] == "cod-collection-method"


@pytest.mark.parametrize("page", ["/orders", "/feeds"])
def test_templates_are_offered_where_orders_are_managed_and_where_files_are_uploaded(
    seller: Visitor, page: str
) -> None:
    seller.get(page)
    for name in FILLED:
        for language in LANGUAGES:
            assert f'href="/console/templates/{language}/{name}.txt"' in seller.page


@pytest.mark.parametrize("path", ["/templates/de/order-adjustment.txt", "/templates/en/pending.txt"])
def test_there_are_no_other_templates(seller: Visitor, path: str) -> None:
    assert seller.get(path).status_code == 404
