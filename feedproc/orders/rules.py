"""The rules that a change of an order may break, and how a refused change says so."""

from enum import StrEnum

from feedproc.errors import FeedprocError


class Rule(StrEnum):
    """What a refused change would have broken."""

    ORDER_PENDING = "order pending"
    NOT_PENDING = "not pending"
    ALREADY_CANCELED = "already canceled"
    ALREADY_SHIPPED = "already shipped"
    FULFILLED_BY_AMAZON = "fulfilled by Amazon"
    MERCHANT_ORDER_ID_TAKEN = "merchant order id taken"
    ITEM_UNKNOWN = "item unknown"
    ITEM_AMBIGUOUS = "item ambiguous"

    SHIPS_CANCELED = "ships a canceled order"
    SHIP_DATE_IMPLAUSIBLE = "ship date implausible"
    MORE_THAN_OPEN = "ships more than is open"
    CARRIER_MISSING = "carrier missing"
    SHIPMENT_INCOMPLETE = "shipment incomplete"
    COLLECTION_MISSING = "collection on delivery missing"

    CANCEL_ACTION = "cancel action"
    CANCEL_REASON = "cancel reason"
    CANCELS_UNSHIPPED = "cancels units before anything shipped"
    CANCELS_MORE_THAN_OPEN = "cancels more than is open"

    REFUNDS_FULFILLED_BY_AMAZON = "refunds an order fulfilled by Amazon"
    WRONG_CURRENCY = "wrong currency"
    NEGATIVE_PRICE = "negative price"
    NEGATIVE_TAX = "negative tax"
    NET_NOT_POSITIVE = "net not positive"
    MORE_THAN_ORDERED = "refunds more units than were ordered"
    MORE_THAN_REFUNDABLE = "more than refundable"
    PROMOTION_UNKNOWN = "promotion unknown"
    PROMOTION_POSITIVE = "promotion positive"
    MORE_THAN_PROMOTED = "takes back more than the promotion gave"


class Declined(FeedprocError):
    """A change is refused and the order stays as it was."""

    def __init__(self, rule: Rule, words: str, *parts: object, component: str = "") -> None:
        """Take the broken rule, and why in plain words, with places as `str.format` has them, and what fills them.

        Those are ids, quantities and amounts, but no buyer; they are for the seller, and for no log. `component` is
        the charge that it is about, where it is about one.
        """
        self.component = component
        self.rule = rule
        self.words = words
        self.parts = parts
        super().__init__(rule, words, *parts)

    @property
    def reason(self) -> str:
        """Why, in English."""
        return self.words.format(*self.parts)

    def __str__(self) -> str:
        """Say why, in English."""
        return self.reason
