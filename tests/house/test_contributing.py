"""The recipes of CONTRIBUTING.md, run; and what ARCHITECTURE.md says, looked up."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from feedproc import reporttypes
from feedproc.console import pages
from feedproc.mws.app import MwsOptions, create_app
from feedproc.mws.feeds import FEEDS
from feedproc.reporttypes.catalogue import load_report_types
from tests.builders import Shop, a_seller
from tests.console.builders import Visitor, with_password
from tests.house.sources import ROOT
from tests.mws.builders import FEED_TYPES, Server, signed
from tests.ports import test_levels
from tests.reporttypes.builders import Shop as ReportShop
from tests.reporttypes.builders import towels
from tests.spapi.builders import SpShop, an_sp_seller

NOT_OURS = {"documents/", "workers/", "mail/", "signed-out/"}
"""What stands in a data directory."""
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")


def find_block(title: str) -> str:
    """Return the program of a recipe; its first line is a comment that names it."""
    (found,) = re.findall(rf"^```python\n# {re.escape(title)}[^\n]*\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
    return str(found)


def run_block(title: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(compile(find_block(title), title, "exec"), names)
    return names


def test_the_feed_type_is_the_one_that_is_tried_everywhere() -> None:
    init = (ROOT / "tests/house/elsewhere/recount/__init__.py").read_text("utf-8")
    assert init.endswith(find_block("feed type"))
    files = re.findall(r"`([\w./]+)`", TEXT.split("| file |")[1].split("```python")[0])
    folder = ROOT / "tests/house/elsewhere/recount"
    assert {file for file in files if "." in file and "/" not in file} == {
        path.name for path in folder.iterdir() if path.is_file()
    }


def test_the_action_answers() -> None:
    server, section = Server(), run_block("action")["SECTION"]
    options = MwsOptions(sections=(FEEDS, section))
    server.app = create_app(server.backend, FEED_TYPES, lambda: server.now, lambda: "id", options)
    params = {**server.common(server.sellers[0]), "Version": "2013-09-01", "Action": "GetShelf", "ShelfName": "A 1"}
    assert "<Shelf>A 1</Shelf>" in server.send(signed(params, server.sellers[0].secret_key)).text


def test_the_operation_answers_the_seller_whose_token_it_is(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.backend.sellers.add(an_sp_seller())
    sp = SpShop(shop, operations=run_block("operation")["OPERATIONS"])
    answer = sp.call("GET", "/shelves/v1/shelves/A1")
    assert answer.json == {"payload": {"shelf": "A1", "sellerId": an_sp_seller().seller_id}}


@pytest.fixture
def states(tmp_path: Path) -> Iterator[None]:
    (tmp_path / "get_flat_file_order_states_data.py").write_text(find_block("report type"), "utf-8")
    reporttypes.__path__.append(str(tmp_path))
    load_report_types.cache_clear()
    yield
    reporttypes.__path__.remove(str(tmp_path))
    load_report_types.cache_clear()


@pytest.mark.usefixtures("states")
def test_the_report_tells_an_order_line_by_line() -> None:
    shop = ReportShop()
    shop.load(towels())
    told = {"order-id": "250-1234567-7654321", "sku": "JP-0001", "order-status": "Unshipped"}
    assert shop.rows("GET_FLAT_FILE_ORDER_STATES_DATA") == [told]


@pytest.fixture
def greeting(tmp_path: Path) -> Iterator[None]:
    (tmp_path / "greeting.py").write_text(find_block("page"), "utf-8")
    pages.__path__.append(str(tmp_path))
    yield
    pages.__path__.remove(str(tmp_path))


@pytest.mark.usefixtures("greeting")
def test_the_page_is_shown_to_who_signed_in(shop: Shop) -> None:
    visitor = Visitor(with_password(shop))
    assert visitor.get("/greeting").status_code == 303
    visitor.sign_in()
    assert visitor.get("/greeting").text == f"Good morning, {a_seller().seller_id}"


def test_the_adapter_keeps_the_contracts(tmp_path: Path) -> None:
    with run_block("adapter")["ADAPTERS"]["mine"](tmp_path) as store:
        store.backend.sellers.add(a_seller())
        store.backend.sellers.add(a_seller("A3RIVAL"))
        test_levels.test_levels_are_told_of_the_skus_that_were_ever_seen(store)


def test_a_language_has_all_its_places_and_no_other() -> None:
    listed = re.findall(r"`(feedproc/[^`]*\bja\b[^`]*)`", TEXT)
    assert all(list(ROOT.glob(pattern)) for pattern in listed)
    there = {path for path in (ROOT / "feedproc").rglob("*") if re.search(r"/ja[/.]", str(path)) and path.is_file()}
    assert {path for path in there if path.suffix != ".pyc"} == {
        path for pattern in listed for path in ROOT.glob(pattern)
    }


@pytest.mark.parametrize("document", ["ARCHITECTURE.md", "CONTRIBUTING.md", "docs/decided.md", "docs/stores.md"])
def test_what_documents_name_is_there(document: str) -> None:
    named = re.findall(r"`([\w.]+/[\w./]*)`", (ROOT / document).read_text("utf-8"))
    beside = [ROOT, ROOT / "feedproc", ROOT / "tests/house/elsewhere/recount"]
    gone = [one for one in named if not any((folder / one).exists() for folder in beside) and one not in NOT_OURS]
    assert gone == []


def test_the_architecture_can_be_read_at_one_sitting() -> None:
    assert len((ROOT / "ARCHITECTURE.md").read_text("utf-8").splitlines()) <= 150


def test_each_library_that_is_needed_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = [one for group in (project["dependencies"], *project["optional-dependencies"].values()) for one in group]
    names = {re.split(r"[\[<>=]", one)[0] for one in needed}
    reasons = (ROOT / "ARCHITECTURE.md").read_text("utf-8").partition("## Dependencies")[2]
    assert sorted(names - set(re.findall(r"[a-z][a-z0-9-]*[a-z0-9]", reasons))) == []


def test_each_room_stands_in_the_architecture() -> None:
    told = set(
        re.findall(r"`(\w+)(?:/|\.py)`", (ROOT / "ARCHITECTURE.md").read_text("utf-8").partition("## The life")[0])
    )
    rooms = {path.stem for path in (ROOT / "feedproc").iterdir() if not path.name.startswith(("_", "py.typed"))}
    assert sorted(rooms - told) == []
