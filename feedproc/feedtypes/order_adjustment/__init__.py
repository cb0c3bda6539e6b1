"""OrderAdjustment: the seller gives money back, or cancels units that it cannot ship with the rest.

Each row of the flat file, Order Adjustment, is about one item, and takes effect by itself.
"""

from feedproc.feeds.feed_type import FeedType
from feedproc.feedtypes.order_adjustment import flat, message, xml
from feedproc.feedtypes.rows import name_results
from feedproc.formats.flat.form import FlatFile
from feedproc.formats.xml.format import XmlFormat

FEED_TYPES = (
    FeedType(
        name="POST_PAYMENT_ADJUSTMENT_DATA",
        format=XmlFormat("OrderAdjustment", xml.decode),
        body=message.OrderAdjustment,
        touches=message.touches,
        apply=message.apply,
        check=message.check,
        find_need=message.find_need,
        is_about_orders=True,
    ),
    FeedType(
        name="POST_FLAT_FILE_PAYMENT_ADJUSTMENT_DATA",
        format=FlatFile(flat.TEMPLATE, flat.decode_row),
        body=message.OrderAdjustment,
        touches=message.touches,
        apply=name_results(message.apply, flat.get_names),
        check=flat.check_row,
        find_need=message.find_need,
    ),
)
