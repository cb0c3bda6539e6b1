"""What a feed with PurgeAndReplace does to the SKUs that it does not name, once its messages are applied."""

from collections.abc import Iterable
from itertools import islice

from msgspec.structs import replace

from feedproc.errors import Conflict
from feedproc.feeds.feed_type import FeedType
from feedproc.feeds.message import Message
from feedproc.feeds.progress import Claim, Mark
from feedproc.feeds.report import NO_MESSAGE, Result
from feedproc.ports import Batch
from feedproc.services.process.processing import Processing
from feedproc.stock.level import StockLevel

_SKUS_A_BATCH = 1_000
_CONFLICTS_ENDURED = 20
_LAST = "\U0010ffff"
"""Behind the names of all SKUs."""


class NamedSkus:
    """The SKUs that a feed names, in a file of its own: a feed may name more of them than memory should hold."""

    def __init__(self) -> None:
        """Begin with none. The file goes with this object."""
        import sqlite3  # noqa: PLC0415 - hardly any feed purges, and functions on AWS load nothing else with it

        self._connection = sqlite3.connect("")
        self._connection.execute("CREATE TABLE named (sku TEXT PRIMARY KEY) WITHOUT ROWID")

    def add(self, feed_type: FeedType, messages: Iterable[Message | Result]) -> None:
        """Add what messages name; those that are faulty, too, as far as their results tell."""
        skus = [sku for one in messages for sku in _find_skus(feed_type, one)]
        self._connection.executemany("INSERT OR IGNORE INTO named VALUES (?)", [(sku,) for sku in skus])

    def has(self, sku: str) -> bool:
        """Say whether the feed names a SKU."""
        return self._connection.execute("SELECT 1 FROM named WHERE sku = ?", (sku,)).fetchone() is not None


def purge(processing: Processing, claim: Claim, feed_type: FeedType, named: NamedSkus, mark: Mark) -> Mark:
    """Let each SKU that has units and is not named have the feed type's effect; return the last mark.

    Each batch of them is committed once, and its mark tells up to which SKU they are done.

    Raises:
        ClaimLost: another worker holds the submission.
        Conflict: others changed the same levels again and again.

    """
    if feed_type.purge is None:
        return mark
    backend, lease = processing.backend, processing.policy.lease
    most = backend.batches.most_writes
    room = _SKUS_A_BATCH if most is None else most - 1  # one is for their ledgers
    conflicts = 0
    while mark.purged != _LAST:
        found = (one for one in backend.stock.list_levels(claim.seller_id, mark.purged or "") if one.quantity)
        part = list(islice((one for one in found if not named.has(one.sku)), room))
        if not part:
            break
        following = replace(
            mark,
            number=mark.number + 1,
            results=(),
            places=(),
            purged=part[-1].sku if len(part) == room else _LAST,
        )
        try:
            backend.batches.commit(_make_batch(claim, feed_type, part, following), processing.clock(), lease)
        except Conflict:
            conflicts += 1
            if conflicts == _CONFLICTS_ENDURED:
                raise
        else:
            mark, conflicts = following, 0
    return mark


def _make_batch(claim: Claim, feed_type: FeedType, part: Iterable[StockLevel], mark: Mark) -> Batch:
    effect, levels = feed_type.purge, {one.sku: one.quantity for one in part}
    changes = [(NO_MESSAGE, change) for sku in levels for change in (effect(sku).stock if effect else ())]
    return Batch(claim, (), changes, (), mark, levels=dict(levels))


def _find_skus(feed_type: FeedType, message: Message | Result) -> tuple[str, ...]:
    if isinstance(message, Message):
        return feed_type.touches(message.body).skus
    return () if message.sku is None else (message.sku,)
