"""The function `api`: SP-API over the events of an HTTP API, beside MWS."""

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from feedproc.ports import Secret
from tests.builders import SELLER, item_code, order_id
from tests.lambdas.builders import BUCKET, Answer, LambdaShop, a_lambda_shop

ORDER = f"/orders/v0/orders/{order_id(1)}"


@pytest.fixture
def shop(tmp_path: Path) -> LambdaShop:
    made = a_lambda_shop(tmp_path)
    seller = made.backend.sellers.get(SELLER)
    assert seller is not None
    application = {"client_secret": Secret("hush"), "refresh_token": Secret("Atzr|1")}
    made.backend.sellers.change(replace(seller, client_id="app", **application))
    return made


def call(shop: LambdaShop, method: str, path: str, body: Any = None, token: str = "") -> Answer:
    content = b"" if body is None else json.dumps(body).encode()
    return shop.answer(
        shop.event(method, path, content, content_type="application/json", x_amz_access_token=token or fetch(shop))
    )


def fetch(shop: LambdaShop) -> str:
    """Get an access token."""
    form = b"grant_type=refresh_token&client_id=app&client_secret=hush&refresh_token=Atzr|1"
    event = shop.event("POST", "/auth/o2/token", form, content_type="application/x-www-form-urlencoded")
    return str(json.loads(shop.answer(event).text)["access_token"])


def test_an_order_is_told_to_whoever_has_a_token(shop: LambdaShop) -> None:
    assert json.loads(call(shop, "GET", ORDER).text)["payload"]["OrderStatus"] == "Unshipped"
    assert call(shop, "GET", ORDER, token="Atza|guessed").status == 403


def test_a_feed_is_to_be_put_where_the_function_does_not_see_it(shop: LambdaShop) -> None:
    made = call(shop, "POST", "/feeds/2021-06-30/documents", {"contentType": "text/xml"})
    assert json.loads(made.text)["url"].startswith(f"{BUCKET}/")


def test_a_shipment_is_confirmed_before_the_function_answers(shop: LambdaShop) -> None:
    package = {
        "packageReferenceId": "1",
        "carrierCode": "DHL",
        "trackingNumber": "1",
        "shipDate": f"{shop.now:%Y-%m-%dT%H:%M:%SZ}",
        "orderItems": [{"orderItemId": item_code(1), "quantity": 2}],
    }
    body = {"marketplaceId": "A1PA6795UKMFR9", "packageDetail": package}
    answer = call(shop, "POST", f"{ORDER}/shipmentConfirmation", body)
    assert (answer.status, answer.body) == (204, b"")
    assert json.loads(call(shop, "GET", ORDER).text)["payload"]["OrderStatus"] == "Shipped"
    shop.delivered()
    assert shop.fifo.entries == []


def test_a_stage_in_the_path_is_none_of_sp_api(shop: LambdaShop) -> None:
    event = shop.event("GET", f"/dev{ORDER}", x_amz_access_token=fetch(shop))
    event["requestContext"]["stage"] = "dev"
    assert shop.answer(event).status == 200


def test_what_is_not_served_is_refused_as_sp_api_refuses(shop: LambdaShop) -> None:
    answer = call(shop, "GET", "/catalog/2022-04-01/items")
    assert (answer.status, json.loads(answer.text)["errors"][0]["code"]) == (403, "Unauthorized")
