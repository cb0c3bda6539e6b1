"""The function behind the dead-letter queue: what was delivered too often ends, with its reason, and an alarm rings."""

from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from feedproc.lambdas import watching
from feedproc.lambdas.container import get_machine, get_queue
from feedproc.lambdas.deliveries import Again, take_all
from feedproc.lambdas.watching import Event
from feedproc.ports import PushedQueue
from feedproc.services.process.give_up import Burial, give_up_dead_letter
from feedproc.wiring.machine import Machine

_TOLD = {
    Burial.GIVEN_UP: "a feed was delivered too often and is given up",
    Burial.OVER: "a feed was delivered too often, and has ended meanwhile",
    Burial.GOES_ON: "a feed was delivered too often, and goes on once it is announced again",
}


def handler(event: Event, context: Any) -> Event:
    """End what the queue gave up, and return the entries that must come again."""
    return watching.wrap_handler(lambda event, context: respond(event, context, get_machine(), get_queue()))(
        event, context
    )


def respond(event: Event, context: Any, machine: Machine, queue: PushedQueue) -> Event:
    """End each submission that an entry names. One that cannot be ended yet comes again when its claim has run out."""
    worker = machine.new_id()
    pause = machine.policy.lease + timedelta(seconds=1)

    def take(record: SQSRecord) -> None:
        try:
            waiting = queue.read_waiting(record.body)
        except ValueError:
            _tell(record, "an entry of the queue names no submission and is dropped")
            return
        watching.speak_of(*waiting)
        became = give_up_dead_letter(machine.backend, waiting, worker, machine.policy, machine.clock())
        if became is Burial.HELD:
            raise Again(pause)
        _tell(record, _TOLD[became])

    return take_all(event, context, take, queue)


def _tell(record: SQSRecord, text: str) -> None:
    watching.count("DeadLetters")
    watching.get_logger().error(text, extra={"message_id": record.message_id})
