"""An order and its items: what was ordered, shipped, cancelled, charged and refunded."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from feedproc.orders.money import ZERO


class Event(StrEnum):
    """Something that happened to an order and that its buyer is told."""

    CANCELLED = "cancelled"
    SHIPPED = "shipped"
    REDIRECTED = "redirected"
    """A package that had shipped got another tracking number."""
    REFUNDED = "refunded"


class OrderStatus(StrEnum):
    """The statuses of an order (Orders API, OrderStatus)."""

    PENDING = "Pending"
    PENDING_AVAILABILITY = "PendingAvailability"
    UNSHIPPED = "Unshipped"
    PARTIALLY_SHIPPED = "PartiallyShipped"
    SHIPPED = "Shipped"
    INVOICE_UNCONFIRMED = "InvoiceUnconfirmed"
    CANCELED = "Canceled"
    UNFULFILLABLE = "Unfulfillable"


_CANCELED, _UNSHIPPED, _PARTIALLY_SHIPPED, _SHIPPED = (
    OrderStatus.CANCELED,
    OrderStatus.UNSHIPPED,
    OrderStatus.PARTIALLY_SHIPPED,
    OrderStatus.SHIPPED,
)
"""Under names of the module's own, as in other modules that every message passes: to find a member in its enum takes
Python 3.11 twenty times as long."""


class GivenBy(StrEnum):
    """Who gave an order, or an item of it, the name that a message uses."""

    AMAZON = "Amazon"
    SELLER = "seller"

    __hash__ = str.__hash__  # that of enums is written in Python, and each look for an order asks for it


class OrderKey(Struct, frozen=True, gc=False):
    """One of the two names of an order: Amazon's id, or the id that the seller gave it."""

    value: str
    given_by: GivenBy = GivenBy.AMAZON


class ItemKey(Struct, frozen=True, gc=False):
    """One of the two names of an item within its order: Amazon's code, or the id that the seller gave it."""

    value: str
    given_by: GivenBy = GivenBy.AMAZON


class Promotion(Struct, frozen=True, gc=False):
    """A discount on an item. Amounts are negative, as Amazon reports them; components are Principal and Shipping."""

    promotion_id: str
    amounts: dict[str, Decimal]
    claim_code: str | None = None


class Cancellation(Struct, frozen=True, gc=False):
    """Units of an item that were cancelled before shipment."""

    quantity: int
    at: datetime
    reason: str | None = None


class Condition(Struct, frozen=True, omit_defaults=True, gc=False):
    """In what state an item is sold (Orders API, ConditionId, ConditionSubtypeId and ConditionNote)."""

    kind: str = "New"
    subtype: str = "New"
    note: str = ""


class Gift(Struct, frozen=True, omit_defaults=True, gc=False):
    """How an item that is a gift is to be packed, and the words that go with it. Both may be empty."""

    message: str = ""
    wrap_level: str = ""


class Item(Struct, frozen=True, omit_defaults=True, gc=False):
    """One line of an order. Charges are totals over all units ordered."""

    order_item_code: str
    sku: str
    quantity_ordered: int
    charges: dict[str, Decimal]
    title: str = ""
    asin: str = ""
    """Amazon's number of the product; empty when the source of the order did not tell it."""
    condition: Condition = Condition()
    gift: Gift | None = None
    """None when the item is no gift."""
    is_business_price: bool = False
    promotions: tuple[Promotion, ...] = ()
    merchant_order_item_id: str | None = None
    quantity_shipped: int = 0
    cancellations: tuple[Cancellation, ...] = ()
    refunded: dict[str, Decimal] = {}
    """Paid back to the buyer, by component; a negative amount was charged to the buyer."""
    promotions_refunded: dict[str, Decimal] = {}
    """Discount taken back together with refunds (negative), by component."""
    refunded_directly: Decimal = ZERO
    """Paid back past Amazon, from seller to buyer, as a feed's direct payments told."""

    @property
    def quantity_cancelled(self) -> int:
        """Units cancelled."""
        return sum(part.quantity for part in self.cancellations) if self.cancellations else 0

    @property
    def quantity_open(self) -> int:
        """Units neither shipped nor cancelled."""
        return self.quantity_ordered - self.quantity_shipped - self.quantity_cancelled


class PackageItem(Struct, frozen=True, omit_defaults=True, gc=False):
    """Units of an item in a package."""

    order_item_code: str
    quantity: int
    merchant_fulfillment_item_id: str | None = None
    transparency_codes: tuple[str, ...] = ()
    """Of units that carry one each (Transparency)."""


class Package(Struct, frozen=True, omit_defaults=True, gc=False):
    """One shipment that the seller confirmed."""

    shipped_at: datetime
    items: tuple[PackageItem, ...]
    carrier: str | None = None
    shipping_method: str | None = None
    tracking_number: str | None = None
    merchant_fulfillment_id: str | None = None
    supply_source_id: str | None = None
    """Of the place that it was shipped from, as the seller calls it at Amazon."""


class Correction(Struct, frozen=True, omit_defaults=True, gc=False):
    """What a package was said to be before the seller corrected it."""

    at: datetime
    package: int
    """Its place among the order's packages, from 0."""
    shipped_at: datetime
    carrier: str | None = None
    shipping_method: str | None = None
    tracking_number: str | None = None


class Refund(Struct, frozen=True, omit_defaults=True, gc=False):
    """Money given back for an item. `amounts` by component, positive to the buyer."""

    order_item_code: str
    reason: str
    at: datetime
    amounts: dict[str, Decimal] = {}
    promotions: dict[str, Decimal] = {}
    """Discount taken back (negative), by component."""
    direct_payments: dict[str, Decimal] = {}
    """Paid past Amazon, by kind of payment."""
    quantity: int | None = None
    """Units the refund is for, when the seller said so."""
    merchant_adjustment_item_id: str | None = None


class OrderChange(Struct, frozen=True, omit_defaults=True, gc=False):
    """What changed an order: a message that the seller handed in."""

    at: datetime
    """When processing of it began."""
    submission_id: str
    message_id: str
    memo: str = ""
    """What the seller noted for himself."""


class Address(Struct, frozen=True, omit_defaults=True, gc=False):
    """Where the order goes."""

    name: str = ""
    lines: tuple[str, ...] = ()
    city: str = ""
    county: str = ""
    state_or_region: str = ""
    postal_code: str = ""
    country_code: str = ""
    phone_number: str = ""


class Buyer(Struct, frozen=True, omit_defaults=True, gc=False):
    """Who bought."""

    name: str = ""
    email: str = ""
    county: str = ""
    """Brazil only."""
    company_name: str = ""
    purchase_order_number: str = ""
    """What a business buyer calls the order."""


class Window(Struct, frozen=True, omit_defaults=True, gc=False):
    """From when until when something is to happen; None where that is not known."""

    earliest: datetime | None = None
    latest: datetime | None = None


class Payment(Struct, frozen=True, omit_defaults=True, gc=False):
    """A part of what an order costs, and how it is paid: COD, GC, PointsAccount, … (Orders API, SubPaymentMethod)."""

    method: str
    amount: Decimal


class PaymentTerms(Struct, frozen=True, omit_defaults=True, gc=False):
    """How an order is paid. Everything is empty when the source of the order did not tell it."""

    method: str = ""
    """COD, CVS or Other."""
    details: tuple[str, ...] = ()
    """Such as CreditCard or GiftCertificate."""
    executions: tuple[Payment, ...] = ()
    """The parts of a payment on delivery."""


class Program(StrEnum):
    """What Amazon calls an order besides its type (Orders API, IsPrime and its like)."""

    BUSINESS = "Business"
    PRIME = "Prime"
    PREMIUM = "Premium"


NOBODY, NOWHERE = Buyer(), Address()
"""Who bought, and where it goes, of an order that says neither. An order leaves out these two when it is written, and
only these: that a default is left out is decided by which object it is."""


class Order(Struct, frozen=True, omit_defaults=True, gc=False):
    """An order of one seller. Times are aware and in UTC; amounts are in `currency`."""

    amazon_order_id: str
    purchased_at: datetime
    currency: str
    items: tuple[Item, ...]
    marketplace_id: str = ""
    marker: OrderStatus | None = None
    """Pending, PendingAvailability, InvoiceUnconfirmed or Unfulfillable: what quantities cannot tell."""
    fulfilled_by_amazon: bool = False
    merchant_order_id: str | None = None
    acknowledged_at: datetime | None = None
    packages: tuple[Package, ...] = ()
    corrections: tuple[Correction, ...] = ()
    """What its packages were said to be before, in the order they were corrected."""
    refunds: tuple[Refund, ...] = ()
    """What was paid back, in the order it happened."""
    held_refunds: tuple[Refund, ...] = ()
    """Accepted refunds of units that have not shipped yet; they wait for the ship-confirm."""
    buyer: Buyer = NOBODY
    ship_to: Address = NOWHERE
    service_level: str = ""
    latest_ship_date: datetime | None = None
    earliest_ship_date: datetime | None = None
    delivery: Window = Window()
    """When it is promised to arrive."""
    service_category: str = ""
    """Standard, Expedited, NextDay, … (Orders API, ShipmentServiceLevelCategory)."""
    sales_channel: str = ""
    """Such as `Amazon.co.jp`; empty for that of the marketplace."""
    order_type: str = ""
    """StandardOrder, Preorder, SourcingOnDemandOrder, …; empty for what the status tells."""
    payment: PaymentTerms = PaymentTerms()
    programs: tuple[Program, ...] = ()
    replaced_order_id: str | None = None
    """The order that this one replaces without a charge."""
    buyer_asked_to_cancel: bool = False
    """As an order report's is-buyer-requested-cancellation says; such a cancellation is not held against the seller."""
    buyer_cancel_reason: str = ""
    changes: tuple[OrderChange, ...] = ()
    """What has changed it since it was loaded, in the order it happened."""
    updated_at: datetime | None = None
    """When the order book last stored a change of it; None in an order that no book has stored."""
    version: int = 0
    """How often the order book has stored it; guards against lost updates."""

    @property
    def status(self) -> OrderStatus:
        """The status that the quantities give, or the marker where they cannot tell."""
        shipped = remaining = 0
        for item in self.items:
            shipped += item.quantity_shipped
            remaining += item.quantity_ordered - item.quantity_shipped
            if item.cancellations:
                remaining -= item.quantity_cancelled
        if not shipped and not remaining:
            return _CANCELED
        if self.marker is not None:
            return self.marker
        if not shipped:
            return _UNSHIPPED
        return _PARTIALLY_SHIPPED if remaining else _SHIPPED

    def update(self, at: datetime) -> "Order":
        """Return the order as a store keeps it once it changed `at` a moment: a version on, and updated by then."""
        return replace(self, version=self.version + 1, updated_at=max(at, self.last_updated_at))

    @property
    def last_updated_at(self) -> datetime:
        """When the order last changed; as far as it tells itself while no order book has stored a change of it."""
        if self.updated_at is not None:
            return self.updated_at
        last = self.purchased_at
        if self.acknowledged_at is not None:
            last = max(last, self.acknowledged_at)
        for item in self.items:
            if item.cancellations:
                last = max(last, *[part.at for part in item.cancellations])
        return last
