"""Quotas: how often one developer may call one operation for one seller (MWS developer guide, throttling)."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from threading import Lock
from zlib import crc32

from msgspec import Struct

from feedproc.mws.refusals import HourlyQuotaExceeded, RequestThrottled

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
    hourly: int
    """Requests in one hour."""


QUOTAS = {
    "SubmitFeed": Quota(15, timedelta(minutes=2), 30),
    "GetFeedSubmissionList": Quota(10, timedelta(seconds=45), 80),
    "GetFeedSubmissionListByNextToken": Quota(30, timedelta(seconds=2), 1800),
    "GetFeedSubmissionCount": Quota(10, timedelta(seconds=45), 80),
    "CancelFeedSubmissions": Quota(10, timedelta(seconds=45), 80),
    "GetFeedSubmissionResult": Quota(15, timedelta(minutes=1), 60),
    "GetServiceStatus": Quota(2, timedelta(minutes=5), 12),
}
"""By action, as each action's page in the Feeds reference states it; GetServiceStatus as in the other sections."""


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
        """Take what happens when a quota is used up."""
        self._enforced = mode is QuotaMode.AMAZON
        self._buckets: dict[tuple[str, str, str], _Bucket] = {}
        self._lock = Lock()

    def admit(self, seller_id: str, access_key: str, action: str, now: datetime) -> Standing:
        """Count one request and return the standing after it.

        A request that is refused counts for neither. Seller and key must have been authenticated: each pair is
        remembered.

        Raises:
            HourlyQuotaExceeded: the hour is used up.
            RequestThrottled: the burst is used up.

        """
        quota = QUOTAS[action]
        # Clients that read "nothing left" wait for the next hour; they need not where nothing is refused.
        least = 0 if self._enforced else 1
        with self._lock:
            bucket = self._refill_bucket((seller_id, access_key, action), quota, now)
            resets_at = bucket.window + _HOUR
            if self._enforced and bucket.used >= quota.hourly:
                raise HourlyQuotaExceeded(quota.hourly, action, resets_at)
            if self._enforced and bucket.tokens < 1:
                raise RequestThrottled
            bucket.used += 1
            bucket.tokens = max(bucket.tokens - 1, 0)
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
