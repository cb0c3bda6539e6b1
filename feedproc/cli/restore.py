"""`feedproc restore`."""

from pathlib import Path

import click

from feedproc.cli.options import place
from feedproc.settings import Place
from feedproc.wiring.backup import restore


@click.command("restore")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@place
def command(place: Place, folder: Path) -> None:
    """Make a data directory from FOLDER, a copy that `feedproc backup` has made.

    The data directory must hold no store. What was in progress when the copy was made goes on from its last batch, and
    what waited to be sent is sent: do not let a copy run beside the store that it was made of.
    """
    made = restore(place, folder)
    click.echo(f"{place.data_dir}: {made.submissions} submissions, {made.documents} documents")
