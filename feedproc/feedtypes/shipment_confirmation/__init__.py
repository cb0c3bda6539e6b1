"""Confirm a package of an order: what the operation confirmShipment of SP-API does.

Amazon has no such feed, so sellers' programs are not offered it. It stands apart from the order feeds, so that a call
does not wait behind a feed of gigabytes. It is told in rows, as Amazon's schema of shipments knows no item numbers of
15 digits, which this operation takes.
"""

from feedproc.feeds.feed_type import FeedType
from feedproc.feedtypes.rows import name_results
from feedproc.feedtypes.shipment_confirmation import flat, message
from feedproc.formats.flat.form import FlatFile

FEED_TYPES = (
    FeedType(
        name=flat.FEED_TYPE,
        format=FlatFile(flat.TEMPLATE, flat.decode_row),
        touches=message.touches,
        apply=name_results(message.apply, flat.get_names),
        is_offered=False,
    ),
)
