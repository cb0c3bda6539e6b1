"""The section Subscriptions: which queues are told when a feed was processed.

A seller's queues are kept with the seller (`feedproc sellers`), and each gets FeedProcessingFinished. What a program
sets up here is answered when it is so already; what would change it is refused, and the answer says who can.
"""

from datetime import timedelta

from feedproc.mws import service_status
from feedproc.mws.call import MwsAnswer, MwsCall
from feedproc.mws.errors import GATEWAY_ERRORS
from feedproc.mws.refusals import ParameterInvalid
from feedproc.mws.responses import Element
from feedproc.mws.section import Action, Section
from feedproc.mws.throttle import Quota

_FINISHED = "FeedProcessingFinished"
_QUEUE = "sqsQueueUrl"
_MOST_ATTRIBUTES = 10


def answer_destinations(call: MwsCall) -> MwsAnswer:
    """ListRegisteredDestinations: tell the seller's queues."""
    members = [("member", _describe_destination(one)) for one in call.seller.destinations]
    return call.answer(("DestinationList", members), is_declared=False)


def answer_subscriptions(call: MwsCall) -> MwsAnswer:
    """ListSubscriptions: tell what the seller's queues get."""
    members = [("member", _describe_subscription(one)) for one in call.seller.destinations]
    return call.answer(("SubscriptionList", members), is_declared=False)


def answer_subscription(call: MwsCall) -> MwsAnswer:
    """GetSubscription: tell what one queue gets.

    Raises:
        ParameterInvalid: the seller has no such subscription.

    """
    _require_finished(call, "NotificationType")
    return call.answer(("Subscription", _describe_subscription(_require_known(call, "Destination"))), is_declared=False)


def answer_registration(call: MwsCall) -> MwsAnswer:
    """RegisterDestination and SendTestNotificationToDestination: agree when the queue is the seller's already.

    Raises:
        ParameterInvalid: it is not.

    """
    _require_known(call, "Destination")
    return call.answer(is_declared=False)


def answer_creation(call: MwsCall) -> MwsAnswer:
    """CreateSubscription: agree when the seller's queue gets it already.

    Raises:
        ParameterInvalid: it does not.

    """
    _require_finished(call, "Subscription.NotificationType")
    _require_known(call, "Subscription.Destination")
    return call.answer(is_declared=False)


def _require_finished(call: MwsCall, name: str) -> None:
    kind = call.parameters.require(name)
    if kind != _FINISHED:
        raise ParameterInvalid(f"{name} {kind} is not served here; only {_FINISHED} is")


def _require_known(call: MwsCall, name: str) -> str:
    """Return the queue that a destination names."""
    given = call.parameters
    members = (f"{name}.AttributeList.member.{number}" for number in range(1, _MOST_ATTRIBUTES))
    queue = next((given.get(f"{one}.Value") for one in members if given.get(f"{one}.Key") == _QUEUE), None)
    if queue not in call.seller.destinations or queue is None:
        raise ParameterInvalid(
            f"{name} must name, as {_QUEUE}, one of the queues that the seller has here; "
            "whoever runs the server gives a seller queues with `feedproc sellers notify`"
        )
    return queue


def _describe_destination(queue: str) -> list[Element]:
    attribute = ("member", (("Value", queue), ("Key", _QUEUE)))
    return [("DeliveryChannel", "SQS"), ("AttributeList", (attribute,))]


def _describe_subscription(queue: str) -> list[Element]:
    return [("NotificationType", _FINISHED), ("IsEnabled", "true"), ("Destination", _describe_destination(queue))]


_QUOTA = Quota(25, timedelta(seconds=0.5))
SUBSCRIPTIONS = Section(
    name="Subscriptions",
    version="2013-07-01",
    namespace="http://mws.amazonservices.com/schema/Subscriptions/2013-07-01",
    errors=GATEWAY_ERRORS,
    request_id_name="RequestId",
    actions={
        "ListRegisteredDestinations": Action(answer_destinations, _QUOTA),
        "ListSubscriptions": Action(answer_subscriptions, _QUOTA),
        "GetSubscription": Action(answer_subscription, _QUOTA),
        "RegisterDestination": Action(answer_registration, _QUOTA),
        "SendTestNotificationToDestination": Action(answer_registration, _QUOTA),
        "CreateSubscription": Action(answer_creation, _QUOTA),
        "GetServiceStatus": Action(service_status.answer, Quota(2, timedelta(minutes=5))),
    },
)
"""Quotas as the Subscriptions reference states them."""
