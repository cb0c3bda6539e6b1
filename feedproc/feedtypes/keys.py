"""How a message names its order and the items: by Amazon's ids, or by those that the seller gave."""

from feedproc.feedtypes.element import Element, normalized, string
from feedproc.orders.order import GivenBy, ItemKey, OrderKey

ORDER_KEYS = frozenset({"AmazonOrderID", "MerchantOrderID"})
ITEM_KEYS = frozenset({"AmazonOrderItemCode", "MerchantOrderItemID"})


def order_key(element: Element) -> OrderKey:
    """Read the one of `ORDER_KEYS` that names the order."""
    if element.tag == "AmazonOrderID":
        return OrderKey(string(element))
    return OrderKey(normalized(element), GivenBy.SELLER)


def item_key(element: Element) -> ItemKey:
    """Read the one of `ITEM_KEYS` that names an item."""
    if element.tag == "AmazonOrderItemCode":
        return ItemKey(string(element))
    return ItemKey(normalized(element), GivenBy.SELLER)
