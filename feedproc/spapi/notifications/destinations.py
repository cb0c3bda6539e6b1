"""createDestination, getDestinations, getDestination and deleteDestination: the queues of an application."""

import re
from typing import Any

from feedproc.feeds.subscription import Destination
from feedproc.spapi.call import Answer, Call
from feedproc.spapi.errors import INPUT_MALFORMED
from feedproc.spapi.refusals import DestinationExists, DestinationInUse, DestinationMissing, InputInvalid

MOST_NAME = 256
"""Characters of a name (models, `Destination`)."""
_ARN = re.compile(r"arn:aws[a-z-]*:sqs:[a-z0-9-]{1,40}:[0-9]{12}:[A-Za-z0-9_-]{1,80}")
"""Of a standard queue: notifications come in no order, so that a queue that keeps one is refused."""


def create_destination(call: Call) -> Answer:
    """Name a queue of SQS as a destination of the application.

    Raises:
        MembersMissing: with the names of all that are not there.
        InputInvalid: the name is too long, or what is named is no standard queue of SQS.
        DestinationExists: the application has one of this queue.

    """
    call.members.require("name", "resourceSpecification")
    name = call.members.text("name") or ""
    arn = call.members.read_object("resourceSpecification").read_object("sqs").text("arn") or ""
    if len(name) > MOST_NAME or not name.isprintable():
        raise InputInvalid(INPUT_MALFORMED, f"name must be at most {MOST_NAME} printable characters")
    if not _ARN.fullmatch(arn):
        raise InputInvalid(INPUT_MALFORMED, "resourceSpecification must name a standard queue of SQS by its sqs.arn")
    made = Destination(destination_id=call.services.new_id(), client_id=call.grant.client_id, name=name, arn=arn)
    if not call.services.backend.subscriptions.add_destination(made):
        raise DestinationExists(arn, call.grant.client_id)
    return Answer(200, {"payload": _tell(made)})


def list_destinations(call: Call) -> Answer:
    """Tell all destinations of the application."""
    found = call.services.backend.subscriptions.list_destinations(call.grant.client_id)
    return Answer(200, {"payload": [_tell(one) for one in found]})


def get_destination(call: Call) -> Answer:
    """Tell one destination. Raises `DestinationMissing`."""
    return Answer(200, {"payload": _tell(find_destination(call, call.path["destinationId"]))})


def delete_destination(call: Call) -> Answer:
    """Forget a destination.

    Raises:
        DestinationMissing: the application has none of this id.
        DestinationInUse: there are subscriptions to it.

    """
    destination = find_destination(call, call.path["destinationId"])
    kept = call.services.backend
    for seller in kept.sellers.find_by_client(call.grant.client_id):
        for one in kept.subscriptions.list_subscriptions(seller.seller_id):
            if one.client_id == destination.client_id and one.destination_id == destination.destination_id:
                raise DestinationInUse(destination.destination_id)
    kept.subscriptions.remove_destination(destination)
    return Answer(200, {})


def find_destination(call: Call, destination_id: str) -> Destination:
    """Return a destination of the application. Raises `DestinationMissing`, also for another application's."""
    found = call.services.backend.subscriptions.list_destinations(call.grant.client_id)
    destination = next((one for one in found if one.destination_id == destination_id), None)
    if destination is None:
        raise DestinationMissing(destination_id, call.grant.client_id)
    return destination


def _tell(one: Destination) -> dict[str, Any]:
    return {"name": one.name, "destinationId": one.destination_id, "resource": {"sqs": {"arn": one.arn}}}
