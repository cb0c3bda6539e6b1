"""What Amazon sends back may hold, as published: processing reports and order reports."""

from lxml import etree

from tests.schemas.documents import (
    ITEM,
    ORDER,
    OUR_ORDER,
    Case,
    assert_verdict,
    component,
    each,
    ordered,
    report,
    result,
)

REPORTS = (
    Case("a status suffices", report()),
    Case("a status is required", report(status=""), "ProcessingReport"),
    Case(
        "a summary counts four things",
        report(
            rest="<ProcessingSummary><MessagesProcessed>0</MessagesProcessed><MessagesSuccessful>0</MessagesSuccessful>"
            "<MessagesWithError>1</MessagesWithError><MessagesWithWarning>0</MessagesWithWarning></ProcessingSummary>"
        ),
    ),
    Case(
        "a summary leaves nothing out",
        report(rest="<ProcessingSummary><MessagesProcessed>0</MessagesProcessed></ProcessingSummary>"),
        "ProcessingSummary",
    ),
    *(
        Case(f"a result may be about message {number}", report(rest=result(message_id=number)))
        for number in ("0", "1", "9223372036854775807")
    ),
    Case("a result is not about message -1", report(rest=result(message_id="-1")), "MessageID"),
    Case("a result is a warning", report(rest=result(code="Warning"))),
    Case("a result is not a success", report(rest=result(code="Success")), "ResultCode"),
    Case("a description may be empty", report(rest=result(text=""))),
    Case("additional information may be empty", report(rest=result(info=""))),
    Case(
        "additional information has its order, the marketplace last",
        report(
            rest=result(
                info="<SKU>A-1</SKU><FulfillmentCenterID>F</FulfillmentCenterID>"
                f"{ORDER}{ITEM}<Marketplace>JP</Marketplace>"
            )
        ),
    ),
    Case("an item code does not precede the order id", report(rest=result(info=ITEM + ORDER)), "AmazonOrderID"),
    Case("additional information has no merchant's order id", report(rest=result(info=OUR_ORDER)), "MerchantOrderID"),
)

ORDERS = (
    Case("an ordered item has a price and fees", ordered()),
    Case("a collection fee is a part of the price", ordered(component("Principal", "10"), component("CODFee", "1"))),
    Case("a price without tax is a part of the price", ordered(component("VatExclusiveItemPrice", "10"))),
    Case("an amount needs no currency here either", ordered(component("Principal", "10", None))),
    Case("an unknown part of the price is refused", ordered(component("Postage", "10")), "Type"),
    Case(
        "what remains to be collected and was paid may be given",
        ordered(billing="<CODCollectibleAmount>1</CODCollectibleAmount><AlreadyPaid>0</AlreadyPaid>"),
    ),
    Case(
        "the dates of the shipment may be given",
        ordered(
            item_rest="<ExpectedShipDateRange><EarliestShipDate>2021-09-05T12:00:00Z</EarliestShipDate></ExpectedShipDateRange>"
        ),
    ),
)


@each(REPORTS)
def test_a_processing_report_is_read_as_published(schema: etree.XMLSchema, case: Case) -> None:
    assert_verdict(schema, case)


@each(ORDERS)
def test_an_order_report_is_read_as_published(schema: etree.XMLSchema, case: Case) -> None:
    assert_verdict(schema, case)
