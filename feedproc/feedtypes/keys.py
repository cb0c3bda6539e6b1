"""How a message names its order and the items: by Amazon's ids, or by those that the seller gave."""

from feedproc.feedtypes.element import Element, read_normalized, read_string
from feedproc.orders.order import GivenBy, ItemKey, OrderKey

ORDER_KEYS = frozenset({"AmazonOrderID", "MerchantOrderID"})
ITEM_KEYS = frozenset({"AmazonOrderItemCode", "MerchantOrderItemID"})


def read_order_key(element: Element) -> OrderKey:
    """Read the one of `ORDER_KEYS` that names the order."""
    if element.tag == "AmazonOrderID":
        return OrderKey(read_string(element))
    return OrderKey(read_normalized(element), GivenBy.SELLER)


def read_item_key(element: Element) -> ItemKey:
    """Read the one of `ITEM_KEYS` that names an item."""
    if element.tag == "AmazonOrderItemCode":
        return ItemKey(read_string(element))
    return ItemKey(read_normalized(element), GivenBy.SELLER)
