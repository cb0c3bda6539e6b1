"""A process that reads a large feed for its worker, which applies the messages meanwhile: two cores for one feed.

It cuts, validates again what the survey doubted, and decodes; it sees the feed alone, and no store. Portions come in
feed order through a pipe, whose size bounds how far it is ahead. The worker reads by itself until its helper
has begun, and goes on by itself where that is lost, so that neither changes what becomes of the feed.
"""

import fcntl
import logging
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from multiprocessing import Pipe
from pathlib import Path
from typing import Any, BinaryIO, Generic, TypeVar

import msgspec
from msgspec import Struct

from feedproc.feeds.feed_type import FeedType
from feedproc.feeds.finding import Portion, Survey
from feedproc.feeds.message import Message
from feedproc.feeds.progress import Position
from feedproc.feeds.report import Result
from feedproc.services.process.reading import OpenReader, Read, read_alone

SMALLEST = 8 * 1024 * 1024
"""Bytes of a feed from which on a helper pays: as many take about as long to process as a helper takes to begin."""
_PATIENCE = 30.0
"""Seconds without a portion after which a helper is taken for lost."""
READY, END = b"ready", b""
"""What a helper says once it has begun, and behind the last portion."""
_PIPE = 512 * 1024
"""Bytes that a helper may be ahead: some five portions. With one or two it and its worker wait for each other."""
_PROGRAM = "feedproc.serve.read_for_worker"
_LOST = (EOFError, OSError, msgspec.MsgspecError, pickle.PickleError)
_Body = TypeVar("_Body")
_logger = logging.getLogger(__name__)


def _enlarge(pipe: int) -> None:
    """Give a pipe room for several portions, where the system can."""
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):  # this user has too many large ones, or may have none
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)


class SentPortion(Struct, Generic[_Body], frozen=True, array_like=True, gc=False):
    """A portion on its way from a helper to its worker."""

    end: Position
    messages: list[tuple[str, _Body]]
    results: list[tuple[int, Result]]
    """With the place of each in the portion."""


def write_portion(portion: Portion) -> bytes:
    """Return a portion as a worker is sent it."""
    messages, results = [], []
    for place, one in enumerate(portion.messages):
        if isinstance(one, Message):
            messages.append((one.message_id, one.body))
        else:
            results.append((place, one))
    return msgspec.msgpack.encode(SentPortion(portion.end, messages, results))


def read_portion(data: bytes, decoder: "msgspec.msgpack.Decoder[SentPortion[Any]]") -> Portion:
    """Return a portion that a helper has sent. Raises `msgspec.MsgspecError`."""
    sent = decoder.decode(data)
    messages: list[Message | Result] = [Message(*one) for one in sent.messages]
    for place, result in sent.results:
        messages.insert(place, result)
    return Portion(sent.end, messages)


def make_decoder(feed_type: FeedType) -> "msgspec.msgpack.Decoder[SentPortion[Any]]":
    """Return what decodes portions of a feed type that says what its bodies are."""
    return msgspec.msgpack.Decoder(SentPortion[feed_type.body])  # type: ignore[name-defined]


def help_with(smallest: int = SMALLEST, begins_within: float = 0) -> OpenReader:
    """Return what reads feeds with a helper if they are files of so many bytes at least.

    A worker waits `begins_within` seconds for its helper to begin, and before each portion that it reads meanwhile.
    """

    @contextmanager
    def open_reader(feed_type: FeedType, feed: BinaryIO) -> Iterator[Read]:
        path = getattr(feed, "name", None)
        if feed_type.body is None or path is None or os.fstat(feed.fileno()).st_size < smallest:
            with read_alone(feed_type, feed) as read:
                yield read
            return
        try:
            helper = Helper(feed_type, Path(path), begins_within)
        except OSError as error:  # no room for another process
            _logger.warning("no helper could be started: %s", error)
            with read_alone(feed_type, feed) as read:
                yield read
            return
        with closing(helper):
            yield helper.read

    return open_reader


class Helper:
    """The helper of one feed, as its worker sees it."""

    def __init__(self, feed_type: FeedType, path: Path, begins_within: float = 0) -> None:
        """Start it; it takes a while to begin."""
        self._feed_type = feed_type
        self._begins_within = begins_within
        orders, self._orders = Pipe(duplex=False)
        self._portions, portions = Pipe(duplex=False)
        with orders, portions:
            _enlarge(portions.fileno())
            theirs = orders.fileno(), portions.fileno()
            self._process = subprocess.Popen(  # noqa: S603 - a module of ours
                [sys.executable, "-P", "-m", _PROGRAM, *map(str, theirs)], pass_fds=theirs, stdin=subprocess.DEVNULL
            )
        self._is_lost = False
        with self._note_loss():
            self._orders.send((feed_type.name, path))

    @property
    def process_id(self) -> int:
        """The number of the process."""
        return self._process.pid

    def read(self, feed: BinaryIO, survey: Survey, start: Position) -> Iterator[Portion]:
        """Yield a feed from a boundary, as `Format.read` does: here until the helper has begun, and once it is lost."""
        here = self._feed_type.format.read(feed, survey, start)
        while not self._is_ready():
            portion = next(here, None)
            if portion is None:
                return
            yield portion
            start = portion.end
        del here  # and what it has parsed
        with self._note_loss():
            for portion in self._receive(survey, start):
                yield portion
                start = portion.end
        if self._is_lost:
            yield from self._feed_type.format.read(feed, survey, start)

    def close(self) -> None:
        """End it, whatever it does."""
        self._orders.close()
        self._portions.close()
        self._process.kill()
        self._process.wait()

    def _is_ready(self) -> bool:
        with self._note_loss():
            return (
                not self._is_lost and self._portions.poll(self._begins_within) and self._portions.recv_bytes() == READY
            )
        return False

    def _receive(self, survey: Survey, start: Position) -> Iterator[Portion]:
        decoder = make_decoder(self._feed_type)
        self._orders.send((survey, start))
        while self._portions.poll(_PATIENCE):
            data = self._portions.recv_bytes()
            if data == END:
                return
            yield read_portion(data, decoder)
        raise TimeoutError(f"nothing came for {_PATIENCE:.0f} s")

    @contextmanager
    def _note_loss(self) -> Iterator[None]:
        try:
            yield
        except _LOST as error:
            self._is_lost = True
            _logger.warning(
                "helper %d is lost (%s); its worker reads on by itself", self.process_id, type(error).__name__
            )
