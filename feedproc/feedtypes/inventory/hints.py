"""What is said to people of a faulty Inventory message."""

from feedproc.explain.elements import TEXT_50, UNITS, YES_OR_NO, About
from feedproc.explain.hints import Called, Hints
from feedproc.feeds.saying import Saying, say

_LEVEL = "a whole number of at least 0"
_DAY = "a day such as `2024-03-04`"
_ONE_OF_THREE = "Tell one of them: `Quantity` is the number of units you have."
_INTO_A_MESSAGE = "Each SKU has a message of its own."


def mend_level(value: str) -> Saying | None:
    """Return what is probably meant by what is no number of units."""
    number = value.strip()
    whole, point, decimals = number.replace(",", ".").partition(".")
    if point and whole.isdecimal() and not decimals.strip("0"):
        return say("Leave the decimals out.")
    if number.startswith("-"):
        return say("A level cannot be below 0; write 0 for what is sold out.")
    return None


def mend_day(value: str) -> Saying | None:
    """Return what is probably meant by what is no day."""
    day, with_time, _ = value.strip().partition("T")
    return say("Leave the time out: write `{}`.", day) if with_time else None


HINTS = Hints(
    message_type="Inventory",
    feed_type="POST_INVENTORY_AVAILABILITY_DATA",
    also_called=("stock", "inventoryavailability", "availability"),
    elements={
        "Inventory": About("tells how many units of one SKU there are"),
        "SKU": About("names the goods by your own number", "a text of 1 to 40 characters"),
        "FulfillmentCenterID": About("says where the goods lie", TEXT_50, "Leave it out for your own warehouse."),
        "Available": About("says whether there are any", YES_OR_NO),
        "Quantity": About("says how many units there are", _LEVEL),
        "Lookup": About("says that Amazon counts the units, because it stores them"),
        "RestockDate": About("says when there will be units again", _DAY),
        "FulfillmentLatency": About("says how many days pass until the goods are sent", UNITS),
        "SwitchFulfillmentTo": About("says who sends the goods: you (`MFN`) or Amazon (`AFN`)"),
    },
    in_place={
        ("Inventory", "AmazonOrderID"): "Inventory is about goods, not about orders: name the SKU.",
        ("Inventory", "Inventory"): _INTO_A_MESSAGE,
        ("Inventory", "Price"): "Prices are not told in an inventory feed.",
        ("Message", "SKU"): "Put it into an `Inventory`.",
        ("Message", "Quantity"): "Put it into an `Inventory`, behind the SKU.",
    },
    missing={
        ("Inventory", "SKU"): "Name the goods first: `<SKU>…</SKU>`.",
        ("Inventory", "Quantity"): _ONE_OF_THREE,
        ("Inventory", "Available"): _ONE_OF_THREE,
    },
    either={"Available": _ONE_OF_THREE, "Quantity": _ONE_OF_THREE},
    called={
        "SwitchFulfillmentTo": (
            Called({"fbm": "MFN", "merchant": "MFN", "seller": "MFN", "fba": "AFN", "amazon": "AFN"}),
        ),
        "Lookup": (Called({"fba": "FulfillmentNetwork", "afn": "FulfillmentNetwork"}),),
    },
    mend={_LEVEL: mend_level, _DAY: mend_day},
)
