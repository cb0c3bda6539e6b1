"""`feedproc reports`."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import click
import msgspec

from feedproc.cli.options import choose_status, limit, output_format, place, write_examples
from feedproc.cli.output import Listing, copy_to_output
from feedproc.cli.seller_option import choose_seller, seller_option
from feedproc.feeds.report_request import ReportRequest, ReportStatus
from feedproc.feeds.submission import NewSubmission, ReportAsk
from feedproc.reporttypes.catalogue import load_report_types
from feedproc.services.reports.requests import ReportFilter, list_requests, open_requested, request_report
from feedproc.settings import Place
from feedproc.wiring.clock import read_clock
from feedproc.wiring.store import open_existing_store

_TIMES = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"])


@click.group("reports")
def command() -> None:
    """Ask for reports of orders, list what was asked for, and print reports."""


@command.command(
    "request",
    epilog=write_examples(
        "feedproc reports request GET_FLAT_FILE_ORDERS_DATA",
        "feedproc reports request GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE --start 2024-03-01 --end 2024-04-01",
    ),
)
@click.argument("report_type", metavar="TYPE")
@click.option("--start", type=_TIMES, metavar="TIME", help="From when, in UTC; by default from a day before the end.")
@click.option("--end", type=_TIMES, metavar="TIME", help="Until when, in UTC; by default until now.")
@click.option("--sales-channel", is_flag=True, help="With a column that tells the sales channel.")
@seller_option
@place
def request(
    place: Place,
    seller: str | None,
    report_type: str,
    start: datetime | None,
    end: datetime | None,
    sales_channel: bool,
) -> None:
    """Ask for a report, by the name that MWS or SP-API gives its TYPE; a running server's workers make it."""
    asked = ReportAsk(
        start=start and start.replace(tzinfo=UTC),
        end=end and end.replace(tzinfo=UTC),
        options={"ShowSalesChannel": "true"} if sales_channel else {},
    )
    with open_existing_store(place) as backend:
        who = choose_seller(backend.sellers, seller)
        new = NewSubmission(
            seller_id=who.seller_id,
            feed_type=report_type.strip("_"),
            document="",
            size=0,
            submitted_at=read_clock(),
            asked=asked,
        )
        made = request_report(backend, load_report_types(), new)
    click.echo(made.request_id)


@command.command(
    "list",
    epilog=write_examples("feedproc reports list --limit 5", "feedproc reports list --status DONE --format json"),
)
@choose_status(ReportStatus)
@limit
@seller_option
@place
@output_format("text", "json")
def list_(place: Place, seller: str | None, form: str, status: str | None, limit: int) -> None:
    """List what was asked for, newest first."""
    statuses = (ReportStatus(status),) if status else ()
    with open_existing_store(place) as backend:
        who = choose_seller(backend.sellers, seller)
        found = list_requests(backend.submissions, who.seller_id, ReportFilter(statuses=statuses), limit).requests
    Listing(f"Reports of {who.seller_id}", _COLUMNS, _make_row, _make_document).print(form, found)


@command.command("get", epilog=write_examples("feedproc reports get 50001019786 > orders.txt"))
@click.argument("request_id", metavar="ID")
@seller_option
@place
def get(place: Place, seller: str | None, request_id: str) -> None:
    """Print the report of the request with this ID, byte for byte as it is."""
    with open_existing_store(place) as backend:
        who = choose_seller(backend.sellers, seller)
        _, document = open_requested(backend.submissions, backend.documents, who.seller_id, request_id)
        with document:
            copy_to_output(document)


_COLUMNS = ("id", "report type", "status", "requested", "start", "end", "report id", "acknowledged")


def _make_row(one: ReportRequest) -> Sequence[object]:
    times = (one.submitted_at, one.asked.start, one.asked.end)
    told = (f"{at:%Y-%m-%d %H:%M:%S}" if at else "" for at in times)
    taken = "yes" if one.acknowledged_at else ""
    return (one.request_id, one.report_type, one.status, *told, one.report_id or "", taken)


def _make_document(one: ReportRequest) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(one)
    del fields["document"], fields["counter"]
    return fields
