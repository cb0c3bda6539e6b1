"""What is said to people of a faulty Recount message."""

from feedproc.explain.elements import About
from feedproc.explain.hints import Called, Hints
from feedproc.feeds.saying import Saying, say

_COUNTED = "how many units there are, in digits"


def _mend_count(value: str) -> Saying | None:
    return say("Write 0 where nothing is left.") if not value.strip() else None


HINTS = Hints(
    message_type="Recount",
    feed_type="POST_RECOUNT_DATA",
    also_called=("stocktaking",),
    elements={
        "Recount": About("says how many units were counted of one SKU"),
        "SKU": About("names what was counted", "a text of 1 to 40 characters"),
        "Counted": About("says how many units were counted", _COUNTED),
        "Shelf": About("says where it was counted"),
    },
    in_place={("Recount", "Quantity"): "In a recount it is called `Counted`."},
    missing={("Recount", "Counted"): "Leave the whole message out where nothing was counted."},
    called={"Shelf": (Called({"back": "Store", "front": "Shop"}),)},
    mend={_COUNTED: _mend_count},
)
