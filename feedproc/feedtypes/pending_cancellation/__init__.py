"""Cancel orders that were not yet released to their seller: what a person does to pending orders on a page.

Amazon has no such feed, so sellers' programs are not offered it; their feeds may not touch pending orders.
"""

from feedproc.feeds.feed_type import FeedType
from feedproc.feedtypes.pending_cancellation import flat, message
from feedproc.feedtypes.rows import name_results
from feedproc.formats.flat.form import FlatFile

FEED_TYPES = (
    FeedType(
        name="POST_FLAT_FILE_PENDING_ORDER_CANCELLATION_DATA",
        format=FlatFile(flat.TEMPLATE, flat.decode_row),
        touches=message.touches,
        apply=name_results(message.apply, flat.get_names),
        find_need=message.find_need,
        is_offered=False,
    ),
)
