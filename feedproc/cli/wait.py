"""`feedproc wait`."""

import click

from feedproc.cli.control import control_token, url, wait_until_ready


@click.command("wait")
@url
@control_token
@click.option("--seconds", type=click.FloatRange(0), default=30.0, show_default=True, help="How long at the most.")
def command(url: str, control_token: str, seconds: float) -> None:
    """Wait until a controlled server is ready.

    It runs with --control. The exit code is 1 when it is not ready in time.
    """
    wait_until_ready(url, seconds, control_token)
    click.echo(f"{url} is ready")
