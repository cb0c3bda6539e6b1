import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from feedproc.cli import COMMANDS
from feedproc.cli import feedproc as group
from tests.cli.builders import Shell, one_line


def test_the_help_of_each_command_says_what_the_list_of_commands_says(feedproc: Shell) -> None:
    context = group.make_context("feedproc", ["--help"], resilient_parsing=True)
    for name, line in COMMANDS.items():
        command = group.get_command(context, name)
        assert command is not None
        assert command.get_short_help_str(limit=200) == line
        assert feedproc(name, "--help").code == 0


def test_help_lists_all_commands_without_loading_any_of_them() -> None:
    code = "import sys; from feedproc.cli import main; main(['--help']); print({'lxml', 'rich'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert all(name in ran.stdout for name in COMMANDS)
    assert ran.stdout.endswith("set()\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ("bogus",),
        ("validate",),
        ("validate", "nowhere.xml"),
        ("validate", "--format", "yaml", __file__),
        ("validate", "--feed-type", "POST_NOTHING", __file__),
        ("submit", __file__),
        ("orders", "list", "--status", "Lost"),
        ("serve", "--port", "70000"),
    ],
)
def test_wrong_arguments_are_one_line_and_exit_code_2(feedproc: Shell, arguments: tuple[str, ...]) -> None:
    ran = feedproc(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert one_line(ran.err)


def test_an_unknown_feed_type_names_those_that_exist(feedproc: Shell) -> None:
    assert "POST_ORDER_FULFILLMENT_DATA" in feedproc("validate", "--feed-type", "POST_NOTHING", __file__).err


def test_a_damaged_store_is_one_line(feedproc: Shell) -> None:
    feedproc.data_dir.mkdir()
    (feedproc.data_dir / "feedproc.db").write_bytes(b"this is no database" * 100)
    ran = feedproc("orders", "list")
    assert ran.code == 1
    assert one_line(ran.err)
    assert "restore it from a backup" in ran.err


def test_a_store_damaged_further_inside_is_one_line(shop: Shell) -> None:
    store = shop.data_dir / "feedproc.db"
    with sqlite3.connect(store) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(store.read_bytes())
    content[8192:] = b"\xff" * (len(content) - 8192)
    store.write_bytes(content)
    ran = shop("orders", "list")
    assert ran.code == 1
    assert one_line(ran.err)


def test_a_store_of_a_newer_version_is_one_line(shop: Shell) -> None:
    with sqlite3.connect(shop.data_dir / "feedproc.db") as connection:
        connection.execute("PRAGMA user_version=99")
    ran = shop("orders", "list")
    assert ran.code == 1
    assert one_line(ran.err)
    assert "newer" in ran.err


def test_a_data_directory_that_is_a_file_is_one_line(feedproc: Shell, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ran = feedproc("orders", "list", "--data-dir", tmp_path / "file")
    assert ran.code == 2
    assert one_line(ran.err)


def test_a_reader_that_goes_away_is_no_error(shop: Shell) -> None:
    shop("orders", "generate", 5000)
    command = f"{sys.executable} -m feedproc orders list --limit 5000 --data-dir {shop.data_dir} | head -1"
    ran = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("order\t")
    assert ran.stderr == ""
