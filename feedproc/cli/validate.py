"""`feedproc validate`."""

import os
from collections.abc import Iterator
from typing import BinaryIO

import click

from feedproc.cli.feedtypes import feed_type_option
from feedproc.cli.files import seekable
from feedproc.cli.options import output_format
from feedproc.cli.output import copied, written_json
from feedproc.cli.progress import progress
from feedproc.cli.rehearsal import rehearsed
from feedproc.feeds.finding import Inspection
from feedproc.formats.xml import XmlFormat
from feedproc.services.check import check, check_as


@click.command("validate")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@feed_type_option(required=False)
@output_format("text", "json", "report")
def command(files: tuple[str, ...], feed_type: str | None, form: str) -> int:
    """Say what is wrong with feeds, applying nothing.

    A file may be - for standard input. Without --feed-type the schema alone decides, for any message type that the
    envelope knows. The exit code is 0 for valid feeds, 1 for others. The format `report` is the processing report that
    such faults would lead to.
    """
    printed = {"text": _as_text, "json": _as_json, "report": _as_report}[form]
    valid = True
    for name in files:
        with seekable(name) as feed:
            valid &= printed(name, feed, feed_type)
    return 0 if valid else 1


def _as_text(name: str, feed: BinaryIO, feed_type: str | None) -> bool:
    messages = count = 0
    for part in _inspected(name, feed, feed_type):
        messages += part.messages
        count += len(part.findings)
        for one in part.findings:
            named = f"message {one.message_id}: " if one.message_id is not None else ""
            click.echo(f"{name}:{one.line}:{one.column}: {named}{one.description}")
            if one.reason:
                click.echo(f"    {one.reason}")
    verdict = f"{count} finding{'' if count == 1 else 's'}" if count else "valid"
    click.echo(f"{name}: {verdict} in {messages} message{'' if messages == 1 else 's'}")
    return not count


def _as_json(name: str, feed: BinaryIO, feed_type: str | None) -> bool:
    messages = 0

    def findings() -> Iterator[object]:
        nonlocal messages
        for part in _inspected(name, feed, feed_type):
            messages += part.messages
            yield from part.findings

    def head(count: int) -> dict[str, object]:
        return {"file": name, "valid": not count, "messages": messages}

    return not written_json(head, "findings", findings())


def _as_report(name: str, feed: BinaryIO, feed_type: str | None) -> bool:
    form = None if feed_type is None else _format(feed_type)
    with progress(name, 2 * _size(feed)) as tick, rehearsed(form, feed, tick) as (report, valid):
        copied(report)
    click.echo()
    return valid


def _inspected(name: str, feed: BinaryIO, feed_type: str | None) -> Iterator[Inspection]:
    if feed_type is None:
        parts = check(XmlFormat("", _nothing), feed)
    else:
        from feedproc import wiring  # noqa: PLC0415 - the store is not needed to validate

        parts = check_as(wiring.all_feed_types().named(feed_type), feed, wiring.now())
    with progress(name, _size(feed)) as tick:
        for part in parts:
            yield part
            tick(part.done)


def _format(feed_type: str) -> XmlFormat:
    from feedproc import wiring  # noqa: PLC0415 - the store is not needed to validate

    form = wiring.all_feed_types().named(feed_type).format
    assert isinstance(form, XmlFormat)  # noqa: S101
    return form


def _nothing(_payload: object) -> None:
    """Decode nothing: no message is looked into."""


def _size(feed: BinaryIO) -> int:
    return os.fstat(feed.fileno()).st_size
