"""What became of each message of a feed, beside the message as it stands in the feed."""

from pathlib import Path

import pytest

from feedproc.feedtype import UNTOLD
from feedproc.formats.message_texts import texts_of
from feedproc.services.read.line import PAGE, Verdict
from feedproc.services.read.messages import FeedLines
from tests.builders import ADJUSTMENT, Shop, a_feed, acknowledges, cancels, feed_types, orders, refunds
from tests.services.test_batches import Narrow

MESSAGES = 1234
READER = texts_of(feed_types().named(ADJUSTMENT).format, UNTOLD).extractor
UNKNOWN = 9_000_000


def payload(number: int) -> str:
    """Every seventh message is about an order that does not exist, and every hundredth is no valid one."""
    if number % 100 == 0:
        return "<OrderAcknowledgement><AmazonOrderID>1</AmazonOrderID></OrderAcknowledgement>"
    return cancels(UNKNOWN if number % 7 == 0 else number)


PAYLOADS = [payload(number) for number in range(1, MESSAGES + 1)]
FEED = a_feed(*PAYLOADS)
FAILED = [number for number in range(1, MESSAGES + 1) if number % 7 == 0 or number % 100 == 0]


def lines_of(shop: Shop, feed: bytes, feed_type: str = "POST_ORDER_ACKNOWLEDGEMENT_DATA") -> FeedLines:
    submission = shop.submit(feed, feed_type)
    shop.work()
    return FeedLines(shop.backend.book, shop.backend.documents, shop.again(submission), READER)


@pytest.fixture(params=[None, 7])
def lines(request: pytest.FixtureRequest, tmp_path: Path) -> FeedLines:
    """Of the feed, taken in large batches, or in batches of seven writes."""
    shop = Shop(tmp_path / "data").stocked(*orders(MESSAGES))
    if request.param:
        shop.backend = shop.backend._replace(book=Narrow(shop.backend.book, request.param))
    return lines_of(shop, FEED)


def test_every_message_of_every_page_stands_beside_its_own_verdict(lines: FeedLines) -> None:
    pages = [lines.page(number + 1) for number in range(-(-MESSAGES // PAGE))]
    told = [line for page in pages for line in page.lines]
    assert pages[0].pages == len(pages)
    assert [line.number for line in told] == list(range(1, MESSAGES + 1))
    assert [line.number for line in told if line.verdict is Verdict.ERROR] == FAILED
    assert all(line.verdict is Verdict.SUCCESSFUL for line in told if line.number not in FAILED)
    assert all(line.extract.message_id == str(line.number) for line in told)
    assert all(PAYLOADS[line.number - 1].encode() in line.extract.text for line in told)


def test_a_message_is_told_with_the_line_on_which_it_begins(lines: FeedLines) -> None:
    source = FEED.decode().split("\n")
    for line in [*lines.page(1).lines, *lines.page(20).lines]:
        assert source[line.extract.line - 1] == "  <Message>"
        assert source[line.extract.line] == f"    <MessageID>{line.number}</MessageID>"


def test_the_errors_alone_fill_pages_of_their_own(lines: FeedLines) -> None:
    pages = [lines.errors(number + 1) for number in range(-(-len(FAILED) // PAGE))]
    assert [line.number for page in pages for line in page.lines] == FAILED
    assert {page.total for page in pages} == {len(FAILED)}
    assert all(line.extract.message_id == str(line.number) for page in pages for line in page.lines)


def test_a_page_beyond_the_last_is_the_last(lines: FeedLines) -> None:
    assert lines.page(10**9) == lines.page(-(-MESSAGES // PAGE))
    assert lines.errors(0) == lines.errors(1)


def test_the_failed_messages_come_byte_for_byte_and_in_order(lines: FeedLines) -> None:
    failed = list(lines.failed())
    assert [int(one.message_id) for one in failed] == FAILED
    whole = [message.encode() for message in FEED.decode().split("  <Message>")]
    assert [one.text for one in failed] == [
        b"<Message>" + whole[number].partition(b"</Message>")[0] + b"</Message>" for number in FAILED
    ]


def test_of_messages_with_the_same_id_only_the_one_that_failed_is_told_as_failed(shop: Shop) -> None:
    shop.stocked(*orders(2))
    feed = a_feed(cancels(1), cancels(UNKNOWN), cancels(2)).replace(b"<MessageID>2<", b"<MessageID>1<")
    lines = lines_of(shop, feed.replace(b"<MessageID>3<", b"<MessageID>1<"))
    assert [line.verdict.value for line in lines.page(1).lines] == ["successful", "error", "successful"]
    (failed,) = lines.failed()
    assert str(UNKNOWN).encode() in failed.text


def test_of_a_feed_that_is_faulty_outside_its_messages_all_messages_failed(shop: Shop) -> None:
    shop.stocked(*orders(3))
    lines = lines_of(shop, a_feed(cancels(1), cancels(2)).replace(b"<DocumentVersion>1.01", b"<DocumentVersion>1"))
    assert [line.verdict.value for line in lines.page(1).lines] == ["withheld", "withheld"]
    (whole,) = lines.errors(1).lines
    assert (whole.number, whole.extract, whole.result.message_id) == (None, None, "0")
    assert [one.message_id for one in lines.failed()] == ["1", "2"]


def test_a_warning_is_no_error(shop: Shop) -> None:
    shop.stocked(*orders(1))
    lines = lines_of(shop, a_feed(acknowledges(1), acknowledges(1)))
    assert lines.errors(1).total == 0
    assert list(lines.failed()) == []
    assert len(lines.page(1).lines) == 2


def test_a_feed_that_waits_has_no_lines_yet(shop: Shop) -> None:
    lines = FeedLines(shop.backend.book, shop.backend.documents, shop.submit(FEED), READER)
    assert lines.last is None
    assert (lines.page(1).lines, lines.errors(1).lines, list(lines.failed())) == ([], [], [])


def test_verdicts_outlive_the_feed(shop: Shop) -> None:
    submission = shop.stocked(*orders(1)).submit(a_feed(refunds(1), refunds(UNKNOWN), feed_type=ADJUSTMENT), ADJUSTMENT)
    shop.work()
    shop.backend.documents.delete(submission.document)
    lines = FeedLines(shop.backend.book, shop.backend.documents, submission, READER)
    told = lines.page(1).lines
    assert [(line.verdict.value, line.extract) for line in told] == [("successful", None), ("error", None)]


def test_the_progress_of_a_feed_says_how_many_messages_it_has(lines: FeedLines) -> None:
    assert lines.last.messages == lines.last.summary.processed == MESSAGES
