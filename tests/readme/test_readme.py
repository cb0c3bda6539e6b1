"""README.md is right: its commands and programs run as they are written, and its tables tell what the code does."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import pytest

from feedproc import feedtypes
from feedproc.feeds import result_codes
from feedproc.mws.spelling import add_underscores
from feedproc.wiring.feed_types import load_feed_types
from feedproc.wiring.local_seller import LOCAL_SELLER
from tests.clients.drivers import installed
from tests.clients.sp_drivers import NPM, install_with_npm
from tests.readme.readme import COMMANDS, IN_NODE, LINKS, MENTIONED, PROJECT, SNIPPETS, TEXT, WHOLE_LIFE, table
from tests.readme.tour import Reader, serving

SET_UP = (
    "    python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/feedproc demo\n",
    "    python3 -m venv .venv && .venv/bin/pip install -e '.[dev]' && .venv/bin/pytest\n",
)
MODULES = {"python-amazon-sp-api": "sp_api", "amzn-sp-api": "spapi", "mws": "mws", "pymws": "pymws", "boto-mws": "boto"}


@pytest.fixture(scope="module")
def tour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Reader, str]]:
    """All commands of the tour have been typed, one after another."""
    with serving(tmp_path_factory.mktemp("readme")) as (reader, said):
        for command in COMMANDS:
            if not command.startswith("feedproc serve"):
                ran = reader.run(command)
                assert ran.returncode == int("feeds/bad/" in command), f"{command}\n{ran.stdout}{ran.stderr}"
                assert "Traceback" not in ran.stderr
                assert ran.stdout
        yield reader, said


@pytest.fixture
def reader(tour: tuple[Reader, str]) -> Reader:
    return tour[0]


@pytest.mark.parametrize("name", MODULES)
def test_each_program_runs_as_it_is_written_and_its_feed_succeeds(name: str, reader: Reader) -> None:
    installed(name, MODULES[name])
    ran = reader.run_program(SNIPPETS[name])
    assert ran.returncode == 0, ran.stderr
    assert re.search("MessagesWithError>0<| 0 with errors", ran.stdout)


@pytest.mark.parametrize("name", IN_NODE)
def test_each_program_of_node_runs_as_it_is_written_and_its_feed_succeeds(name: str, reader: Reader) -> None:
    install_with_npm()
    ran = reader.run_in_node(IN_NODE[name], NPM / "node_modules")
    assert ran.returncode == 0, ran.stderr
    assert "MessagesWithError>0<" in ran.stdout


def test_there_is_a_program_for_each_client() -> None:
    assert set(SNIPPETS) == set(MODULES)
    assert set(IN_NODE) == {"amazon-sp-api", "sp-api-sdk"}


def test_a_program_of_sp_api_ships_an_order_and_finds_it_in_a_report(reader: Reader) -> None:
    installed("python-amazon-sp-api", "sp_api")
    ran = reader.run_program(WHOLE_LIFE[0])
    assert ran.returncode == 0, ran.stderr
    order, *changed, reported = ran.stdout.splitlines()
    assert f"{order.split()[0]} Shipped" in changed
    assert reported == "{'Shipped'}"


def test_a_program_lists_an_order_ships_it_and_sees_the_change(reader: Reader) -> None:
    installed("mws", "mws")
    time.sleep(1)  # the program looks back one second, in which the one before it changed an order
    ran = reader.run_program(WHOLE_LIFE[1])
    assert ran.returncode == 0, ran.stderr
    order, *changed = ran.stdout.splitlines()
    assert [one.split()[0] for one in changed] == [order.split()[0]]
    assert changed[0].split()[1] in {"Shipped", "PartiallyShipped"}


def test_programs_take_orders_from_reports_and_say_that_they_have_them(reader: Reader) -> None:
    *_, of_pymws, of_boto = WHOLE_LIFE
    for client, module, program in (("pymws", "pymws", of_pymws), ("boto-mws", "boto", of_boto)):
        installed(client, module)
        ran = reader.run_program(program)
        assert ran.returncode == 0, ran.stderr
        assert re.search(r"\b250-\d{7}-\d{7}\b", ran.stdout)
    assert ran.stdout.splitlines()[-1] == "taken"


def test_the_program_that_the_server_prints_runs(tour: tuple[Reader, str]) -> None:
    reader, said = tour
    installed("mws", "mws")
    code = "\n".join(re.findall(r"^  (import mws|feed.*|  .*domain=.*)$", said, re.MULTILINE))
    feed = reader.folder / "samples" / "feeds" / "good" / "acknowledgement-success.xml"
    (reader.folder / "feed.xml").write_bytes(feed.read_bytes())
    ran = reader.run_program(code + "\nprint(feeds.get_feed_submission_count().parsed)")
    assert ran.returncode == 0, code + ran.stderr


def test_the_tour_has_changed_the_orders(reader: Reader) -> None:
    assert (
        "status             Canceled\n"
        in reader.run("feedproc orders show 250-1000002-0000002 --data-dir ./store").stdout
    )
    rows = reader.run("feedproc orders list --limit 20000 --data-dir ./store").stdout.splitlines()
    assert len(rows) == 1 + 13 + 2 + 10_000


def test_the_tour_ends_with_a_reason_in_plain_words(reader: Reader) -> None:
    (command,) = [one for one in COMMANDS if one.startswith("feedproc feeds report")]
    reader.run(
        "feedproc submit samples/feeds/bad/fulfillment-refused.xml --feed-type POST_ORDER_FULFILLMENT_DATA --wait"
    )
    assert '"reason":"' in reader.run(command).stdout


@pytest.mark.parametrize("command", MENTIONED)
def test_commands_that_a_sentence_names_exist(command: str) -> None:
    words = [word for word in command.split()[1:] if word not in ("ID", "COMMAND")]
    names = [word for word in words if not word.startswith("-") and word != "json"]
    ran = subprocess.run(
        [sys.executable, "-m", "feedproc", *names, "--help"], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert all(word in ran.stdout for word in words if word.startswith("--"))


def test_the_commands_that_set_it_up_stand_there() -> None:
    for command in SET_UP:
        assert command in TEXT


def test_the_table_of_feed_types_is_that_of_the_code() -> None:
    feed_types = load_feed_types()
    told = {row[0]: row[1] for row in table("Feed types")}
    formats = {name: feed_types.look_up(name).format for name in feed_types.offered}
    known = {add_underscores(name): getattr(form, "message_type", "flat file") for name, form in formats.items()}
    assert told.items() <= known.items()


def test_the_table_of_result_codes_has_those_that_can_come_and_no_other() -> None:
    found = walk_packages(feedtypes.__path__, "feedproc.feedtypes.")
    modules = [result_codes, *(import_module(one.name) for one in found)]
    texts = [one for module in modules for one in vars(module).values() if isinstance(one, result_codes.ReportText)]
    codes = {one.code for one in texts}
    assert sorted(codes) == [int(row[0]) for row in table("Result codes")]


def test_the_local_seller_is_the_one_of_the_code() -> None:
    seller = LOCAL_SELLER
    names = (seller.seller_id, seller.merchant_token, seller.access_key, seller.client_id)
    for value in (*names, str(seller.secret_key), str(seller.client_secret), str(seller.refresh_token)):
        assert f"| `{value}` |" in TEXT.replace("\\|", "|")
    assert f"`{seller.marketplace_ids[0]}`" in TEXT
    for value in (seller.client_id, str(seller.client_secret), seller.refresh_token.replace("|", "\\|")):
        assert f"| `{value}` |" in TEXT


@pytest.mark.parametrize("link", LINKS)
def test_every_link_leads_somewhere(link: str) -> None:
    assert (PROJECT / link.partition("#")[0]).exists()
