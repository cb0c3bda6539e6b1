"""Reports are produced by workers as feeds are processed: claimed, taken up again, one document each."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from feedproc.errors import ReportGone, ReportNotReady, ReportRequestUnknown, ReportTypeUnknown, SubmissionUnknown
from feedproc.feeds.report_request import ReportStatus
from feedproc.feeds.report_schedule import ReportSchedule
from feedproc.ports import Filter, OutboxKind, Waiting
from feedproc.reporttypes.catalogue import load_report_types
from feedproc.services.process.pick import process_next
from feedproc.services.process.process import process
from feedproc.services.process.processing import Claimed, Policy
from feedproc.services.read.submissions import get_submission
from feedproc.services.reports.requests import (
    ReportFilter,
    acknowledge_reports,
    cancel_requests,
    get_request,
    list_reports,
    list_requests,
    open_requested,
)
from feedproc.services.reports.schedules import request_due, set_schedule
from tests.builders import OTHER_SELLER, SELLER, a_seller
from tests.reporttypes.builders import BOUGHT, Shop, towels
from tests.services.faults import BrokeDown, Fuse, Wrapped, breaking

ORDERS, PENDING = "GET_FLAT_FILE_ORDERS_DATA", "GET_FLAT_FILE_PENDING_ORDERS_DATA"
XML = "GET_ORDERS_DATA"
IN_PARTS = Policy(orders_a_part=2)


def a_shop(orders: int = 1, policy: Policy | None = None) -> Shop:
    shop = Shop(policy=policy or Policy())
    shop.load(*(towels(amazon_order_id=f"250-0000000-{number:07d}") for number in range(orders)))
    return shop


def test_a_report_without_orders_is_done_without_data_and_leaves_no_document() -> None:
    shop = a_shop(0)
    request = shop.produce(ORDERS)
    assert (request.status, request.report_id) == (ReportStatus.DONE_NO_DATA, None)
    assert not shop.store.documents
    with pytest.raises(ReportNotReady):
        open_requested(shop.backend.submissions, shop.backend.documents, SELLER, request.request_id)


def test_a_report_of_many_pages_tells_each_order_once() -> None:
    shop = a_shop(1_234)
    ids = [row["order-id"] for row in shop.rows(ORDERS)]
    assert ids == [f"250-0000000-{number:07d}" for number in range(1_234)]


@pytest.mark.parametrize("takes_effect", [False, True])
def test_wherever_a_worker_dies_there_is_one_report_in_the_end(takes_effect: bool) -> None:
    whole = a_shop(5).read(ORDERS)
    for calls in range(1, 60):
        shop = a_shop(5, IN_PARTS)
        request = shop.ask(ORDERS)
        dying = shop.processing("dying")._replace(backend=breaking(shop.backend, Fuse(calls, takes_effect)))
        try:
            process_next(dying)
        except BrokeDown:
            shop.now += timedelta(minutes=2)
        while process_next(shop.processing("next")):
            pass
        done = get_request(shop.backend.submissions, SELLER, request.request_id)
        assert shop.store.documents[done.document or ""] == whole


def test_who_takes_a_report_up_again_goes_on_behind_what_was_kept() -> None:
    shop = a_shop(5, IN_PARTS)
    request = shop.ask(ORDERS)
    keeping_one = Wrapped(shop.backend.batches, Fuse(1, takes_effect=False).around)
    with pytest.raises(BrokeDown):
        process_next(shop.processing("dying")._replace(backend=shop.backend._replace(batches=keeping_one)))
    (item,) = towels().items
    renamed = (replace(item, title="Renamed"),)
    shop.load(*(towels(amazon_order_id=f"250-0000000-{number:07d}", items=renamed) for number in (0, 2)))
    process_next(shop.processing("next"))
    _, report = open_requested(shop.backend.submissions, shop.backend.documents, SELLER, request.request_id)
    told = [line.split("\t")[8] for line in report.read().decode("cp932").splitlines()[1:]]
    assert told == ["タオル", "タオル", "Renamed", "タオル", "タオル"]


def test_of_a_report_that_was_written_in_parts_one_document_is_left() -> None:
    shop = a_shop(5, IN_PARTS)
    assert len(shop.rows(ORDERS)) == 5
    assert len(shop.store.documents) == 1


def test_parts_in_which_nothing_is_told_leave_no_document() -> None:
    shop = Shop(policy=IN_PARTS)
    shop.load(*(towels(amazon_order_id=f"250-0000000-{n:07d}", fulfilled_by_amazon=True) for n in range(5)))
    assert shop.produce(ORDERS).status is ReportStatus.DONE_NO_DATA
    assert not shop.store.documents


def test_a_worker_whose_time_is_up_leaves_the_report_to_the_next() -> None:
    shop = a_shop(3)
    request = shop.ask(ORDERS)
    waiting = Waiting(SELLER, request.request_id)
    assert process(shop.processing(), waiting, until=shop.now) is Claimed.OUT_OF_TIME
    assert process(shop.processing("next"), waiting) is Claimed.FINISHED
    assert len(shop.store.documents) == 1


def test_a_request_that_nobody_has_begun_can_be_cancelled() -> None:
    shop = a_shop()
    done, waiting = shop.produce(ORDERS), shop.ask(ORDERS)
    count, told = cancel_requests(shop.backend.submissions, SELLER, ReportFilter(), shop.now)
    assert count == 2
    assert [one.status for one in told] == [ReportStatus.CANCELLED, ReportStatus.DONE]
    assert not process_next(shop.processing())
    assert [one.request_id for one in told] == [waiting.request_id, done.request_id]


def test_requests_are_listed_by_what_became_of_them() -> None:
    shop = a_shop()
    empty, full = shop.produce(PENDING), shop.produce(ORDERS)
    submissions = shop.backend.submissions
    for status, expected in ((ReportStatus.DONE, full), (ReportStatus.DONE_NO_DATA, empty)):
        page = list_requests(submissions, SELLER, ReportFilter(statuses=(status,)), 9)
        assert list(page.requests) == [expected]
    assert list_requests(submissions, SELLER, ReportFilter(), 1).has_next


def test_acknowledged_reports_are_told_apart() -> None:
    shop = a_shop()
    first, second = shop.produce(ORDERS), shop.produce(ORDERS)
    submissions = shop.backend.submissions
    acknowledge_reports(submissions, SELLER, [first.report_id or ""], shop.now)
    for told, expected in ((True, first), (False, second)):
        page = list_reports(submissions, SELLER, ReportFilter(is_acknowledged=told), 9)
        assert [one.report_id for one in page.reports] == [expected.report_id]


def test_another_sellers_requests_and_reports_are_unknown() -> None:
    shop = a_shop()
    request = shop.produce(ORDERS)
    shop.backend.sellers.add(a_seller(OTHER_SELLER))
    submissions = shop.backend.submissions
    with pytest.raises(ReportRequestUnknown):
        get_request(submissions, OTHER_SELLER, request.request_id)
    with pytest.raises(ReportRequestUnknown):
        list_requests(submissions, OTHER_SELLER, ReportFilter(request_ids=(request.request_id,)), 9)
    assert not list_reports(submissions, OTHER_SELLER, ReportFilter(), 9).reports


def test_a_request_for_a_report_is_no_feed() -> None:
    shop = a_shop()
    request = shop.produce(ORDERS)
    assert not shop.backend.submissions.find(SELLER, Filter(), 9)
    with pytest.raises(SubmissionUnknown):
        get_submission(shop.backend.submissions, SELLER, request.request_id)
    assert [one.kind for one in shop.backend.outbox.list_waiting(9)] == [OutboxKind.REPORT_FINISHED]


def test_a_report_whose_document_is_gone_is_gone() -> None:
    shop = a_shop()
    request = shop.produce(ORDERS)
    shop.backend.documents.delete(request.document or "")
    with pytest.raises(ReportGone):
        open_requested(shop.backend.submissions, shop.backend.documents, SELLER, request.request_id)


@pytest.mark.parametrize("name", ["GET_NOTHING_DATA", XML, "POST_ORDER_ACKNOWLEDGEMENT_DATA"])
def test_what_is_no_type_or_comes_by_schedule_alone_cannot_be_requested(name: str) -> None:
    with pytest.raises(ReportTypeUnknown, match=name):
        a_shop().ask(name)


def test_sp_apis_name_asks_for_the_same_report_and_is_remembered() -> None:
    request = a_shop().produce("GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING")
    assert (request.report_type, request.status) == (ORDERS, ReportStatus.DONE)
    assert request.asked.spelled_type == "GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING"


HOUR, STEP = timedelta(hours=1), timedelta(microseconds=1)


def scheduled(shop: Shop, report_type: str = ORDERS) -> None:
    schedule = ReportSchedule(
        seller_id=SELLER, report_type=report_type, interval=HOUR, next_at=shop.now, schedule_id="7"
    )
    set_schedule(shop.backend.schedules, load_report_types(), schedule)


def due(shop: Shop) -> list[tuple[object, object]]:
    """Windows of what a look asks for now, oldest first."""
    request_due(shop.backend, load_report_types(), shop.now)
    found = list_requests(shop.backend.submissions, SELLER, ReportFilter(), 99).requests
    return [(one.asked.start, one.asked.end) for one in reversed(found)]


def test_a_schedule_asks_for_what_has_happened_since_it_asked_last() -> None:
    shop = a_shop()
    scheduled(shop)
    begin = shop.now
    assert due(shop) == [(begin - HOUR, begin)]
    assert due(shop) == [(begin - HOUR, begin)]
    shop.now += HOUR + timedelta(minutes=1)
    assert due(shop)[1:] == [(begin + STEP, begin + HOUR)]


def test_a_schedule_that_was_missed_asks_once_for_all_of_it() -> None:
    shop = a_shop()
    scheduled(shop)
    begin = shop.now
    due(shop)
    shop.now += 5 * HOUR
    assert due(shop)[1:] == [(begin + STEP, begin + 5 * HOUR)]


def test_who_dies_between_asking_and_noting_asks_once_all_the_same() -> None:
    shop = a_shop()
    scheduled(shop)
    for calls in range(6):
        for takes_effect in (False, True):
            broken = breaking(shop.backend, Fuse(calls, takes_effect))
            try:
                request_due(broken, load_report_types(), shop.now)
            except BrokeDown:
                continue
    assert len(due(shop)) == 1


def test_orders_are_scheduled_in_one_form_at_a_time() -> None:
    shop = a_shop()
    for name in (ORDERS, PENDING, XML):
        scheduled(shop, name)
    kept = [one.report_type for one in shop.backend.schedules.list_schedules(SELLER)]
    assert kept == [PENDING, XML]
    assert shop.now > BOUGHT
    with pytest.raises(ReportTypeUnknown):
        scheduled(shop, "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE")
