"""A running server: HTTP at the front, workers at the back, one data directory between them."""

import ipaddress
from contextlib import ExitStack
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Self

from msgspec import Struct

from feedproc import wiring
from feedproc.errors import StoreUnusable
from feedproc.mws.app import MwsApp, create_app
from feedproc.mws.throttle import QuotaMode
from feedproc.serve.http import HttpServer
from feedproc.serve.occupancy import Occupancy
from feedproc.serve.workers import WorkerProcesses


class Options(Struct, frozen=True, kw_only=True):
    """How to serve."""

    data_dir: Path
    host: str = "127.0.0.1"
    port: int = 8080
    """0 for any that is free."""
    workers: int = 1
    """Processes."""
    quotas: QuotaMode = QuotaMode.OFF
    tls: bool = False

    @property
    def is_local(self) -> bool:
        """Only this machine can reach it, so that the local seller's keys are good."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


class Server:
    """Serves from `with` to its end; then requests and workers are brought to a good end."""

    def __init__(self, options: Options) -> None:
        """Take how to serve."""
        self._options = options
        self.authority: Path | None = None
        """What clients are to trust; None without TLS."""

    def __enter__(self) -> Self:
        """Open the store, listen, and start the workers. Raises `Unusable`, and leaves nothing running then."""
        options = self._options
        app = _app(options)
        wiring.policy(options.data_dir)
        with ExitStack() as started:
            started.enter_context(_occupied(options.data_dir))
            self._http = HttpServer(options.host, options.port, app, self._certificate())
            self._http.prepare()
            workers = WorkerProcesses(options.data_dir, options.workers)
            workers.start()
            started.callback(workers.stop)
            thread = Thread(target=self._http.serve, name="http", daemon=True)
            thread.start()
            started.callback(thread.join)
            started.callback(self._http.stop)
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
        shown = self._options.host if self._options.host == "localhost" else named
        return f"{'https' if self._options.tls else 'http'}://{f'[{shown}]' if ':' in shown else shown}:{port}"

    def _certificate(self) -> Path | None:
        if not self._options.tls:
            return None
        from feedproc.serve.certificates import certificate_for  # noqa: PLC0415 - slow to load, and rarely needed

        certificate = certificate_for(self._options.host, self._options.data_dir)
        self.authority = certificate.authority
        return certificate.server


def _app(options: Options) -> MwsApp:
    backend = wiring.embedded(options.data_dir)
    if not options.is_local:
        backend = backend._replace(sellers=wiring.Foreign(backend.sellers))
    return create_app(backend, wiring.all_feed_types(), options.quotas, wiring.now, wiring.new_id)


def _occupied(data_dir: Path) -> Occupancy:
    try:
        return Occupancy(data_dir, lambda: wiring.tidy(data_dir))
    except OSError as error:
        raise StoreUnusable(f"{data_dir}: cannot be used as a data directory ({error.strerror})") from error
