"""Unmodified clients of SP-API, each behind the same few words. They are pointed at a server as their users would."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit

import pytest
import requests

from tests.clients.drivers import installed
from tests.serve.builders import eventually

JAPAN = "A1VC38T7YXB528"
XML = "text/xml; charset=UTF-8"
SINCE = "2020-01-01T00:00:00Z"
NPM = Path(__file__).parent / "npm"


class Application(NamedTuple):
    """What a user types into a client."""

    seller_id: str
    client_id: str
    client_secret: str
    refresh_token: str


class SpDriver(Protocol):
    """What every client can do."""

    def list_orders(self) -> list[str]: ...

    def list_items(self, order_id: str) -> dict[str, int]:
        """Units ordered, by item."""

    def get_status(self, order_id: str) -> str: ...

    def submit(self, feed: bytes, feed_type: str) -> str: ...

    def get_feed(self, feed_id: str) -> Mapping[str, Any]: ...

    def read_result(self, document_id: str) -> str: ...

    def confirm(self, order_id: str, package: Mapping[str, Any]) -> None: ...

    def read_report(self, report_type: str) -> str:
        """Ask for a report of all orders, wait for it, and read it."""

    def subscribe(self, arn: str, *kinds: str) -> None:
        """Ask for notifications, all to one queue."""


class PythonAmazonSpApi:
    """python-amazon-sp-api, with a marketplace of one's own."""

    package = "python-amazon-sp-api"

    def __init__(self, endpoint: str, application: Application) -> None:
        api, base = installed(self.package, "sp_api.api"), installed(self.package, "sp_api.base")
        local = {"scheme": "http://", "host": urlsplit(endpoint).netloc}
        given: dict[str, Any] = {
            "marketplace": SimpleNamespace(endpoint=endpoint, marketplace_id=JAPAN, region="us-west-2"),
            "auth_token_client_class": type("LocalTokens", (base.AccessTokenClient,), local),
            "refresh_token": application.refresh_token,
            "credentials": {
                "lwa_app_id": application.client_id,
                "lwa_client_secret": application.client_secret,
                "refresh_token": application.refresh_token,
            },
        }
        orders, feeds = installed(self.package, "sp_api.api.orders.orders_v0"), api.FeedsV20210630
        self.orders, self.feeds = orders.OrdersV0(**given), feeds(**given)
        self.reports, self.notifications = api.Reports(**given), api.Notifications(**given)

    def list_orders(self) -> list[str]:
        found = self.orders.get_orders(CreatedAfter=SINCE).payload["Orders"]
        return [one["AmazonOrderId"] for one in found]

    def list_items(self, order_id: str) -> dict[str, int]:
        found = self.orders.get_order_items(order_id).payload["OrderItems"]
        return {one["OrderItemId"]: one["QuantityOrdered"] for one in found}

    def get_status(self, order_id: str) -> str:
        return self.orders.get_order(order_id).payload["OrderStatus"]

    def submit(self, feed: bytes, feed_type: str) -> str:
        _, made = self.feeds.submit_feed(feed_type, BytesIO(feed), XML)
        return made.payload["feedId"]

    def get_feed(self, feed_id: str) -> Mapping[str, Any]:
        return self.feeds.get_feed(feed_id).payload

    def read_result(self, document_id: str) -> str:
        return self.feeds.get_feed_document(document_id)

    def confirm(self, order_id: str, package: Mapping[str, Any]) -> None:
        self.orders.confirm_shipment(order_id, marketplaceId=JAPAN, packageDetail=package)

    def read_report(self, report_type: str) -> str:
        asked = {"reportType": report_type, "dataStartTime": SINCE, "marketplaceIds": [JAPAN]}
        report_id = self.reports.create_report(**asked).payload["reportId"]
        document_id = wait_for(lambda: self.reports.get_report(report_id).payload.get("reportDocumentId"))
        return self.reports.get_report_document(document_id, download=True).payload["document"]

    def subscribe(self, arn: str, *kinds: str) -> None:
        made = self.notifications.create_destination(name="tests", arn=arn).payload
        for kind in kinds:
            self.notifications.create_subscription(kind, destination_id=made["destinationId"])


class AmznSpApi:
    """amzn-sp-api, Amazon's own for Python; documents are moved by whatever its user likes."""

    package = "amzn-sp-api"

    def __init__(self, endpoint: str, application: Application) -> None:
        self.spapi = installed(self.package, "spapi")
        self._endpoint, self._application = endpoint, application
        api = self._connect(refresh_token=application.refresh_token)
        self.orders, self.feeds = self.spapi.OrdersV0Api(api), self.spapi.FeedsApi(api)
        self.reports, self.notifications = self.spapi.ReportsApi(api), self.spapi.NotificationsApi(api)

    def list_orders(self) -> list[str]:
        found = self.orders.get_orders([JAPAN], created_after=SINCE)
        return [one.amazon_order_id for one in found.payload.orders]

    def list_items(self, order_id: str) -> dict[str, int]:
        found = self.orders.get_order_items(order_id).payload.order_items
        return {one.order_item_id: one.quantity_ordered for one in found}

    def get_status(self, order_id: str) -> str:
        return self.orders.get_order(order_id).payload.order_status

    def submit(self, feed: bytes, feed_type: str) -> str:
        document = self.make_document()
        put = requests.put(document.url, data=feed, headers={"Content-Type": XML}, timeout=30)
        assert put.status_code == 200
        return self.submit_uploaded(document.feed_document_id, feed_type)

    def make_document(self) -> Any:
        """Where a feed is to be put: its id and its address."""
        return self.feeds.create_feed_document({"contentType": XML})

    def submit_uploaded(self, document_id: str, feed_type: str) -> str:
        body = {"feedType": feed_type, "marketplaceIds": [JAPAN], "inputFeedDocumentId": document_id}
        return self.feeds.create_feed(body).feed_id

    def get_feed(self, feed_id: str) -> Mapping[str, Any]:
        feed = self.feeds.get_feed(feed_id)
        told = {"processingStatus": feed.processing_status, "resultFeedDocumentId": feed.result_feed_document_id}
        return {name: value for name, value in told.items() if value is not None}

    def read_result(self, document_id: str) -> str:
        return requests.get(self.feeds.get_feed_document(document_id).url, timeout=30).text

    def confirm(self, order_id: str, package: Mapping[str, Any]) -> None:
        self.orders.confirm_shipment(order_id, {"marketplaceId": JAPAN, "packageDetail": package})

    def read_report(self, report_type: str) -> str:
        body = {"reportType": report_type, "dataStartTime": SINCE, "marketplaceIds": [JAPAN]}
        report_id = self.reports.create_report(body).report_id
        document_id = wait_for(lambda: self.reports.get_report(report_id).report_document_id)
        return requests.get(self.reports.get_report_document(document_id).url, timeout=30).text

    def subscribe(self, arn: str, *kinds: str) -> None:
        destinations = self.spapi.NotificationsApi(self._connect(scope="sellingpartnerapi::notifications"))
        body = {"name": "tests", "resourceSpecification": {"sqs": {"arn": arn}}}
        made = destinations.create_destination(body).payload
        for kind in kinds:
            body = {"payloadVersion": "1.0", "destinationId": made.destination_id}
            self.notifications.create_subscription(kind, body)

    def _connect(self, **grant: str) -> Any:
        """What its APIs work with: with the seller's token, or with one of a scope."""
        keys = {"client_id": self._application.client_id, "client_secret": self._application.client_secret}
        config = self.spapi.SPAPIConfig(region="FE", **keys, **grant)
        token_address = f"{self._endpoint}/auth/o2/token"
        return self.spapi.SPAPIClient(config, oauth_endpoint=token_address, endpoint=self._endpoint).api_client


SP_DRIVERS = [PythonAmazonSpApi, AmznSpApi]


def a_package(items: dict[str, int]) -> dict[str, Any]:
    """What confirmShipment is told of a package with these units, by item."""
    return {
        "packageReferenceId": "1",
        "carrierCode": "YAMATO",
        "shippingMethod": "宅急便",
        "trackingNumber": "123456789012",
        "shipDate": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "orderItems": [{"orderItemId": code, "quantity": units} for code, units in items.items()],
    }


def wait_for(look: Callable[[], Any]) -> Any:
    """What is found once it is there."""
    found: Any = None

    def is_there() -> bool:
        nonlocal found
        found = look()
        return bool(found)

    assert eventually(is_there)
    return found


def run_in_node(script: str, endpoint: str, application: Application, told: Mapping[str, Any]) -> Any:
    """Run a script beside this file, with the clients of `package.json`; return the JSON that it prints."""
    try:
        ran = subprocess.run(
            ["node", str(NPM / script)],
            input=json.dumps({"endpoint": endpoint, **application._asdict(), **told}),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    except FileNotFoundError:
        miss("node")
    assert ran.returncode == 0, ran.stderr[-4000:]
    return json.loads(ran.stdout)


def install_with_npm() -> None:
    """Install the clients that `package.json` names, unless they are there."""
    wanted = json.loads((NPM / "package.json").read_text(encoding="utf-8"))["dependencies"]
    if all((NPM / "node_modules" / name).exists() for name in wanted):
        return
    npm = shutil.which("npm")
    if npm is None or not os.environ.get("CI"):
        miss(f"clients of Node; `npm install` in {NPM} brings them")
    quiet = ("--no-audit", "--no-fund", "--no-package-lock")
    subprocess.run([str(npm), "install", *quiet], cwd=NPM, timeout=300, check=True)


def miss(what: str) -> None:
    """Skip a test without what it needs, except in continuous integration."""
    if os.environ.get("CI"):
        pytest.fail(f"missing: {what}")
    pytest.skip(f"missing: {what}")
