"""The function behind the queue: each delivery says that a feed came in, and is processed in its turn."""

import time
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from feedproc.errors import ClaimLost, StillHeld
from feedproc.lambdas import watching
from feedproc.lambdas.container import get_machine, get_queue
from feedproc.lambdas.deliveries import AT_ONCE, Again, take_all
from feedproc.lambdas.limits import MARGIN
from feedproc.lambdas.watching import Event
from feedproc.ports import PushedQueue
from feedproc.services.process.pick import process_up_to
from feedproc.services.process.processing import Claimed
from feedproc.wiring.machine import Machine
from feedproc.wiring.tuning import collect_rarely, keep_blocks, take_turns_often


def handler(event: Event, context: Any) -> Event:
    """Process what came in, and return the deliveries that must come again."""
    _tune()
    return watching.wrap_handler(lambda event, context: respond(event, context, get_machine(), get_queue()))(
        event, context
    )


@cache
def _tune() -> None:
    """Set this container up as `serve` does its workers, once its machine is made."""
    get_machine()
    collect_rarely()
    keep_blocks()
    take_turns_often()


def respond(event: Event, context: Any, machine: Machine, queue: PushedQueue) -> Event:
    """Process the deliveries of an event until shortly before the function's deadline.

    A feed that is not done then goes on in its next delivery, which comes at once, behind its last batch.
    """
    left = timedelta(milliseconds=context.get_remaining_time_in_millis())
    turn = _Turn(machine, queue, machine.clock() + left - MARGIN)
    return take_all(event, context, turn.take, queue)


class _Turn:
    """One go at the queue."""

    def __init__(self, machine: Machine, queue: PushedQueue, until: datetime) -> None:
        self._machine = machine
        self._queue = queue
        # The next delivery may come to another container, under another name: nothing is left held.
        self._processing = machine.get_processing(machine.new_id())._replace(wait=time.sleep)
        self._until = until

    def take(self, record: SQSRecord) -> None:
        """Process the feed that came in.

        Raises:
            Again: it is not over, and the delivery is to come again.

        """
        waiting = self._queue.read_waiting(record.body)
        watching.speak_of(*waiting)
        self._count_age(record)
        if self._machine.clock() >= self._until:
            raise Again(AT_ONCE)
        lease = self._machine.policy.lease
        holder = self._queue.read_holder(record.body)
        processing = self._processing if holder is None else self._processing._replace(worker=holder)
        try:
            ended = process_up_to(processing, waiting, self._until)
        except StillHeld as held:
            self._queue.replace(record.body, held.worker)
            watching.get_logger().warning("%s; it could not even be given back, and is announced again", held)
            return
        except ClaimLost as lost:
            watching.get_logger().warning("%s", lost)
            raise Again(lease) from lost
        if ended is Claimed.OUT_OF_TIME:
            watching.get_logger().info("time was up; the next delivery goes on")
            raise Again(AT_ONCE)
        if ended is Claimed.BUSY:
            watching.get_logger().info("another worker is at it; this delivery comes again")
            raise Again(lease)

    def _count_age(self, record: SQSRecord) -> None:
        """Tell how long a feed had to wait for its first delivery."""
        attributes = record.attributes
        if attributes.approximate_receive_count != "1":
            return
        sent = datetime.fromtimestamp(int(attributes.sent_timestamp) / 1000, UTC)
        age = max((self._machine.clock() - sent).total_seconds(), 0)
        watching.count("QueueAge", age, MetricUnit.Seconds)
