import re

import pytest
from msgspec.structs import replace

from feedproc.ports import Secret
from feedproc.settings import Place
from feedproc.wiring.local_seller import LOCAL_SELLER
from feedproc.wiring.store import open_store
from tests.cli.builders import Shell, one_line


def test_a_new_store_has_the_local_seller(opened: Shell) -> None:
    (row,) = opened("sellers", "list").rows
    assert row == ["A1LOCALSELLER1", "M_LOCAL_1234567", "AKIAFEEDPROCLOCAL001", "A1VC38T7YXB528", ""]


def test_a_seller_is_given_keys_of_the_usual_form(feedproc: Shell) -> None:
    added = feedproc("sellers", "add", "--format", "json").json
    assert re.fullmatch("A[A-Z0-9]{13}", added["seller_id"])
    assert re.fullmatch("AKIA[A-Z0-9]{16}", added["access_key"])
    assert re.fullmatch("[A-Za-z0-9/+]{40}", added["secret_key"])
    assert re.fullmatch("amzn.mws.[0-9a-f-]{36}", added["auth_token"])


def test_keys_that_are_given_are_kept(feedproc: Shell) -> None:
    feedproc(
        "sellers", "add", "--seller-id", "A2SELLER000001", "--secret-key", "hush", "--marketplace", "ATVPDKIKX0DER"
    )
    with open_store(Place(data_dir=feedproc.data_dir)) as backend:
        seller = backend.sellers.get("A2SELLER000001")
    assert seller is not None
    assert (seller.secret_key, seller.marketplace_ids) == ("hush", ("ATVPDKIKX0DER",))


def test_a_secret_key_that_can_be_guessed_is_warned_of(feedproc: Shell) -> None:
    warned = [
        "can be guessed" in feedproc("sellers", "add", "--secret-key", "k" * length).err for length in (1, 19, 20)
    ]
    assert warned == [True, True, False]
    assert not feedproc("sellers", "add").err


def test_secrets_are_listed_only_when_asked_for(feedproc: Shell) -> None:
    feedproc("sellers", "add", "--seller-id", "A2SELLER000001", "--secret-key", "hush", "--auth-token", "psst")
    for form in ("text", "json"):
        assert not re.search("hush|psst", feedproc("sellers", "list", "--format", form).out)
    assert re.search("hush.*psst", feedproc("sellers", "list", "--show-secrets").out)


def test_a_seller_id_can_be_given_once(feedproc: Shell) -> None:
    assert feedproc("sellers", "add", "--seller-id", "A2SELLER000001").code == 0
    ran = feedproc("sellers", "add", "--seller-id", "A2SELLER000001")
    assert (ran.code, one_line(ran.err)) == (1, True)


@pytest.mark.parametrize(
    ("option", "wrong"),
    [
        ("--seller-id", "x"),
        ("--seller-id", "B2SELLER000001"),
        ("--seller-id", "a2seller000001"),
        ("--seller-id", "A2SELLER000001\n"),
        ("--seller-id", "A2/../../seller"),
        ("--seller-id", "A" * 200),
        ("--merchant-token", "my shop"),
        ("--merchant-token", "M_"),
        ("--merchant-token", "M_" + "x" * 49),
        ("--access-key", "AKIASECOND"),
        ("--access-key", "akiafeedproclocal002"),
        ("--access-key", "AKIAFEEDPROCLOCAL0\r\n"),
        ("--marketplace", "Japan"),
        ("--marketplace", "A1VC38T7YXB529"),
    ],
)
def test_an_id_of_another_form_is_refused_with_the_form_it_must_have(feedproc: Shell, option: str, wrong: str) -> None:
    ran = feedproc("sellers", "add", option, wrong)
    assert (ran.code, one_line(ran.err)) == (2, True)
    assert option in ran.err
    assert re.search("A1LOCALSELLER1|M_LOCAL_1234567|AKIAFEEDPROCLOCAL001|ATVPDKIKX0DER", ran.err)
    assert not feedproc.data_dir.exists()


def test_an_unknown_marketplace_is_refused_with_those_that_are_known(feedproc: Shell) -> None:
    ran = feedproc("sellers", "add", "--marketplace", "A1VC38T7YXB528", "--marketplace", "A0UNKNOWN00000")
    assert "'A0UNKNOWN00000' is no marketplace" in ran.err
    assert "A1VC38T7YXB528 (Japan)" in ran.err
    assert ran.err.count("(") >= 22


def test_a_password_is_set_for_a_seller_that_is_there(opened: Shell) -> None:
    ran = opened("sellers", "password", "A1NOBODY", stdin=b"correct horse battery\n")
    assert (ran.code, ran.err) == (1, "feedproc: No seller A1NOBODY; there are A1LOCALSELLER1\n")


QUEUE = "https://sqs.eu-west-1.amazonaws.com/123456789012/finished"


def queues(opened: Shell) -> list[str]:
    return opened("sellers", "list", "--format", "json").objects[0]["destinations"]


def test_a_sellers_queue_is_registered_once_and_listed(opened: Shell) -> None:
    for url in (QUEUE, QUEUE, QUEUE + ".fifo"):
        assert opened("sellers", "notify", "A1LOCALSELLER1", "--queue-url", url).code == 0
    assert queues(opened) == [QUEUE, QUEUE + ".fifo"]
    assert QUEUE in opened("sellers", "list").out


def test_one_queue_or_all_can_be_removed(opened: Shell) -> None:
    for url in (QUEUE, QUEUE + ".fifo", QUEUE + "-2"):
        opened("sellers", "notify", "A1LOCALSELLER1", "--queue-url", url)
    opened("sellers", "notify", "A1LOCALSELLER1", "--queue-url", QUEUE, "--remove")
    assert queues(opened) == [QUEUE + ".fifo", QUEUE + "-2"]
    assert opened("sellers", "notify", "A1LOCALSELLER1", "--remove").out == "A1LOCALSELLER1 is notified nowhere\n"
    assert queues(opened) == []


@pytest.mark.parametrize(
    ("arguments", "mended"),
    [
        (("NOBODY", "--queue-url", QUEUE), "No seller NOBODY; there are A1LOCALSELLER1"),
        (("A1LOCALSELLER1",), "--queue-url"),
        (("A1LOCALSELLER1", "--queue-url", "a queue"), "such as https://sqs"),
        (("A1LOCALSELLER1", "--queue-url", "http://169.254.169.254/latest/meta-data"), "such as https://sqs"),
        (("A1LOCALSELLER1", "--queue-url", "https://sqs.eu-west-1.evil.example/123456789012/q"), "such as https://sqs"),
    ],
)
def test_what_cannot_be_registered_is_told_in_a_line(opened: Shell, arguments: tuple[str, ...], mended: str) -> None:
    ran = opened("sellers", "notify", *arguments)
    assert (ran.code, one_line(ran.err)) == (1, True)
    assert mended in ran.err
    assert queues(opened) == []


def test_an_application_of_the_usual_form_comes_with_a_seller(feedproc: Shell) -> None:
    added = feedproc("sellers", "add", "--format", "json").json
    assert re.fullmatch(r"amzn1\.application-oa2-client\.[0-9a-f]{32}", added["client_id"])
    assert re.fullmatch(r"amzn1\.oa2-cs\.v1\.[0-9a-f]{64}", added["client_secret"])
    assert added["refresh_token"].startswith("Atzr|")


def test_a_seller_can_be_given_another_application(feedproc: Shell) -> None:
    added = feedproc("sellers", "add", "--seller-id", "A2SELLER000001", "--format", "json").json
    given = feedproc("sellers", "application", "A2SELLER000001", "--format", "json").json
    (listed,) = [
        one for one in feedproc("sellers", "list", "--format", "json").objects if one["seller_id"] != "A1LOCALSELLER1"
    ]
    assert listed["client_id"] == given["client_id"] != added["client_id"]
    assert given["client_secret"] not in feedproc("sellers", "list", "--format", "json").out


def test_the_local_seller_of_an_old_store_gets_its_application(feedproc: Shell) -> None:
    local = LOCAL_SELLER
    with open_store(Place(data_dir=feedproc.data_dir)) as backend:
        backend.sellers.change(replace(local, client_id="", client_secret=Secret(""), refresh_token=Secret("")))
    (seller,) = feedproc("sellers", "list", "--format", "json", "--show-secrets").objects
    assert (seller["client_id"], seller["refresh_token"]) == (local.client_id, local.refresh_token)


def test_columns_of_a_sellers_reports_are_chosen_shown_and_taken_back(opened: Shell) -> None:
    def columns(*options: str) -> str:
        return opened("sellers", "report-columns", "A1LOCALSELLER1", *options).out.strip()

    assert columns() == "none"
    assert columns("--show", "promotions", "--show", "gifts") == "gifts promotions"
    assert columns() == "gifts promotions"
    assert columns("--plain") == "none"
    assert opened("sellers", "report-columns", "A1LOCALSELLER1", "--plain", "--show", "bills").code == 2


def test_a_sellers_manner_is_chosen_shown_and_left_to_the_server(opened: Shell) -> None:
    def manner(*options: str) -> str:
        return " ".join(opened("sellers", "manner", "A1LOCALSELLER1", *options).out.split())

    assert manner("--carriers", "optional") == "carriers optional schema faults server report language server"
    assert (
        manner("--schema-faults", "located", "--carriers", "server")
        == "carriers server schema faults located report language server"
    )


def test_the_language_of_a_sellers_reports_is_chosen_and_left_to_the_marketplace_again(opened: Shell) -> None:
    chosen = opened("sellers", "manner", "A1LOCALSELLER1", "--report-language", "en")
    assert "report language  en\n" in chosen.out
    with open_store(Place(data_dir=opened.data_dir)) as backend:
        seller = backend.sellers.get("A1LOCALSELLER1")
    assert seller is not None
    assert seller.manner.is_in_english
    assert (
        "report language  server\n" in opened("sellers", "manner", "A1LOCALSELLER1", "--report-language", "server").out
    )
