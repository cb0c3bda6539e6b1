"""The function that a clock calls: it sends e-mails and notifications, and announces forgotten feeds again."""

from datetime import timedelta
from functools import cache
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit

from feedproc import letters
from feedproc.feedtypes import catalogue
from feedproc.lambdas import watching
from feedproc.lambdas.container import get_machine, get_settings
from feedproc.lambdas.watching import Event
from feedproc.ports import Mail
from feedproc.reporttypes.catalogue import load_report_types
from feedproc.services.announce import announce_overdue
from feedproc.services.reports.schedules import request_due
from feedproc.services.send.backoff import Patience
from feedproc.services.send.send import Outgoing, send_pending
from feedproc.wiring.aws import open_outlets

LOADED_EARLY = (catalogue, letters)
"""For the first event that has something to send, as `container` says."""
_ROUND = 100
"""Entries of the outbox that are read at a time."""
_MARGIN = timedelta(seconds=20)
"""Before the function's deadline, in which nothing more is begun: a queue that does not answer takes as long. Were the
function stopped, it would forget what failed, and begin with that again."""


def handler(event: Event, context: Any) -> Event:
    """Send what waits; return how much it was."""
    return watching.wrap_handler(lambda event, context: respond(event, context, _get_outgoing()))(event, context)


@cache
def _get_outgoing() -> Outgoing:
    machine = get_machine()
    outlets = open_outlets(get_settings(), NoMailer(), machine.feed_types)
    return Outgoing(machine.backend, outlets, machine.clock, Patience())


class NoMailer:
    """The port `Mailer` where FEEDPROC_MAIL_FROM is not set: buyers are told nothing, and a metric says how often."""

    def send(self, _mail: Mail) -> None:
        """Count it."""
        watching.count("MailsToNobody")


def respond(_event: Event, context: Any, outgoing: Outgoing) -> Event:
    """Announce feeds that nobody processes, ask for scheduled reports, and send entries of the outbox while time is."""
    backend, clock = outgoing.backend, outgoing.clock
    until = clock() + timedelta(milliseconds=context.get_remaining_time_in_millis()) - _MARGIN
    announced = announce_overdue(backend.submissions, backend.queue, clock())
    if announced.done:
        watching.count("AnnouncedAgain", announced.done)
        watching.get_logger().warning("feeds that waited long were announced again", extra={"feeds": announced.done})
    requested = request_due(backend, load_report_types(), clock())
    if requested:
        watching.count("ReportsRequested", requested)
    sent = 0
    while clock() < until:
        done = send_pending(outgoing, _ROUND, until=until)
        sent += done
        if done < _ROUND:
            break
    watching.count("Sent", sent)
    watching.count("OutboxAge", _get_age_of_oldest(outgoing).total_seconds(), MetricUnit.Seconds)
    watching.count("Unsent", outgoing.patience.remembered + announced.left)
    return {"sent": sent, "announced": announced.done}


def _get_age_of_oldest(outgoing: Outgoing) -> timedelta:
    """Return how long ago the feed began of which the oldest entry waits; nothing when none does."""
    oldest = [entry.at for entry in outgoing.backend.outbox.list_waiting(1) if entry.at is not None]
    return max((max(outgoing.clock() - at, timedelta()) for at in oldest), default=timedelta())
