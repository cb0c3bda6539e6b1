"""Answers fit Amazon's models. Whoever has a folder of them names it, and every answer of these tests is compared."""

import pytest

from feedproc.spapi.app import OPERATIONS
from tests.spapi import models
from tests.spapi.builders import SpShop
from tests.spapi.test_spapi_properties import ABOUT_NOBODYS, ELSEWHERE, LISTS, call_token, own_requests

if not models.load_models():
    pytest.skip(f"{models.FOLDER} names no folder of Amazon's models", allow_module_level=True)


def test_the_models_know_every_operation_that_is_served() -> None:
    assert {one.name for one in OPERATIONS} <= {one.name for one in models.load_models()}


def test_what_each_operation_answers_fits_its_model(sp: SpShop) -> None:
    """`SpShop.call` compares."""
    requests = own_requests(sp)
    for name, (method, path, body) in requests.items():
        assert sp.call(method, path, body, call_token(sp, None, name, method, path)).status_code < 300, name
    paths = {one.name: one.path for one in OPERATIONS}
    for name, query in LISTS.items():
        assert sp.call("GET", paths[name], token=call_token(sp, None, name), query=query).status_code == 200, name
    assert {one.name for one in OPERATIONS} == set(requests) | set(LISTS) | ABOUT_NOBODYS | ELSEWHERE


def test_a_notification_that_does_not_fit_is_told() -> None:
    for kind in ("FEED_PROCESSING_FINISHED", "REPORT_PROCESSING_FINISHED"):
        assert models.find_notice_faults({"notificationType": kind, "payload": {}})
    assert models.find_notice_faults({"NotificationType": "ORDER_CHANGE", "Payload": {}})


@pytest.mark.parametrize("body", [b'{"feeds": [{"feedId": 5}]}', b'{"feeds": [], "more": 1}', b'{"payload": []}'])
def test_an_answer_that_does_not_fit_is_told(body: bytes) -> None:
    assert models.find_faults("GET", "/feeds/2021-06-30/feeds", 200, body)
    assert models.find_faults("GET", "/feeds/2021-06-30/feeds", 204, b"") == ["getFeeds declares no status 204"]
