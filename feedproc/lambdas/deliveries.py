"""Deliveries of a FIFO queue, one after another, and those that must come again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

from aws_lambda_powertools.utilities.batch import SqsFifoPartialProcessor, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from feedproc.lambdas import watching
from feedproc.lambdas.limits import LONGEST_PAUSE
from feedproc.lambdas.watching import Event
from feedproc.ports import PushedQueue

AT_ONCE = timedelta()


class Again(Exception):
    """A delivery is not done with, and is to come again after a pause."""

    def __init__(self, after: timedelta) -> None:
        """Ask for another delivery, after a pause."""
        super().__init__(f"again after {after.total_seconds():.0f} s")
        self.after = after


def take_all(event: Event, context: Any, take: Callable[[SQSRecord], None], queue: PushedQueue) -> Event:
    """Take each delivery; return, as Lambda wants it, those that must come again.

    One that raises `Again` comes again after that pause, and after an error it is tried again ever more slowly. The
    later ones of its group are kept until then, so that feeds stay in order; those of other groups are taken.
    """
    pauses: dict[str, timedelta] = {}

    def handle(record: SQSRecord) -> None:
        try:
            take(record)
        except Again as again:
            pauses[record.message_id] = again.after
            raise
        except Exception:
            pauses[record.message_id] = _pause_after(_count_receipts(record))
            watching.count("DeliveriesFailed")
            watching.get_logger().exception("a delivery failed", extra={"message_id": record.message_id})
            raise
        finally:
            watching.speak_of_none()

    processor = SqsFifoPartialProcessor(skip_group_on_error=True)
    processor.raise_on_entire_batch_failure = False  # to come again is no failure of the function
    response = process_partial_response(event, handle, processor, context)
    for record in cast(list[SQSRecord], processor.fail_messages):
        queue.put_back(record.receipt_handle, pauses.get(record.message_id, AT_ONCE))
    return dict(response)


def _count_receipts(record: SQSRecord) -> int:
    return int(record.attributes.approximate_receive_count)


def _pause_after(times: int) -> timedelta:
    return min(timedelta(seconds=2 ** min(times, 10)), LONGEST_PAUSE)
