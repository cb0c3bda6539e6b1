"""Documents, and whether the published schemas take them.

Every case is one document: valid, or with exactly one fault. libxml2 must find that fault in the element named, and the
JDK's Xerces must come to the same verdict.
"""

from dataclasses import dataclass

import pytest
from lxml import etree

ORDER = "<AmazonOrderID>250-1234567-1234567</AmazonOrderID>"
OUR_ORDER = "<MerchantOrderID>our order</MerchantOrderID>"
ITEM = "<AmazonOrderItemCode>12345678901234</AmazonOrderItemCode>"
OUR_ITEM = "<MerchantOrderItemID>our item</MerchantOrderItemID>"
REASON = "<AdjustmentReason>CustomerReturn</AdjustmentReason>"
SHIPPED_AT = "<FulfillmentDate>2021-09-05T12:00:00+09:00</FulfillmentDate>"


@dataclass(frozen=True)
class Case:
    """A document; `fault` is the element that is wrong, None where nothing is."""

    sentence: str
    document: str
    fault: str | None = None


def envelope(
    payload: str,
    *,
    kind: str = "OrderAcknowledgement",
    version: str = "1.01",
    merchant: str = "M_SELLER_1",
    after_type: str = "",
    message_id: str = "1",
) -> str:
    return (
        f"<AmazonEnvelope><Header><DocumentVersion>{version}</DocumentVersion>"
        f"<MerchantIdentifier>{merchant}</MerchantIdentifier></Header>"
        f"<MessageType>{kind}</MessageType>{after_type}"
        f"<Message><MessageID>{message_id}</MessageID>{payload}</Message></AmazonEnvelope>"
    )


def acknowledgement(order: str = ORDER, *, status: str = "Success", items: str = "") -> str:
    return f"<OrderAcknowledgement>{order}<StatusCode>{status}</StatusCode>{items}</OrderAcknowledgement>"


def acknowledge(order: str = ORDER, *, status: str = "Success", items: str = "") -> str:
    return envelope(acknowledgement(order, status=status, items=items))


def cancel(reason: str) -> str:
    return acknowledge(status="Failure", items=f"<Item>{ITEM}<CancelReason>{reason}</CancelReason></Item>")


def adjust(item: str, *, order: str = ORDER, before_item: str = "", after_item: str = "") -> str:
    return envelope(
        f"<OrderAdjustment>{order}{before_item}<AdjustedItem>{item}</AdjustedItem>{after_item}</OrderAdjustment>",
        kind="OrderAdjustment",
    )


def component(kind: str, amount: str, currency: str | None = "JPY") -> str:
    attribute = "" if currency is None else f' currency="{currency}"'
    return f"<Component><Type>{kind}</Type><Amount{attribute}>{amount}</Amount></Component>"


def refund(*components: str) -> str:
    return adjust(f"{ITEM}{REASON}<ItemPriceAdjustments>{''.join(components)}</ItemPriceAdjustments>")


def fulfill(after_date: str = "", *, order: str = ORDER, before_date: str = "", date: str = SHIPPED_AT) -> str:
    return envelope(
        f"<OrderFulfillment>{order}{before_date}{date}{after_date}</OrderFulfillment>",
        kind="OrderFulfillment",
    )


def shipped(carrier: str = "", rest: str = "") -> str:
    return f"<FulfillmentData>{carrier}{rest}</FulfillmentData>"


def ship_on(date: str) -> str:
    return fulfill(date=f"<FulfillmentDate>{date}</FulfillmentDate>")


def report(*, status: str = "<StatusCode>Complete</StatusCode>", rest: str = "") -> str:
    return envelope(
        f"<ProcessingReport><DocumentTransactionID>51793018437</DocumentTransactionID>{status}{rest}</ProcessingReport>",
        kind="ProcessingReport",
        version="1.02",
    )


def result(*, message_id: str = "1", code: str = "Error", text: str = "No.", info: str | None = None) -> str:
    additional = "" if info is None else f"<AdditionalInfo>{info}</AdditionalInfo>"
    return (
        f"<Result><MessageID>{message_id}</MessageID><ResultCode>{code}</ResultCode>"
        f"<ResultMessageCode>18028</ResultMessageCode><ResultDescription>{text}</ResultDescription>{additional}</Result>"
    )


def ordered(*components: str, billing: str = "", item_rest: str = "") -> str:
    return envelope(
        f"<OrderReport>{ORDER}<AmazonSessionID>250-1234567-1234567</AmazonSessionID>"
        "<OrderDate>2021-09-01T00:00:00Z</OrderDate><OrderPostedDate>2021-09-01T00:00:00Z</OrderPostedDate>"
        f"<BillingData>{billing}<BuyerEmailAddress>a@example.com</BuyerEmailAddress><BuyerName>A</BuyerName></BillingData>"
        "<FulfillmentData><FulfillmentMethod>Ship</FulfillmentMethod></FulfillmentData>"
        f"<Item>{ITEM}<SKU>A-1</SKU><Title>A thing</Title><Quantity>1</Quantity>"
        f"<ItemPrice>{''.join(components) or component('Principal', '10.00')}</ItemPrice>"
        f"<ItemFees><Fee><Type>Commission</Type><Amount>-1.00</Amount></Fee></ItemFees>{item_rest}</Item></OrderReport>",
        kind="OrderReport",
    )


def each(cases: tuple[Case, ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=[case.sentence for case in cases])


def assert_verdict(schema: etree.XMLSchema, case: Case) -> None:
    valid = schema.validate(etree.fromstring(case.document))
    findings = [entry.message for entry in schema.error_log]
    assert valid is (case.fault is None), findings
    assert all(finding.startswith(f"Element '{case.fault}'") for finding in findings), findings
