"""Answers fit Amazon's models. Whoever has a folder of them names it, and every answer of these tests is compared."""

import pytest

from feedproc.spapi.app import OPERATIONS
from tests.spapi import models
from tests.spapi.builders import SpShop
from tests.spapi.test_spapi_properties import call_token, lists, of_nobody, own_requests

if not models.load_models():
    pytest.skip(f"{models.FOLDER} names no folder of Amazon's models", allow_module_level=True)


def test_the_models_know_every_operation_that_is_served() -> None:
    assert {one.name for one in OPERATIONS} <= {one.name for one in models.load_models()}


def test_what_each_operation_answers_fits_its_model(sp: SpShop) -> None:
    """`SpShop.call` compares."""
    asked = own_requests(sp) | of_nobody()
    for operation, (method, path, body) in asked.items():
        assert sp.call(method, path, body, call_token(sp, None, operation, path)).status_code < 300, path
    for operation, query in lists().items():
        answer = sp.call("GET", operation.path, token=call_token(sp, None, operation), query=query)
        assert answer.status_code == 200, operation.path
    assert set(asked) | set(lists()) == set(OPERATIONS)


def test_a_notification_that_does_not_fit_is_told() -> None:
    for kind in ("FEED_PROCESSING_FINISHED", "REPORT_PROCESSING_FINISHED"):
        assert models.find_notice_faults({"notificationType": kind, "payload": {}})
    assert models.find_notice_faults({"NotificationType": "ORDER_CHANGE", "Payload": {}})


@pytest.mark.parametrize("body", [b'{"feeds": [{"feedId": 5}]}', b'{"feeds": [], "more": 1}', b'{"payload": []}'])
def test_an_answer_that_does_not_fit_is_told(body: bytes) -> None:
    assert models.find_faults("GET", "/feeds/2021-06-30/feeds", 200, body)
    assert models.find_faults("GET", "/feeds/2021-06-30/feeds", 204, b"") == ["getFeeds declares no status 204"]
