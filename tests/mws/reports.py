"""A server that produces reports, and answers of the section Reports as a program reads them."""

from dataclasses import dataclass

from feedproc.feeds.feed_type import FeedTypes
from feedproc.orders.order import Order
from feedproc.reporttypes.catalogue import load_report_types
from feedproc.services.process.pick import process_next
from feedproc.services.process.processing import Policy, Processing
from feedproc.services.reports.schedules import request_due
from tests.mws.builders import DECLARED, NS, Reply, Server, signed
from tests.reporttypes.builders import towels

FLAT = "_GET_FLAT_FILE_ORDERS_DATA_"


@dataclass
class ReportServer(Server):
    """Serves the sections over a whole store, with a worker that is called when a test says so."""

    feed_types: FeedTypes = DECLARED

    def load(self, count: int = 1, seller_id: str = "A1SELLER", **changed: object) -> None:
        given = {"purchased_at": self.now, "updated_at": self.now, **changed}
        orders: list[Order] = [towels(amazon_order_id=f"250-0000000-{number:07d}", **given) for number in range(count)]
        self.backend.orders.load(seller_id, orders)

    def work(self) -> None:
        request_due(self.backend, load_report_types(), self.now)
        processing = Processing(self.backend, self.feed_types, "w", Policy(), lambda: self.now, load_report_types())
        while process_next(processing):
            pass

    def ask(self, report_type: str = FLAT, **given: str) -> str:
        return self.tell("RequestReport", ReportType=report_type, **given).find("ReportRequestId")

    def tell(self, action: str, **given: str) -> Reply:
        return self.call(action, seller=None, feed=None, **given)

    def produce(self, report_type: str = FLAT, **given: str) -> str:
        """Ask for a report, wait for it, and return its id."""
        request = self.ask(report_type, **given)
        self.work()
        return self.call("GetReportRequestList", ReportRequestIdList__Id__1=request).find("GeneratedReportId")

    def call_sellers(self, action: str, **given: str) -> Reply:
        return self._call_section("/Sellers/2011-07-01", "2011-07-01", action, given)

    def call_subscriptions(self, action: str, **given: str) -> Reply:
        return self._call_section("/Subscriptions/2013-07-01", "2013-07-01", action, given)

    def _call_section(self, path: str, version: str, action: str, given: dict[str, str]) -> Reply:
        seller = self.sellers[0]
        named = {name.replace("__", "."): value for name, value in given.items()}
        params = {**self.common(seller), "Action": action, "Version": version, **named}
        return self.send(signed(params, seller.secret_key, path=path))


def texts(reply: Reply, name: str, namespace: str = NS) -> list[str]:
    return [one.text or "" for one in reply.root.iter(namespace + name)]


def children(reply: Reply, name: str) -> list[str]:
    """The names of what the first element of a name holds, in their order."""
    return [one.tag.removeprefix(NS) for one in next(reply.root.iter(NS + name))]


def error(reply: Reply) -> tuple[int, str, str]:
    return reply.status, reply.find("Code"), reply.find("Message")
