"""GetOrder: some orders by their ids."""

from feedproc.mws.call import MwsAnswer, MwsCall
from feedproc.mws.orders.order_element import describe_order
from feedproc.mws.refusals import ParameterInvalid
from feedproc.services.read.order_view import view_order

MOST_IDS = 50


def answer(call: MwsCall) -> MwsAnswer:
    """Tell the orders in the order in which they are named; ids that name none are left out, malformed ones as well.

    Raises:
        ParameterInvalid: no id is given, or more than `MOST_IDS`.

    """
    ids = call.parameters.list_values("AmazonOrderId.Id") or call.parameters.list_values("AmazonOrderId")
    if not ids:
        raise ParameterInvalid("Missing required parameter AmazonOrderId.")
    if len(ids) > MOST_IDS:
        raise ParameterInvalid(f"AmazonOrderId may name at most {MOST_IDS} orders")
    found = (call.backend.orders.get(call.seller.seller_id, one) for one in ids)
    return call.answer(("Orders", [describe_order(view_order(one)) for one in found if one is not None]))
