"""How OrderAcknowledgement messages are read in XML."""

from feedproc.feedtypes.element import Element, read_normalized, read_string
from feedproc.feedtypes.order_acknowledgement.message import AcknowledgedItem, OrderAcknowledgement


def decode(payload: Element) -> OrderAcknowledgement:
    """Read the payload element of a message that fits its schema."""
    amazon_order_id = merchant_order_id = status = ""
    items = []
    for child in payload:
        tag = child.tag
        if tag == "Item":
            items.append(_read_item(child))
        elif tag == "AmazonOrderID":
            amazon_order_id = read_string(child)
        elif tag == "MerchantOrderID":
            merchant_order_id = read_normalized(child)
        elif tag == "StatusCode":
            status = read_string(child)
    return OrderAcknowledgement(amazon_order_id, merchant_order_id, status == "Success", tuple(items))


def _read_item(element: Element) -> AcknowledgedItem:
    """Read an Item."""
    code = merchant_id = ""
    reason = None
    for child in element:
        tag = child.tag
        if tag == "AmazonOrderItemCode":
            code = read_string(child)
        elif tag == "MerchantOrderItemID":
            merchant_id = read_normalized(child)
        elif tag == "CancelReason":
            reason = read_string(child)
    return AcknowledgedItem(code, merchant_id, reason)
