"""Inventory: the seller tells how many units of its SKUs there are.

The flat file, Price and Quantity, tells the same; feedproc keeps no prices, so those are looked at and change nothing.
"""

from feedproc.feeds.feed_type import FeedType
from feedproc.feedtypes.inventory import flat, message, xml
from feedproc.formats.flat.form import FlatFile
from feedproc.formats.xml.format import XmlFormat

FEED_TYPES = (
    FeedType(
        name="POST_INVENTORY_AVAILABILITY_DATA",
        format=XmlFormat("Inventory", xml.decode, decode_deletion=xml.decode_deletion),
        body=message.Inventory,
        touches=message.touches,
        apply=message.apply,
        purge=message.purge,
    ),
    FeedType(
        name="POST_FLAT_FILE_PRICEANDQUANTITYONLY_UPDATE_DATA",
        format=FlatFile(flat.TEMPLATE, flat.decode_row),
        body=message.Inventory,
        touches=message.touches,
        apply=flat.apply_row,
        purge=message.purge,
    ),
)
