"""Real clients of SP-API lead an order's whole life: token, orders, feed, result, confirmed shipment."""

from datetime import UTC, datetime
from textwrap import dedent
from typing import Any

import pytest
from msgspec.structs import replace

from feedproc.ports import Secret
from feedproc.serve.console import describe_sp_client
from feedproc.wiring.local_seller import LOCAL_SELLER
from tests.clients.drivers import installed
from tests.clients.shops import Shop, expected_report, sample
from tests.clients.sp_drivers import SP_DRIVERS, Application, SpDriver, install_with_npm, run_in_node
from tests.serve.builders import eventually

CANCELLED, SHIPPED = "250-1000002-0000002", "250-1000003-0000003"
ACKNOWLEDGEMENT = "POST_ORDER_ACKNOWLEDGEMENT_DATA"


@pytest.fixture
def application(plain_shop: Shop) -> Application:
    """An application of a seller who has the sample orders."""
    seller_id = plain_shop.new_account().seller_id
    made = Application(
        seller_id, f"amzn1.application-oa2-client.{seller_id}", f"secret/+{seller_id}", f"Atzr|+{seller_id}"
    )
    with plain_shop.open_backend() as backend:
        seller = backend.sellers.get(seller_id)
        assert seller is not None
        keys = {"client_secret": Secret(made.client_secret), "refresh_token": Secret(made.refresh_token)}
        backend.sellers.change(replace(seller, client_id=made.client_id, **keys))
    return made


@pytest.fixture(params=SP_DRIVERS, ids=lambda driver: driver.package)
def sp_client(request: pytest.FixtureRequest, plain_shop: Shop, application: Application) -> SpDriver:
    driver: SpDriver = request.param(plain_shop.endpoint, application)
    return driver


def a_package(items: dict[str, int]) -> dict[str, Any]:
    return {
        "packageReferenceId": "1",
        "carrierCode": "YAMATO",
        "shippingMethod": "宅急便",
        "trackingNumber": "123456789012",
        "shipDate": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "orderItems": [{"orderItemId": code, "quantity": units} for code, units in items.items()],
    }


def test_a_feed_cancels_an_order_and_its_report_is_read(sp_client: SpDriver) -> None:
    assert {CANCELLED, SHIPPED} <= set(sp_client.list_orders())
    feed_id = sp_client.submit(sample("acknowledgement"), ACKNOWLEDGEMENT)
    assert eventually(lambda: sp_client.get_feed(feed_id)["processingStatus"] == "DONE")
    result = sp_client.read_result(sp_client.get_feed(feed_id)["resultFeedDocumentId"])
    assert result.encode() == expected_report("acknowledgement", feed_id)
    assert sp_client.get_status(CANCELLED) == "Canceled"


def test_a_confirmed_shipment_changes_the_order(sp_client: SpDriver) -> None:
    assert sp_client.get_status(SHIPPED) == "Unshipped"
    package = a_package(sp_client.list_items(SHIPPED))
    sp_client.confirm(SHIPPED, package)
    assert sp_client.get_status(SHIPPED) == "Shipped"
    sp_client.confirm(SHIPPED, package)
    with pytest.raises(Exception, match="order already fulfilled"):
        sp_client.confirm(SHIPPED, package | {"packageReferenceId": "2"})


def test_the_program_that_serve_prints_runs_as_it_stands(plain_shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    installed("python-amazon-sp-api", "sp_api")
    _, *program = describe_sp_client(plain_shop.endpoint, LOCAL_SELLER)
    exec(dedent("\n".join(program)), {})
    assert capsys.readouterr().out.startswith("[")


@pytest.mark.parametrize("script", ["amazon-sp-api.mjs", "sp-api-sdk.mjs"])
def test_a_client_of_node_leads_the_same_life(plain_shop: Shop, application: Application, script: str) -> None:
    install_with_npm()
    told = {
        "feed": sample("acknowledgement").decode(),
        "feedType": ACKNOWLEDGEMENT,
        "orderId": SHIPPED,
        "package": a_package({}),
    }
    life = run_in_node(script, plain_shop.endpoint, application, told)
    assert life["result"].encode() == expected_report("acknowledgement", life["feedId"])
    orders_too = script == "amazon-sp-api.mjs"
    assert life["statuses"] == (["Unshipped", "Shipped"] if orders_too else [])
    assert life["refused"] == ("InvalidInput" if orders_too else "feeds (2021-06-30) error: Response code 404")
