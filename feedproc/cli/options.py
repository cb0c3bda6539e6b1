"""Options that several commands share."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from feedproc import settings
from feedproc.settings import BackEnd, Place

_Command = TypeVar("_Command", bound=Callable[..., Any])

_Given = TypeVar("_Given")
_Code = TypeVar("_Code", int, None)


def take_options(kind: Callable[..., _Given]) -> Callable[[Callable[[_Given], _Code]], Callable[..., _Code]]:
    """Let a command take all its options as one value, whose fields are named as they are."""

    def take(command: Callable[[_Given], _Code]) -> Callable[..., _Code]:
        @wraps(command)
        def call(**given: Any) -> _Code:
            return command(kind(**given))

        return call

    return take


def write_examples(*lines: str) -> str:
    """Return examples as they stand at the end of a command's help."""
    return "\n".join(("\b", "Examples:", *(f"  {line}" for line in lines)))


data_dir = click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=lambda: settings.read_environment().data_dir,
    show_default=f"${settings.DATA_DIR}, or ~/.local/share/feedproc",
    help="Where the store is.",
)


_backend = click.option(
    "--backend",
    type=click.Choice([one.value for one in BackEnd]),
    default=lambda: settings.read_environment().back_end.value,
    show_default=f"${settings.BACK_END}, or embedded",
    help="A directory of this machine, or AWS.",
)
_endpoint_url = click.option(
    "--endpoint-url", metavar="URL", help="Of a server that speaks AWS, instead of AWS itself."
)


def place(command: _Command) -> _Command:
    """Add the options that say where the store is; the command gets them as `place`."""

    @wraps(command)
    def call(*arguments: Any, data_dir: Path, backend: str, endpoint_url: str | None, **others: Any) -> Any:
        if endpoint_url is not None and backend != BackEnd.AWS:
            raise click.UsageError(f"--endpoint-url is for --backend {BackEnd.AWS} alone; add that, or leave it out")
        where = Place(back_end=BackEnd(backend), data_dir=data_dir, endpoint_url=endpoint_url)
        return command(*arguments, place=where, **others)

    return data_dir(_backend(_endpoint_url(call)))  # type: ignore[return-value]


schemas = click.option(
    "--schemas",
    type=click.Path(file_okay=False, path_type=Path),
    default=lambda: settings.read_environment().schemas,
    show_default=f"${settings.SCHEMAS}, or feedproc's own",
    help="A folder with another amzn-envelope.xsd, by which XML feeds are judged.",
)


def output_format(*names: str) -> Callable[[_Command], _Command]:
    """Return the option `--format`; the first name is the default."""
    return click.option(
        "--format", "form", type=click.Choice(names), default=names[0], show_default=True, help="How to print."
    )


limit = click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="At most so many.")


def choose_status(kind: type[StrEnum]) -> Callable[[_Command], _Command]:
    """Return the option `--status`, which takes one of these, in capitals or not."""
    names = [one.value for one in kind]
    told = f"Only those that are {', '.join(names[:-1])} or {names[-1]}."
    return click.option("--status", type=click.Choice(names, case_sensitive=False), metavar="STATUS", help=told)
