"""Produce a report that was asked for: read the orders page by page, write one document, and end the request."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec.structs import replace

from feedproc.feeds.marketplaces import marketplace_of
from feedproc.feeds.progress import Claim, Mark, Position, ReportPart
from feedproc.feeds.report import Summary
from feedproc.feeds.submission import FeedSubmission, ProcessingStatus, ReportAsk
from feedproc.orders.order import Order
from feedproc.ports import Batch
from feedproc.services.process.ending import finish
from feedproc.services.process.processing import Processing, TimeIsUp
from feedproc.services.read.order_list import get_place
from feedproc.services.read.order_view import view_order
from feedproc.services.reports.report_type import ReportScope, ReportType

ORDERS_A_PAGE = 500
"""That are read, and written, at a time: all that is in memory of a report."""
_BLOCK = 1 << 20
"""Bytes of a part that are copied at a time."""
NO_SUCH_TYPE = "this feedproc knows no report type {}"


def produce(processing: Processing, claim: Claim, request: FeedSubmission, until: datetime | None = None) -> None:
    """Bring a claimed request to its end: DONE with a report, or without one when there is nothing to tell.

    Nothing of it can be read before it is complete. A long report is written in parts that are kept, each with a mark;
    whoever takes it up again after a kill goes on behind the last one. So there is one report with all orders in it,
    and none twice.

    Raises:
        ClaimLost: another worker took over.
        TimeIsUp: the worker has to end before the report is complete.

    """
    report_type = processing.report_types.find(request.feed_type)
    if report_type is None:
        reason = NO_SUCH_TYPE.format(request.feed_type)
        cancelled = replace(request, status=ProcessingStatus.CANCELLED, reason=reason)
        finish(processing.backend.submissions, claim, cancelled, processing.clock())
        return
    production = _Production(processing, claim, request, report_type)
    key = production.write(until)
    done = replace(request, status=ProcessingStatus.DONE, report=key, reason=None, setbacks=0)
    finish(processing.backend.submissions, claim, done, processing.clock())
    production.delete_parts()


class _Production:
    """One claimed request."""

    def __init__(self, processing: Processing, claim: Claim, request: FeedSubmission, report_type: ReportType) -> None:
        self._backend = processing.backend
        self._clock = processing.clock
        self._policy = processing.policy
        self._claim = claim
        self._until: datetime | None = None
        self._renewed_at = processing.clock()
        seller = self._backend.sellers.get(claim.seller_id)
        if seller is None:
            raise LookupError(f"seller {claim.seller_id} is not in the store")
        places = request.marketplace_ids
        self._scope = ReportScope(
            marketplace=marketplace_of(places[0]) if places else seller.marketplace,
            marketplace_ids=places,
            merchant_token=seller.merchant_token,
            extras=seller.report_extras,
            asked=request.asked or ReportAsk(),
            now=request.started_at or request.submitted_at,
        )
        self._type = report_type
        self._tell = report_type.layout.make_teller(self._scope)
        self._parts = list(self._list_kept())

    def write(self, until: datetime | None) -> str | None:
        """Write what no part holds yet; return the key of the whole report, None when no order belongs in it."""
        self._until = until
        while not (self._parts and self._parts[-1].after is None):
            part = self._write_part(self._parts[-1] if self._parts else None)
            if not part.told and part.after is None:
                return None
            self._parts.append(part)
        return self._parts.pop().document if len(self._parts) == 1 else self._join()

    def delete_parts(self) -> None:
        """Delete what was kept while the report was written."""
        for part in self._parts:
            self._backend.documents.delete(part.document)

    def _list_kept(self) -> Iterator[ReportPart]:
        marks, key = self._backend.marks, (self._claim.seller_id, self._claim.submission_id)
        last = marks.get_last(*key)
        for number in range(1, last.number + 1 if last else 1):
            mark = marks.get(*key, number)
            if mark is not None and mark.part is not None:
                yield mark.part

    def _write_part(self, last: ReportPart | None) -> ReportPart:
        """Write what comes behind the last part, until it is enough to be kept or the report is at its end."""
        which, layout = self._type.select(self._scope), self._type.layout
        told, after, looked_at = (last.told, last.after, 0) if last else (0, None, 0)
        size = min(ORDERS_A_PAGE, self._policy.orders_a_part)
        writer = self._backend.documents.create()
        try:
            if last is None:
                writer.write(layout.encode(layout.begin(self._scope), self._scope))
            while looked_at < self._policy.orders_a_part:
                page = list(self._backend.orders.list(self._claim.seller_id, replace(which, after=after), size))
                texts = list(self._tell_each(page, told))
                writer.write(layout.encode("".join(texts), self._scope))
                self._tick()
                told, looked_at = told + len(texts), looked_at + len(page)
                if len(page) < size:
                    writer.write(layout.encode(layout.end, self._scope))
                    return ReportPart(writer.commit() if told else "", told, None)
                after = get_place(page[-1], which)
            return self._keep(ReportPart(writer.commit(), told, after))
        finally:
            writer.discard()

    def _tell_each(self, page: Sequence[Order], told: int) -> Iterator[str]:
        for order in page:
            view = view_order(order)
            if not self._is_here(order) or not self._type.suits(view, self._scope):
                continue
            if text := self._tell(view, told + 1):
                told += 1
                yield text

    def _keep(self, part: ReportPart) -> ReportPart:
        """Leave a mark behind a part, so that nobody has to write it again."""
        mark = Mark(len(self._parts) + 1, Position(), Summary(), part=part)
        now = self._clock()
        self._backend.batches.commit(Batch(self._claim, (), (), (), mark), now, self._policy.lease)
        self._renewed_at = now
        return part

    def _join(self) -> str:
        """Write all parts into one document, and return its key."""
        writer = self._backend.documents.create()
        try:
            for part in self._parts:
                with self._backend.documents.open(part.document) as source:
                    while block := source.read(_BLOCK):
                        writer.write(block)
                        self._tick()
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
        if now - self._renewed_at > self._policy.lease / 4:
            self._backend.submissions.renew(self._claim, now, self._policy.lease)
            self._renewed_at = now
