"""`feedproc convert`."""

from pathlib import Path

import click

from feedproc.cli.files import open_seekable
from feedproc.cli.options import schemas as schemas_option
from feedproc.errors import Unusable
from feedproc.wiring.feed_types import load_schemas


@click.command("convert")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--to", "form", type=click.Choice(["json", "xml"]), required=True, help="What to make of it.")
@schemas_option
def command(file: str, form: str, schemas: Path | None) -> None:
    """Print a feed of XML as JSON, or one written as JSON as XML. FILE may be - for standard input.

    Attributes have an @ before their name, and the text beside them is called $. Both ways only valid feeds are
    converted; of others the first fault is told.
    """
    from feedproc.formats.xml import guide  # noqa: PLC0415 - takes a second to load

    with open_seekable(file) as feed:
        content = feed.read(guide.MAX_JSON_BYTES + 1)
    if len(content) > guide.MAX_JSON_BYTES:
        raise Unusable(f"{file}: larger than {guide.MAX_JSON_BYTES} bytes, which are held in memory to be converted")
    convert = guide.convert_to_json if form == "json" else guide.convert_to_xml
    with load_schemas(schemas).assembly.open() as envelope:
        click.echo(convert(envelope.parent, content), nl=False)
