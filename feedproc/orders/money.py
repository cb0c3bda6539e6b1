"""Exact amounts by price component."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

ZERO = Decimal(0)


def sum_amounts(amounts: Mapping[str, Decimal]) -> Decimal:
    """Return the sum of all components."""
    return sum(amounts.values(), ZERO)


def add_amounts(*parts: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return the sum of several sets of amounts, component by component."""
    if len(parts) == 2 and not parts[0]:
        return dict(parts[1])
    summed: dict[str, Decimal] = {}
    for part in parts:
        for component, amount in part.items():
            summed[component] = summed.get(component, ZERO) + amount
    return summed


def collect_amounts(pairs: Sequence[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """Return amounts by component from pairs in which a component may stand more than once."""
    if not pairs:
        return {}
    summed = dict(pairs)
    if len(summed) == len(pairs):
        return summed
    summed.clear()
    for component, amount in pairs:
        summed[component] = summed[component] + amount if component in summed else amount
    return summed


def format_fixed(amount: Decimal, places: int) -> str:
    """Write an amount with that many places behind its point, none or two.

    It is what `format(amount, ".2f")` gives. Most amounts have their places already, and copying those is quicker.
    """
    text = str(amount)
    if text.isdigit():
        return f"{text}.00" if places else text
    if places and text[-3:-2] == ".":
        return text
    return format(amount, ".2f" if places else ".0f")
