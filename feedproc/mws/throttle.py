"""Quotas: how often one developer may call one operation for one seller (MWS developer guide, throttling)."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from threading import Lock
from zlib import crc32

from msgspec import Struct

from feedproc.mws.refusals import HourlyQuotaExceeded, RequestThrottled
from feedproc.ports import Seller

_HOUR = timedelta(hours=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class QuotaMode(StrEnum):
    """What happens when a quota is used up."""

    OFF = "off"
    """The headers tell the standing, but never that nothing is left, and nothing is ever refused."""
    AMAZON = "amazon"
    """Refuse as Amazon did."""


class Quota(Struct, frozen=True):
    """What one operation allows."""

    burst: int
    """Requests at once."""
    restore: timedelta
    """Until one more is allowed."""
    hourly: int | None = None
    """Requests in one hour; None where the section counts no hours."""


class Standing(Struct, frozen=True):
    """How much of the hour's quota is left."""

    hourly: int
    remaining: int
    resets_at: datetime


class _Bucket(Struct):
    window: datetime
    used: int
    tokens: float
    filled_at: datetime


class Throttle:
    """Counts requests, in this process. Safe to use from several threads."""

    def __init__(self, mode: QuotaMode) -> None:
        """Begin with full quotas; the mode says what happens when one is used up."""
        self._enforced = mode is QuotaMode.AMAZON
        self._buckets: dict[tuple[str, str, str], _Bucket] = {}
        self._lock = Lock()

    def admit(self, seller: Seller, operation: str, quota: Quota, now: datetime) -> Standing | None:
        """Count one request and return the standing after it; None where no hours are counted.

        A request that is refused counts for nothing. The operation is named as `Feeds/2009-01-01/SubmitFeed`. The
        seller must have been authenticated: each pair of seller and key is remembered.

        Raises:
            HourlyQuotaExceeded: the hour is used up.
            RequestThrottled: the burst is used up.

        """
        # Clients that read "nothing left" wait for the next hour; they need not where nothing is refused.
        least = 0 if self._enforced else 1
        with self._lock:
            bucket = self._refill_bucket((seller.seller_id, seller.access_key, operation), quota, now)
            resets_at = bucket.window + _HOUR
            if self._enforced and quota.hourly is not None and bucket.used >= quota.hourly:
                raise HourlyQuotaExceeded(quota.hourly, operation, resets_at)
            if self._enforced and bucket.tokens < 1:
                raise RequestThrottled
            bucket.used += 1
            bucket.tokens = max(bucket.tokens - 1, 0)
            if quota.hourly is None:
                return None
            return Standing(quota.hourly, max(quota.hourly - bucket.used, least), resets_at)

    def _refill_bucket(self, key: tuple[str, str, str], quota: Quota, now: datetime) -> _Bucket:
        window = find_window_start(key[0], now)
        bucket = self._buckets.setdefault(key, _Bucket(window, 0, quota.burst, now))
        if bucket.window != window:
            bucket.window, bucket.used = window, 0
        restored = max(now - bucket.filled_at, timedelta()) / quota.restore
        bucket.tokens = min(bucket.tokens + restored, quota.burst)
        bucket.filled_at = now
        return bucket


def find_window_start(seller_id: str, now: datetime) -> datetime:
    """Return when the seller's current hour began: on a whole minute, which differs from seller to seller."""
    minute = timedelta(minutes=crc32(seller_id.encode(errors="replace")) % 60)
    return _EPOCH + minute + (now - _EPOCH - minute) // _HOUR * _HOUR
