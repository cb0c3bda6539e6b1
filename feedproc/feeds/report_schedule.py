"""What is settled of a seller's reports before one is asked for: schedules, and the columns that they have besides."""

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct


class ReportExtra(StrEnum):
    """Columns that flat reports of orders have where a seller's settings, or a later year, add them."""

    GIFTS = "gifts"
    """What wrapping costs, how it is wrapped, and the words that go with it."""
    BILLS = "bills"
    """Where the bill goes, which feedproc does not know."""
    PROMOTIONS = "promotions"
    """Discounts, and what they are called."""
    PROMISES = "promises"
    """When it is to be shipped and delivered, and what Amazon calls the order (since 2018)."""
    REQUESTS = "requests"
    """Who buys for which company, and whether the buyer asks to cancel (since 2022)."""
    DEADLINES = "deadlines"
    """How near an order that is to be shipped is to being late, and to being cancelled."""


class ReportSchedule(Struct, frozen=True, kw_only=True):
    """A report that is asked for again and again."""

    seller_id: str
    report_type: str
    interval: timedelta
    next_at: datetime
    """When it is asked for next."""
    schedule_id: str
    """Digits."""
    previous_at: datetime | None = None
    """When it was asked for last; the next report tells what has happened since."""
    marketplace_ids: tuple[str, ...] = ()
    options: dict[str, str] = {}
    spelled_interval: str = ""
    """The interval as the seller's program wrote it."""
