"""OrderAcknowledgement: the seller has loaded an order (Success), or cancels all of it (Failure).

The flat file, Order Cancellation, only cancels: whole orders, or whole items of them.
"""

from feedproc.feeds.feed_type import FeedType
from feedproc.feedtypes.order_acknowledgement import flat, message, xml
from feedproc.feedtypes.rows import name_results
from feedproc.formats.flat.form import FlatFile
from feedproc.formats.xml.format import XmlFormat

FEED_TYPES = (
    FeedType(
        name="POST_ORDER_ACKNOWLEDGEMENT_DATA",
        format=XmlFormat("OrderAcknowledgement", xml.decode),
        body=message.OrderAcknowledgement,
        touches=message.touches,
        apply=message.apply,
        find_need=message.find_need,
        is_about_orders=True,
    ),
    FeedType(
        name="POST_FLAT_FILE_ORDER_ACKNOWLEDGEMENT_DATA",
        format=FlatFile(flat.TEMPLATE, flat.decode_row),
        body=message.OrderAcknowledgement,
        touches=message.touches,
        apply=name_results(flat.apply_row, flat.get_names),
        find_need=message.find_need,
    ),
)
