"""The processing report of an order feed: its counts as recorded on Amazon's service, and its bytes."""

import pytest
from msgspec.structs import replace

from feedproc.feeds.manner import Manner, SchemaFaults
from feedproc.services.process.processing import Policy
from tests.builders import (
    FULFILLMENT,
    SELLER,
    Shop,
    a_feed,
    a_seller,
    acknowledges,
    an_order,
    cancels,
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


UNREADABLE = {
    "empty": (b"", "line -1, column -1."),
    "blank": (b"   \n", "line 2, column 1."),
    "tabs": (b"sku\tprice\nA\t1\n", "line 1, column 1."),
    "another root": (b"<Orders>\n</Orders>", "line 2, column 10."),
    "lower case": (b"<amazonenvelope>\n</amazonenvelope>", "line 2, column 18."),
    "broken off": (b"<AmazonEnvelope>", "line 1, column 17."),
    "more behind the end": (a_feed(acknowledges()) + b"\n\n<more/>", "column 18."),
}
"""With the end of what Amazon says of it."""


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_feed_that_cannot_be_read_as_a_whole_has_one_result(shop: Shop, name: str) -> None:
    feed, place = UNREADABLE[name]
    report = shop.run(feed)
    assert report.codes == [("9223372036854775807", 50001)]
    assert report.results[0].description.endswith(place)
    assert report.counts == (0, 0, 1, 0)
    assert report.merchant_identifier == SELLER


BROKEN = a_feed(acknowledges()).replace(b"<StatusCode>Success", b"<StatusCode>Maybe")


def test_places_and_sentences_stand_in_reports_where_they_are_asked_for(shop: Shop) -> None:
    located = Policy(manner=Manner(schema_faults=SchemaFaults.LOCATED))
    empty, broken = shop.submit(b""), shop.submit(BROKEN)
    shop.work(located)

    (fatal,), (faulty,) = shop.report(empty).results, shop.report(broken).results

    twice = "XML Parsing Fatal Error at Line -1, Column -1: Premature end of file. Premature end of file."
    assert (fatal.code, fatal.description) == (5001, twice)
    assert faulty.code == 5002
    assert faulty.description.startswith("XML Parsing Error at Line 10, Column ")


def test_a_sellers_own_manner_goes_before_the_servers(shop: Shop) -> None:
    seller = shop.backend.sellers.get(SELLER)
    assert seller
    shop.backend.sellers.change(replace(seller, manner=Manner(schema_faults=SchemaFaults.LOCATED)))

    assert shop.run(BROKEN).results[0].code == 5002


def test_what_the_parser_found_stands_beside_amazons_text(shop: Shop) -> None:
    submission = shop.submit(BROKEN)
    shop.work()

    (result,) = shop.backend.marks.list_results(SELLER, submission.submission_id)

    assert (result.code, result.message_id) == (5000, "1")
    assert result.located
    assert (result.located.rule, result.located.path) == (
        "cvc-enumeration-valid",
        "/AmazonEnvelope/Message/OrderAcknowledgement/StatusCode",
    )
    assert "Line 10" in result.located.sentence
    assert result.reason


def test_the_host_in_a_text_follows_the_marketplace(shop: Shop) -> None:
    shop.stocked(seller=a_seller("A9JAPAN", marketplace_id="A1VC38T7YXB528"))
    submission = shop.submit(a_feed(acknowledges(), merchant="ELSE"), seller_id="A9JAPAN")
    shop.work()
    assert "http://sellercentral.amazon.co.jp/gp/help/23071" in shop.report(submission).results[0].description


def test_a_report_of_thousands_of_results_is_whole(shop: Shop) -> None:
    report = shop.run(a_feed(*map(acknowledges, range(1, 3_001))))
    assert report.counts == (3_000, 0, 3_000, 0)
    assert [one.message_id for one in report.results] == [str(number) for number in range(1, 3_001)]
