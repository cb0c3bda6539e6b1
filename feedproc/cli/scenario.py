"""`feedproc scenario`."""

from pathlib import Path

import click

from feedproc.cli.control import ask_server, control_token, url


@click.group("scenario")
def command() -> None:
    """Save the state of a controlled server as a file that another begins with."""


@command.command("save")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@url
@control_token
def save(file: Path, url: str, control_token: str) -> None:
    """Write sellers, orders, stock, faults, and the time if it stands still, to FILE.

    The keys of sellers, and the names and addresses of buyers, stand in it. Feeds do not.
    """
    file.write_text(ask_server("GET", url, "scenario", control_token)["toml"], "utf-8")
    click.echo(f"{file}: feedproc serve --ephemeral --scenario {file}")
