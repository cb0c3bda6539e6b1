from collections.abc import Iterator
from pathlib import Path

import pytest

from feedproc.imports.order_lines import read_order_lines
from feedproc.orders.order import Order
from feedproc.settings import Place
from feedproc.wiring.local_seller import LOCAL_SELLER
from feedproc.wiring.store import open_store
from tests.cli.builders import ACKNOWLEDGEMENT, SAMPLES, Run, Shell, one_line
from tests.serve.builders import Running

FEEDS = SAMPLES / "feeds"
GOOD = FEEDS / "good" / "acknowledgement-success.xml"
REFUSED = FEEDS / "bad" / "acknowledgement-refused.xml"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    data_dir = tmp_path_factory.mktemp("submit") / "data"
    with open_store(Place(data_dir=data_dir)) as backend, (SAMPLES / "orders.jsonl").open("rb") as file:
        orders = [one for one in read_order_lines(file) if isinstance(one, Order)]
        backend.orders.load(LOCAL_SELLER.seller_id, orders)
    with Running(data_dir) as running:
        yield running


def submit(feedproc: Shell, server: Running, feed: Path | str, *options: str, stdin: bytes = b"") -> Run:
    return feedproc(
        "submit", feed, "--feed-type", ACKNOWLEDGEMENT, "--endpoint", server.endpoint, *options, stdin=stdin
    )


def test_the_submission_id_is_printed(feedproc: Shell, server: Running) -> None:
    ran = submit(feedproc, server, GOOD)
    assert ran.code == 0
    assert ran.out.strip().isdigit()


def test_waiting_prints_the_report(feedproc: Shell, server: Running) -> None:
    ran = submit(feedproc, server, GOOD, "--wait")
    expected = GOOD.with_suffix(".report.xml").read_text().replace("50001019793", ran.err.strip())
    assert (ran.code, ran.out) == (0, expected)


def test_a_feed_can_be_sent_by_sp_api(feedproc: Shell, server: Running) -> None:
    ran = submit(feedproc, server, GOOD, "--api", "sp", "--wait")
    expected = GOOD.with_suffix(".report.xml").read_text().replace("50001019793", ran.err.strip())
    assert (ran.code, ran.out) == (0, expected)
    told = submit(feedproc, server, REFUSED, "--api", "sp", "--wait", "--format", "json").json
    assert (told["status"], told["summary"]["with_error"]) == ("DONE", 6)


@pytest.mark.parametrize(
    ("option", "code"),
    [("--client-secret", "invalid_client"), ("--refresh-token", "invalid_grant"), ("--client-id", "invalid_client")],
)
def test_a_refusal_of_sp_api_is_one_line(feedproc: Shell, server: Running, option: str, code: str) -> None:
    ran = submit(feedproc, server, GOOD, "--api", "sp", option, "wrong")
    assert (ran.code, one_line(ran.err)) == (1, True)
    assert ran.err.startswith(f"feedproc: The server refuses: {code}: ")


def test_a_report_with_errors_is_exit_code_1(feedproc: Shell, server: Running) -> None:
    assert submit(feedproc, server, REFUSED, "--wait").code == 1


def test_json_tells_the_counts(feedproc: Shell, server: Running) -> None:
    ran = submit(feedproc, server, REFUSED, "--wait", "--format", "json")
    assert ran.json["summary"] == {"processed": 6, "successful": 0, "with_error": 6, "with_warning": 0}
    assert (ran.json["status"], ran.json["feed_type"]) == ("DONE", ACKNOWLEDGEMENT)


def test_standard_input_can_be_submitted(feedproc: Shell, server: Running) -> None:
    assert submit(feedproc, server, "-", "--wait", stdin=GOOD.read_bytes()).code == 0


def test_the_feed_type_may_have_underscores_around_it(feedproc: Shell, server: Running) -> None:
    ran = feedproc("submit", GOOD, "--feed-type", f"_{ACKNOWLEDGEMENT}_", "--endpoint", server.endpoint)
    assert ran.code == 0


@pytest.mark.parametrize(
    ("option", "value", "code"),
    [
        ("--access-key", "AKIANOBODY", "InvalidAccessKeyId"),
        ("--secret-key", "wrong", "SignatureDoesNotMatch"),
        ("--seller-id", "A9NOBODY", "AccessDenied"),
    ],
)
def test_a_refusal_is_one_line(feedproc: Shell, server: Running, option: str, value: str, code: str) -> None:
    ran = submit(feedproc, server, GOOD, option, value)
    assert (ran.code, one_line(ran.err)) == (1, True)
    assert ran.err.startswith(f"feedproc: The server refuses: {code}: ")


def test_the_secret_key_can_come_from_the_environment(
    feedproc: Shell, server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEEDPROC_SECRET_KEY", "wrong")
    assert "SignatureDoesNotMatch" in submit(feedproc, server, GOOD).err


@pytest.mark.parametrize(
    ("endpoint", "line"),
    [
        ("http://127.0.0.1:1", "No server answers at http://127.0.0.1:1; start one with: feedproc serve"),
        ("ftp://127.0.0.1", "ftp://127.0.0.1: not an http or https address"),
        ("nonsense", "nonsense: not an http or https address"),
    ],
)
def test_an_endpoint_where_no_server_is_is_one_line(feedproc: Shell, endpoint: str, line: str) -> None:
    ran = feedproc("submit", GOOD, "--feed-type", ACKNOWLEDGEMENT, "--endpoint", endpoint)
    assert (ran.code, ran.err) == (1, f"feedproc: {line}\n")


def test_the_running_server_of_a_data_directory_is_found_and_reasons_are_told(
    feedproc: Shell, server: Running, opened: Shell
) -> None:
    ran = feedproc("submit", REFUSED, "--feed-type", ACKNOWLEDGEMENT, "--data-dir", server.data_dir, "--wait")
    assert ran.code == 1
    assert ran.out.startswith("<?xml")
    assert "message 1: " in ran.err
    nowhere = opened("submit", GOOD, "--feed-type", ACKNOWLEDGEMENT, "--data-dir", opened.data_dir)
    assert (nowhere.code, one_line(nowhere.err)) == (1, True)
    assert f"no server runs with {opened.data_dir}" in nowhere.err


def test_a_reason_that_is_about_no_message_is_said_of_the_feed(feedproc: Shell, server: Running) -> None:
    options = ("--feed-type", ACKNOWLEDGEMENT, "--data-dir", server.data_dir, "--wait")
    ran = feedproc("submit", "-", *options, stdin=b"<AmazonEnvelope><Header>")
    assert "the feed: The feed ends in the middle" in ran.err


def test_json_tells_the_results_with_reasons_where_the_store_is_known(feedproc: Shell, server: Running) -> None:
    asked = ("submit", REFUSED, "--feed-type", ACKNOWLEDGEMENT, "--wait", "--format", "json")
    known = feedproc(*asked, "--data-dir", server.data_dir).json["results"]
    unknown = feedproc(*asked, "--endpoint", server.endpoint).json["results"]
    assert len(known) == len(unknown) == 6
    assert all(one["reason"] for one in known)
    assert [(one["code"], one["description"]) for one in known] == [
        (one["code"], one["description"]) for one in unknown
    ]
    japanese = feedproc(*asked, "--data-dir", server.data_dir, "--language", "ja").json["results"]
    assert [one["reason"] for one in japanese] != [one["reason"] for one in known]
