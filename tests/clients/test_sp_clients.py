"""Real clients of SP-API lead an order's whole life.

Token, orders, feed, result, confirmed shipment, report, notification. Whoever has a folder of Amazon's models names it,
and every answer that a client gets is held against them.
"""

from collections.abc import Iterator
from textwrap import dedent
from typing import Any

import pytest
from msgspec.structs import replace

from feedproc.ports import Secret
from feedproc.serve.console import describe_sp_client
from feedproc.wiring.local_seller import LOCAL_SELLER
from tests.clients.drivers import installed
from tests.clients.shops import KitShop, Shop, expected_report, sample
from tests.clients.sp_drivers import (
    SP_DRIVERS,
    Application,
    SpDriver,
    a_package,
    install_with_npm,
    run_in_node,
    wait_for,
)
from tests.serve.builders import eventually
from tests.spapi import models

CANCELLED, SHIPPED = "250-1000002-0000002", "250-1000003-0000003"
ACKNOWLEDGEMENT = "POST_ORDER_ACKNOWLEDGEMENT_DATA"
ALL_ORDERS = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL"
TOLD = ("FEED_PROCESSING_FINISHED", "REPORT_PROCESSING_FINISHED", "ORDER_CHANGE")


@pytest.fixture(autouse=True)
def _every_answer_fits_its_model(plain_shop: KitShop) -> Iterator[None]:
    before = max((one.number for one in plain_shop.calls), default=0)
    yield
    mine = [one for one in plain_shop.calls if one.number > before and one.protocol == "spapi"]
    assert mine
    for one in mine:
        path = one.url.partition("?")[0]
        assert models.find_faults(one.method, path, one.status, one.response_body) == [], one


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


def test_a_report_tells_what_became_of_an_order(sp_client: SpDriver) -> None:
    sp_client.confirm(SHIPPED, a_package(sp_client.list_items(SHIPPED)))
    assert tell_statuses(sp_client.read_report(ALL_ORDERS), SHIPPED) == {"Shipped"}


def test_feed_report_and_order_are_told_to_a_queue(
    sp_client: SpDriver, plain_shop: KitShop, application: Application
) -> None:
    queue = f"arn:aws:sqs:us-east-1:123456789012:{application.seller_id}"
    sp_client.subscribe(queue, *TOLD)
    feed_id = sp_client.submit(sample("acknowledgement"), ACKNOWLEDGEMENT)
    sp_client.read_report(ALL_ORDERS)
    assert_all_told(plain_shop, queue, feed_id)


def tell_statuses(report: str, order_id: str) -> set[str]:
    """What a flat report says of the status of an order."""
    heading, *rows = (line.split("\t") for line in report.splitlines())
    return {row[heading.index("order-status")] for row in rows if order_id in row}


def assert_all_told(shop: KitShop, queue: str, feed_id: str) -> None:
    """A feed's end, a report's and the change of the order that the feed cancelled came to a queue."""
    wait_for(lambda: {name_notice(one) for one in shop.list_notices(queue)} >= set(TOLD))
    notices = shop.list_notices(queue)
    finished, made, changes = ([tell_payload(one) for one in notices if name_notice(one) == kind] for kind in TOLD)
    assert [one["feedProcessingFinishedNotification"]["feedId"] for one in finished] == [feed_id]
    assert [one["reportProcessingFinishedNotification"]["processingStatus"] for one in made] == ["DONE"]
    changed = {one["AmazonOrderId"]: one for one in (one["OrderChangeNotification"] for one in changes)}
    assert changed[CANCELLED]["Summary"]["OrderStatus"] == "Canceled"
    assert [fault for one in notices for fault in models.find_notice_faults(one)] == []


def tell_payload(notice: dict[str, Any]) -> Any:
    return notice.get("payload") or notice["Payload"]


def name_notice(notice: dict[str, Any]) -> str:
    return str(notice.get("notificationType") or notice["NotificationType"])


def test_the_program_that_serve_prints_runs_as_it_stands(plain_shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    installed("python-amazon-sp-api", "sp_api")
    _, *program = describe_sp_client(plain_shop.endpoint, LOCAL_SELLER)
    exec(dedent("\n".join(program)), {})
    assert capsys.readouterr().out.startswith("[")


@pytest.fixture(scope="session")
def _node_clients() -> None:
    """Skip before anything is asked, where they are not there."""
    install_with_npm()


@pytest.mark.usefixtures("_node_clients")
@pytest.mark.parametrize("script", ["amazon-sp-api.mjs", "sp-api-sdk.mjs"])
def test_a_client_of_node_leads_the_same_life(plain_shop: KitShop, application: Application, script: str) -> None:
    queue = f"arn:aws:sqs:us-east-1:123456789012:{application.seller_id}"
    told = {
        "feed": sample("acknowledgement").decode(),
        "feedType": ACKNOWLEDGEMENT,
        "reportType": ALL_ORDERS,
        "notificationTypes": TOLD,
        "arn": queue,
        "orderId": SHIPPED,
        "package": a_package({}),
    }
    life = run_in_node(script, plain_shop.endpoint, application, told)
    assert {CANCELLED, SHIPPED} <= set(life["orders"])
    assert life["result"].encode() == expected_report("acknowledgement", life["feedId"])
    assert (life["statuses"], life["refused"]) == (["Unshipped", "Shipped"], "InvalidInput")
    assert tell_statuses(life["report"], SHIPPED) == {"Shipped"}
    assert tell_statuses(life["report"], CANCELLED) == {"Cancelled"}
    assert_all_told(plain_shop, queue, life["feedId"])
