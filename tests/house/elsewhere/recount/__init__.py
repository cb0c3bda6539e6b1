"""Recount: the seller has counted what is there of a SKU. Amazon has no such feed; it shows how one is added."""

from feedproc.feeds.feed_type import FeedType
from feedproc.formats.flat.form import FlatFile
from feedproc.formats.xml.format import XmlFormat

from . import flat, message, xml

FEED_TYPES = (
    FeedType(
        name="POST_RECOUNT_DATA",
        format=XmlFormat("Recount", xml.decode),
        touches=message.touches,
        apply=message.apply,
    ),
    FeedType(
        name="POST_FLAT_FILE_RECOUNT_DATA",
        format=FlatFile(flat.TEMPLATE, flat.decode_row),
        touches=message.touches,
        apply=message.apply,
    ),
)
