"""What commands print on terminals of any width and encoding, and without any terminal at all."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from feedproc.cli import COMMANDS
from feedproc.cli.loading import MOST_NAMED
from tests.cli.builders import SAMPLES, Shell, one_line

_PROGRAM = "import sys; from feedproc.cli import main; sys.exit(main())"
ORDER_ID = re.compile(r"250-\d{7}-\d{7}(?!\d)")


def on_terminal(*arguments: str, columns: int, **environment: str) -> str:
    """What a command prints on a terminal of so many columns."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", _PROGRAM, *arguments]
    given = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm", **environment}
    ran = subprocess.Popen(command, stdout=theirs, stderr=subprocess.DEVNULL, env=given)
    os.close(theirs)
    printed = b""
    try:
        while part := os.read(ours, 65536):
            printed += part
    except OSError:
        pass  # the other end is closed: how Linux says that this is all
    os.close(ours)
    assert ran.wait(60) == 0
    return re.sub(r"\x1b\[[0-9;]*m", "", printed.decode("utf-8", "replace"))


def run(*arguments: str, redirected: str = "", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command in a shell, with streams redirected as the shell spells it."""
    command = ["sh", "-c", f'"$0" -c "{_PROGRAM}" "$@" {redirected}', sys.executable, *arguments]
    return subprocess.run(command, capture_output=True, env={**os.environ, **environment}, timeout=60, check=False)


@pytest.mark.parametrize("columns", [12, 40, 80, 113, 200])
def test_a_list_on_a_terminal_never_cuts_an_id_and_never_is_wider_than_it(shop: Shell, columns: int) -> None:
    shown = on_terminal("orders", "list", columns=columns)
    assert set(ORDER_ID.findall(shown)) == {row[0] for row in shop("orders", "list").rows}
    assert "…" not in shown
    assert columns < 20 or max(map(len, shown.splitlines())) <= columns


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp932"])
def test_text_that_the_terminals_encoding_does_not_have_is_printed_all_the_same(shop: Shell, encoding: str) -> None:
    ran = run("orders", "show", "250-1000003-0000003", PYTHONIOENCODING=encoding)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert b"NOTE-04" in ran.stdout


def test_a_table_is_drawn_without_lines_that_the_terminal_does_not_have(shop: Shell) -> None:
    shown = on_terminal("orders", "list", columns=80, PYTHONIOENCODING="ascii")
    assert ORDER_ID.search(shown)


@pytest.mark.parametrize("closed", [">&-", "<&-", "2>&-", ">&- <&- 2>&-"])
def test_closed_descriptors_are_as_good_as_none(shop: Shell, closed: str) -> None:
    ran = run("orders", "list", redirected=closed)
    assert ran.returncode == 0
    assert b"Traceback" not in ran.stderr
    assert shop("orders", "list").code == 0, "the store is whole"


def test_a_feed_from_a_closed_standard_input_is_an_empty_one(shop: Shell) -> None:
    ran = run("validate", "-", redirected="<&-")
    assert ran.returncode == 1
    assert b"Traceback" not in ran.stderr


@pytest.mark.parametrize("command", [("orders", "show", "250-9000001-0000001"), ("orders", "list")])
def test_signs_in_stored_text_that_steer_a_terminal_are_shown_as_dots(
    shop: Shell, tmp_path: Path, command: tuple[str, ...]
) -> None:
    line = (SAMPLES / "orders.jsonl").read_text("utf-8").splitlines()[0]
    hostile = re.sub(r'"amazon_order_id": ?"[^"]+"', '"amazon_order_id":"250-9000001-0000001"', line)
    hostile = re.sub(
        r'"title": ?"[^"]*"', r'"title":"red \\u001b[31m bell \\u0007 copy \\u001b]52;c;aGk=\\u0007"', hostile
    )
    file = tmp_path / "hostile.jsonl"
    file.write_text(hostile, "utf-8")
    shop("orders", "load", file)
    shown = shop(*command).out
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert command[1] == "list" or "red ·[31m bell · copy" in shown


def test_a_file_that_is_none_of_orders_is_not_told_line_by_line(shop: Shell, tmp_path: Path) -> None:
    file = tmp_path / "noise.jsonl"
    file.write_text("{\x1b[31m\n" * 5_000)
    ran = shop("orders", "load", file)
    assert (ran.code, ran.out) == (1, "0 orders loaded for A1LOCALSELLER1, 5000 refused\n")
    assert len(ran.err.splitlines()) == MOST_NAMED + 1
    assert "\x1b" not in ran.err


@pytest.mark.parametrize(("typed", "meant"), [("sevre", "serve"), ("order", "orders"), ("Feeds", "feeds")])
def test_a_mistyped_command_names_the_one_that_was_meant(feedproc: Shell, typed: str, meant: str) -> None:
    ran = feedproc(typed)
    assert ran.code == 2
    assert one_line(ran.err)
    assert f"Did you mean '{meant}'" in ran.err


def test_a_status_may_be_typed_in_any_case(shop: Shell) -> None:
    exact = shop("orders", "list", "--status", "Unshipped")
    assert exact.rows
    assert shop("orders", "list", "--status", "unshipped").out == exact.out
    assert shop("feeds", "list", "--status", "done").code == 0


@pytest.mark.parametrize("command", [("orders", "list"), ("feeds", "list"), ("outbox",), ("submit",), ("validate",)])
def test_help_fits_a_terminal_and_ends_in_examples(feedproc: Shell, command: tuple[str, ...]) -> None:
    lines = feedproc(*command, "--help").out.splitlines()
    assert max(map(len, lines)) <= 80
    assert f"feedproc {' '.join(command)}" in "\n".join(lines[lines.index("  Examples:") :])


def test_the_shell_completes_commands() -> None:
    given = {"_FEEDPROC_COMPLETE": "bash_complete", "COMP_WORDS": "feedproc or", "COMP_CWORD": "1"}
    ran = run(**given)
    assert b"orders" in ran.stdout
    assert COMMANDS["outbox"]
