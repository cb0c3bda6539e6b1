"""What is in the store of a test: orders, stock, submissions and reports, made and read in one line each."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

from feedproc.errors import FeedprocError
from feedproc.feeds.report import Result
from feedproc.feeds.report_request import ReportRequest
from feedproc.feeds.submission import FeedSubmission, NewSubmission, ReportAsk
from feedproc.imports.order_check import find_problem
from feedproc.imports.order_lines import BadOrder, read_order_lines
from feedproc.imports.stock_lines import BadLevel, read_level_lines
from feedproc.imports.values import find_sku_problem, show_value
from feedproc.orders.order import Buyer, Item, Order, Package, PackageItem
from feedproc.ports import Backend, Filter, OrderFilter, Seller
from feedproc.reporttypes.catalogue import load_report_types
from feedproc.services.news import load_and_tell
from feedproc.services.read.submissions import open_report
from feedproc.services.reports.requests import (
    ReportFilter,
    count_requests,
    get_request,
    list_requests,
    open_requested,
    request_report,
)
from feedproc.stock.level import StockEntry, StockLevel

_MOST = 1_000_000
_AGE = timedelta(days=2)
"""How long ago an order was made that does not say when."""


class NotLoaded(FeedprocError):
    """Something cannot be put into the store of a test."""


class KitOrders:
    """The seller's orders."""

    def __init__(self, backend: Backend, clock: Callable[[], datetime], seller: Seller) -> None:
        """Look at the orders of one seller."""
        self._backend = backend
        self._clock = clock
        self._seller = seller
        self._numbers = count(1)

    def add(
        self,
        sku: str = "SKU-1",
        quantity: int = 1,
        price: Decimal | int = 1000,
        *,
        shipped: bool = False,
        **changed: Any,
    ) -> Order:
        """Add an order of one item, and return it; `price` is that of one unit, before a tax of 10 %.

        `changed` are fields of `Order`, such as `items` or `purchased_at`, that are to be otherwise.

        Raises:
            NotLoaded: no order can be so.

        """
        number = next(self._numbers)
        principal = Decimal(price) * quantity
        item = Item(
            order_item_code=f"{number:014d}",
            sku=sku,
            quantity_ordered=quantity,
            charges={"Principal": principal, "Tax": principal / 10},
            title=sku,
            quantity_shipped=quantity if shipped else 0,
        )
        now = self._clock()
        known: dict[str, Any] = {
            "amazon_order_id": f"250-0000000-{number:07d}",
            "purchased_at": now - _AGE,
            "currency": self._seller.marketplace.currency,
            "items": (item,),
            "marketplace_id": self._seller.marketplace.marketplace_id,
            "buyer": Buyer("Test Buyer", f"buyer{number}@example.com"),
        }
        if shipped:
            known["packages"] = (Package(now - _AGE / 2, (PackageItem(item.order_item_code, quantity),)),)
        order = Order(**{**known, **changed})
        return self.put(order)[0]

    def put(self, *orders: Order) -> Sequence[Order]:
        """Put orders in, or in the place of those with the same Amazon id; return them as they are stored.

        Raises:
            NotLoaded: no order can be so.

        """
        for order in orders:
            if problem := find_problem(order):
                raise NotLoaded(f"order {order.amazon_order_id}: {problem}")
        load_and_tell(self._backend, self._seller.seller_id, orders, self._clock())
        return [self[order.amazon_order_id] for order in orders]

    def load(self, path: str | Path) -> int:
        """Load the orders of a file of JSON lines, as `feedproc orders list --format json` prints; return how many.

        Raises:
            NotLoaded: a line cannot be taken; then none is.

        """
        with Path(path).open("rb") as file:
            found = list(read_order_lines(file))
        for one in found:
            if isinstance(one, BadOrder):
                raise NotLoaded(f"{path}: {one.where}: {one.problem}")
        orders = [one for one in found if isinstance(one, Order)]
        return load_and_tell(self._backend, self._seller.seller_id, orders, self._clock())

    def get(self, amazon_order_id: str) -> Order | None:
        """Return one order as it is now."""
        return self._backend.orders.get(self._seller.seller_id, amazon_order_id)

    def list(self) -> Sequence[Order]:
        """Return all orders as they are now, oldest first."""
        which = OrderFilter(oldest_first=True)
        return [*self._backend.orders.list(self._seller.seller_id, which, _MOST)]

    def __getitem__(self, amazon_order_id: str) -> Order:
        """Return one order as it is now.

        Raises:
            KeyError: there is none with that id.

        """
        found = self.get(amazon_order_id)
        if found is None:
            raise KeyError(f"there is no order {amazon_order_id}")
        return found

    def __len__(self) -> int:
        """Count the orders."""
        return len(self.list())


class KitStock:
    """The seller's stock, by SKU."""

    def __init__(self, backend: Backend, clock: Callable[[], datetime], seller: Seller) -> None:
        """Look at the stock of one seller."""
        self._backend = backend
        self._clock = clock
        self._seller_id = seller.seller_id

    def __setitem__(self, sku: str, quantity: int) -> None:
        """Set the units of a SKU.

        Raises:
            NotLoaded: there can be no such SKU.

        """
        if problem := find_sku_problem(sku):
            raise NotLoaded(f"stock[{show_value(sku)}].{problem}")
        self._put([StockLevel(sku, quantity)])

    def __getitem__(self, sku: str) -> int:
        """Return the units of a SKU; 0 for one that was never seen."""
        return self._backend.stock.get_level(self._seller_id, sku)

    def load(self, path: str | Path) -> int:
        """Load the levels of a file, as `feedproc inventory load` takes it; return how many.

        Raises:
            NotLoaded: a line cannot be taken; then none is.

        """
        with Path(path).open("rb") as file:
            found = list(read_level_lines(file))
        for one in found:
            if isinstance(one, BadLevel):
                raise NotLoaded(f"{path}: {one.where}: {one.problem}")
        return self._put(one for one in found if isinstance(one, StockLevel))

    def list(self) -> dict[str, int]:
        """Return the units of every SKU."""
        return {level.sku: level.quantity for level in self._backend.stock.list_levels(self._seller_id)}

    def list_changes(self, sku: str) -> Sequence[StockEntry]:
        """Return the changes of a SKU's level and their causes, newest first."""
        return self._backend.stock.list_entries(self._seller_id, sku, _MOST)

    def _put(self, levels: Iterable[StockLevel]) -> int:
        return self._backend.stock.load(self._seller_id, levels, self._clock())


class KitSubmissions:
    """The seller's feeds."""

    def __init__(self, backend: Backend, seller: Seller) -> None:
        """Look at the submissions of one seller."""
        self._backend = backend
        self._seller_id = seller.seller_id

    @property
    def last(self) -> FeedSubmission:
        """The newest.

        Raises:
            LookupError: there is none.

        """
        found = self._backend.submissions.find(self._seller_id, Filter(), 1)
        if not found:
            raise LookupError("nothing was submitted")
        return found[0]

    def list(self) -> Sequence[FeedSubmission]:
        """Return all, oldest first."""
        return [*reversed(self._backend.submissions.find(self._seller_id, Filter(), _MOST))]

    def get(self, submission_id: str) -> FeedSubmission | None:
        """Return one as it is now."""
        return self._backend.submissions.get(self._seller_id, submission_id)

    def get_report(self, submission_id: str | None = None) -> bytes:
        """Return the processing report of a feed, or of the last one.

        Raises:
            Refusal: it has none, for the reason that the error tells.

        """
        wanted = submission_id or self.last.submission_id
        _, report = open_report(self._backend.submissions, self._backend.documents, self._seller_id, wanted)
        with report:
            return report.read()

    def list_results(self, submission_id: str | None = None) -> Sequence[Result]:
        """Return the errors and warnings of a feed, or of the last one."""
        wanted = submission_id or self.last.submission_id
        return [*self._backend.marks.list_results(self._seller_id, wanted)]

    def __len__(self) -> int:
        """Count them."""
        return self._backend.submissions.count(self._seller_id, Filter())


class KitReports:
    """The reports of orders that the seller asked for, by either protocol or here."""

    def __init__(self, backend: Backend, clock: Callable[[], datetime], seller: Seller) -> None:
        """Look at the requests of one seller."""
        self._backend = backend
        self._clock = clock
        self._seller_id = seller.seller_id

    def request(
        self, report_type: str, *, start: datetime | None = None, end: datetime | None = None, **options: str
    ) -> ReportRequest:
        """Ask for a report as a program would, by the name that MWS or SP-API gives its type.

        It tells what happened from `start` to `end`: to now, and from a day before, unless it is said otherwise.

        Raises:
            ReportTypeUnknown: no type has this name, or it comes by schedules alone.

        """
        new = NewSubmission(
            seller_id=self._seller_id,
            feed_type=report_type.strip("_"),
            document="",
            size=0,
            submitted_at=self._clock(),
            asked=ReportAsk(start=start, end=end, options=options),
        )
        return request_report(self._backend, load_report_types(), new)

    @property
    def last(self) -> ReportRequest:
        """The newest.

        Raises:
            LookupError: there is none.

        """
        found = list_requests(self._backend.submissions, self._seller_id, ReportFilter(), 1).requests
        if not found:
            raise LookupError("no report was asked for")
        return found[0]

    def get(self, request_id: str) -> ReportRequest:
        """Return one as it is now. Its id is the ReportRequestId of MWS, and the reportId of SP-API.

        Raises:
            ReportRequestUnknown: there is none.

        """
        return get_request(self._backend.submissions, self._seller_id, request_id)

    def list(self) -> Sequence[ReportRequest]:
        """Return all, oldest first."""
        return [*reversed(list_requests(self._backend.submissions, self._seller_id, ReportFilter(), _MOST).requests)]

    def read(self, request_id: str | None = None) -> bytes:
        """Return a report that was asked for, or the last one.

        Raises:
            Refusal: there is none, for the reason that the error tells.

        """
        wanted = request_id or self.last.request_id
        _, report = open_requested(self._backend.submissions, self._backend.documents, self._seller_id, wanted)
        with report:
            return report.read()

    def __len__(self) -> int:
        """Count the requests."""
        return count_requests(self._backend.submissions, self._seller_id, ReportFilter())
