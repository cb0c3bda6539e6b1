"""What an envelope may hold around its messages, and the forms of ids, as published."""

from lxml import etree

from tests.schemas.documents import ORDER, Case, acknowledge, acknowledgement, assert_verdict, each, envelope

IDENTIFIERS = (
    *(
        Case(f"the order id {order} has the form", acknowledge(f"<AmazonOrderID>{order}</AmazonOrderID>"))
        for order in ("D01-1234567-1234567", "abc-defghij-klmnopq", "２５０-1234567-1234567", "注文書-1234567-1234567")
    ),
    *(
        Case(
            f"the order id {order!r} does not have the form",
            acknowledge(f"<AmazonOrderID>{order}</AmazonOrderID>"),
            "AmazonOrderID",
        )
        for order in (
            "25_-1234567-1234567",
            "250-123456-1234567",
            " 250-1234567-1234567",
            "250-1234567-1234567\n",
            "25012345671234567",
            "",
        )
    ),
    Case(
        "an item code may have full-width digits",
        acknowledge(items="<Item><AmazonOrderItemCode>１2345678901234</AmazonOrderItemCode></Item>"),
    ),
    *(
        Case(
            f"the item code {code!r} does not have the form",
            acknowledge(items=f"<Item><AmazonOrderItemCode>{code}</AmazonOrderItemCode></Item>"),
            "AmazonOrderItemCode",
        )
        for code in ("1234567890123", "123456789012345", "1234567890123A", " 12345678901234")
    ),
    Case("the merchant's order id may be empty", acknowledge(f"{ORDER}<MerchantOrderID/>")),
)

ENVELOPES = (
    *(
        Case(f"the message id {number!r} is one", envelope(acknowledgement(), message_id=number))
        for number in ("0001", " 1\n", "9" * 20)
    ),
    *(
        Case(f"the message id {number!r} is none", envelope(acknowledgement(), message_id=number), "MessageID")
        for number in ("0", "-1", "+1", "1.0", "１", "", "1" * 21)
    ),
    *(
        Case(f"the version {version} is one", envelope(acknowledgement(), version=version))
        for version in ("1.0", "12.34")
    ),
    *(
        Case(f"the version {version!r} is none", envelope(acknowledgement(), version=version), "DocumentVersion")
        for version in ("1", "1.001", " 1.01 ")
    ),
    Case("the merchant may be empty", envelope(acknowledgement(), merchant="")),
    Case(
        "the merchant does not fit in fifty-one characters",
        envelope(acknowledgement(), merchant="x" * 51),
        "MerchantIdentifier",
    ),
    Case("any message type of the release is known", envelope(acknowledgement(), kind="WebstoreItem")),
    Case("a message type is not trimmed", envelope(acknowledgement(), kind="OrderAcknowledgement "), "MessageType"),
    Case("an unknown message type is refused", envelope(acknowledgement(), kind="OrderCancellation"), "MessageType"),
    Case(
        "marketplace, purge and date follow the type in this order",
        envelope(
            acknowledgement(),
            after_type="<MarketplaceName>JP</MarketplaceName><PurgeAndReplace> false </PurgeAndReplace>"
            "<EffectiveDate>2021-09-05T12:00:00</EffectiveDate>",
        ),
    ),
    Case(
        "purge does not precede the marketplace",
        envelope(
            acknowledgement(),
            after_type="<PurgeAndReplace>false</PurgeAndReplace><MarketplaceName>JP</MarketplaceName>",
        ),
        "MarketplaceName",
    ),
    Case(
        "the date does not precede purge",
        envelope(
            acknowledgement(),
            after_type="<EffectiveDate>2021-09-05T12:00:00</EffectiveDate><PurgeAndReplace>1</PurgeAndReplace>",
        ),
        "PurgeAndReplace",
    ),
    Case(
        "purge is not TRUE",
        envelope(acknowledgement(), after_type="<PurgeAndReplace>TRUE</PurgeAndReplace>"),
        "PurgeAndReplace",
    ),
    Case(
        "the marketplace may not be empty",
        envelope(acknowledgement(), after_type="<MarketplaceName/>"),
        "MarketplaceName",
    ),
    Case(
        "an operation follows the message id",
        envelope("<OperationType>Update</OperationType>" + acknowledgement()),
    ),
    Case(
        "an operation is not Replace",
        envelope("<OperationType>Replace</OperationType>" + acknowledgement()),
        "OperationType",
    ),
    Case("an operation does not follow the content", envelope(acknowledgement() + "<OperationType/>"), "OperationType"),
    Case("a message holds one content", envelope(acknowledgement() * 2), "OrderAcknowledgement"),
    Case("a message is not empty", envelope(""), "Message"),
    Case("the content need not fit the message type", envelope(acknowledgement(), kind="OrderFulfillment")),
    Case("any global element may be the root", acknowledgement()),
    Case("a default namespace is refused", '<AmazonEnvelope xmlns="urn:amazon"/>', "{urn:amazon}AmazonEnvelope"),
)


@each(IDENTIFIERS)
def test_an_identifier_has_its_form_and_is_not_trimmed(schema: etree.XMLSchema, case: Case) -> None:
    assert_verdict(schema, case)


@each(ENVELOPES)
def test_an_envelope_is_read_as_published(schema: etree.XMLSchema, case: Case) -> None:
    assert_verdict(schema, case)
