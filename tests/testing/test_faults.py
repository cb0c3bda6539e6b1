"""Faults: what a program meets when it is wanted to, and that the store is as true as what was answered."""

from contextlib import suppress
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import requests

from feedproc.control.faults import Fault, FeedFault, FeedTrouble, MessageFault, RequestFault, Trouble
from feedproc.feeds.submission import ProcessingStatus
from feedproc.mws.app import SECTIONS
from feedproc.spapi.app import OPERATIONS
from feedproc.testing import Feedproc
from feedproc.testing.clients import TEST_SELLER
from tests.clients.drivers import installed
from tests.testing.builders import ADJUSTMENT, list_statuses, submit

S = ProcessingStatus


def get_refunds(feedproc: Feedproc) -> list[int]:
    return [len(order.refunds) for order in feedproc.orders.list()]


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (RequestFault(what=Trouble.THROTTLE), 503, "RequestThrottled"),
        (RequestFault(what=Trouble.QUOTA), 503, "QuotaExceeded"),
        (RequestFault(what=Trouble.ERROR), 500, "InternalError"),
        (RequestFault(what=Trouble.ERROR, status=503), 503, "ServiceUnavailable"),
        (RequestFault(what=Trouble.REFUSE, code="InvalidFeedType"), 400, "InvalidFeedType"),
        (RequestFault(what=Trouble.REFUSE, code="OfYourOwn", status=418), 418, "OfYourOwn"),
        (RequestFault(what=Trouble.EXPIRE_TOKEN), 400, "RequestExpired"),
    ],
)
def test_a_refused_call_of_mws_is_told_in_amazons_form_and_does_nothing(
    feedproc: Feedproc, fault: Fault, status: int, code: str
) -> None:
    error: Any = installed("mws", "mws").MWSError
    feedproc.faults.add(fault)
    with pytest.raises(error) as caught:
        submit(feedproc)
    assert caught.value.response.status_code == status
    assert f"<Code>{code}</Code>" in caught.value.response.text
    assert len(feedproc.submissions) == 0
    assert submit(feedproc)


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (RequestFault(what=Trouble.THROTTLE), 429, "QuotaExceeded"),
        (RequestFault(what=Trouble.ERROR), 500, "InternalFailure"),
        (RequestFault(what=Trouble.ERROR, status=503), 503, "ServiceUnavailable"),
        (RequestFault(what=Trouble.REFUSE, code="NotFound"), 404, "NotFound"),
        (RequestFault(what=Trouble.EXPIRE_TOKEN), 403, "Unauthorized"),
    ],
)
def test_a_refused_call_of_sp_api_is_told_in_amazons_form(
    feedproc: Feedproc, fault: Fault, status: int, code: str
) -> None:
    feedproc.faults.add(fault)
    headers = {"x-amz-access-token": "any"}
    answer = requests.get(f"{feedproc.url}/sellers/v1/marketplaceParticipations", headers=headers, timeout=10)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (status, code)


def test_a_fault_meets_the_calls_that_it_names_and_no_more(feedproc: Feedproc) -> None:
    feedproc.faults.add(RequestFault(what=Trouble.THROTTLE, action="SubmitFeed", nth=2, times=2))
    told = []
    for _ in range(5):
        list_statuses(feedproc)
        try:
            submit(feedproc)
            told.append("taken")
        except installed("mws", "mws").MWSError:
            told.append("throttled")
    assert told == ["taken", "throttled", "throttled", "taken", "taken"]


@pytest.mark.parametrize(
    ("fault", "is_met"),
    [
        (RequestFault(what=Trouble.ERROR, protocol="mws", seller=TEST_SELLER.seller_id), True),
        (RequestFault(what=Trouble.ERROR, protocol="spapi"), False),
        (RequestFault(what=Trouble.ERROR, seller="A9SOMEBODYELSE"), False),
    ],
)
def test_a_fault_meets_the_protocol_and_the_seller_that_it_names(
    feedproc: Feedproc, fault: Fault, is_met: bool
) -> None:
    feedproc.faults.add(fault)
    submission_id = ""
    with suppress(installed("mws", "mws").MWSError):
        submission_id = submit(feedproc)
    assert (submission_id == "") is is_met
    assert feedproc.calls.last.fault == ("error" if is_met else "")


@pytest.mark.parametrize(("is_after", "taken"), [(False, 0), (True, 1)])
def test_a_connection_is_cut_before_or_after_the_effect(feedproc: Feedproc, is_after: bool, taken: int) -> None:
    feedproc.faults.cut("SubmitFeed", is_after=is_after)
    with pytest.raises(requests.exceptions.ConnectionError):
        submit(feedproc)
    assert len(feedproc.submissions) == taken
    assert (feedproc.calls.last.status, feedproc.calls.last.fault) == (0, "cut-after" if is_after else "cut-before")


def test_an_answer_is_truncated(feedproc: Feedproc) -> None:
    feedproc.faults.add_trouble(Trouble.TRUNCATE, "SubmitFeed")
    with pytest.raises(requests.exceptions.RequestException):
        submit(feedproc)
    assert len(feedproc.submissions) == 1


def test_a_report_comes_with_a_wrong_md5_once(feedproc: Feedproc) -> None:
    submission_id = submit(feedproc)
    feedproc.drain()
    feedproc.faults.add_trouble(Trouble.BREAK_MD5, "GetFeedSubmissionResult")
    client = feedproc.mws.client()
    broken, right = (client.get_feed_submission_result(submission_id).response for _ in range(2))
    assert broken.content == right.content
    assert broken.headers["Content-MD5"] != right.headers["Content-MD5"]


def test_an_answer_is_delayed(feedproc: Feedproc) -> None:
    feedproc.faults.delay(0.2, "SubmitFeed")
    submit(feedproc)
    assert feedproc.calls.last.seconds >= 0.2


@pytest.mark.parametrize("status", [one for one in S if one not in (S.DONE, S.CANCELLED)])
def test_a_feed_is_held_in_any_status_until_the_fault_is_removed(feedproc: Feedproc, status: S) -> None:
    fault = feedproc.faults.hold_feed(status)
    submit(feedproc)
    feedproc.drain()
    assert (list_statuses(feedproc), get_refunds(feedproc)) == ([f"_{status}_"], [0])
    feedproc.faults.remove(fault)
    feedproc.drain()
    assert (list_statuses(feedproc), get_refunds(feedproc)) == (["_DONE_"], [1])


@pytest.mark.parametrize(("what", "told"), [(FeedTrouble.CANCEL, "CANCELLED"), (FeedTrouble.FATAL, "FATAL")])
def test_a_feed_ends_without_any_effect(feedproc: Feedproc, what: FeedTrouble, told: str) -> None:
    installed("python-amazon-sp-api", "sp_api.api")
    feedproc.faults.end_feed(what, ADJUSTMENT)
    feed = feedproc.write_refund(feedproc.orders.add(shipped=True))
    feeds = feedproc.spapi.client("Feeds")
    _, created = feeds.submit_feed(ADJUSTMENT.strip("_"), BytesIO(feed), "text/xml")
    feedproc.drain()
    assert feeds.get_feed(created.payload["feedId"]).payload["processingStatus"] == told
    assert (get_refunds(feedproc), list(feedproc.mail)) == ([0], [])
    assert len(feedproc.notifications) == 1


def test_a_held_feed_holds_up_its_own_line_alone(feedproc: Feedproc) -> None:
    feedproc.faults.add(FeedFault(what=FeedTrouble.HOLD, status=S.IN_PROGRESS))
    submit(feedproc)
    submit(feedproc)
    order = feedproc.orders.list()[0].amazon_order_id
    feedproc.mws.client().submit_feed(f"TransactionId\t{order}\n".encode(), "_POST_FLAT_FILE_FULFILLMENT_DATA_")
    feedproc.drain()
    assert list_statuses(feedproc) == ["_DONE_", "_SUBMITTED_", "_IN_PROGRESS_"]


def test_a_delayed_feed_is_begun_when_its_time_has_come(feedproc: Feedproc) -> None:
    feedproc.clock.freeze()
    feedproc.faults.delay_feed(timedelta(minutes=10))
    submit(feedproc)
    feedproc.drain()
    before = list_statuses(feedproc)
    feedproc.clock.move(minutes=10)
    feedproc.drain()
    assert (before, list_statuses(feedproc)) == (["_SUBMITTED_"], ["_DONE_"])


@pytest.mark.parametrize("by", ["order_id", "sku"])
def test_a_message_fails_by_its_order_or_sku_and_changes_nothing(feedproc: Feedproc, by: str) -> None:
    good, bad = feedproc.orders.add("TOWEL-01", shipped=True), feedproc.orders.add("KETTLE-02", shipped=True)
    names = {"order_id": bad.amazon_order_id, "sku": "KETTLE-02"}
    feedproc.faults.add(MessageFault(**{by: names[by]}, code=18028, text="It cannot be refunded."))
    submit(feedproc, good, bad)
    feedproc.drain()
    (result,) = feedproc.submissions.list_results()
    assert (result.message_id, result.code, result.description) == ("2", 18028, "It cannot be refunded.")
    assert get_refunds(feedproc) == [1, 0]
    assert b"<ResultDescription>It cannot be refunded.</ResultDescription>" in feedproc.submissions.get_report()


def test_random_faults_are_the_same_for_the_same_seed(feedproc: Feedproc) -> None:
    told = []
    for _ in range(2):
        feedproc.reset()
        feedproc.faults.shake(7, 0.3, (Trouble.THROTTLE, Trouble.ERROR))
        told.append([requests.get(feedproc.url, timeout=10).status_code for _ in range(20)])
    assert told[0] == told[1]
    assert set(told[0]) == {200, 500, 503}


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (MessageFault(), "name the order or the SKU"),
        (RequestFault(what=Trouble.THROTTLE, nth=0), "both count from 1"),
        (RequestFault(what=Trouble.REFUSE), "name the code"),
        (FeedFault(what=FeedTrouble.HOLD, status=S.DONE), "has ended"),
        (FeedFault(what=FeedTrouble.DELAY, seconds=-1), "nothing happens before"),
        (RequestFault(what=Trouble.THROTTLE, action="SubmitFed"), "no action or operation 'SubmitFed'; did you mean"),
        (RequestFault(what=Trouble.THROTTLE, action="submitFeed"), "did you mean 'SubmitFeed'"),
        (RequestFault(what=Trouble.THROTTLE, action="createFeeds"), "did you mean 'createFeed'"),
        (RequestFault(what=Trouble.THROTTLE, action="uploads"), "did you mean 'upload'"),
        (RequestFault(what=Trouble.THROTTLE, protocol="spapi", action="SubmitFeed"), "no action of spapi 'SubmitFeed'"),
        (RequestFault(what=Trouble.THROTTLE, protocol="sp-api"), "no protocol 'sp-api'; did you mean 'spapi'"),
        (FeedFault(what=FeedTrouble.HOLD, feed_type="_POST_PAYMENT_ADJUSTMENT_"), "'POST_PAYMENT_ADJUSTMENT_DATA'"),
        (RequestFault(what=Trouble.THROTTLE, action="Nothing"), "it is spelled as Amazon spells it"),
    ],
)
def test_a_fault_that_can_never_happen_is_refused(feedproc: Feedproc, fault: Fault, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        feedproc.faults.add(fault)


def test_each_action_that_is_declared_can_be_named_and_so_can_reports(feedproc: Feedproc) -> None:
    declared = {name for section in SECTIONS for name in section.actions} | {one.name for one in OPERATIONS}
    for name in (*declared, "ping", "token", "upload", "download"):
        feedproc.faults.throttle(name)
    feedproc.faults.hold_feed(feed_type="GET_FLAT_FILE_ORDERS_DATA")
    assert len(feedproc.faults.list()) == len(declared) + 5 > 50


def test_a_reset_removes_faults(feedproc: Feedproc) -> None:
    feedproc.faults.throttle(times=None)
    feedproc.reset()
    assert submit(feedproc)
