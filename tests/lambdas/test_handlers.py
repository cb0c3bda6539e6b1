"""The handlers that `serverless.yml` names, as a container runs them: over AWS, which moto plays."""

import gc
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.session import Session

from feedproc import settings
from feedproc.lambdas import api, container, dead_letter, outbox, worker
from feedproc.orders.order import OrderStatus
from feedproc.wiring.aws import open_aws
from feedproc.wiring.clock import read_clock
from tests.aws.cloud import a_cloud
from tests.builders import ACKNOWLEDGEMENT, SELLER, a_feed, a_seller, an_order, cancels, hand_in, order_id
from tests.lambdas.builders import Context, an_event

CACHED = (
    container.get_settings,
    container.get_machine,
    api._get_handler,
    container.get_queue,
    outbox._get_outgoing,
    worker._tune,
)


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An account with a seller and an order, and functions that know of it by their environment alone."""
    with a_cloud() as aws:
        for name, value in {**settings.as_environment(aws), "FEEDPROC_MAIL_FROM": "shop@example.com"}.items():
            monkeypatch.setenv(name, value)
        for cached in CACHED:
            cached.cache_clear()
        opened = open_aws(aws)
        opened.sellers.add(a_seller())
        opened.orders.load(SELLER, [an_order(1)])
        yield opened
    for cached in CACHED:
        cached.cache_clear()


def submitted(backend: Any) -> dict[str, Any]:
    """The delivery of a feed that cancels the order."""
    made = hand_in(backend, io.BytesIO(a_feed(cancels(1))), SELLER, ACKNOWLEDGEMENT, read_clock())
    told = {"seller_id": SELLER, "submission_id": made.submission_id, "feed_type": ACKNOWLEDGEMENT}
    return {"Records": [an_event("sqs_fifo_record") | {"body": json.dumps(told)}]}


def test_api_answers(backend: Any) -> None:
    assert api.handler(an_event("http_api"), Context())["statusCode"] == 200


def test_worker_processes_what_is_delivered(backend: Any) -> None:
    assert worker.handler(submitted(backend), Context()) == {"batchItemFailures": []}
    assert backend.orders.get(SELLER, order_id(1)).status is OrderStatus.CANCELED


def test_worker_looks_for_garbage_as_rarely_as_those_of_a_server(backend: Any) -> None:
    gc.set_threshold(700)
    worker.handler(submitted(backend), Context())
    assert gc.get_threshold()[0] > 7_000


def test_dead_letter_ends_what_is_delivered(backend: Any) -> None:
    event = submitted(backend)
    assert dead_letter.handler(event, Context()) == {"batchItemFailures": []}
    assert backend.orders.get(SELLER, order_id(1)).status is OrderStatus.UNSHIPPED


def test_outbox_sends(backend: Any) -> None:
    worker.handler(submitted(backend), Context())
    assert outbox.handler(an_event("schedule"), Context(55_000))["sent"] == 2


def find_loaded(*statements: str) -> list[str]:
    """The modules of a new process that ran some statements."""
    lines = [*statements, "import sys", "print(*sys.modules)"]
    return subprocess.run(
        [sys.executable, "-c", "; ".join(lines)], capture_output=True, text=True, check=True
    ).stdout.split()


@pytest.mark.parametrize("function", ["api", "worker", "dead_letter", "outbox"])
def test_what_speaks_to_aws_is_loaded_before_the_first_event(function: str) -> None:
    assert "botocore.client" in find_loaded(f"import feedproc.lambdas.{function}")


def test_what_letters_and_notifications_need_is_loaded_before_the_first_of_them() -> None:
    assert {"jinja2", "lxml.etree"} <= {*find_loaded("import feedproc.lambdas.outbox")}


def test_a_function_that_reads_no_feed_loads_nothing_that_does(backend: Any) -> None:
    loaded = find_loaded("from feedproc.lambdas import container, dead_letter", "container.get_machine()")
    assert "feedproc.aws.submissions.submissions" in loaded
    assert not {"lxml.etree", "feedproc.formats", "feedproc.feedtypes.catalogue"} & {*loaded}


def test_what_waits_to_be_told_is_looked_for_without_what_reads_feeds() -> None:
    assert "lxml.etree" not in find_loaded("import feedproc.mws.notification, feedproc.spapi.notifications.messages")


def test_clients_are_made_once_a_container(backend: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    create = Session.create_client

    def noted(session: Session, service_name: str, *arguments: Any, **named: Any) -> Any:
        made.append(service_name)
        return create(session, service_name, *arguments, **named)

    monkeypatch.setattr(Session, "create_client", noted)
    for _ in range(3):
        worker.handler(submitted(backend), Context())
    assert len(made) == len(set(made))
