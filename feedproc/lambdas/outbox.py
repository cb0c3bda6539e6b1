"""The function that a clock calls: it sends e-mails and notifications, and announces forgotten feeds again."""

from datetime import timedelta
from functools import cache
from typing import Any, NamedTuple

from aws_lambda_powertools.metrics import MetricUnit

from feedproc import wiring
from feedproc.lambdas import watching
from feedproc.lambdas.container import Parts, aws_settings, parts
from feedproc.lambdas.watching import Event
from feedproc.ports import Mail, Mailer, Notifier
from feedproc.services.announce import announce_overdue
from feedproc.services.send.backoff import Patience
from feedproc.services.send.send import Writers, send_pending

_ROUND = 100
"""Entries of the outbox that are read at a time."""
_MARGIN = timedelta(seconds=20)
"""Before the function's deadline, in which nothing more is begun: a queue that does not answer takes as long. Were the
function stopped, it would forget what failed, and begin with that again."""


class Senders(NamedTuple):
    """What writes and carries e-mails and notifications, and what is remembered of failures."""

    mailer: Mailer
    notifier: Notifier
    writers: Writers
    patience: Patience


def handler(event: Event, context: Any) -> Event:
    """Send what waits; return how much it was."""
    return watching.observed(lambda event, context: respond(event, context, parts(), _senders()))(event, context)


@cache
def _senders() -> Senders:
    settings = aws_settings()
    mailer = _NoMailer() if settings.mail_from is None else wiring.mailer_on_aws(settings)
    return Senders(mailer, wiring.notifier_on_aws(settings), wiring.writers(), Patience())


class _NoMailer:
    """The port `Mailer` where FEEDPROC_MAIL_FROM is not set: buyers are told nothing, and a metric says how often."""

    def send(self, _mail: Mail) -> None:
        """Count it."""
        watching.count("MailsToNobody")


def respond(_event: Event, context: Any, parts: Parts, senders: Senders) -> Event:
    """Announce feeds that nobody processes, then send entries of the outbox until none is left or time is up."""
    backend, clock = parts.backend, parts.clock
    until = clock() + timedelta(milliseconds=context.get_remaining_time_in_millis()) - _MARGIN
    announced = announce_overdue(backend.submissions, backend.queue, clock())
    if announced.done:
        watching.count("AnnouncedAgain", announced.done)
        watching.logger().warning("feeds that waited long were announced again", extra={"feeds": announced.done})
    sent = 0
    while clock() < until:
        done = send_pending(backend, *senders[:3], clock, _ROUND, patience=senders.patience, until=until)
        sent += done
        if done < _ROUND:
            break
    watching.count("Sent", sent)
    watching.count("OutboxAge", _age_of_oldest(parts).total_seconds(), MetricUnit.Seconds)
    watching.count("Unsent", senders.patience.remembered + announced.left)
    return {"sent": sent, "announced": announced.done}


def _age_of_oldest(parts: Parts) -> timedelta:
    """Return how long ago the feed began of which the oldest entry waits; nothing when none does."""
    oldest = [entry.at for entry in parts.backend.outbox.pending(1) if entry.at is not None]
    return max((max(parts.clock() - at, timedelta()) for at in oldest), default=timedelta())
