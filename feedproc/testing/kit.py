"""A server for tests, and all that a test sets up, looks at and asks of it."""

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from feedproc.orders.order import Order
from feedproc.ports import Mail
from feedproc.serve.ephemeral import EphemeralOptions, EphemeralServer
from feedproc.testing.clients import TEST_SELLER, MwsAccess, SpApiAccess
from feedproc.testing.shop import KitOrders, KitReports, KitStock, KitSubmissions


class Feedproc:
    """A server in this process, on a free port, with everything in memory.

    Feeds are processed in a thread of their own as they come in, and what they lead to is sent by another. `drain`
    waits for both; `hold` stops both.
    """

    def __init__(self) -> None:
        """Make it; `start` lets it serve."""
        self.server = EphemeralServer(EphemeralOptions(sellers=(TEST_SELLER,)))
        self.clock = self.server.clock
        self.calls = self.server.calls
        self.faults = self.server.faults

    def start(self) -> None:
        """Serve from now on."""
        self.server.__enter__()
        self._look()

    def stop(self) -> None:
        """Serve no more, and end all threads."""
        self.server.__exit__(None, None, None)

    def __enter__(self) -> Self:
        """Serve from now on."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Serve no more."""
        self.stop()

    @property
    def url(self) -> str:
        """The address, without a slash at its end."""
        return self.server.url

    @property
    def mail(self) -> Sequence[Mail]:
        """The e-mails to buyers that went out, oldest first."""
        return self.server.store.mails

    @property
    def notifications(self) -> Sequence[str]:
        """The notifications that went out, oldest first: those of MWS as XML, those of SP-API as JSON."""
        return [body for _, body in self.server.store.notifications]

    def write_refund(self, *orders: Order, reason: str = "CustomerReturn") -> bytes:
        """Return a feed (_POST_PAYMENT_ADJUSTMENT_DATA_) that pays back all that was charged for orders."""
        from feedproc.feedtypes.order_adjustment.compose import compose_refunds  # noqa: PLC0415 - long to load

        return compose_refunds(self.mws.merchant_token, orders, reason).body

    def hold(self) -> None:
        """Let feeds wait, and mail too, until `release`. `drain` processes them all the same."""
        self.server.hold()

    def release(self) -> None:
        """Process feeds as they come in again."""
        self.server.release()

    def drain(self) -> None:
        """Process all feeds that wait, and send what is to be sent; return when nothing waits any more.

        Raises:
            WorkFailed: something went wrong that is no fault of a feed.

        """
        self.server.drain()

    def reset(self) -> None:
        """Forget all that happened, and begin again with one seller, the real time and nothing else."""
        self.server.reset()
        self._look()

    def _look(self) -> None:
        backend, clock = self.server.backend, self.clock
        self.mws = MwsAccess(self.url, clock)
        self.spapi = SpApiAccess(self.url)
        self.orders = KitOrders(backend, clock, TEST_SELLER)
        self.stock = KitStock(backend, clock, TEST_SELLER)
        self.submissions = KitSubmissions(backend, TEST_SELLER)
        self.reports = KitReports(backend, clock, TEST_SELLER)
