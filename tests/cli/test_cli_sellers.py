import re

import pytest

from feedproc import wiring
from feedproc.settings import Place
from tests.cli.builders import Shell, one_line


def test_a_new_store_has_the_local_seller(feedproc: Shell) -> None:
    (row,) = feedproc("sellers", "list").rows
    assert row == ["A1LOCALSELLER1", "M_LOCAL_1234567", "AKIAFEEDPROCLOCAL001", "A1VC38T7YXB528", ""]


def test_a_seller_is_given_keys_of_the_usual_form(feedproc: Shell) -> None:
    added = feedproc("sellers", "add", "--format", "json").json
    assert re.fullmatch("A[A-Z0-9]{13}", added["seller_id"])
    assert re.fullmatch("AKIA[A-Z0-9]{16}", added["access_key"])
    assert re.fullmatch("[A-Za-z0-9/+]{40}", added["secret_key"])
    assert re.fullmatch("amzn.mws.[0-9a-f-]{36}", added["auth_token"])


def test_keys_that_are_given_are_kept(feedproc: Shell) -> None:
    feedproc("sellers", "add", "--seller-id", "A2SELLER", "--secret-key", "hush", "--marketplace", "ATVPDKIKX0DER")
    with wiring.store(Place(data_dir=feedproc.data_dir)) as backend:
        seller = backend.sellers.get("A2SELLER")
    assert seller is not None
    assert (seller.secret_key, seller.marketplace_ids) == ("hush", ("ATVPDKIKX0DER",))


def test_secrets_are_listed_only_when_asked_for(feedproc: Shell) -> None:
    feedproc("sellers", "add", "--seller-id", "A2SELLER", "--secret-key", "hush", "--auth-token", "psst")
    for form in ("text", "json"):
        assert not re.search("hush|psst", feedproc("sellers", "list", "--format", form).out)
    assert re.search("hush.*psst", feedproc("sellers", "list", "--show-secrets").out)


def test_a_seller_id_can_be_given_once(feedproc: Shell) -> None:
    assert feedproc("sellers", "add", "--seller-id", "A2SELLER").code == 0
    ran = feedproc("sellers", "add", "--seller-id", "A2SELLER")
    assert (ran.code, one_line(ran.err)) == (1, True)


QUEUE = "https://sqs.eu-west-1.amazonaws.com/123456789012/finished"


def queues(feedproc: Shell) -> list[str]:
    return feedproc("sellers", "list", "--format", "json").objects[0]["destinations"]  # type: ignore[no-any-return]


def test_a_sellers_queue_is_registered_once_and_listed(feedproc: Shell) -> None:
    for url in (QUEUE, QUEUE, QUEUE + ".fifo"):
        assert feedproc("sellers", "notify", "A1LOCALSELLER1", "--queue-url", url).code == 0
    assert queues(feedproc) == [QUEUE, QUEUE + ".fifo"]
    assert QUEUE in feedproc("sellers", "list").out


def test_one_queue_or_all_can_be_removed(feedproc: Shell) -> None:
    for url in (QUEUE, QUEUE + ".fifo", QUEUE + "-2"):
        feedproc("sellers", "notify", "A1LOCALSELLER1", "--queue-url", url)
    feedproc("sellers", "notify", "A1LOCALSELLER1", "--queue-url", QUEUE, "--remove")
    assert queues(feedproc) == [QUEUE + ".fifo", QUEUE + "-2"]
    assert feedproc("sellers", "notify", "A1LOCALSELLER1", "--remove").out == "A1LOCALSELLER1 is notified nowhere\n"
    assert queues(feedproc) == []


@pytest.mark.parametrize(
    "arguments", [("NOBODY", "--queue-url", QUEUE), ("A1LOCALSELLER1",), ("A1LOCALSELLER1", "--queue-url", "a queue")]
)
def test_what_cannot_be_registered_is_told_in_a_line(feedproc: Shell, arguments: tuple[str, ...]) -> None:
    ran = feedproc("sellers", "notify", *arguments)
    assert (ran.code, one_line(ran.err)) == (1, True)
    assert queues(feedproc) == []
