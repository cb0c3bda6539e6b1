"""Amazon's result message codes, each with the sentence that stands in a processing report: the one table of them.

Codes and sentences are those of recorded reports and of Amazon's help pages for sellers. Several sentences share one
code; where Amazon's own number is not known, the sentence stands under 18028, the code of whatever is wrong with an
order.
"""

from typing import NamedTuple


class ReportText(NamedTuple):
    """What a report says of one thing that is wrong."""

    code: int
    """The result message code."""
    text: str
    """The description, with places as `str.format` has them for what differs from feed to feed."""

    def fill(self, **places: object) -> str:
        """Return the description with its places filled.

        Raises:
            KeyError: a place of the text is not among those given.

        """
        return self.text.format(**places)


# About a feed as a whole

WRONG_FEED_TYPE = ReportText(
    25, "We are unable to process the XML feed because one or more items are invalid. Please re-submit the feed."
)
XML_OUTSIDE_MESSAGE = ReportText(5000, "XML Parsing Error at Line {line}, Column {column}: {sentence}")
PLACE_ALONE = ReportText(5000, "XML Parsing Error at Line {line}, Column {column}")
"""Of an order feed, outside of its messages."""
MALFORMED = ReportText(
    5000,
    "This is a malformed or invalid XML document. For more details, please see http://{host}/gp/help/22971",
)
"""Of a message of an order feed, whatever its schema forbids."""
FATAL_XML = ReportText(5001, "XML Parsing Fatal Error at Line {line}, Column {column}: {sentence} {sentence}")
"""The parser's sentence stands in it twice."""
TOO_MANY_ERRORS = ReportText(5003, "Too many errors were encountered. (processing interrupted)")
INTERRUPTED = ReportText(
    5003, "Processing was interrupted after {processed} of {messages} messages. Those before have taken effect."
)
"""Of feedproc's own: a feed that could not be processed any further, under the code of what else breaks off one."""
WRONG_MERCHANT = ReportText(
    5005,
    "The MerchantIdentifier provided in the XML payload is not valid for your credentials. "
    "For more details, see http://{host}/gp/help/23071",
)
ILL_FORMED_ENVELOPE = ReportText(
    50001,
    "The XML you submitted is ill-formed at the Amazon Envelope XML level at (or near) line {line}, column {column}.",
)
MISSING_COLUMN = ReportText(
    90012,
    "The required {name} field is missing from the file. To correct this error, download the template again and "
    "use the new copy, or insert the required field into your existing file.",
)
"""Japanese reports have it in English, as far as is known."""
UNKNOWN_COLUMN = ReportText(
    90061,
    "The {heading} field heading is invalid, so values in this field were ignored. To correct this error, download the "
    "template again and use the new copy, or fix the field heading in your existing file.",
)
UNKNOWN_COLUMN_IN_JAPANESE = ReportText(
    90061,
    "{heading} 列が無効です。この列の値は無視されます。このエラーを修正するには、再度テンプレートをダウンロードして"
    "新しくファイルを作成する、または既存ファイルにある無効な列の見出しを修正してください。.",
)

# About a message, or a row

XML_IN_MESSAGE = ReportText(5002, XML_OUTSIDE_MESSAGE.text)
UNPROCESSABLE = ReportText(
    5002,
    "We are sorry, but we were unable to process this message. "
    "Please review the message and verify that it is accurate. Then, please resubmit the message.",
)
"""Help pages for sellers name a bad ship date as the usual cause."""
TOO_MANY = ReportText(
    18021,
    "The quantities you provided for order id ({amazon_order_id}) were larger than the quantities that could be "
    "fulfilled. Please review the quantity from the order report and take into account any items that have been "
    "cancelled or already fulfilled.",
)
NOT_FOUND = ReportText(
    18028,
    "Your order cannot be found using Merchant ID {merchant_identifier} and Merchant Order {order_id}. "
    "Enter the correct order ID and then resubmit your feed.",
)
INVALID = ReportText(
    18028, "The data you submitted is incomplete or invalid. For help fixing this, see http://{host}/gp/help/30721"
)
"""For whatever has no sentence of its own."""
INCOMPLETE = ReportText(
    18028,
    "The data you submitted with this item is incomplete or invalid. "
    "Please resubmit the item with all required fields completed with valid data.",
)
"""Of a flat file: for a value that is missing, or that its column does not take."""
NO_ORDER_ID = ReportText(18028, "Invalid OrderID or AmazonOrderID.")
NOT_FULFILLABLE = ReportText(18028, "Order cannot be fulfilled. For more information, please contact Seller Support.")
NEGATIVE_PRICE = ReportText(
    18028,
    "Adjustment amount for item price is a negative value. For help fixing this, see http://{host}/gp/help/25221",
)
NEGATIVE_TAX = ReportText(18028, "Adjustment amount for tax or shipping tax is a negative value.")
EXCESSIVE = ReportText(18028, "The requested refund amount exceeds the amount that can be refunded.")
EXCESSIVE_TAX = ReportText(18028, "The requested refund amount for the tax or shipping tax is not eligible")
EXCESSIVE_PRICE = ReportText(18028, "The requested refund amount for the item price is not eligible")
NOT_A_CREDIT = ReportText(18028, "The net adjustment amount is not a positive amount and has therefore been rejected.")
NO_SHIP_METHOD = ReportText(
    18028,
    "ship-methodの項目が記入されていないか入力内容が無効です。 "
    "有効なship-methodの項目が入力されていることを確認してください。",
)
"""A warning of Japanese flat files since April 2021."""
TRACKING_FORMAT = ReportText(
    18028,
    "The tracking ID {number} for {carrier} does not match the expected format for the carrier. "
    "Please verify that you have entered the tracking ID and carrier name correctly.",
)
"""A warning since April 2021; the shipment is confirmed."""
