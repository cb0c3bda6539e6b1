"""A running server: HTTP at the front, workers at the back, one data directory between them.

What its first answer does not need, or few servers ever do, is loaded once it is wanted: AWS, control, SP-API, pages.
"""

import logging
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from secrets import token_bytes
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING, Self
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.wsgi import ClosingIterator

from feedproc import settings
from feedproc.embedded.private import make_private
from feedproc.errors import StoreUnusable, Unusable
from feedproc.feeds.marketplaces import MWS_HOSTS
from feedproc.mws.app import MwsOptions, create_app
from feedproc.mws.throttle import QuotaMode
from feedproc.reporttypes.catalogue import load_report_types
from feedproc.serve.apis import CONSOLE, DeferredApp, join_apis
from feedproc.serve.http import HttpServer
from feedproc.serve.life import bury_adopted
from feedproc.serve.listening import listen
from feedproc.serve.occupancy import Occupancy
from feedproc.serve.options import Options
from feedproc.serve.proxy import Proxied
from feedproc.serve.room import raise_file_limit
from feedproc.serve.workers import WorkerProcesses, choose_sending, choose_work
from feedproc.services.process.pick import process_at_once
from feedproc.services.process.processing import Processing
from feedproc.wiring.address import keep_address
from feedproc.wiring.clock import make_id, read_clock
from feedproc.wiring.embedded import (
    check_outlets,
    join_workers,
    load_policy,
    open_embedded,
    open_outlets,
    tidy,
)
from feedproc.wiring.feed_types import load_feed_types, load_schemas
from feedproc.wiring.local_seller import LOCAL_SELLER, ForeignSellers, is_well_known
from feedproc.wiring.machine import Machine, make_machine

if TYPE_CHECKING:
    from feedproc.serve.work_here import ControlledStore

_MOST_SCHEMA_FAULTS = 10
"""Faults of schemas that are told at the start."""
_logger = logging.getLogger(__name__)


class Server:
    """Serves from `with` to its end; then requests and workers are brought to a good end."""

    def __init__(self, options: Options) -> None:
        """Open nothing yet; `options` say how to serve."""
        self._options = options
        self.authority: Path | None = None
        """What clients are to trust; None without TLS."""

    def __enter__(self) -> Self:
        """Open the store, listen, and start the workers.

        Raises:
            Unusable: the store or the address is not to be had; nothing is left running then.

        """
        options = self._options
        raise_file_limit()
        _check(options)
        machine = _make_machine(options)
        control = _make_control(options, machine) if options.has_control else None
        if control is not None:
            machine = machine._replace(backend=control.backend, clock=control.clock)
        app = _make_app(options, machine, control, lambda: self.endpoint)
        with ExitStack() as started:
            if options.aws is None:
                started.enter_context(_occupy(options.data_dir))
            certificate = self._prepare_certificate()
            self._http = HttpServer(listen(options.host, options.port), app, read_clock, make_id, certificate)
            self._http.prepare()
            if control is None:
                _start_processes(options, self._pages, started)
            else:
                _start_threads(options, control, started)
            thread = Thread(target=self._http.serve, name="http", daemon=True)
            thread.start()
            started.callback(thread.join)
            started.callback(self._http.stop)
            if control is not None:
                started.callback(control.calls.close)
            if options.aws is None:
                started.enter_context(keep_address(options.data_dir, self.endpoint))
            self._started = started.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Accept nothing more, answer what was asked, stop the workers."""
        self._started.close()

    @property
    def endpoint(self) -> str:
        """The address for clients on this machine."""
        host, port = self._http.bind_addr
        named = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
        name = self._options.host if self._options.host == "localhost" else named
        return f"{'https' if self._options.tls else 'http'}://{f'[{name}]' if ':' in name else name}:{port}"

    @property
    def _pages(self) -> str:
        """The address under which people reach the console."""
        return f"{self._options.public or self.endpoint}{CONSOLE}"

    def _prepare_certificate(self) -> Path | None:
        if not self._options.tls:
            return None
        from feedproc.serve.certificates import prepare_certificate

        make_private(self._options.data_dir)
        certificate = prepare_certificate(self._options.host, self._options.data_dir)
        self.authority = certificate.authority
        return certificate.server


def _check(options: Options) -> None:
    """Raise `Unusable` for what would let workers or the sender die, so that it is told before anything runs."""
    load_policy(options.data_dir)
    if options.aws is None or options.moto:
        check_outlets(settings.read_environment())


def _tell_schema_faults(place: Path) -> None:
    """Say what a full check finds in schemas of somebody's own, which are used all the same."""
    from feedproc.formats.xml.guide import check_schemas

    faults = check_schemas(place)
    for fault in faults[:_MOST_SCHEMA_FAULTS]:
        _logger.warning("%s:%d: %s", fault.file, fault.line, fault.problem)
    if len(faults) > _MOST_SCHEMA_FAULTS:
        _logger.warning("%d more; `feedproc schemas check %s` tells all", len(faults) - _MOST_SCHEMA_FAULTS, place)


def _start_processes(options: Options, pages: str, started: ExitStack) -> None:
    """Let worker processes process feeds, and another send what they lead to."""
    if os.getpid() == 1:
        Thread(target=bury_adopted, name="burial", daemon=True).start()
    workers = WorkerProcesses(options.data_dir, options.workers, choose_work(options, pages))
    workers.start()
    started.callback(workers.stop)
    sender = WorkerProcesses(options.data_dir, 1, choose_sending(options), "sender")
    sender.start()
    started.callback(sender.stop)


def _start_threads(options: Options, control: "ControlledStore", started: ExitStack) -> None:
    """Let threads of this process do all that."""
    from feedproc.control.processing import HOLDER
    from feedproc.serve.work_here import WORKER

    for name in (WORKER, HOLDER):
        started.enter_context(join_workers(options.data_dir, name))
    started.enter_context(control.run_work())


def _make_control(options: Options, machine: Machine) -> "ControlledStore":
    from feedproc.serve.names import NamesServed
    from feedproc.serve.work_here import ControlledStore

    if options.aws is not None:
        raise Unusable("--control is for a server over a data directory, or in memory; leave it out on AWS")
    chosen = settings.read_environment()
    names = NamesServed(lambda: machine.feed_types)
    outlets = partial(open_outlets, options.data_dir, chosen, machine.feed_types)
    control = ControlledStore(machine.backend, outlets, names)
    control.prepare_work(machine.feed_types, machine.policy)
    return control


def _make_app(
    options: Options, machine: Machine, control: "ControlledStore | None", endpoint: Callable[[], str]
) -> WSGIApplication:
    """Return the APIs, with the console under `/console`. `endpoint` tells the address once the server listens."""
    backend, feed_types, _, clock, new_id = machine
    hosts = MWS_HOSTS if options.public is None else (*MWS_HOSTS, options.public.host)
    how = MwsOptions(
        quotas=options.quotas, public_hosts=hosts, is_well_known=is_well_known, submits_once=options.submits_once
    )
    mws = create_app(backend, feed_types, clock, new_id, how)
    apis = join_apis(mws, DeferredApp(lambda: _make_sp_api(options, machine, control, endpoint)))
    console = DeferredApp(lambda: _make_console(options, machine, control))
    if control is not None:
        return _release_after(_put_control_before(options, control, apis, console), backend.release)
    if options.public is None:
        return _release_after(DispatcherMiddleware(apis, {CONSOLE: console}), backend.release)
    known = partial(Proxied, public=options.public, proxy=options.proxy)
    joined = DispatcherMiddleware(known(apis, keeps_host=True), {CONSOLE: known(console)})
    return _release_after(joined, backend.release)


def _put_control_before(
    options: Options, control: "ControlledStore", apis: WSGIApplication, console: WSGIApplication
) -> WSGIApplication:
    """Return all that a controlled server answers."""
    from feedproc.control.app import PREFIX, ControlApp
    from feedproc.control.watch import Watch
    from feedproc.serve.wires import BothWires
    from feedproc.serve.work_here import put_control_before

    wires = BothWires(control.backend.sellers, control.clock, make_id)
    watch = Watch(lambda: apis, wires, control.calls, control.faults, control.clock)
    joined = DispatcherMiddleware(watch, {CONSOLE: console})
    return put_control_before(ControlApp(control, options.control_token), PREFIX, joined)


def _make_sp_api(
    options: Options, machine: Machine, control: "ControlledStore | None", endpoint: Callable[[], str]
) -> WSGIApplication:
    from feedproc.spapi.app import OPERATIONS, WITHOUT_V0_READS, SpApiOptions, create_sp_api
    from feedproc.spapi.call import Services
    from feedproc.spapi.documents.links import SignedLinks

    backend, feed_types, _, clock, new_id = machine
    links = SignedLinks(lambda: str(options.public) if options.public else endpoint(), backend.sellers)
    services = Services(
        backend,
        feed_types,
        load_report_types(),
        links,
        new_id,
        partial(process_at_once, partial(_begin_work, options, machine, control)),
        is_well_known,
        options.orders_delay,
        options.packs_documents,
    )
    how = SpApiOptions(
        has_quotas=options.quotas is QuotaMode.AMAZON,
        token_life=options.token_life,
        operations=OPERATIONS if options.has_v0_reads else WITHOUT_V0_READS,
    )
    return create_sp_api(services, links, clock, how)


def _make_console(options: Options, machine: Machine, control: "ControlledStore | None") -> WSGIApplication:
    from feedproc.console.app import ConsoleOptions, create_console
    from feedproc.control.stream import SellersCalls
    from feedproc.serve.sessions import SIGNED_OUT, SignedOutFiles, SignedOutHere, read_secret

    how = ConsoleOptions(
        secret=read_secret(options.data_dir) if options.aws is None else token_bytes(32),
        local_seller=LOCAL_SELLER.seller_id if options.has_local_seller else None,
        signed_out=SignedOutFiles(options.data_dir / SIGNED_OUT) if options.aws is None else SignedOutHere(),
        restocking=machine.policy.restocking,
        calls=None if control is None else SellersCalls(control.calls),
        simulations=None if control is None else control.simulations,
    )
    return create_console(machine.backend, machine.feed_types, machine.clock, machine.new_id, how)


@contextmanager
def _begin_work(options: Options, machine: Machine, control: "ControlledStore | None") -> Iterator[Processing]:
    """Let one request process feeds, as a worker of its own."""
    worker = machine.new_id()
    with nullcontext() if options.aws is not None else join_workers(options.data_dir, worker):
        if control is None:
            yield machine.get_processing(worker)
        else:
            with control.begin_work(worker) as processing:
                yield processing


def _release_after(app: WSGIApplication, release: Callable[[], None]) -> WSGIApplication:
    """Return the application, which calls `release` in its thread once an answer is sent or given up."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            content = app(environ, start_response)
        except BaseException:
            release()
            raise
        return ClosingIterator(content, release)

    return answer


def _make_machine(options: Options) -> Machine:
    """Return what answers requests; what is wrong with a store on AWS, or with schemas, shows at once."""
    schemas = None if options.schemas is None else load_schemas(options.schemas)
    if schemas is not None and schemas.note:
        _logger.warning("%s: %s", schemas.place, schemas.note)
    if options.schemas is not None:
        _tell_schema_faults(options.schemas)
    if options.aws is None:
        backend = open_embedded(options.data_dir, for_many_threads=True)
    else:
        from feedproc.wiring.aws import open_checked

        backend = open_checked(options.aws)
    if not options.takes_local_keys:
        backend = backend._replace(sellers=ForeignSellers(backend.sellers))
    return make_machine(backend, load_feed_types(schemas), load_policy(options.data_dir))


def _occupy(data_dir: Path) -> Occupancy:
    try:
        return Occupancy(data_dir, lambda: tidy(data_dir))
    except OSError as error:
        raise StoreUnusable(f"{data_dir}: cannot be used as a data directory ({error.strerror})") from error
