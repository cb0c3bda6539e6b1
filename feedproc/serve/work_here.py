"""Work in threads of the server's own process, so that whoever controls it can hold, move and break what happens.

What takes long to load, such as what reads feeds, waits until there is something to do.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event, RLock, Thread
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from feedproc.control.calls import CallLog
from feedproc.control.clock import SettableClock
from feedproc.control.controlled import BadControl
from feedproc.control.faults import FaultBook
from feedproc.control.naming import NamesOfCalls, require_known
from feedproc.control.processing import FaultyQueue, ShownSubmissions, make_faulty
from feedproc.control.simulation import Simulations
from feedproc.errors import ClaimLost, FeedprocError, HeldUp
from feedproc.feeds.feed_type import DeferredFeedTypes, FeedTypes
from feedproc.ports import Backend, Mail, Mailer
from feedproc.serve.overdue import cancel_overdue
from feedproc.services.process.processing import Policy, Processing
from feedproc.services.send.backoff import Patience
from feedproc.services.send.send import Outgoing, Outlets
from feedproc.wiring.clock import make_id
from feedproc.wiring.machine import Machine

WORKER = "in-process"
_PAUSE, _LONG_PAUSE = 0.02, 1.0
"""Seconds between looks for work that nobody announces, such as what a moved clock makes due; and while the world does
not let anything be done."""
_SIMULATORS_PAUSE = 0.2
_EVER = datetime.max.replace(tzinfo=UTC)
_MOST_MAILS = 10_000
_logger = logging.getLogger(__name__)


class WorkFailed(FeedprocError):
    """A feed could not be processed, or a mail not be sent, because of a fault in the program."""


class WorkHere:
    """One thread processes feeds over a back end, another sends what they lead to; and faults stand between."""

    def __init__(self, kept: Backend, make_outlets: Callable[[], Outlets], names: NamesOfCalls) -> None:
        """Do nothing yet. `make_outlets` is called when there is something to send; faults name what `names` tell."""
        self.clock = SettableClock()
        self.calls = CallLog()
        self.faults = FaultBook(lambda fault: require_known(fault, names))
        self._turn = RLock()
        """Held by whoever processes, sends or resets."""
        self._wake, self._wake_sender, self._stopping = Event(), Event(), Event()
        self._wake_simulator = Event()
        self._make_outlets = make_outlets
        self._outlets: Outlets | None = None
        self._is_held = False
        self._failure: Exception | None = None
        self._patience = Patience()
        self._queue = FaultyQueue(kept.queue, kept.submissions, self.faults, self._wake.set)
        self._backend = kept._replace(queue=self._queue)
        self.backend: Backend = self._backend._replace(submissions=ShownSubmissions(kept.submissions, self.faults))
        """What programs are told; workers see the store as it is."""
        self.simulations = Simulations(lambda: self.backend, self.clock, cancel_overdue)

    def prepare_work(self, feed_types: FeedTypes, policy: Policy) -> None:
        """Say by which feed types and tables feeds are processed; before anything is."""
        self.feed_types = feed_types
        faulty = DeferredFeedTypes(lambda: make_faulty(feed_types, self.faults), feed_types.places)
        self._machine = Machine(self._backend, faulty, policy, self.clock, make_id)

    @contextmanager
    def run_work(self) -> Iterator[None]:
        """Process and send until the end of `with`."""
        steps = {
            "worker": (self._process_one, self._wake, _PAUSE),
            "sender": (self._send_some, self._wake_sender, _PAUSE),
            "simulator": (self._let_happen, self._wake_simulator, _SIMULATORS_PAUSE),
        }
        threads = [
            Thread(target=self._repeat, args=given, name=f"feedproc {name}", daemon=True)
            for name, given in steps.items()
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stopping.set()
            self._wake.set()
            self._wake_sender.set()
            self._wake_simulator.set()
            for thread in threads:
                thread.join()

    def hold(self) -> None:
        """Let no feed be begun, no mail be sent and no order come in until `release`; `drain` does so all the same."""
        with self._turn:
            self._is_held = True

    def release(self) -> None:
        """Let feeds be processed again."""
        self._is_held = False
        self._wake.set()

    def drain(self) -> None:
        """Let all orders come in that are due, process and send all that waits, and return when nothing does.

        Raises:
            WorkFailed: something went wrong that is no fault of a feed.
            HeldUp: the world does not let it be done now.

        """
        with self._turn:
            with self._name_fault():
                self.simulations.catch_up()
            while True:
                self._require_sound()
                worked, sent = self._process_one(), self._send_some()
                if not worked and not sent:
                    return

    @contextmanager
    def begin_work(self, worker: str) -> Iterator[Processing]:
        """Give what one call processes a feed with, while nobody else does."""
        with self._turn:
            yield self._machine.get_processing(worker)

    def forget_work(self) -> None:
        """Forget faults, calls, what is simulated, held or failed, and let the clock run with the computer's."""
        self.simulations.clear()
        self.clock.reset()
        self.faults.clear()
        self.calls.clear()
        self._queue.forget()
        self._failure, self._is_held = None, False
        self._patience = Patience()

    def _require_sound(self) -> None:
        if self._failure is not None:
            raise WorkFailed(f"{type(self._failure).__name__}: {self._failure}") from self._failure

    def _repeat(self, step: Callable[[], bool], wake: Event, idle: float) -> None:
        """Do one step after another; wait while there is nothing to do."""
        while not self._stopping.is_set():
            wake.clear()
            found, pause = False, idle
            with self._turn:
                try:
                    found = not self._is_held and self._failure is None and step()
                except HeldUp as fault:
                    _logger.warning("%s", fault)
                    pause = _LONG_PAUSE
                except Exception as error:
                    # The outermost place of a thread: whoever drains gets to see it.
                    _logger.exception("work in the server's process failed")
                    self._failure = error
            if not found:
                wake.wait(pause)

    def _let_happen(self) -> bool:
        with self._name_fault():
            self.simulations.look()
        return False

    @contextmanager
    def _name_fault(self) -> Iterator[None]:
        """Turn what the world around the store makes go wrong into `HeldUp`: that passes."""
        try:
            yield
        except Exception as error:
            fault = self._backend.describe_fault(error)
            if fault is None:
                raise
            raise HeldUp(fault) from error

    def _process_one(self) -> bool:
        if not self._has_work():
            return False
        from feedproc.serve.steps import process_one  # noqa: PLC0415 - deferred

        try:
            found = process_one(self._machine.get_processing(WORKER))
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
        from feedproc.serve.steps import send_some  # noqa: PLC0415 - deferred

        if self._outlets is None:
            self._outlets = self._make_outlets()
        return send_some(Outgoing(self._backend, self._outlets, self.clock, self._patience))


class ControlledStore(WorkHere):
    """The store of a data directory whose server is controlled. What is in it stays."""

    def __init__(self, kept: Backend, make_outlets: Callable[[], Outlets], names: NamesOfCalls) -> None:
        """See `WorkHere`; mails are sent, and told."""
        super().__init__(kept, self._make_told_outlets, names)
        self._make_real_outlets = make_outlets
        self._mails: list[Mail] = []

    @property
    def mails(self) -> Sequence[Mail]:
        """The last 10,000 e-mails that went out since the start, oldest first."""
        return [*self._mails]

    def reset(self) -> None:
        """Refuse: what is in a data directory is not forgotten.

        Raises:
            BadControl: always.

        """
        raise BadControl(
            "this server keeps its store, and forgets nothing; --ephemeral starts one that does. "
            "DELETE faults, DELETE calls and PUT clock {} undo the rest"
        )

    def _make_told_outlets(self) -> Outlets:
        outlets = self._make_real_outlets()
        return outlets._replace(mailer=_ToldMailer(outlets.mailer, self._mails))


class _ToldMailer:
    """The port `Mailer`, which keeps what it sent."""

    def __init__(self, mailer: Mailer, told: list[Mail]) -> None:
        self._mailer = mailer
        self._told = told

    def send(self, mail: Mail) -> None:
        """Send it, and keep it."""
        self._mailer.send(mail)
        self._told.append(mail)
        del self._told[:-_MOST_MAILS]


def put_control_before(control: WSGIApplication, prefix: str, app: WSGIApplication) -> WSGIApplication:
    """Return an application that leaves what is under a prefix to another."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        is_control = environ.get("PATH_INFO", "").startswith(f"{prefix}/")
        return (control if is_control else app)(environ, start_response)

    return answer
