"""The ports in memory: made in a moment, forgotten in a moment, with the same answers as the other back ends.

For tests and for servers that need not remember anything. One store may be used by any number of threads of one
process; each method of each port happens as a whole or not at all, and what one thread did is seen by all at once.
"""

from collections.abc import Callable, Mapping, Sequence

from feedproc.memory.batches import MemoryBatches, MemoryMarks
from feedproc.memory.documents import MemoryDocuments
from feedproc.memory.orders import MemoryOrders, MemoryTallies
from feedproc.memory.outbox import MemoryMailer, MemoryNotifier, MemoryOutbox
from feedproc.memory.sellers import MemorySellers
from feedproc.memory.stock import MemoryStock
from feedproc.memory.submissions import MemoryQueue, MemorySchedules, MemorySubmissions
from feedproc.memory.subscriptions import MemorySubscriptions
from feedproc.memory.tables import Tables
from feedproc.ports import Backend, Mail


class MemoryStore:
    """A back end that lives as long as this object, with a mailer and a notifier that keep what they are given."""

    def __init__(self, new_key: Callable[[], str]) -> None:
        """Begin empty; `new_key` gives 32 hexadecimal digits, never the same twice, as keys of documents."""
        self._tables = tables = Tables()
        self.backend = Backend(
            sellers=MemorySellers(tables),
            documents=MemoryDocuments(tables, new_key),
            submissions=MemorySubmissions(tables),
            queue=MemoryQueue(tables),
            orders=MemoryOrders(tables),
            batches=MemoryBatches(tables),
            marks=MemoryMarks(tables),
            tallies=MemoryTallies(tables),
            stock=MemoryStock(tables),
            outbox=MemoryOutbox(tables),
            schedules=MemorySchedules(tables),
            subscriptions=MemorySubscriptions(tables),
        )
        self.mailer = MemoryMailer(tables)
        self.notifier = MemoryNotifier(tables)

    @property
    def mails(self) -> Sequence[Mail]:
        """The e-mails that were sent, oldest first."""
        with self._tables.lock:
            return list(self._tables.mails.values())

    @property
    def notifications(self) -> Sequence[tuple[str, str]]:
        """The notifications that were sent, oldest first: address of the queue, and body."""
        with self._tables.lock:
            return list(self._tables.notifications)

    @property
    def documents(self) -> Mapping[str, bytes]:
        """The stored documents, feeds and reports, by key."""
        with self._tables.lock:
            return dict(self._tables.documents)

    def reset(self) -> None:
        """Forget everything, sellers too. Whoever works on a submission meanwhile loses its claim."""
        self._tables.clear()
