"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from feedproc import settings

_Command = TypeVar("_Command", bound=Callable[..., Any])

data_dir = click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=lambda: settings.from_environment().data_dir,
    show_default=f"${settings.DATA_DIR}, or ~/.local/share/feedproc",
    help="Where the store is.",
)


def output_format(*names: str) -> Callable[[_Command], _Command]:
    """Return the option `--format`; the first name is the default."""
    return click.option(
        "--format", "form", type=click.Choice(names), default=names[0], show_default=True, help="How to print."
    )
