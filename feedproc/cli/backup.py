"""`feedproc backup`."""

from pathlib import Path

import click

from feedproc.cli.options import place
from feedproc.settings import Place
from feedproc.wiring.backup import back_up


@click.command("backup")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@place
def command(place: Place, folder: Path) -> int:
    """Copy the store of a data directory into FOLDER, whoever is at work there.

    The copy holds orders, submissions, stock, the outbox, all feeds and reports, and the key file, without which
    sellers' keys cannot be read: keep it as safe as the store. Letters in mail/ and certificates are left out. The exit
    code is 1 when documents were missing already.
    """
    made = back_up(place, folder)
    click.echo(f"{folder}: {made.submissions} submissions, {made.documents} documents")
    if made.missing:
        click.echo(f"{made.missing} documents of submissions were missing in the store already", err=True)
    return 1 if made.missing else 0
