"""Produce a report that was asked for: read the orders page by page, write one document, and end the request."""

from collections.abc import Iterator
from datetime import datetime

from msgspec.structs import replace

from feedproc.feeds.marketplaces import marketplace_of
from feedproc.feeds.progress import Claim
from feedproc.feeds.submission import FeedSubmission, ProcessingStatus, ReportAsk
from feedproc.orders.order import Order
from feedproc.ports import OrderFilter, Orders, OrderTime
from feedproc.services.process.ending import finish
from feedproc.services.process.processing import Processing, TimeIsUp
from feedproc.services.read.order_view import view_order
from feedproc.services.reports.report_type import ReportScope, ReportType

ORDERS_A_PAGE = 500
"""That are read, and written, at a time: all that is in memory of a report."""
NO_SUCH_TYPE = "this feedproc knows no report type {}"


def produce(processing: Processing, claim: Claim, request: FeedSubmission, until: datetime | None = None) -> None:
    """Bring a claimed request to its end: DONE with a report, or without one when there is nothing to tell.

    Nothing of it can be read before it is complete. Whoever takes it up again after a kill begins anew, so that there
    is one report with all orders in it, and none twice.

    Raises:
        ClaimLost: another worker took over.
        TimeIsUp: the worker has to end before the report is complete.

    """
    report_type = processing.report_types.named(request.feed_type)
    if report_type is None:
        reason = NO_SUCH_TYPE.format(request.feed_type)
        cancelled = replace(request, status=ProcessingStatus.CANCELLED, reason=reason)
        finish(processing.backend.submissions, claim, cancelled, processing.clock())
        return
    key = _Production(processing, claim, request, until).write(report_type)
    done = replace(request, status=ProcessingStatus.DONE, report=key, reason=None)
    finish(processing.backend.submissions, claim, done, processing.clock())


def read_all(orders: Orders, seller_id: str, which: OrderFilter) -> Iterator[list[Order]]:
    """Yield all orders that match, some at a time."""
    while True:
        page = list(orders.list(seller_id, which, ORDERS_A_PAGE))
        yield page
        if len(page) < ORDERS_A_PAGE:
            return
        last = page[-1]
        moment = last.purchased_at if which.by is OrderTime.PURCHASED else last.last_updated_at
        which = replace(which, after=(moment, last.amazon_order_id))


class _Production:
    """One claimed request."""

    def __init__(self, processing: Processing, claim: Claim, request: FeedSubmission, until: datetime | None) -> None:
        self._backend = processing.backend
        self._clock = processing.clock
        self._lease = processing.policy.lease
        self._claim = claim
        self._until = until
        self._renewed_at = processing.clock()
        seller = self._backend.sellers.get(claim.seller_id)
        if seller is None:
            raise LookupError(f"seller {claim.seller_id} is not in the store")
        places = request.marketplace_ids
        self._scope = ReportScope(
            marketplace=marketplace_of(places[0]) if places else seller.marketplace,
            marketplace_ids=places,
            merchant_token=seller.merchant_token,
            asked=request.asked or ReportAsk(),
            now=request.started_at or request.submitted_at,
        )

    def write(self, report_type: ReportType) -> str | None:
        """Write the report and return its key; None when no order belongs in it."""
        layout, told = report_type.layout, 0
        tell = layout.make_teller(self._scope)
        writer = self._backend.documents.create()
        try:
            writer.write(layout.encode(layout.begin(self._scope), self._scope))
            for page in read_all(self._backend.orders, self._claim.seller_id, report_type.select(self._scope)):
                parts = []
                for order in page:
                    view = view_order(order)
                    if not self._is_here(order) or not report_type.suits(view, self._scope):
                        continue
                    if text := tell(view, told + 1):
                        told += 1
                        parts.append(text)
                writer.write(layout.encode("".join(parts), self._scope))
                self._tick()
            if not told:
                return None
            writer.write(layout.encode(layout.end, self._scope))
            return writer.commit()
        finally:
            writer.discard()

    def _is_here(self, order: Order) -> bool:
        return not self._scope.marketplace_ids or order.marketplace_id in ("", *self._scope.marketplace_ids)

    def _tick(self) -> None:
        """Hold the claim, unless time is up."""
        now = self._clock()
        if self._until is not None and now >= self._until:
            raise TimeIsUp
        if now - self._renewed_at > self._lease / 4:
            self._backend.submissions.renew(self._claim, now, self._lease)
            self._renewed_at = now
