"""What a server in memory does beside answering: it processes, and sends what that leads to.

It stands by itself, as what reads and applies feeds takes long to load: a server that has nothing to do needs none.
"""

from feedproc.memory.outbox import MemoryMailer, MemoryNotifier
from feedproc.services.process.pick import process_next
from feedproc.services.reports.schedules import request_due
from feedproc.services.send.backoff import Patience
from feedproc.services.send.send import Outgoing, Outlets, send_pending
from feedproc.wiring.machine import Machine
from feedproc.wiring.writers import load_writers

_GROUP = 100
"""Entries of the outbox that are sent at a time."""


def process_one(machine: Machine, worker: str) -> bool:
    """Process one submission, if there is one; say whether there was.

    Raises:
        ClaimLost: it was ended by somebody else meanwhile.

    """
    processing = machine.get_processing(worker)
    request_due(machine.backend, processing.report_types, machine.clock())
    return process_next(processing)


def send_some(machine: Machine, mailer: MemoryMailer, notifier: MemoryNotifier, patience: Patience) -> bool:
    """Send some of what waits to be sent; say whether there was anything."""
    outlets = Outlets(mailer, notifier, load_writers(), may_repeat=True)
    return bool(send_pending(Outgoing(machine.backend, outlets, machine.clock, patience), group=_GROUP))
