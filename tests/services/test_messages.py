"""What became of each message of a feed, beside the message as it stands in the feed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from feedproc.feeds.progress import Mark
from feedproc.feeds.report import Result
from feedproc.ports import Marks
from feedproc.services.read.messages import PAGE_SIZE, FeedMessages, Verdict
from tests.builders import ADJUSTMENT, Shop, a_feed, acknowledges, cancels, feed_types, orders, refunds
from tests.services.test_batches import Narrow

MESSAGES = 1234
READER = feed_types().look_up(ADJUSTMENT).format.open_extractor
UNKNOWN = 9_000_000


def payload(number: int) -> str:
    """Every seventh message is about an order that does not exist, and every hundredth is no valid one."""
    if number % 100 == 0:
        return "<OrderAcknowledgement><AmazonOrderID>1</AmazonOrderID></OrderAcknowledgement>"
    return cancels(UNKNOWN if number % 7 == 0 else number)


PAYLOADS = [payload(number) for number in range(1, MESSAGES + 1)]
FEED = a_feed(*PAYLOADS)
FAILED = [number for number in range(1, MESSAGES + 1) if number % 7 == 0 or number % 100 == 0]


def messages_of(shop: Shop, feed: bytes, feed_type: str = "POST_ORDER_ACKNOWLEDGEMENT_DATA") -> FeedMessages:
    submission = shop.submit(feed, feed_type)
    shop.work()
    return FeedMessages(shop.backend.marks, shop.backend.documents, shop.again(submission), READER)


class CountingMarks:
    """Marks of a store, and how many of them are read."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks
        self.read = 0

    def get_last(self, seller_id: str, submission_id: str) -> Mark | None:
        return self._marks.get_last(seller_id, submission_id)

    def get(self, seller_id: str, submission_id: str, number: int) -> Mark | None:
        self.read += 1
        return self._marks.get(seller_id, submission_id, number)

    def list_results(self, seller_id: str, submission_id: str) -> Iterator[Result]:
        return self._marks.list_results(seller_id, submission_id)


@pytest.fixture(params=[None, 7])
def messages(request: pytest.FixtureRequest, tmp_path: Path) -> FeedMessages:
    """Of the feed, taken in large batches, or in batches of seven writes."""
    shop = Shop(tmp_path / "data").stocked(*orders(MESSAGES))
    if request.param:
        shop.backend = shop.backend._replace(batches=Narrow(shop.backend.batches, request.param))
    return messages_of(shop, FEED)


def test_every_message_of_every_page_stands_beside_its_own_verdict(messages: FeedMessages) -> None:
    pages = [messages.get_page(number + 1) for number in range(-(-MESSAGES // PAGE_SIZE))]
    judged = [line for page in pages for line in page.messages]
    assert pages[0].pages == len(pages)
    assert [line.number for line in judged] == list(range(1, MESSAGES + 1))
    assert [line.number for line in judged if line.verdict is Verdict.ERROR] == FAILED
    assert all(line.verdict is Verdict.SUCCESSFUL for line in judged if line.number not in FAILED)
    assert all(line.extract.message_id == str(line.number) for line in judged)
    assert all(PAYLOADS[line.number - 1].encode() in line.extract.text for line in judged)


def test_a_message_is_told_with_the_line_on_which_it_begins(messages: FeedMessages) -> None:
    source = FEED.decode().split("\n")
    for line in [*messages.get_page(1).messages, *messages.get_page(20).messages]:
        assert source[line.extract.line - 1] == "  <Message>"
        assert source[line.extract.line] == f"    <MessageID>{line.number}</MessageID>"


def test_the_errors_alone_fill_pages_of_their_own(messages: FeedMessages) -> None:
    pages = [messages.get_errors(number + 1) for number in range(-(-len(FAILED) // PAGE_SIZE))]
    assert [line.number for page in pages for line in page.messages] == FAILED
    assert {page.total for page in pages} == {len(FAILED)}
    assert all(line.extract.message_id == str(line.number) for page in pages for line in page.messages)


@pytest.mark.parametrize("failing", [1, 150, 300])
def test_an_error_among_hundreds_of_batches_is_found_by_reading_some_twenty_marks(shop: Shop, failing: int) -> None:
    shop.stocked(*orders(300))
    shop.backend = shop.backend._replace(batches=Narrow(shop.backend.batches, 1))
    submission = shop.submit(a_feed(*[acknowledges(UNKNOWN if n == failing else n) for n in range(1, 301)]))
    shop.work()
    marks = CountingMarks(shop.backend.marks)
    messages = FeedMessages(marks, shop.backend.documents, shop.again(submission), READER)
    assert [message.number for message in messages.get_errors(1).messages] == [failing]
    assert messages.last is not None
    assert messages.last.number == 300
    assert marks.read <= 25


def test_a_page_beyond_the_last_is_the_last(messages: FeedMessages) -> None:
    assert messages.get_page(10**9) == messages.get_page(-(-MESSAGES // PAGE_SIZE))
    assert messages.get_errors(0) == messages.get_errors(1)


def test_the_failed_messages_come_byte_for_byte_and_in_order(messages: FeedMessages) -> None:
    failed = list(messages.read_failed())
    assert [int(one.message_id) for one in failed] == FAILED
    whole = [message.encode() for message in FEED.decode().split("  <Message>")]
    assert [one.text for one in failed] == [
        b"<Message>" + whole[number].partition(b"</Message>")[0] + b"</Message>" for number in FAILED
    ]


def test_of_messages_with_the_same_id_only_the_one_that_failed_is_told_as_failed(shop: Shop) -> None:
    shop.stocked(*orders(2))
    feed = a_feed(cancels(1), cancels(UNKNOWN), cancels(2)).replace(b"<MessageID>2<", b"<MessageID>1<")
    messages = messages_of(shop, feed.replace(b"<MessageID>3<", b"<MessageID>1<"))
    assert [line.verdict.value for line in messages.get_page(1).messages] == ["successful", "error", "successful"]
    (failed,) = messages.read_failed()
    assert str(UNKNOWN).encode() in failed.text


def test_of_a_feed_that_is_faulty_outside_its_messages_all_messages_failed(shop: Shop) -> None:
    shop.stocked(*orders(3))
    messages = messages_of(
        shop, a_feed(cancels(1), cancels(2)).replace(b"<DocumentVersion>1.01", b"<DocumentVersion>1")
    )
    assert [line.verdict.value for line in messages.get_page(1).messages] == ["withheld", "withheld"]
    (whole,) = messages.get_errors(1).messages
    assert (whole.number, whole.extract, whole.result.message_id) == (None, None, "0")
    assert [one.message_id for one in messages.read_failed()] == ["1", "2"]


def test_a_warning_is_no_error(shop: Shop) -> None:
    shop.stocked(*orders(1))
    messages = messages_of(shop, a_feed(acknowledges(1), acknowledges(1)))
    assert messages.get_errors(1).total == 0
    assert list(messages.read_failed()) == []
    assert len(messages.get_page(1).messages) == 2


def test_a_feed_that_waits_has_no_messages_yet(shop: Shop) -> None:
    messages = FeedMessages(shop.backend.marks, shop.backend.documents, shop.submit(FEED), READER)
    assert messages.last is None
    assert (messages.get_page(1).messages, messages.get_errors(1).messages, list(messages.read_failed())) == (
        [],
        [],
        [],
    )


def test_verdicts_outlive_the_feed(shop: Shop) -> None:
    submission = shop.stocked(*orders(1)).submit(a_feed(refunds(1), refunds(UNKNOWN), feed_type=ADJUSTMENT), ADJUSTMENT)
    shop.work()
    shop.backend.documents.delete(submission.document)
    messages = FeedMessages(shop.backend.marks, shop.backend.documents, submission, READER)
    judged = messages.get_page(1).messages
    assert [(line.verdict.value, line.extract) for line in judged] == [("successful", None), ("error", None)]


def test_the_progress_of_a_feed_says_how_many_messages_it_has(messages: FeedMessages) -> None:
    assert messages.last.messages == messages.last.summary.processed == MESSAGES
