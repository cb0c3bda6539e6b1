"""`feedproc schemas`."""

from pathlib import Path

import click

from feedproc.cli.options import schemas as schemas_option
from feedproc.cli.output import print_rows
from feedproc.wiring.feed_types import load_schemas


@click.group("schemas")
def command() -> None:
    """Check schemas, and tell what a message may hold."""


@command.command("check")
@click.argument("place", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
def check(place: Path) -> int:
    """Check all schemas of a folder, and tell each fault with file and line; with faults, the exit code is 1."""
    from feedproc.formats.xml.guide import check_schemas  # noqa: PLC0415 - takes a second to load

    faults = check_schemas(place)
    for fault in faults:
        click.echo(f"{fault.file}:{fault.line}: {fault.problem}" if fault.line else f"{fault.file}: {fault.problem}")
    files = len(list(place.glob("*.xsd")))
    counted = f"{len(faults)} fault{'' if len(faults) == 1 else 's'}" if faults else "no fault"
    click.echo(f"{files} schemas, {counted}")
    return 1 if faults else 0


@command.command("tree")
@click.argument("element")
@schemas_option
def tree(element: str, schemas: Path | None) -> None:
    """Tell what ELEMENT, such as OrderAdjustment, may hold: elements, how often, of which type, which values."""
    from feedproc.formats.xml.guide import list_tree  # noqa: PLC0415 - takes a second to load

    with load_schemas(schemas).assembly.open() as envelope:
        rows = list(list_tree(envelope.parent, element))
    print_rows(element, ("element", "times", "type", "values"), rows)


@command.command("sample")
@click.argument("message_type")
@click.option("--full", is_flag=True, help="With every element that may be there, not only those that must.")
@schemas_option
def sample(message_type: str, full: bool, schemas: Path | None) -> None:
    """Print a valid feed of one message of MESSAGE_TYPE, such as OrderAdjustment."""
    from feedproc.formats.xml.guide import make_sample  # noqa: PLC0415 - takes a second to load

    with load_schemas(schemas).assembly.open() as envelope:
        click.echo(make_sample(envelope.parent, message_type, is_full=full), nl=False)
