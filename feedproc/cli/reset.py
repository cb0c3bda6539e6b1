"""`feedproc reset`."""

import click

from feedproc.cli.control import ask_server, control_token, url


@click.command("reset")
@url
@control_token
def command(url: str, control_token: str) -> None:
    """Let a controlled server forget all that happened.

    It begins again as it began, with its scenario if it has one. It runs with --control.
    """
    ask_server("POST", url, "reset", control_token)
    click.echo(f"{url} begins again")
