"""Commands that look at a store, or act on it, make none where there is none."""

from pathlib import Path

import pytest

from tests.cli.builders import SAMPLES, Shell, one_line

QUEUE = "https://sqs.eu-west-1.amazonaws.com/123456789012/finished"


@pytest.mark.parametrize(
    "arguments",
    [
        ("orders", "list"),
        ("orders", "show", "250-1000001-0000001"),
        ("feeds", "list"),
        ("feeds", "show", "50001019793"),
        ("feeds", "report", "50001019793"),
        ("feeds", "cancel", "50001019793"),
        ("inventory", "list"),
        ("inventory", "show", "SKU-1"),
        ("metrics",),
        ("sellers", "list"),
        ("sellers", "notify", "A1LOCALSELLER1", "--queue-url", QUEUE),
        ("sellers", "password", "A1LOCALSELLER1"),
    ],
)
def test_a_mistyped_directory_is_told_and_not_made(feedproc: Shell, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    mistyped = tmp_path / "my stroe"
    ran = feedproc(*arguments, "--data-dir", mistyped, stdin=b"correct horse battery\n")
    assert (ran.code, ran.out, one_line(ran.err)) == (1, "", True)
    assert ran.err == (
        f"feedproc: there is no store in {mistyped}; `feedproc serve --data-dir '{mistyped}'` makes one\n"
    )
    assert not mistyped.exists()


def test_a_directory_of_other_things_stays_as_it_is(feedproc: Shell, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert feedproc("orders", "list", "--data-dir", tmp_path).code == 1
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("orders", "load", SAMPLES / "orders.jsonl"),
        ("orders", "generate", 3),
        ("inventory", "load", SAMPLES / "stock.jsonl"),
        ("sellers", "add"),
    ],
)
def test_what_puts_something_in_makes_the_store(feedproc: Shell, arguments: tuple[object, ...]) -> None:
    assert feedproc(*arguments).code == 0
    assert "A1LOCALSELLER1" in feedproc("sellers", "list").out


@pytest.mark.parametrize("arguments", [("orders", "list"), ("serve",), ("sellers", "add")])
def test_an_endpoint_without_the_back_end_on_aws_is_refused(feedproc: Shell, arguments: tuple[str, ...]) -> None:
    ran = feedproc(*arguments, "--endpoint-url", "http://127.0.0.1:5000")
    assert (ran.code, ran.err) == (
        2,
        "feedproc: --endpoint-url is for --backend aws alone; add that, or leave it out\n",
    )
    assert not feedproc.data_dir.exists()
