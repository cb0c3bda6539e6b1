"""Requests for reports stand among submissions (port `Submissions`), and apart from feeds."""

from datetime import timedelta

from msgspec.structs import replace

from feedproc.feeds.submission import FeedSubmission, NewSubmission, ProcessingStatus, ReportAsk, SubmissionKind
from feedproc.ports import Backend, Filter
from tests.builders import ACKNOWLEDGEMENT, LEASE, NOON, OTHER_SELLER, SELLER
from tests.ports.conftest import Store

ORDERS = "GET_FLAT_FILE_ORDERS_DATA"
REQUESTS = SubmissionKind.REPORT_REQUEST


def asked(backend: Backend, seller_id: str = SELLER, report_type: str = ORDERS) -> FeedSubmission:
    return backend.submissions.add(
        NewSubmission(
            seller_id=seller_id,
            feed_type=report_type,
            document="",
            size=0,
            submitted_at=NOON,
            asked=ReportAsk(start=NOON - timedelta(days=1), end=NOON, options={"ShowSalesChannel": "true"}),
        )
    )


def fed(backend: Backend) -> FeedSubmission:
    return backend.submissions.add(
        NewSubmission(seller_id=SELLER, feed_type=ACKNOWLEDGEMENT, document="0" * 32, size=7, submitted_at=NOON)
    )


def done(backend: Backend, one: FeedSubmission, report: str | None = "1" * 32) -> FeedSubmission:
    claim = backend.submissions.claim(SELLER, one.submission_id, "w", NOON, LEASE)
    assert claim is not None
    ended = replace(one, status=ProcessingStatus.DONE, report=report, completed_at=NOON)
    backend.submissions.finish(claim, ended, [])
    return ended


def test_a_request_has_its_id_from_the_counter_of_feeds(backend: Backend) -> None:
    ids = [fed(backend).submission_id, asked(backend).submission_id, fed(backend).submission_id]
    assert ids == ["50001019786", "50002019786", "50003019786"]


def test_a_request_outlives_the_process_with_all_that_was_asked(store: Store) -> None:
    request = asked(store.backend)
    assert store.reopened().submissions.get(SELLER, request.submission_id) == request


def test_feeds_and_requests_are_found_apart_and_together(backend: Backend) -> None:
    feed, request = fed(backend), asked(backend)
    find = backend.submissions.find
    assert find(SELLER, Filter(), 9) == [feed]
    assert find(SELLER, Filter(kind=REQUESTS), 9) == [request]
    assert find(SELLER, Filter(kind=None), 9) == [request, feed]
    assert find(OTHER_SELLER, Filter(kind=REQUESTS), 9) == []
    assert [backend.submissions.count(SELLER, Filter(kind=one)) for one in (REQUESTS, None)] == [1, 2]


def test_an_id_finds_only_what_is_of_the_kind_that_is_looked_for(backend: Backend) -> None:
    feed, request = fed(backend), asked(backend)
    ids = (feed.submission_id, request.submission_id)
    assert backend.submissions.find(SELLER, Filter(submission_ids=ids), 9) == [feed]
    assert backend.submissions.find(SELLER, Filter(submission_ids=ids, kind=REQUESTS), 9) == [request]


def test_requests_are_found_by_type_and_status(store: Store) -> None:
    store.join("w")
    first, second = asked(store.backend), asked(store.backend, report_type="GET_ORDERS_DATA")
    ended = done(store.backend, first)
    find = store.backend.submissions.find
    assert find(SELLER, Filter(kind=REQUESTS, feed_types=("GET_ORDERS_DATA",)), 9) == [second]
    assert find(SELLER, Filter(kind=REQUESTS, statuses=(ProcessingStatus.DONE,)), 9) == [ended]
    assert find(SELLER, Filter(kind=REQUESTS, statuses=(ProcessingStatus.SUBMITTED,)), 9) == [second]


def test_a_request_does_not_wait_for_feeds(store: Store) -> None:
    store.join("w")
    fed(store.backend)
    request = asked(store.backend)
    assert store.backend.submissions.claim(SELLER, request.submission_id, "w", NOON, LEASE)


def test_an_acknowledgement_stays_until_it_is_taken_back(store: Store) -> None:
    store.join("w")
    ended = done(store.backend, asked(store.backend))
    submissions = store.backend.submissions
    assert submissions.acknowledge(SELLER, ended.submission_id, NOON) == replace(ended, acknowledged_at=NOON)
    assert store.reopened().submissions.get(SELLER, ended.submission_id) == replace(ended, acknowledged_at=NOON)
    assert submissions.acknowledge(SELLER, ended.submission_id, None) == ended


def test_what_has_no_report_or_is_anothers_cannot_be_acknowledged(store: Store) -> None:
    store.join("w")
    empty = done(store.backend, asked(store.backend), report=None)
    waiting = asked(store.backend)
    submissions = store.backend.submissions
    for seller_id, name in ((SELLER, empty.submission_id), (SELLER, waiting.submission_id), (SELLER, "1")):
        assert submissions.acknowledge(seller_id, name, NOON) is None
    ended = done(store.backend, waiting)
    assert submissions.acknowledge(OTHER_SELLER, ended.submission_id, NOON) is None
