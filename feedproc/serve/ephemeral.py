"""A server in this process that keeps everything in memory: made at once, reset at once, gone with its end.

What takes long to load, the APIs and what reads feeds, waits until a request or a feed needs it.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import partial
from secrets import token_bytes
from socket import socket
from threading import Thread
from types import TracebackType
from typing import Self
from wsgiref.types import WSGIApplication

from msgspec import Struct

from feedproc.memory import MemoryStore
from feedproc.mws.throttle import QuotaMode
from feedproc.ports import Mail, Seller
from feedproc.reporttypes.catalogue import load_report_types
from feedproc.serve.apis import CONSOLE, DeferredApp, join_apis
from feedproc.serve.listening import DeferredServer, Serving, listen
from feedproc.serve.names import NamesServed
from feedproc.serve.room import Room
from feedproc.serve.work_here import WorkHere, put_control_before
from feedproc.services.loopback import is_loopback_name
from feedproc.services.process.processing import Policy, Processing
from feedproc.services.send.send import Outlets
from feedproc.spapi.access import LIFE
from feedproc.wiring.clock import make_id, make_key
from feedproc.wiring.feed_types import load_feed_types

_ROOM = Room(threads=8, waiting=256)


class EphemeralOptions(Struct, frozen=True, kw_only=True):
    """How to serve from memory."""

    sellers: tuple[Seller, ...]
    """Those that every reset begins with."""
    host: str = "127.0.0.1"
    port: int = 0
    """0 for any that is free."""
    quotas: QuotaMode = QuotaMode.OFF
    token_life: timedelta = LIFE
    """How long an access token of SP-API is good."""
    has_v0_reads: bool = True
    """Orders v0 of SP-API tells orders."""
    orders_delay: timedelta = timedelta()
    """How long a new order, or a change of one, stays out of lists; Amazon takes two minutes."""
    packs_documents: bool = False
    """Results and reports of SP-API are given compressed."""
    is_well_known: Callable[[Seller], bool] = lambda _: False
    """Tells sellers whose keys everybody knows, so that no web page and nobody elsewhere may use them."""
    begin: Callable[["EphemeralServer"], None] = lambda _: None
    """Called once a reset is over, to put in what the server begins with."""
    has_control: bool = False
    """It is controlled by programs, under `/_feedproc/`."""
    control_token: str = ""
    """Who sends it may control the server from anywhere; without one, this machine's programs alone may."""


class EphemeralServer(WorkHere):
    """Serves MWS and SP-API from `with` to its end. One thread processes feeds, another sends what they lead to."""

    def __init__(self, options: EphemeralOptions) -> None:
        """Keep everything in memory; nothing listens yet."""
        self._options = options
        self.store = MemoryStore(make_key)
        super().__init__(self.store.backend, self._make_memory_outlets, NamesServed(lambda: self.feed_types))

    def __enter__(self) -> Self:
        """Listen, and start the threads.

        Raises:
            Unusable: the address is not to be had.

        """
        with ExitStack() as started:
            self._listener = listen(self._options.host, self._options.port)
            http = DeferredServer(self._listener, self._make_http)
            started.callback(http.close)
            self.prepare_work(load_feed_types(), Policy())
            self.reset()
            started.enter_context(self.run_work())
            thread = Thread(target=http.serve, name="feedproc http", daemon=True)
            thread.start()
            started.callback(thread.join)
            started.callback(http.stop)
            started.callback(self.calls.close)
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
        host, port = self._listener.getsockname()[:2]
        return f"http://{f'[{host}]' if ':' in host else host}:{port}"

    @property
    def mails(self) -> Sequence[Mail]:
        """The e-mails to buyers that went out, oldest first."""
        return self.store.mails

    def reset(self) -> None:
        """Forget all that happened, and begin again with the sellers of the options, the real time and no faults."""
        with self._turn:
            self.store.reset()
            self.forget_work()
            for seller in self._options.sellers:
                self.backend.sellers.add(seller)
            # With quotas that nobody has used yet.
            self._apis = join_apis(DeferredApp(self._make_mws), DeferredApp(self._make_sp_api))
            self._options.begin(self)

    def _make_http(self, listener: socket) -> Serving:
        from feedproc.serve.http import HttpLimits, HttpServer

        return HttpServer(listener, self._make_door(), self.clock, make_id, limits=HttpLimits(room=_ROOM))

    def _make_door(self) -> WSGIApplication:
        """Return what stands before the APIs: it keeps calls, lets faults happen, and is controlled."""
        from feedproc.control.app import PREFIX, ControlApp
        from feedproc.control.watch import Watch
        from feedproc.serve.wires import BothWires

        wire = BothWires(self.backend.sellers, self.clock, make_id)
        watch = Watch(lambda: self._apis, wire, self.calls, self.faults, self.clock)
        if not self._options.has_control:
            return watch
        from werkzeug.middleware.dispatcher import DispatcherMiddleware

        joined = DispatcherMiddleware(watch, {CONSOLE: DeferredApp(self._make_console)})
        return put_control_before(ControlApp(self, self._options.control_token), PREFIX, joined)

    def _make_console(self) -> WSGIApplication:
        from feedproc.console.app import ConsoleOptions, create_console
        from feedproc.control.stream import SellersCalls
        from feedproc.serve.sessions import SignedOutHere

        here = self._options.sellers[0].seller_id if is_loopback_name(self._options.host) else None
        how = ConsoleOptions(
            token_bytes(32), here, SignedOutHere(), calls=SellersCalls(self.calls), simulations=self.simulations
        )
        return create_console(self.backend, self.feed_types, self.clock, make_id, how)

    def _make_mws(self) -> WSGIApplication:
        from feedproc.mws.app import MwsOptions, create_app

        how = MwsOptions(
            quotas=self._options.quotas,
            is_well_known=self._options.is_well_known,
            orders_delay=self._options.orders_delay,
        )
        return create_app(self.backend, self.feed_types, self.clock, make_id, how)

    def _make_sp_api(self) -> WSGIApplication:
        from feedproc.services.process.pick import process_at_once
        from feedproc.spapi.app import OPERATIONS, WITHOUT_V0_READS, SpApiOptions, create_sp_api
        from feedproc.spapi.call import Services
        from feedproc.spapi.documents.links import SignedLinks

        options, backend = self._options, self.backend
        links = SignedLinks(lambda: self.url, backend.sellers)
        services = Services(
            backend,
            self.feed_types,
            load_report_types(),
            links,
            make_id,
            partial(process_at_once, self._begin_work),
            options.is_well_known,
            options.orders_delay,
            options.packs_documents,
        )
        how = SpApiOptions(
            has_quotas=options.quotas is QuotaMode.AMAZON,
            token_life=options.token_life,
            operations=OPERATIONS if options.has_v0_reads else WITHOUT_V0_READS,
        )
        return create_sp_api(services, links, self.clock, how)

    @contextmanager
    def _begin_work(self) -> Iterator[Processing]:
        with self.begin_work(make_id()) as processing:
            yield processing

    def _make_memory_outlets(self) -> Outlets:
        from feedproc.wiring.writers import load_writers

        return Outlets(self.store.mailer, self.store.notifier, load_writers(self.feed_types), may_repeat=True)
