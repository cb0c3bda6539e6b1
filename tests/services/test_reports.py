"""The processing report of an order feed: its counts as recorded on Amazon's service, and its bytes."""

import pytest

from tests.builders import (
    FULFILLMENT,
    SELLER,
    Shop,
    a_feed,
    a_seller,
    acknowledges,
    an_order,
    cancels,
    head,
    order_id,
    orders,
    ships,
)

GOOD = """<?xml version="1.0" encoding="UTF-8"?>
<AmazonEnvelope xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="amzn-envelope.xsd">
	<Header>
		<DocumentVersion>1.02</DocumentVersion>
		<MerchantIdentifier>A2SHOP</MerchantIdentifier>
	</Header>
	<MessageType>ProcessingReport</MessageType>
	<Message>
		<MessageID>1</MessageID>
		<ProcessingReport>
			<DocumentTransactionID>50001019786</DocumentTransactionID>
			<StatusCode>Complete</StatusCode>
			<ProcessingSummary>
				<MessagesProcessed>1</MessagesProcessed>
				<MessagesSuccessful>1</MessagesSuccessful>
				<MessagesWithError>0</MessagesWithError>
				<MessagesWithWarning>0</MessagesWithWarning>
			</ProcessingSummary>
		</ProcessingReport>
	</Message>
</AmazonEnvelope>"""
RESULT = """			<Result>
				<MessageID>1</MessageID>
				<ResultCode>Error</ResultCode>
				<ResultMessageCode>18028</ResultMessageCode>
				<ResultDescription>The data you submitted is incomplete or invalid. For help fixing this, see http://sellercentral.amazon.de/gp/help/30721</ResultDescription>
				<AdditionalInfo>
					<AmazonOrderID>250-0000000-0000001</AmazonOrderID>
				</AdditionalInfo>
			</Result>
"""


def test_the_report_of_a_good_feed_byte_for_byte(shop: Shop) -> None:
    shop.stocked(an_order())
    assert shop.run(a_feed(acknowledges())).raw == GOOD.encode()


def test_a_failed_message_adds_its_result_byte_for_byte(shop: Shop) -> None:
    shop.stocked(an_order())
    shop.run(a_feed(cancels()))
    expected = GOOD.replace("50001", "50002").replace("Successful>1", "Successful>0").replace("Error>0", "Error>1")
    expected = expected.replace("\t\t</ProcessingReport>", RESULT + "\t\t</ProcessingReport>")
    assert shop.run(a_feed(acknowledges())).raw == expected.encode()


def test_quotes_and_brackets_are_escaped(shop: Shop) -> None:
    report = shop.run(a_feed(ships(named="O&apos;Neill &lt;&quot;&amp;"), feed_type=FULFILLMENT), FULFILLMENT)
    assert b"Merchant Order O&apos;Neill &lt;&quot;&amp;. Enter" in report.raw


def test_several_good_messages_leave_no_result(shop: Shop) -> None:
    shop.stocked(*orders(5))
    report = shop.run(a_feed(*map(acknowledges, range(1, 6))))
    assert report.counts == (5, 5, 0, 0)
    assert not report.results


def test_of_some_bad_messages_each_has_one_result_in_order(shop: Shop) -> None:
    shop.stocked(an_order(7))
    report = shop.run(a_feed(*map(acknowledges, range(1, 8))))
    assert report.counts == (7, 1, 6, 0)
    assert [one.message_id for one in report.results] == list("123456")


def test_a_refused_message_names_the_order_and_an_unknown_one_does_not(shop: Shop) -> None:
    shop.stocked(an_order(1, merchant_order_id="M-1"))
    feed = a_feed(ships(1, 99), ships(2), ships(1, 99, named="M-1"), feed_type=FULFILLMENT)
    assert [one.amazon_order_id for one in shop.run(feed, FULFILLMENT).results] == [order_id(1), None, None]


@pytest.mark.parametrize(
    ("feed", "message_id", "code"),
    [
        (b"", "0", 5001),
        (b"   \n", "0", 5001),
        (b"sku\tprice\nA\t1\n", "9223372036854775807", 50001),
        (b"<Orders/>", "9223372036854775807", 50001),
        (b"<amazonenvelope/>", "9223372036854775807", 50001),
        (b"<AmazonEnvelope>", "0", 5001),
        (head().encode(), "0", 5001),
        (a_feed(acknowledges()) + b"<more/>", "0", 5001),
    ],
    ids=[
        "empty",
        "blank",
        "tabs",
        "another root",
        "lower case",
        "broken off",
        "no messages yet",
        "more behind the end",
    ],
)
def test_a_feed_that_cannot_be_read_as_a_whole_has_one_result(
    shop: Shop, feed: bytes, message_id: str, code: int
) -> None:
    report = shop.run(feed)
    assert report.codes == [(message_id, code)]
    assert report.counts == (0, 0, 1, 0)
    assert report.merchant_identifier == SELLER


def test_fatal_errors_are_told_twice_as_amazon_does(shop: Shop) -> None:
    (result,) = shop.run(b"").results
    assert result.description == (
        "XML Parsing Fatal Error at Line -1, Column -1: Premature end of file. Premature end of file."
    )


def test_the_host_in_a_text_follows_the_marketplace(shop: Shop) -> None:
    shop.stocked(seller=a_seller("A9JAPAN", marketplace_id="A1VC38T7YXB528"))
    submission = shop.submit(a_feed(acknowledges(), merchant="ELSE"), seller_id="A9JAPAN")
    shop.work()
    assert "http://sellercentral.amazon.co.jp/gp/help/23071" in shop.report(submission).results[0].description


def test_a_report_of_thousands_of_results_is_whole(shop: Shop) -> None:
    report = shop.run(a_feed(*map(acknowledges, range(1, 3_001))))
    assert report.counts == (3_000, 0, 3_000, 0)
    assert [one.message_id for one in report.results] == [str(number) for number in range(1, 3_001)]
