"""The calls that the kit keeps: whose, which, with what, and how a test says what it expects."""

import json

import pytest

from feedproc.testing import Feedproc
from tests.clients.drivers import installed
from tests.testing.builders import ADJUSTMENT, submit


def test_a_call_tells_its_action_seller_parameters_and_answer(feedproc: Feedproc) -> None:
    submission_id = submit(feedproc)
    call = feedproc.calls.last
    assert (call.protocol, call.action, call.seller, call.status) == ("mws", "SubmitFeed", feedproc.mws.seller_id, 200)
    assert call.parameters["FeedType"] == ADJUSTMENT
    assert submission_id in call.response_text
    assert b"<AmazonEnvelope" in call.request_body


def test_a_call_of_sp_api_is_named_by_its_operation(feedproc: Feedproc) -> None:
    installed("python-amazon-sp-api", "sp_api.api")
    feedproc.spapi.client("Sellers").get_marketplace_participation()
    feedproc.calls.assert_sequence("getMarketplaceParticipations")
    assert feedproc.calls.last.seller == feedproc.spapi.seller_id


def test_no_secret_is_kept(feedproc: Feedproc) -> None:
    installed("python-amazon-sp-api", "sp_api.api")
    submit(feedproc)
    feedproc.spapi.client("Sellers").get_marketplace_participation()
    token = feedproc.spapi.fetch_token()
    kept = repr(list(feedproc.calls)) + feedproc.calls.export_har(feedproc.url)
    secrets = (feedproc.mws.secret_key, feedproc.mws.auth_token, feedproc.spapi.client_secret)
    assert [one for one in (*secrets, feedproc.spapi.refresh_token, token, "Atza|") if one in kept] == []
    assert feedproc.calls.list("SubmitFeed")[0].parameters["Signature"] == "(hidden)"


def test_an_assertion_lists_what_was_called_instead(feedproc: Feedproc) -> None:
    submit(feedproc)
    feedproc.calls.assert_made("SubmitFeed", times=1, parameters={"FeedType": ADJUSTMENT})
    with pytest.raises(AssertionError) as failed:
        feedproc.calls.assert_made("SubmitFeed", parameters={"FeedType": "_POST_ORDER_FULFILLMENT_DATA_"})
    assert "was to be called at least once, and was called 0 times" in str(failed.value)
    assert f"mws SubmitFeed 200; FeedType was '{ADJUSTMENT}'" in str(failed.value)


def test_a_sequence_that_differs_is_shown_line_by_line(feedproc: Feedproc) -> None:
    submit(feedproc)
    with pytest.raises(AssertionError, match=r"(?s)-GetFeedSubmissionList\n.*SubmitFeed"):
        feedproc.calls.assert_sequence("GetFeedSubmissionList", "SubmitFeed")
    with pytest.raises(AssertionError, match="were not to be made:\n  mws SubmitFeed 200"):
        feedproc.calls.assert_none("SubmitFeed")


def test_calls_are_exported_for_other_tools(feedproc: Feedproc) -> None:
    submit(feedproc)
    (entry,) = json.loads(feedproc.calls.export_har(feedproc.url))["log"]["entries"]
    assert entry["request"]["url"].startswith(f"{feedproc.url}/?")
    assert (entry["request"]["method"], entry["response"]["status"]) == ("POST", 200)
    assert "<AmazonEnvelope" in entry["request"]["postData"]["text"]


def test_what_is_no_call_at_all_is_kept_all_the_same(feedproc: Feedproc) -> None:
    import requests

    assert requests.get(f"{feedproc.url}/nowhere/2020-01-01?x=1", timeout=10).status_code == 403
    assert (feedproc.calls.last.action, feedproc.calls.last.url) == ("", "/nowhere/2020-01-01?x=1")


def test_a_reset_forgets_calls(feedproc: Feedproc) -> None:
    submit(feedproc)
    feedproc.reset()
    assert len(feedproc.calls) == 0
