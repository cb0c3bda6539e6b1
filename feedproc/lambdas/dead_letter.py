"""The function behind the dead-letter queue: what was delivered too often ends, with its reason, and an alarm rings."""

from datetime import timedelta
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from feedproc import wiring
from feedproc.lambdas import watching
from feedproc.lambdas.container import Parts, aws_settings, parts
from feedproc.lambdas.deliveries import Again, take_all
from feedproc.lambdas.watching import Event
from feedproc.ports import PushedQueue
from feedproc.services.process.give_up import end_dead


def handler(event: Event, context: Any) -> Event:
    """End what the queue gave up, and return the entries that must come again."""
    return watching.observed(lambda event, context: respond(event, context, parts(), _queue()))(event, context)


@cache
def _queue() -> PushedQueue:
    return wiring.pushed_messages(aws_settings())


def respond(event: Event, context: Any, parts: Parts, queue: PushedQueue) -> Event:
    """End each submission that an entry names. One that cannot be ended yet comes again when its claim has run out."""
    worker = parts.new_id()
    pause = parts.policy.lease + timedelta(seconds=1)

    def take(record: SQSRecord) -> None:
        try:
            waiting = queue.waiting_in(record.body)
        except ValueError:
            _tell(record, "an entry of the queue names no submission and is dropped")
            return
        watching.speak_of(*waiting)
        if not end_dead(parts.backend, waiting, worker, parts.policy, parts.clock()):
            raise Again(pause)
        _tell(record, "a feed was delivered too often and is given up")

    return take_all(event, context, take, queue)


def _tell(record: SQSRecord, text: str) -> None:
    watching.count("DeadLetters")
    watching.logger().error(text, extra={"message_id": record.message_id})
