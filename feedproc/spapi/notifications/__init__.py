"""Notifications v1 (models, `notifications.json`): what is told to an application's queues, and to which."""

from feedproc.spapi.call import Access, Operation
from feedproc.spapi.notifications import destinations, subscriptions

_BASE = "/notifications/v1"
_DESTINATION, _TYPE = f"{_BASE}/destinations/<destinationId>", f"{_BASE}/subscriptions/<notificationType>"
_SUBSCRIPTION = f"{_TYPE}/<subscriptionId>"
_ROWS = (
    ("createDestination", "POST", f"{_BASE}/destinations", destinations.create_destination, Access.GRANTLESS),
    ("getDestinations", "GET", f"{_BASE}/destinations", destinations.list_destinations, Access.GRANTLESS),
    ("getDestination", "GET", _DESTINATION, destinations.get_destination, Access.GRANTLESS),
    ("deleteDestination", "DELETE", _DESTINATION, destinations.delete_destination, Access.GRANTLESS),
    ("createSubscription", "POST", _TYPE, subscriptions.create_subscription, Access.SELLER),
    ("getSubscription", "GET", _TYPE, subscriptions.get_subscription, Access.SELLER),
    ("getSubscriptions", "GET", f"{_BASE}/subscriptions", subscriptions.list_subscriptions, Access.SELLER),
    ("getSubscriptionById", "GET", _SUBSCRIPTION, subscriptions.get_subscription_by_id, Access.GRANTLESS),
    ("sendTestNotification", "POST", f"{_TYPE}/testNotification", subscriptions.send_test, Access.GRANTLESS),
    ("deleteSubscriptionById", "DELETE", _SUBSCRIPTION, subscriptions.delete_subscription, Access.GRANTLESS),
)
OPERATIONS = tuple(
    Operation(name=name, method=method, path=path, answer=answer, rate=1, burst=5, access=access)
    for name, method, path, answer, access in _ROWS
)
"""Each has the same usage plan."""
