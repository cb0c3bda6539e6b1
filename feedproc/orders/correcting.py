"""Correct a shipment that was confirmed: another tracking number, carrier, method or date for the same units.

Seller Central's help pages 641 and 201576520: what is sent again overwrites, what is left empty keeps.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from feedproc.orders.change import Change
from feedproc.orders.order import Correction, Event, Order, Package

CLEARED = ""
"""Of a carrier, method or tracking number: there is none, and what was told before goes."""


class Statement(NamedTuple):
    """What a seller says of a package. What is None was not told; `CLEARED` takes away what was told before."""

    shipped_at: datetime | None = None
    carrier: str | None = None
    shipping_method: str | None = None
    tracking_number: str | None = None


def find_package(order: Order, lines: Sequence[tuple[str, int | None]], fulfillment_id: str | None) -> int | None:
    """Return the place of the package that a shipment tells of again; None when it ships something.

    `lines` are item codes and units, None for all units; no lines mean the whole order. While so many units are
    open, only the seller's own number of the shipment says that it is the same one. Otherwise it is the newest package
    of exactly these units.
    """
    if not order.packages:
        return None
    numbered = [
        place
        for place, package in enumerate(order.packages)
        if fulfillment_id is not None and package.merchant_fulfillment_id == fulfillment_id
    ]
    units = _count_told(order, lines)
    for place in reversed(numbered):
        if count_units(order.packages[place]) == units or (not lines and not _can_ship(order, ())):
            return place
    if _can_ship(order, lines):
        return None
    for place in reversed(range(len(order.packages))):
        if count_units(order.packages[place]) == units:
            return place
    return None


def is_correctable(order: Order, place: int) -> bool:
    """Return whether a message that names a package's units, and its number if it has one, means that package."""
    if place >= len(order.packages):
        return False
    package = order.packages[place]
    return find_package(order, list(count_units(package).items()), package.merchant_fulfillment_id) == place


def correct(order: Order, place: int, statement: Statement, at: datetime) -> Change:
    """Take what is said of a package in place of what was said; when all of it was known, nothing changes."""
    before = order.packages[place]
    after = _change_statement(before, statement)
    if after == before:
        return Change(order)
    packages = list(order.packages)
    packages[place] = after
    known = (before.shipped_at, before.carrier, before.shipping_method, before.tracking_number)
    corrections = (*order.corrections, Correction(at, place, *known))
    is_redirected = after.tracking_number not in {None, before.tracking_number}
    corrected = replace(order, packages=tuple(packages), corrections=corrections)
    return Change(corrected, (), (Event.REDIRECTED,) if is_redirected else ())


def show_corrected(order: Order, number: int) -> Package:
    """Return a package as the order's correction of that number, from 0, made it."""
    place = order.corrections[number].package
    return _rewind(order.packages[place], [one for one in order.corrections[number + 1 :] if one.package == place])


def show_before(order: Order, number: int) -> Package:
    """Return a package as it was before the order's correction of that number, from 0."""
    return _rewind(order.packages[order.corrections[number].package], [order.corrections[number]])


def show_first(order: Order, place: int) -> Package:
    """Return a package as it was when it was confirmed."""
    return _rewind(order.packages[place], [one for one in order.corrections if one.package == place])


def _rewind(package: Package, later: Sequence[Correction]) -> Package:
    """Return a package as it was before the corrections that came later."""
    if not later:
        return package
    before = later[0]
    return replace(
        package,
        shipped_at=before.shipped_at,
        carrier=before.carrier,
        shipping_method=before.shipping_method,
        tracking_number=before.tracking_number,
    )


def _change_statement(package: Package, statement: Statement) -> Package:
    def choose(told: str | None, known: str | None) -> str | None:
        return known if told is None else told or None

    return replace(
        package,
        shipped_at=statement.shipped_at or package.shipped_at,
        carrier=choose(statement.carrier, package.carrier),
        shipping_method=choose(statement.shipping_method, package.shipping_method),
        tracking_number=choose(statement.tracking_number, package.tracking_number),
    )


def _count_told(order: Order, lines: Sequence[tuple[str, int | None]]) -> dict[str, int]:
    """Return how many units of each item are told of; a line without a quantity means all that were packed."""
    packed: dict[str, int] = {}
    for package in order.packages:
        for code, units in count_units(package).items():
            packed[code] = packed.get(code, 0) + units
    if not lines:
        return packed
    told: dict[str, int] = {}
    for code, quantity in lines:
        told[code] = told.get(code, 0) + (packed.get(code, 0) if quantity is None else quantity)
    return told


def count_units(package: Package) -> dict[str, int]:
    """Return how many units of each item a package holds, by item code."""
    units: dict[str, int] = {}
    for part in package.items:
        units[part.order_item_code] = units.get(part.order_item_code, 0) + part.quantity
    return units


def _can_ship(order: Order, lines: Sequence[tuple[str, int | None]]) -> bool:
    """Return whether what is told of is still to be shipped; without lines, whether anything is."""
    left = {item.order_item_code: item.quantity_open for item in order.items}
    for code, quantity in lines:
        left[code] -= 1 if quantity is None else quantity
    return min(left.values()) >= 0 if lines else any(left.values())
