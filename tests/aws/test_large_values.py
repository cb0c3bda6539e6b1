"""Values of a feed that are larger than an item of DynamoDB: the feed ends all the same, and says what is wrong."""

import random

import pytest

from feedproc.feeds.submission import ProcessingStatus
from tests.aws.builders import CloudShop
from tests.builders import a_feed, acknowledges, an_order, order_id

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SIZE = 900_000


@pytest.fixture(scope="module")
def value() -> str:
    """Text that does not get much smaller when it is compressed."""
    return "".join(random.Random(1).choices(LETTERS, k=SIZE))


def test_a_faulty_value_of_900_kb_fails_its_message_alone(shop: CloudShop, value: str) -> None:
    shop.stocked(an_order(1), an_order(2))
    faulty = acknowledges(1).replace("Success", value)
    report = shop.run(a_feed(acknowledges(1, "M-1"), faulty, acknowledges(2, "M-2")))
    assert report.counts == (3, 2, 1, 0)
    (told,) = report.results
    assert told.message_id == "2"
    assert told.description.startswith("This is a malformed or invalid XML document.")


def test_an_order_id_of_900_kb_fails_its_message_alone(shop: CloudShop, value: str) -> None:
    shop.stocked(an_order(1))
    report = shop.run(a_feed(acknowledges(1).replace(order_id(1), value), acknowledges(1)))
    assert report.counts == (2, 1, 1, 0)


def test_a_faulty_value_of_900_kb_in_the_header_ends_the_feed(shop: CloudShop, value: str) -> None:
    submission = shop.submit(
        a_feed(acknowledges(1)).replace(b"OrderAcknowledgement</MessageType>", f"{value}</MessageType>".encode())
    )
    shop.work()
    assert shop.again(submission).status is ProcessingStatus.DONE
    assert shop.report(submission).summary.with_error == 2
