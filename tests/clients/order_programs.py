"""The real clients' own calls for orders and reports, each behind the same few words."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from tests.clients.drivers import Account, BotoMws, Pymws, PythonMws, installed
from tests.mws.orders import JAPAN


class ToldReport(NamedTuple):
    """What a list of requests tells of one."""

    status: str
    report_id: str | None


class OrderProgram(Protocol):
    """What a program does that takes orders, reports of them, and acknowledges those."""

    def __init__(self, endpoint: str, account: Account) -> None: ...

    def list_orders(self, **since: str) -> dict[str, str]:
        """Statuses by id; `created` or `updated` says since when."""

    def list_units(self, order_id: str) -> int:
        """Units of all items of an order."""

    def request(self, report_type: str, since: str) -> str: ...

    def poll(self, request_id: str) -> ToldReport: ...

    def fetch(self, report_id: str) -> bytes | str: ...

    def list_untaken(self) -> list[str]:
        """Ids of reports that were not acknowledged."""


class PythonMwsOrders:
    """mws 0.8."""

    driver = PythonMws

    def __init__(self, endpoint: str, account: Account) -> None:
        mws = installed("mws", "mws")
        given = (account.access_key, account.secret_key, account.seller_id)
        self.orders, self.reports = mws.Orders(*given, domain=endpoint), mws.Reports(*given, domain=endpoint)

    def list_orders(self, **since: str) -> dict[str, str]:
        given = {"created": "created_after", "updated": "lastupdatedafter"}
        named = {given[name]: value for name, value in since.items()}
        found = self.orders.list_orders([JAPAN], **named).parsed.Orders.Order
        return {one.AmazonOrderId: one.OrderStatus for one in _as_list(found)}

    def list_units(self, order_id: str) -> int:
        items = self.orders.list_order_items(order_id).parsed.OrderItems.OrderItem
        return sum(int(one.QuantityOrdered) for one in _as_list(items))

    def request(self, report_type: str, since: str) -> str:
        return str(self.reports.request_report(report_type, start_date=since).parsed.ReportRequestInfo.ReportRequestId)

    def poll(self, request_id: str) -> ToldReport:
        info = self.reports.get_report_request_list(requestids=[request_id]).parsed.ReportRequestInfo
        return ToldReport(info.ReportProcessingStatus, info.get("GeneratedReportId"))

    def fetch(self, report_id: str) -> bytes | str:
        answer: bytes = self.reports.get_report(report_id).original
        return answer

    def list_untaken(self) -> list[str]:
        infos = self.reports.get_report_list(acknowledged="false").parsed.get("ReportInfo", [])
        return [one.ReportId for one in _as_list(infos)]


class PymwsOrders:
    """pymws."""

    driver = Pymws

    def __init__(self, endpoint: str, account: Account) -> None:
        self.client: Any = Pymws(endpoint, account).client

    def list_orders(self, **since: str) -> dict[str, str]:
        given = {"created": "CreatedAfter", "updated": "LastUpdatedAfter"}
        named = {given[name]: value for name, value in since.items()}
        answer = self.client.orders.list_orders(MarketplaceId=[JAPAN], **named)
        return {str(one.AmazonOrderId): str(one.OrderStatus) for one in answer.Orders.Order}

    def list_units(self, order_id: str) -> int:
        answer = self.client.orders.list_order_items(order_id)
        return sum(int(one.QuantityOrdered) for one in answer.OrderItems.OrderItem)

    def request(self, report_type: str, since: str) -> str:
        answer = self.client.reports.request_report(ReportType=report_type, StartDate=since)
        return str(answer.ReportRequestInfo.ReportRequestId)

    def poll(self, request_id: str) -> ToldReport:
        answer = self.client.reports.get_report_request_list(**{"ReportRequestIdList.Id.1": request_id})
        info = answer.ReportRequestInfo
        report = str(info.GeneratedReportId) if hasattr(info, "GeneratedReportId") else None
        return ToldReport(str(info.ReportProcessingStatus), report)

    def fetch(self, report_id: str) -> bytes | str:
        rows = list(self.client.reports.get_report(report_id))
        return "\n".join("\t".join(row if isinstance(row, list) else row.values()) for row in rows)

    def list_untaken(self) -> list[str]:
        answer = self.client.reports.get_report_list(Acknowledged="false")
        return [str(one.ReportId) for one in getattr(answer, "ReportInfo", ())]


class BotoMwsOrders:
    """boto-mws."""

    driver = BotoMws

    def __init__(self, endpoint: str, account: Account) -> None:
        self.client: Any = BotoMws(endpoint, account).client

    def list_orders(self, **since: str) -> dict[str, str]:
        given = {"created": "CreatedAfter", "updated": "LastUpdatedAfter"}
        named = {given[name]: value for name, value in since.items()}
        result = self.client.list_orders(MarketplaceId=[JAPAN], **named).ListOrdersResult
        return {one.AmazonOrderId: one.OrderStatus for one in result.Orders.Order}

    def list_units(self, order_id: str) -> int:
        result = self.client.list_order_items(AmazonOrderId=order_id).ListOrderItemsResult
        return sum(int(one.QuantityOrdered) for one in result.OrderItems.OrderItem)

    def request(self, report_type: str, since: str) -> str:
        answer = self.client.request_report(ReportType=report_type, StartDate=since)
        return str(answer.RequestReportResult.ReportRequestInfo.ReportRequestId)

    def poll(self, request_id: str) -> ToldReport:
        answer = self.client.get_report_request_list(ReportRequestIdList=[request_id])
        (info,) = answer.GetReportRequestListResult.ReportRequestInfo
        return ToldReport(info.ReportProcessingStatus, getattr(info, "GeneratedReportId", None))

    def fetch(self, report_id: str) -> bytes | str:
        report: bytes | str = self.client.get_report(ReportId=report_id)
        return report

    def list_untaken(self) -> list[str]:
        result = self.client.get_report_list(Acknowledged="false").GetReportListResult
        return [one.ReportId for one in result.ReportInfo]

    def take(self, report_id: str) -> None:
        self.client.update_report_acknowledgements(ReportIdList=[report_id])


def _as_list(found: Any) -> Sequence[Any]:
    return found if isinstance(found, list) else [found]


PROGRAMS: tuple[type[Any], ...] = (PythonMwsOrders, PymwsOrders, BotoMwsOrders)
