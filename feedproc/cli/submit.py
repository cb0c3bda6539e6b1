"""`feedproc submit`."""

import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shlex import quote
from typing import IO, NamedTuple, NoReturn
from xml.parsers import expat

import click
import msgspec

from feedproc import settings
from feedproc.cli.client import Client, Keys
from feedproc.cli.feedtypes import charset_option, feed_type_option, make_flat_content_type
from feedproc.cli.files import open_seekable
from feedproc.cli.language import language_option, say_result
from feedproc.cli.notes import list_notes
from feedproc.cli.options import output_format, take_options, write_examples
from feedproc.cli.output import copy_to_output, print_json, print_json_array
from feedproc.cli.sp_client import SpClient, SpKeys
from feedproc.errors import Unusable
from feedproc.feeds.finding import Finding
from feedproc.feeds.report import NO_ENVELOPE, NO_MESSAGE, Result
from feedproc.ports import Secret
from feedproc.settings import Place
from feedproc.wiring.address import find_address
from feedproc.wiring.feed_types import load_feed_types
from feedproc.wiring.local_seller import LOCAL_SELLER
from feedproc.wiring.store import open_existing_store

_ADDRESS = "http://127.0.0.1:8080"
_TOLD = {
    "message_id": "MessageID",
    "code": "ResultMessageCode",
    "severity": "ResultCode",
    "description": "ResultDescription",
}
"""What is told of a result, and the element of a report that holds it."""
_MOST_REASONS = 100
"""Told below a report; more are in the JSON."""
_OF_WHOLE = frozenset({NO_MESSAGE, NO_ENVELOPE})
_WHOLE = "the feed"
"""What stands for a message where a result is about none."""
_FLAT_CELLS = 3
"""Behind the number of a record and its names: code, type and message."""
_HEAD = 4096
_IN_MEMORY = 1024 * 1024
_COUNT = re.compile(rb"<Messages(Processed|Successful|WithError|WithWarning)>(\d+)<")

_ERRORS = frozenset({b"Error", b"Fatal", "エラー".encode("cp932")})
_WARNINGS = frozenset({b"Warning", "警告".encode("cp932")})
_JAPANESE = frozenset({"エラー".encode("cp932"), "警告".encode("cp932")})


class _SubmitOptions(NamedTuple):
    file: str
    feed_type: str
    charset: str | None
    endpoint: str | None
    data_dir: Path | None
    wait: bool
    seller_id: str
    access_key: str
    secret_key: str
    api: str
    client_id: str
    client_secret: str
    refresh_token: str
    ca: Path | None
    language: str
    form: str


@click.command(
    "submit", epilog=write_examples("feedproc submit feed.xml --feed-type POST_ORDER_ACKNOWLEDGEMENT_DATA --wait")
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@feed_type_option(required=True)
@charset_option
@click.option(
    "--endpoint",
    show_default=f"the server that runs with the data directory, or {_ADDRESS}",
    help="Where the server is.",
)
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    show_default=f"${settings.DATA_DIR}, or ~/.local/share/feedproc",
    help="Of the server to send to.",
)
@click.option("--wait", is_flag=True, help="Wait until it is processed, and print the report.")
@click.option("--seller-id", default=LOCAL_SELLER.seller_id, show_default=True, help="For whom.")
@click.option("--access-key", default=LOCAL_SELLER.access_key, show_default=True, help="Who signs.")
@click.option(
    "--secret-key",
    default=lambda: settings.read_environment().secret_key or str(LOCAL_SELLER.secret_key),
    show_default=f"${settings.SECRET_KEY}, or the local seller's",
    help="Better given in the environment, where other users do not see it.",
)
@click.option(
    "--api",
    type=click.Choice(("mws", "sp")),
    default="mws",
    show_default=True,
    help="Sign as for MWS, or speak SP-API.",
)
@click.option("--client-id", default=LOCAL_SELLER.client_id, show_default=True, help="SP-API: which application.")
@click.option(
    "--client-secret",
    default=lambda: settings.read_environment().client_secret or str(LOCAL_SELLER.client_secret),
    show_default=f"${settings.CLIENT_SECRET}, or the local seller's",
    help="SP-API: by which the application proves itself.",
)
@click.option(
    "--refresh-token",
    default=lambda: settings.read_environment().refresh_token or str(LOCAL_SELLER.refresh_token),
    show_default=f"${settings.REFRESH_TOKEN}, or the local seller's",
    help="SP-API: for which seller.",
)
@click.option("--ca", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Authority to trust.")
@language_option
@output_format("text", "json")
@take_options(_SubmitOptions)
def command(given: _SubmitOptions) -> int:
    """Sign a feed and send it.

    With --api sp it is uploaded and submitted as programs of SP-API do. FILE may be - for standard input. Prints the
    submission id; with --wait the report, once there is one, and then the exit code is 1 if the report has errors.
    Where the store of the server is known, by --data-dir or the environment, the reason of each result follows in plain
    words on standard error; as JSON, all results are told.
    """
    feed_type, form = given.feed_type, given.form
    endpoint = _find_endpoint(given)
    client = _open_client(given, endpoint)
    with open_seekable(given.file) as feed:
        submission_id = client.submit(feed, feed_type, _choose_content_type(feed_type, given.charset))
    document: dict[str, object] = {"submission_id": submission_id, "feed_type": feed_type}
    if not given.wait:
        _print_status(document | {"status": "SUBMITTED"}, form)
        return 0
    if form == "text":
        click.echo(submission_id, err=True)
    status = client.wait(submission_id)
    if status != "DONE":
        _print_status(document | {"status": status}, form)
        return 1
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as report:
        client.report(submission_id, report)
        counts = read_counts(report)
        if form == "json":
            told = {"status": status, "summary": counts}
            print_json_array(document | told, "results", _list_results(given, endpoint, submission_id, report))
        else:
            copy_to_output(report)
            _print_reasons(given, endpoint, submission_id)
    return 1 if counts["with_error"] else 0


def _open_client(given: _SubmitOptions, endpoint: str) -> Client | SpClient:
    if given.api == "mws":
        return Client(endpoint, Keys(given.seller_id, given.access_key, Secret(given.secret_key)), given.ca)
    secrets = Secret(given.client_secret), Secret(given.refresh_token)
    return SpClient(endpoint, SpKeys(given.client_id, *secrets), given.ca)


def _find_endpoint(given: _SubmitOptions) -> str:
    """Return where to send to. Raises `Unusable` when no server runs with the data directory that was named."""
    if given.endpoint is not None:
        return given.endpoint
    found = find_address(given.data_dir or settings.read_environment().data_dir)
    if found is None and given.data_dir is not None:
        place = quote(str(given.data_dir))
        raise Unusable(
            f"no server runs with {given.data_dir}; `feedproc serve --data-dir {place}` starts one, and --endpoint"
            " names another"
        )
    return found or _ADDRESS


class _Explained(NamedTuple):
    """What the store of a server tells of a submission, in plain words."""

    results: Iterator[Result]
    notes: Sequence[Finding]


@contextmanager
def _read_told(given: _SubmitOptions, endpoint: str, submission_id: str) -> Iterator[_Explained | None]:
    """Give what the store of that server tells of a submission, with reasons; None when its store is not known."""
    data_dir = given.data_dir or settings.read_environment().data_dir
    if find_address(data_dir) != endpoint:
        yield None
        return
    with open_existing_store(Place(data_dir=data_dir)) as backend:
        results = backend.marks.list_results(given.seller_id, submission_id)
        submission = backend.submissions.get(given.seller_id, submission_id)
        seller = backend.sellers.get(given.seller_id)
        notes: Sequence[Finding] = ()
        if submission is not None and seller is not None:
            notes = list_notes(backend, submission, seller, given.language)
        yield _Explained((say_result(given.language, one) for one in results), notes)


def _print_reasons(given: _SubmitOptions, endpoint: str, submission_id: str) -> None:
    with _read_told(given, endpoint, submission_id) as told:
        if told is None:
            return
        for note in told.notes:
            click.echo(f"line {note.line}, column {note.column}: {note.reason} {note.hint or ''}".rstrip(), err=True)
        for count, one in enumerate(told.results):
            if count == _MOST_REASONS:
                click.echo(f"… `feedproc feeds report {submission_id} --format json` tells all", err=True)
                return
            named = _WHOLE if one.message_id in _OF_WHOLE else f"message {one.message_id}"
            click.echo(f"{'' if count else chr(10)}{named}: {one.reason or one.description}", err=True)


def _list_results(
    given: _SubmitOptions, endpoint: str, submission_id: str, report: IO[bytes]
) -> Iterator[dict[str, object]]:
    """Yield the results with their reasons; where the store is not known, what the report tells of them."""
    with _read_told(given, endpoint, submission_id) as told:
        if told is not None:
            for one in told.results:
                yield msgspec.to_builtins(one)
        elif report.read(1).startswith(b"<"):
            report.seek(0)
            yield from _read_xml_results(report)
        else:
            report.seek(0)
            yield from _read_flat_results(report)


def _read_xml_results(report: IO[bytes]) -> Iterator[dict[str, object]]:
    """Yield the results of a report, which the server wrote; one that declares entities ends there."""
    reader = _ResultReader()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.add
    parser.StartDoctypeDeclHandler = reader.refuse
    while block := report.read(_HEAD):
        parser.Parse(block, False)
        yield from reader.take()


class _ResultReader:
    """Gathers the results of a report as its elements go by."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}
        self._text = ""
        self._done: list[dict[str, object]] = []

    def start(self, name: str, _attributes: object) -> None:
        self._text = ""
        if name == "Result":
            self._values = {}

    def add(self, text: str) -> None:
        self._text += text

    def end(self, name: str) -> None:
        self._values[name] = self._text
        if name == "Result":
            told = {key: self._values.get(element, "") for key, element in _TOLD.items()}
            self._done.append(told | {"code": int(told["code"] or 0)})

    def refuse(self, *_: object) -> NoReturn:
        raise Unusable("the report has a DOCTYPE, which no report has")

    def take(self) -> list[dict[str, object]]:
        taken, self._done = self._done, []
        return taken


def _read_flat_results(report: IO[bytes]) -> Iterator[dict[str, object]]:
    for line in report:
        cells = line.rstrip(b"\n").split(b"\t")
        if len(cells) > _FLAT_CELLS and cells[-3].isdigit():
            severity = "Warning" if cells[-2] in _WARNINGS else "Error"
            yield {
                "message_id": cells[0].decode("ascii", "replace"),
                "code": int(cells[-3]),
                "severity": severity,
                "description": cells[-1].decode("cp932" if cells[-2] in _JAPANESE else "cp1252", "replace"),
            }


def _choose_content_type(feed_type: str, charset: str | None) -> str:
    form = load_feed_types().look_up(feed_type).format
    return "text/xml" if form.declares_encoding else make_flat_content_type(charset)


def read_counts(report: IO[bytes]) -> dict[str, int]:
    """Return the four counts of a report, and go back to its beginning."""
    report.seek(0)
    if not report.read(1).startswith(b"<"):
        counts = _count_flat_results(report)
        report.seek(0)
        return counts
    report.seek(0)
    counts = {name.decode(): int(number) for name, number in _COUNT.findall(report.read(_HEAD))}
    report.seek(0)
    return {
        "processed": counts.get("Processed", 0),
        "successful": counts.get("Successful", 0),
        "with_error": counts.get("WithError", 0),
        "with_warning": counts.get("WithWarning", 0),
    }


def _count_flat_results(report: IO[bytes]) -> dict[str, int]:
    """Return the counts of a report: as many errors and warnings as it has rows of them."""
    report.seek(0)
    counts = {"processed": 0, "successful": 0, "with_error": 0, "with_warning": 0}
    names = iter(("processed", "successful"))
    for line in report:
        cells = line.rstrip(b"\n").split(b"\t")
        if len(cells) == 4 and not cells[0] and cells[3].isdigit():
            counts[next(names)] = int(cells[3])
        elif len(cells) == 6:
            counts["with_error"] += cells[4] in _ERRORS
            counts["with_warning"] += cells[4] in _WARNINGS
    return counts


def _print_status(document: dict[str, object], form: str) -> None:
    if form == "json":
        print_json(document)
    else:
        click.echo(document["submission_id"] if document["status"] == "SUBMITTED" else f"{document['status']}")
