"""What real clients show their users when something is wrong."""

from typing import Any

import pytest

from tests.clients.conftest import configure_boto
from tests.clients.drivers import Account, BotoMws, Driver, Pymws, PythonMws, installed, refused
from tests.clients.line import DamagedLine
from tests.clients.shops import ACKNOWLEDGEMENT, KitShop, TlsShop, sample
from tests.serve.builders import eventually

FEED = sample("acknowledgement")


def test_a_wrong_secret_is_refused(client_type: type[Driver], plain_shop: KitShop, account_here: Account) -> None:
    client = client_type(plain_shop.endpoint, account_here._replace(secret_key="wrong"))
    with refused(client, "SignatureDoesNotMatch", "Check your AWS Secret Access Key and signing method."):
        client.count()
    with refused(client, "SignatureDoesNotMatch"):
        client.submit(FEED, ACKNOWLEDGEMENT)


def test_an_unknown_key_is_refused(client_type: type[Driver], plain_shop: KitShop, account_here: Account) -> None:
    client = client_type(plain_shop.endpoint, account_here._replace(access_key="AKIANOBODY"))
    with refused(client, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."):
        client.count()


def test_another_seller_cannot_be_spoken_for(
    client_type: type[Driver], plain_shop: KitShop, account_here: Account
) -> None:
    other = plain_shop.new_account()
    client = client_type(plain_shop.endpoint, account_here._replace(seller_id=other.seller_id))
    with refused(client, "AccessDenied", "Invalid seller id"):
        client.count()


def test_another_sellers_submission_is_unknown(client_type: type[Driver], plain_shop: KitShop) -> None:
    mine, theirs = (client_type(plain_shop.endpoint, plain_shop.new_account()) for _ in range(2))
    mine.submit(FEED, ACKNOWLEDGEMENT)
    theirs.submit(FEED, ACKNOWLEDGEMENT)
    second = theirs.submit(FEED, ACKNOWLEDGEMENT).submission_id
    with refused(mine, "InvalidFeedSubmissionId", f"Failed to find feed with Feed Submission ID: {second}"):
        mine.report(second)


def test_a_result_before_its_time_is_not_ready(client_type: type[Driver], halted_shop: KitShop) -> None:
    client = client_type(halted_shop.endpoint, halted_shop.new_account())
    one = client.submit(FEED, ACKNOWLEDGEMENT).submission_id
    text = f"Feed Submission Result is not ready for Feed Submission Id: {one}"
    with refused(client, "FeedProcessingResultNotReady", text):
        client.report(one)


def test_a_cancelled_feed_has_no_result(client_type: type[Driver], halted_shop: KitShop) -> None:
    client = client_type(halted_shop.endpoint, halted_shop.new_account())
    one = client.submit(FEED, ACKNOWLEDGEMENT).submission_id
    client.cancel([one])
    with refused(client, "FeedCanceled", f"Feed Submission has been canceled for Feed: {one}"):
        client.report(one)


def test_an_unknown_submission_is_named(client_here: Driver) -> None:
    with refused(client_here, "InvalidFeedSubmissionId", "Failed to find feed with Feed Submission ID: 50009"):
        client_here.report("50009")
    with refused(client_here, "InvalidFeedSubmissionId", "FeedSubmissionIds could not be found."):
        client_here.page(["50008", "50009"])
    with refused(client_here, "InvalidRequest", "abc is not a valid identifer."):
        client_here.cancel(["abc"])


def test_an_unknown_feed_type_is_named_with_those_that_exist(client_here: Driver) -> None:
    with refused(client_here, "InvalidFeedType", "_POST_ORDER_FULFILLMENT_DATA_"):
        client_here.submit(FEED, "_POST_PRODUCT_DATA_")
    assert client_here.count() == 0


def test_a_feed_that_is_damaged_on_its_way_is_refused_with_both_digests(
    client_type: type[Driver], plain_shop: KitShop, account_here: Account
) -> None:
    before = plain_shop.copies(FEED)
    damaged = FEED.replace(b"<AmazonEnvelope", b"<AmazonEnvelopf")
    with DamagedLine(plain_shop.endpoint, b"<AmazonEnvelope", b"<AmazonEnvelopf") as line:
        client = client_type(line.endpoint, account_here)
        with refused(client, "ContentMD5DoesNotMatch", "did not match the Content-MD5 we calculated for your feed"):
            client.submit(FEED, ACKNOWLEDGEMENT)
        assert client.count() == 0
    assert eventually(lambda: plain_shop.copies(FEED) <= before and not plain_shop.copies(damaged))


def test_a_mangled_next_token_is_refused(client_here: Driver) -> None:
    for _ in range(2):
        client_here.submit(FEED, ACKNOWLEDGEMENT)
    token = client_here.page(size=1).next_token
    assert token
    with refused(client_here, "NextTokenCorrupted", "call GetFeedSubmissionList again"):
        client_here.next_page(token[:40] + ("A" if token[40] != "A" else "B") + token[41:])


def test_a_list_of_more_than_a_hundred_is_refused(client_here: Driver) -> None:
    with refused(client_here, "InvalidParameterValue", "MaxCount"):
        client_here.page(size=101)


def test_who_asks_too_often_is_throttled(
    client_type: type[Driver], strict_shop: KitShop, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if client_type is BotoMws:
        configure_boto(tmp_path_factory.mktemp("boto") / "boto.cfg", "num_retries = 1")
    client = client_type(strict_shop.endpoint, strict_shop.new_account())
    for _ in range(10):
        client.count()
    with refused(client, "RequestThrottled", "Request is throttled"):
        client.count()
    assert client.page() == ([], None)


@pytest.mark.parametrize("client_type", [PythonMws, Pymws], ids=["mws", "pymws"])
def test_a_client_that_does_not_trust_the_certificate_sends_nothing(
    client_type: type[Driver], tls_shop: TlsShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    client = client_type(tls_shop.endpoint, tls_shop.new_account())
    requests = installed(client_type.package, "requests")
    with pytest.raises(requests.exceptions.SSLError, match="certificate verify failed"):
        client.submit(FEED, ACKNOWLEDGEMENT)


def test_mws_is_told_that_all_is_well(plain_shop: KitShop, account_here: Account) -> None:
    client = PythonMws(plain_shop.endpoint, account_here).client
    assert client.get_service_status().parsed.Status == "GREEN"


@pytest.mark.parametrize("client_type", [Pymws, BotoMws], ids=["pymws", "boto-mws"])
def test_clients_that_ask_the_orders_section_for_its_status_get_it(
    client_type: type[Any], plain_shop: KitShop, account_here: Account
) -> None:
    client = client_type(plain_shop.endpoint, account_here).client
    ask = client.orders.get_service_status if client_type is Pymws else client.get_orders_service_status
    assert ask() is not None


def test_boto_that_asks_a_section_that_is_not_served_is_told_that_there_is_none(
    plain_shop: KitShop, account_here: Account
) -> None:
    driver = BotoMws(plain_shop.endpoint, account_here)
    with refused(driver, "InvalidAddress", "Section name or version provided - FulfillmentInboundShipment/2010-10-01"):
        driver.client.get_inbound_service_status()


def test_mws_lets_its_user_look_at_the_answer_behind_an_error(plain_shop: KitShop, account_here: Account) -> None:
    driver = PythonMws(plain_shop.endpoint, account_here)
    error = installed("mws", "mws").MWSError
    with pytest.raises(error) as caught:
        driver.report("50009")
    response = caught.value.response
    assert (response.status_code, response.reason) == (400, "Bad Request")
    assert response.headers["x-mws-request-id"] in str(caught.value)
