"""Real clients send flat files as they send them, and read the reports as they read them."""

import pytest
from msgspec.structs import replace

from tests.clients.drivers import Account, BotoMws, Driver, Pymws, PythonMws
from tests.clients.shops import SAMPLES, Shop
from tests.serve.builders import eventually

FULFILLMENT = "_POST_FLAT_FILE_FULFILLMENT_DATA_"
CANCELLATION = "_POST_FLAT_FILE_ORDER_ACKNOWLEDGEMENT_DATA_"
TSV = "text/tab-separated-values"
JAPANESE = "フィード処理結果：\n\t処理された件数\t\t3\n\t成功した件数\t\t3\n\n".encode("cp932")
ENGLISH = b"Feed Processing Summary:\n\tNumber of records processed\t\t2\n\tNumber of records successful\t\t2\n\n"


def sample(name: str) -> bytes:
    return (SAMPLES / "feeds" / "good" / f"{name}.txt").read_bytes()


def in_germany(shop: Shop, account: Account) -> None:
    """Let the seller sell in Germany."""
    with shop.open_backend() as backend:
        seller = backend.sellers.get(account.seller_id)
        assert seller is not None
        backend.sellers.change(replace(seller, marketplace_ids=("A1PA6795UKMFR9",)))


def done(client: Driver, submission_id: str) -> bool:
    (told,) = client.page([submission_id]).submissions
    return told.status == "_DONE_"


def carriers(shop: Shop, account: Account) -> list[str | None]:
    """By whom the packages of the first three orders go."""
    with shop.open_backend() as backend:
        names = [f"250-100000{number}-000000{number}" for number in (1, 2, 3)]
        orders = [backend.orders.get(account.seller_id, name) for name in names]
    return [package.carrier for order in orders if order for package in order.packages]


@pytest.fixture
def account(plain_shop: Shop) -> Account:
    return plain_shop.new_account()


def test_mws_sends_shift_jis_and_reads_a_japanese_report(plain_shop: Shop, account: Account) -> None:
    client = PythonMws(plain_shop.endpoint, account)
    answer = client.client.submit_feed(
        sample("fulfillment-shift-jis"), FULFILLMENT, content_type=f"{TSV}; charset=Shift_JIS"
    )
    submission = answer.parsed.FeedSubmissionInfo.FeedSubmissionId
    assert eventually(lambda: done(client, submission))
    result = client.client.get_feed_submission_result(submission)
    assert (result.original, result.response.headers["Content-Type"]) == (
        JAPANESE, "text/plain;charset=windows-31j",
    )  # fmt: skip
    assert carriers(plain_shop, account) == ["YAMATO", "赤帽"]


def test_mws_sends_iso_8859_1_and_reads_an_english_report(plain_shop: Shop, account: Account) -> None:
    in_germany(plain_shop, account)
    client = PythonMws(plain_shop.endpoint, account)
    feed = sample("fulfillment-windows-1252")
    answer = client.client.submit_feed(feed, FULFILLMENT, content_type=f"{TSV}; charset=iso-8859-1")
    submission = answer.parsed.FeedSubmissionInfo.FeedSubmissionId
    assert eventually(lambda: done(client, submission))
    result = client.client.get_feed_submission_result(submission)
    assert (result.original, result.response.headers["Content-Type"]) == (ENGLISH, "text/plain;charset=windows-1252")
    assert carriers(plain_shop, account) == ["DHL", "Kurier Müller"]


@pytest.mark.parametrize("content_type", [f"{TSV};charset=Shift_JIS", TSV, "application/octet-stream", "text/plain"])
def test_pymws_sends_them_as_it_is_told(plain_shop: Shop, account: Account, content_type: str) -> None:
    client = Pymws(plain_shop.endpoint, account)
    answer = client.client.feeds.submit_feed(sample("fulfillment-shift-jis"), FULFILLMENT, content_type)
    submission = str(answer.FeedSubmissionInfo.FeedSubmissionId)
    assert eventually(lambda: done(client, submission))
    assert carriers(plain_shop, account) == ["YAMATO", "赤帽"]


def test_pymws_sends_text_as_iso_8859_1_of_itself(plain_shop: Shop, account: Account) -> None:
    client = Pymws(plain_shop.endpoint, account)
    answer = client.client.feeds.submit_feed(sample("fulfillment-windows-1252").decode("cp1252"), FULFILLMENT)
    submission = str(answer.FeedSubmissionInfo.FeedSubmissionId)
    assert eventually(lambda: done(client, submission))
    assert carriers(plain_shop, account) == ["DHL", "Kurier Müller"]


@pytest.mark.parametrize("content_type", [f"{TSV}; charset=iso-8859-1", "text/xml"])
def test_boto_sends_a_cancellation(plain_shop: Shop, account: Account, content_type: str) -> None:
    client = BotoMws(plain_shop.endpoint, account)
    answer = client.client.submit_feed(
        FeedContent=sample("cancellation-whole-orders"), FeedType=CANCELLATION, content_type=content_type
    )
    submission = answer.SubmitFeedResult.FeedSubmissionInfo.FeedSubmissionId
    assert eventually(lambda: done(client, submission))
    with plain_shop.open_backend() as backend:
        order = backend.orders.get(account.seller_id, "250-1000001-0000001")
    assert order is not None
    assert order.status == "Canceled"
