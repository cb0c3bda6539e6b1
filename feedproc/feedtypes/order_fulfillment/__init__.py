"""OrderFulfillment: the seller has shipped an order, or some of it.

Each row of the flat file, Shipping Confirmation, is a package of its own: of a whole order, or of one item.
"""

from feedproc.feeds.feed_type import FeedType
from feedproc.feedtypes.order_fulfillment import flat, message, xml
from feedproc.feedtypes.rows import name_results
from feedproc.formats.flat.form import FlatFile
from feedproc.formats.xml.format import XmlFormat

FEED_TYPES = (
    FeedType(
        name="POST_ORDER_FULFILLMENT_DATA",
        format=XmlFormat("OrderFulfillment", xml.decode),
        body=message.OrderFulfillment,
        touches=message.touches,
        apply=message.apply,
        check=message.check,
        find_need=message.find_need,
        is_about_orders=True,
    ),
    FeedType(
        name="POST_FLAT_FILE_FULFILLMENT_DATA",
        format=FlatFile(flat.TEMPLATE, flat.decode_row),
        body=flat.ShippingRow,
        touches=flat.touch_row,
        apply=name_results(flat.apply_row, flat.get_names),
        check=flat.check_row,
        find_need=flat.find_need_of_row,
    ),
)
