"""A server in this process that keeps everything in memory: made at once, reset at once, gone with its end.

What takes long to load, the APIs and what reads feeds, waits until a request or a feed needs it.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from secrets import token_bytes
from threading import Event, RLock, Thread
from types import TracebackType
from typing import Self
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from msgspec import Struct

from feedproc.control.calls import CallLog
from feedproc.control.clock import SettableClock
from feedproc.control.faults import FaultBook
from feedproc.control.processing import FaultyQueue, ShownSubmissions, make_faulty
from feedproc.errors import ClaimLost, FeedprocError, Unusable
from feedproc.feeds.feed_type import DeferredFeedTypes
from feedproc.memory import MemoryStore
from feedproc.mws.throttle import QuotaMode
from feedproc.ports import Backend, Mail, Seller
from feedproc.reporttypes.catalogue import load_report_types
from feedproc.serve.apis import CONSOLE, DeferredApp, join_apis
from feedproc.serve.http import HttpLimits, HttpServer
from feedproc.serve.room import Room
from feedproc.services.loopback import is_loopback_name
from feedproc.services.process.processing import Policy, Processing
from feedproc.services.send.backoff import Patience
from feedproc.wiring.clock import make_id, make_key
from feedproc.wiring.machine import Machine, load_feed_types

WORKER = "in-process"
_PAUSE = 0.02
"""Seconds between looks for work that nobody announces, such as what a moved clock makes due."""
_ROOM = Room(threads=8, waiting=256)
_EVER = datetime.max.replace(tzinfo=UTC)
_logger = logging.getLogger(__name__)


class EphemeralOptions(Struct, frozen=True, kw_only=True):
    """How to serve from memory."""

    sellers: tuple[Seller, ...]
    """Those that every reset begins with."""
    host: str = "127.0.0.1"
    port: int = 0
    """0 for any that is free."""
    quotas: QuotaMode = QuotaMode.OFF
    is_well_known: Callable[[Seller], bool] = lambda _: False
    """Tells sellers whose keys everybody knows, so that no web page and nobody elsewhere may use them."""
    begin: Callable[["EphemeralServer"], None] = lambda _: None
    """Called once a reset is over, to put in what the server begins with."""
    has_control: bool = False
    """It is controlled by programs, under `/_feedproc/`."""
    control_token: str = ""
    """Who sends it may control the server from anywhere; without one, this machine's programs alone may."""


class WorkFailed(FeedprocError):
    """A feed could not be processed, or a mail not be sent, because of a fault in the program."""


class EphemeralServer:
    """Serves MWS and SP-API from `with` to its end. One thread processes feeds, another sends what they lead to."""

    def __init__(self, options: EphemeralOptions) -> None:
        """Keep everything in memory; nothing listens yet."""
        self._options = options
        self.clock = SettableClock()
        self.store = MemoryStore(make_key)
        self._turn = RLock()
        """Held by whoever processes, sends or resets."""
        self._wake, self._wake_sender, self._stopping = Event(), Event(), Event()
        self._is_held = False
        self._failure: Exception | None = None
        self.calls, self.faults = CallLog(), FaultBook()
        kept = self.store.backend
        self._queue = FaultyQueue(kept.queue, kept.submissions, self.faults, self._wake.set)
        self._backend = kept._replace(queue=self._queue)
        self.backend: Backend = self._backend._replace(submissions=ShownSubmissions(kept.submissions, self.faults))
        """What programs are told; workers see the store as it is."""
        app, limits = DeferredApp(self._make_door), HttpLimits(room=_ROOM)
        self._http = HttpServer((options.host, options.port), app, self.clock, make_id, limits=limits)

    def __enter__(self) -> Self:
        """Listen, and start the threads.

        Raises:
            Unusable: the address is not to be had.

        """
        with ExitStack() as started:
            self._listen()
            self.feed_types = load_feed_types()
            faulty = DeferredFeedTypes(lambda: make_faulty(self.feed_types, self.faults), self.feed_types.places)
            self._machine = Machine(self._backend, faulty, Policy(), self.clock, make_id)
            self.reset()
            for name, run in (("http", self._http.serve), ("worker", self._work), ("sender", self._send)):
                thread = Thread(target=run, name=f"feedproc {name}", daemon=True)
                thread.start()
                started.callback(thread.join)
            started.callback(self._stop)
            self._started = started.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Answer what was asked, and end the threads."""
        self._started.close()

    @property
    def url(self) -> str:
        """The address for clients on this machine."""
        host, port = self._http.bind_addr
        return f"http://{f'[{host}]' if ':' in host else host}:{port}"

    @property
    def mails(self) -> Sequence[Mail]:
        """The e-mails to buyers that went out, oldest first."""
        return self.store.mails

    def reset(self) -> None:
        """Forget all that happened, and begin again with the sellers of the options, the real time and no faults."""
        with self._turn:
            self.store.reset()
            self.clock.reset()
            self.faults.clear()
            self.calls.clear()
            self._queue.forget()
            self._failure, self._is_held = None, False
            self._patience = Patience()
            for seller in self._options.sellers:
                self.backend.sellers.add(seller)
            # With quotas that nobody has used yet.
            self._apis = join_apis(DeferredApp(self._make_mws), DeferredApp(self._make_sp_api))
            self._options.begin(self)

    def hold(self) -> None:
        """Let no feed be begun, and no mail be sent, until `release`; `drain` does so all the same."""
        with self._turn:
            self._is_held = True

    def release(self) -> None:
        """Let feeds be processed again."""
        self._is_held = False
        self._wake.set()

    def drain(self) -> None:
        """Process and send all that waits, and return when nothing does.

        Raises:
            WorkFailed: something went wrong that is no fault of a feed.

        """
        with self._turn:
            while True:
                self._require_sound()
                worked, sent = self._process_one(), self._send_some()
                if not worked and not sent:
                    return

    def _listen(self) -> None:
        """Listen, with threads that let the process end: those that a daemon starts are daemons, too."""
        refused: list[Exception] = []

        def prepare() -> None:
            try:
                self._http.prepare()
            except Unusable as error:
                refused.append(error)

        thread = Thread(target=prepare, daemon=True)
        thread.start()
        thread.join()
        if refused:
            raise refused[0]

    def _make_door(self) -> WSGIApplication:
        """Return what stands before the APIs: it keeps calls, lets faults happen, and is controlled."""
        from feedproc.control.app import PREFIX, ControlApp  # noqa: PLC0415 - deferred
        from feedproc.control.watch import Watch  # noqa: PLC0415 - as above
        from feedproc.serve.wires import BothWires  # noqa: PLC0415 - as above

        wire = BothWires(self.backend.sellers, self.clock, make_id)
        watch = Watch(lambda: self._apis, wire, self.calls, self.faults, self.clock)
        if not self._options.has_control:
            return watch
        from werkzeug.middleware.dispatcher import DispatcherMiddleware  # noqa: PLC0415 - as above

        joined = DispatcherMiddleware(watch, {CONSOLE: DeferredApp(self._make_console)})
        return _put_before(ControlApp(self, self._options.control_token), PREFIX, joined)

    def _make_console(self) -> WSGIApplication:
        from feedproc.console.app import ConsoleOptions, create_console  # noqa: PLC0415 - deferred
        from feedproc.control.stream import SellersCalls  # noqa: PLC0415 - as above
        from feedproc.serve.sessions import SignedOutHere  # noqa: PLC0415 - as above

        here = self._options.sellers[0].seller_id if is_loopback_name(self._options.host) else None
        how = ConsoleOptions(token_bytes(32), here, SignedOutHere(), calls=SellersCalls(self.calls))
        return create_console(self.backend, self.feed_types, self.clock, make_id, how)

    def _make_mws(self) -> WSGIApplication:
        from feedproc.mws.app import MwsOptions, create_app  # noqa: PLC0415 - deferred

        how = MwsOptions(quotas=self._options.quotas, is_well_known=self._options.is_well_known)
        return create_app(self.backend, self.feed_types, self.clock, make_id, how)

    def _make_sp_api(self) -> WSGIApplication:
        from feedproc.spapi.app import SpApiOptions, create_sp_api  # noqa: PLC0415 - deferred
        from feedproc.spapi.call import Services  # noqa: PLC0415 - as above
        from feedproc.spapi.documents.links import SignedLinks  # noqa: PLC0415 - as above

        options, backend = self._options, self.backend
        links = SignedLinks(lambda: self.url, backend.sellers)
        services = Services(
            backend, self.feed_types, load_report_types(), links, make_id, self._begin_work, options.is_well_known
        )
        how = SpApiOptions(has_quotas=options.quotas is QuotaMode.AMAZON)
        return create_sp_api(services, links, self.clock, how)

    def _stop(self) -> None:
        self._stopping.set()
        self.calls.close()
        self._wake.set()
        self._wake_sender.set()
        self._http.stop()

    def _require_sound(self) -> None:
        if self._failure is not None:
            raise WorkFailed(f"{type(self._failure).__name__}: {self._failure}") from self._failure

    def _work(self) -> None:
        self._repeat(self._process_one, self._wake)

    def _send(self) -> None:
        self._repeat(self._send_some, self._wake_sender)

    def _repeat(self, step: Callable[[], bool], wake: Event) -> None:
        """Do one step after another; wait while there is nothing to do."""
        while not self._stopping.is_set():
            wake.clear()
            with self._turn:
                try:
                    found = not self._is_held and self._failure is None and step()
                except Exception as error:
                    # The outermost place of a thread: whoever drains gets to see it.
                    _logger.exception("work in memory failed")
                    self._failure, found = error, False
            if not found:
                wake.wait(_PAUSE)

    @contextmanager
    def _begin_work(self) -> Iterator[Processing]:
        """Give what one call processes a feed with, while nobody else does."""
        with self._turn:
            yield self._machine.get_processing(make_id())

    def _process_one(self) -> bool:
        if not self._has_work():
            return False
        from feedproc.serve.memory_work import process_one  # noqa: PLC0415 - deferred

        try:
            found = process_one(self._machine, WORKER)
        except ClaimLost as lost:
            _logger.info("%s", lost)
            return True
        if found:
            self._wake_sender.set()
        return found

    def _has_work(self) -> bool:
        """Say whether a submission is open, or a report is due."""
        backend = self._backend
        return bool(backend.submissions.find_overdue(_EVER, 1) or backend.schedules.find_due(self.clock(), 1))

    def _send_some(self) -> bool:
        if not self._backend.outbox.list_waiting(1):
            return False
        from feedproc.serve.memory_work import send_some  # noqa: PLC0415 - deferred

        return send_some(self._machine, self.store.mailer, self.store.notifier, self._patience)


def _put_before(control: WSGIApplication, prefix: str, app: WSGIApplication) -> WSGIApplication:
    """Return an application that leaves what is under a prefix to another."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        is_control = environ.get("PATH_INFO", "").startswith(f"{prefix}/")
        return (control if is_control else app)(environ, start_response)

    return answer
