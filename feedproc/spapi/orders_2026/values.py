"""How Orders 2026-01-01 writes what the core holds."""

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum

from feedproc.feeds.marketplaces import decimals_of


class IncludedData(StrEnum):
    """Parts of an order that are told when they are asked for."""

    BUYER = "BUYER"
    RECIPIENT = "RECIPIENT"
    PROCEEDS = "PROCEEDS"
    EXPENSE = "EXPENSE"
    PROMOTION = "PROMOTION"
    CANCELLATION = "CANCELLATION"
    FULFILLMENT = "FULFILLMENT"
    PACKAGES = "PACKAGES"
    TAX = "TAX"
    PAYMENT = "PAYMENT"
    FULFILLMENT_ORDERS = "FULFILLMENT_ORDERS"


def describe_money(amount: Decimal, currency: str) -> dict[str, str]:
    """Return an amount as a text with as many places as its currency has."""
    return {"amount": f"{amount:.{decimals_of(currency)}f}", "currencyCode": currency}


def write_time(moment: datetime) -> str:
    """Return a time in milliseconds: `2026-11-20T03:12:45.000Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
