"""Amounts and times as a person reads them."""

from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal
from typing import NamedTuple

from msgspec import Struct

from feedproc.feeds.marketplaces import Marketplace, decimals_of
from feedproc.orders.credit import sum_charges
from feedproc.orders.money import ZERO, add_amounts
from feedproc.orders.order import Address, Item, Order
from feedproc.services.read.order_view import view_order

_YEN = {"en": "¥", "ja": "￥"}


class Charge(NamedTuple):
    """One line of what an order cost."""

    component: str
    charged: Decimal
    """Less discounts."""
    refunded: Decimal


class Formatting(Struct, frozen=True):
    """How to write for one person."""

    language: str
    marketplace: Marketplace

    @property
    def zone(self) -> tzinfo:
        """The zone of the times on the page."""
        return self.marketplace.zone

    @property
    def zone_name(self) -> str:
        """What the zone is called."""
        return str(self.zone)

    def format_time(self, moment: datetime | None) -> str:
        """Write a moment to the minute; a dash where there is none."""
        return f"{self._move_to_zone(moment):%Y-%m-%d %H:%M}" if moment else "–"

    def format_seconds(self, moment: datetime) -> str:
        """Write a moment to the second."""
        return f"{self._move_to_zone(moment):%Y-%m-%d %H:%M:%S}"

    def format_iso(self, moment: datetime) -> str:
        """Write a moment for machines."""
        return moment.isoformat()

    def parse_day(self, text: str) -> datetime:
        """Read a day and return its first moment. Raises `ValueError`."""
        return datetime.combine(date.fromisoformat(text), time(), self.zone).astimezone(UTC)

    def parse_moment(self, text: str) -> datetime:
        """Read a day and time of the clock on the wall. Raises `ValueError`."""
        return datetime.fromisoformat(text).replace(tzinfo=self.zone).astimezone(UTC)

    def format_money(self, amount: Decimal, currency: str) -> str:
        """Write an amount with its currency."""
        whole = decimals_of(currency) == 0 and amount == amount.to_integral_value()
        digits = f"{abs(amount):,.0f}" if whole else f"{abs(amount):,.2f}"
        sign = "−" if amount < 0 else ""
        return f"{sign}{_YEN[self.language]}{digits}" if currency == "JPY" else f"{sign}{currency} {digits}"

    def format_total(self, order: Order) -> str:
        """Write what the buyer pays for all units that were not cancelled, as programs are told it."""
        return self.format_money(view_order(order).total, order.currency)

    def count_units(self, order: Order) -> str:
        """Write how many units were ordered and not cancelled."""
        return self.format_number(sum(item.quantity_ordered - item.quantity_cancelled for item in order.items))

    def format_item(self, item: Item, currency: str) -> str:
        """Write what an item was charged, less its discounts."""
        return self.format_money(sum_charges(item), currency)

    def list_charges(self, order: Order) -> list[Charge]:
        """Return what was charged and paid back, by component."""
        paid = add_amounts(*(item.charges for item in order.items))
        back = add_amounts(*(item.refunded for item in order.items))
        off = add_amounts(*(promotion.amounts for item in order.items for promotion in item.promotions))
        names = dict.fromkeys((*paid, *back, *off))
        return [Charge(name, paid.get(name, ZERO) + off.get(name, ZERO), back.get(name, ZERO)) for name in names]

    def list_address_lines(self, address: Address) -> list[str]:
        """Return the lines of an address as its country writes them."""
        town = (address.city, address.county, address.state_or_region)
        if self.language == "ja" and address.country_code == "JP":
            parts = [f"〒{address.postal_code}" if address.postal_code else "", "".join(reversed(town)), *address.lines]
        else:
            parts = [*address.lines, ", ".join(filter(None, town)), f"{address.postal_code} {address.country_code}"]
        return [part.strip() for part in (address.name, *parts, address.phone_number) if part.strip()]

    def format_number(self, count: int) -> str:
        """Write a count."""
        return f"{count:,}"

    def _move_to_zone(self, moment: datetime) -> datetime:
        """Return a moment in the zone; in UTC in the last hours of the calendar, which mean that there is no limit."""
        try:
            return moment.astimezone(self.zone)
        except OverflowError:
            return moment
