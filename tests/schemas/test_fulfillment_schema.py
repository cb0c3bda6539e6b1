"""What an OrderFulfillment may hold, and its dates, as published."""

from lxml import etree

from tests.schemas.documents import ITEM, OUR_ITEM, OUR_ORDER, Case, assert_verdict, each, fulfill, ship_on, shipped

FULFILLMENTS = (
    Case("an order id and a date suffice", fulfill()),
    Case("the merchant's order id stands alone", fulfill(order=OUR_ORDER)),
    Case("an item is named by the merchant's id alone", fulfill(f"<Item>{OUR_ITEM}<Quantity>1</Quantity></Item>")),
    Case(
        "a shipment's id is a number",
        fulfill(before_date="<MerchantFulfillmentID>1234567</MerchantFulfillmentID>"),
    ),
    Case(
        "a shipment's id is not text",
        fulfill(before_date="<MerchantFulfillmentID>shipment-1</MerchantFulfillmentID>"),
        "MerchantFulfillmentID",
    ),
    Case(
        "a shipped item's id is not text",
        fulfill(f"<Item>{ITEM}<MerchantFulfillmentItemID>item-1</MerchantFulfillmentItemID></Item>"),
        "MerchantFulfillmentItemID",
    ),
    Case("a carrier is given by its code", fulfill(shipped("<CarrierCode>YAMATO</CarrierCode>"))),
    Case("a carrier is given by its name", fulfill(shipped("<CarrierName>By bicycle</CarrierName>"))),
    Case(
        "a carrier is given by code and name",
        fulfill(shipped("<CarrierCode>Other</CarrierCode><CarrierName>By bicycle</CarrierName>")),
    ),
    Case(
        "a carrier's name does not precede its code",
        fulfill(shipped("<CarrierName>By bicycle</CarrierName><CarrierCode>Other</CarrierCode>")),
        "CarrierCode",
    ),
    Case("a carrier may be missing", fulfill(shipped(rest="<ShippingMethod>Air</ShippingMethod>"))),
    Case("what was shipped may be empty", fulfill(shipped())),
    *(
        Case(f"the carrier {carrier} is known", fulfill(shipped(f"<CarrierCode>{carrier}</CarrierCode>")))
        for carrier in ("SAGAWA", "Japan Post", "Hermes (Corporate)", "Parcel Hub", "UPS")
    ),
    *(
        Case(f"the carrier {carrier} is not", fulfill(shipped(f"<CarrierCode>{carrier}</CarrierCode>")), "CarrierCode")
        for carrier in ("FEDEX", "yamato", "OTHER", " UPS")
    ),
    Case(
        "the collection method stands between shipment and items, the address after them",
        fulfill(
            f"{shipped()}<CODCollectionMethod>DirectPayment</CODCollectionMethod><Item>{ITEM}</Item>"
            "<ShipFromAddress><Name>A</Name><AddressFieldOne>B</AddressFieldOne><CountryCode>JP</CountryCode>"
            '<PhoneNumber Type="Voice" Description="day">1</PhoneNumber></ShipFromAddress>'
        ),
    ),
    Case(
        "the collection method does not follow the items",
        fulfill(f"<Item>{ITEM}</Item><CODCollectionMethod>DirectPayment</CODCollectionMethod>"),
        "CODCollectionMethod",
    ),
    Case(
        "the address does not precede the items",
        fulfill(
            "<ShipFromAddress><Name>A</Name><AddressFieldOne>B</AddressFieldOne><CountryCode>JP</CountryCode>"
            f"</ShipFromAddress><Item>{ITEM}</Item>"
        ),
        "Item",
    ),
    Case(
        "name, method and tracking number may be empty",
        fulfill(shipped("<CarrierName/>", "<ShippingMethod/><ShipperTrackingNumber/>")),
    ),
    Case(
        "the tracking number does not precede the method",
        fulfill(shipped(rest="<ShipperTrackingNumber>1</ShipperTrackingNumber><ShippingMethod>Air</ShippingMethod>")),
        "ShippingMethod",
    ),
    Case("ten transparency codes fit", fulfill(f"<Item>{ITEM}{'<TransparencyCode>1</TransparencyCode>' * 10}</Item>")),
    Case(
        "an eleventh transparency code does not",
        fulfill(f"<Item>{ITEM}{'<TransparencyCode>1</TransparencyCode>' * 11}</Item>"),
        "TransparencyCode",
    ),
    Case("a method of fifty kana fits", fulfill(shipped(rest=f"<ShippingMethod>{'あ' * 50}</ShippingMethod>"))),
    Case(
        "a method of fifty-one kana does not",
        fulfill(shipped(rest=f"<ShippingMethod>{'あ' * 51}</ShippingMethod>")),
        "ShippingMethod",
    ),
)

BLANKS_AROUND_A_DATE = Case(
    "a date with blanks around it is refused by libxml2",
    ship_on(" 2021-09-05T12:00:00Z "),
    "FulfillmentDate",
)

DATES = (
    *(
        Case(f"the date {date} is one", ship_on(date))
        for date in (
            "2021-09-05T12:00:00Z",
            "2021-09-05T12:00:00+09:00",
            "2021-09-05T12:00:00",
            "2021-09-05T12:00:00.123Z",
            "2021-09-05T24:00:00",
        )
    ),
    *(
        Case(f"the date {date} is none", ship_on(date), "FulfillmentDate")
        for date in (
            "2021-09-05",
            "2021-09-05 12:00:00",
            "2021-09-05T12:00:00+0900",
            "2021-09-05T12:00Z",
            "2021-09-05T12:00:00z",
            "2021-09-05T12:00:60Z",
            "2021-09-05T12:00:00+14:01",
        )
    ),
    BLANKS_AROUND_A_DATE,
)


@each(FULFILLMENTS)
def test_a_fulfillment_is_read_as_published(schema: etree.XMLSchema, case: Case) -> None:
    assert_verdict(schema, case)


@each(DATES)
def test_a_date_is_an_xml_schema_date_with_time(schema: etree.XMLSchema, case: Case) -> None:
    assert_verdict(schema, case)
