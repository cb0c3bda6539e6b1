"""Reports of orders: what was asked for, by whomever, and a form to ask for one."""

from datetime import timedelta

from werkzeug.wrappers import Response
from werkzeug.wsgi import FileWrapper

from feedproc.console.form import Form
from feedproc.console.request import RequestContext
from feedproc.console.route import Route
from feedproc.errors import ReportGone, ReportNotReady, ReportRequestUnknown
from feedproc.feeds.submission import NewSubmission, ReportAsk
from feedproc.reporttypes.catalogue import load_report_types
from feedproc.services.reports.requests import ReportFilter, list_requests, open_requested, request_report

MOST = 100
"""Of the last requests."""
_DAY = timedelta(days=1)


def show_reports(context: RequestContext) -> Response:
    """Show the last requests, newest first, and the form."""
    return _show(context, Form(context))


def ask_for_report(context: RequestContext) -> Response:
    """Ask for a report as a seller's program would; a form that is sent twice asks once."""
    form = Form(context)
    chosen = form.read_choice("report_type", _list_types())
    end = form.read_moment("end", context.now)
    start = form.read_moment("start", end - _DAY)
    if not form.problems and start > end:
        form.add_problem("start", "reports.start_behind_end")
    if form.problems:
        return _show(context, form, 400)
    new = NewSubmission(
        seller_id=context.seller.seller_id,
        feed_type=chosen,
        document="",
        size=0,
        submitted_at=context.now,
        asked=ReportAsk(start=start, end=end),
    )
    form_id = context.request.form.get("form_id", "")
    request_report(context.backend, load_report_types(), new, f"console/{form_id}" if form_id else None)
    return context.redirect("reports")


def send_report(context: RequestContext, request_id: str) -> Response:
    """Send a report as a file, byte for byte as programs get it; back to the list when there is none."""
    backend = context.backend
    try:
        report, document = open_requested(backend.submissions, backend.documents, context.seller.seller_id, request_id)
    except (ReportRequestUnknown, ReportNotReady, ReportGone):
        return context.redirect("reports")
    ending = "xml" if "_XML_" in report.report_type or report.report_type.startswith(_IN_XML) else "txt"
    headers = {"Content-Disposition": f'attachment; filename="{report.report_id}.{ending}"'}
    content = FileWrapper(document, 256 * 1024)
    return Response(content, 200, headers, content_type="application/octet-stream", direct_passthrough=True)


_IN_XML = ("GET_ORDERS_DATA", "GET_PENDING_ORDERS_DATA")


def _show(context: RequestContext, form: Form, status: int = 200) -> Response:
    page = list_requests(context.backend.submissions, context.seller.seller_id, ReportFilter(), MOST)
    return context.render(
        "reports.html",
        status,
        requests=page.requests,
        is_full=page.has_next,
        most=MOST,
        types=_list_types(),
        problems=form.problems,
        typed=form.get_typed,
        form_id=context.deps.new_id(),
    )


def _list_types() -> list[str]:
    return [one.name for one in load_report_types().types.values() if one.is_requestable]


ROUTES = (
    Route("/reports", "reports", show_reports),
    Route("/reports", "ask_for_report", ask_for_report, methods=("POST",)),
    Route("/reports/<request_id>", "report", send_report),
)
