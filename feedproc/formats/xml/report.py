"""The processing report of an XML feed, byte for byte in the form that Amazon sends."""

from collections.abc import Iterable, Iterator

from feedproc.feeds.feed_type import ReportHead
from feedproc.feeds.report import Result, Summary
from feedproc.formats.characters import drop_forbidden, escape_markup

CONTENT_TYPE = "text/xml;charset=UTF-8"
_RESULTS_A_PIECE = 500


def write_report(about: ReportHead, summary: Summary, results: Iterable[Result]) -> Iterator[bytes]:
    """Yield the report in pieces, holding a few hundred results at a time. Tabs, LF, no line end at the end."""
    yield _write_head(about, summary).encode()
    lines: list[str] = []
    for count, result in enumerate(results, 1):
        lines.append(_write_result(result))
        if not count % _RESULTS_A_PIECE:
            yield "".join(lines).encode()
            lines.clear()
    yield ("".join(lines) + _TAIL).encode()


def _write_head(about: ReportHead, summary: Summary) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<AmazonEnvelope xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="amzn-envelope.xsd">
\t<Header>
\t\t<DocumentVersion>1.02</DocumentVersion>
\t\t<MerchantIdentifier>{_escape(about.merchant_identifier)}</MerchantIdentifier>
\t</Header>
\t<MessageType>ProcessingReport</MessageType>
\t<Message>
\t\t<MessageID>1</MessageID>
\t\t<ProcessingReport>
\t\t\t<DocumentTransactionID>{about.submission_id}</DocumentTransactionID>
\t\t\t<StatusCode>Complete</StatusCode>
\t\t\t<ProcessingSummary>
\t\t\t\t<MessagesProcessed>{summary.processed}</MessagesProcessed>
\t\t\t\t<MessagesSuccessful>{summary.successful}</MessagesSuccessful>
\t\t\t\t<MessagesWithError>{summary.with_error}</MessagesWithError>
\t\t\t\t<MessagesWithWarning>{summary.with_warning}</MessagesWithWarning>
\t\t\t</ProcessingSummary>
"""


_TAIL = """\t\t</ProcessingReport>
\t</Message>
</AmazonEnvelope>"""


def _write_result(result: Result) -> str:
    additional = ""
    if result.amazon_order_id is not None:
        additional = f"""\t\t\t\t<AdditionalInfo>
\t\t\t\t\t<AmazonOrderID>{_escape(result.amazon_order_id)}</AmazonOrderID>
\t\t\t\t</AdditionalInfo>
"""
    return f"""\t\t\t<Result>
\t\t\t\t<MessageID>{_escape(result.message_id)}</MessageID>
\t\t\t\t<ResultCode>{result.severity}</ResultCode>
\t\t\t\t<ResultMessageCode>{result.code}</ResultMessageCode>
\t\t\t\t<ResultDescription>{_escape(result.description)}</ResultDescription>
{additional}\t\t\t</Result>
"""


def _escape(text: str) -> str:
    return escape_markup(drop_forbidden(text)).replace("'", "&apos;").replace('"', "&quot;")
