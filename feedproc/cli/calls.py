"""`feedproc calls`."""

from typing import Any
from urllib.parse import urlencode

import click
import msgspec

from feedproc.cli.control import ask_server, control_token, follow_calls, url


@click.command("calls")
@url
@control_token
@click.option("--action", default="", help="Only those of this action, such as SubmitFeed.")
@click.option("--har", is_flag=True, help="All of them as an HTTP Archive, with bodies.")
@click.option("--follow", is_flag=True, help="And those that come, until Ctrl-C.")
def command(url: str, control_token: str, action: str, har: bool, follow: bool) -> None:
    """List the calls that a controlled server answered.

    Those since its last reset, oldest first, without secrets. The server runs with --control.
    """
    if har:
        archive = ask_server("GET", url, "calls/har", control_token)
        click.echo(msgspec.json.format(msgspec.json.encode(archive)).decode())
        return
    query = f"&{urlencode({'action': action})}" if action else ""
    told = (
        follow_calls(url, query, control_token) if follow else ask_server("GET", url, f"calls?{query}", control_token)
    )
    for call in told:
        click.echo(_write_line(call))


def _write_line(call: dict[str, Any]) -> str:
    fault = f"  {call['fault']}" if call["fault"] else ""
    name = call["action"] or call["url"]
    line = f"{call['number']:>5}  {call['at']:.19}  {call['protocol']:<8} {name}  {call['status'] or 'cut'}"
    return f"{line}  {call['seconds'] * 1000:.1f} ms  {call['seller']}{fault}".rstrip()
