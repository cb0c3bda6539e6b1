"""A model of the store in a few dozen lines, and a machine that holds a real one to it whatever happens to that."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from datetime import timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from botocore.exceptions import EndpointConnectionError
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from feedproc import aws, embedded
from feedproc.errors import HeldUp
from feedproc.feeds.submission import NewSubmission, ProcessingStatus
from feedproc.ports import Backend, Batches, Filter
from feedproc.services.news import make_end_entry
from feedproc.services.process.pick import process_next
from feedproc.services.process.processing import Policy, Processing
from feedproc.services.submit import store
from feedproc.stock.level import StockLevel
from tests.aws.cloud import SETTINGS, time_passes
from tests.builders import (
    ACKNOWLEDGEMENT,
    ADJUSTMENT,
    FULFILLMENT,
    NOON,
    SELLER,
    Shop,
    a_feed,
    an_order,
    cancels,
    feed_types,
    new_keys,
    refunds,
    ships,
)
from tests.ports.conftest import VARIANTS, Store
from tests.services.faults import Wrapped

REFUNDED, CANCELLED = (1, 2, 3), (4, 5, 6)
"""Orders that adjustments refund, each 1000 JPY at most, and orders that acknowledgements cancel, once each."""
WRITES = 3
"""So few things one batch writes, that small feeds take several."""


class Refund(NamedTuple):
    """A message that refunds part of an order."""

    order: int
    amount: int


class Model:
    """What every store must have come to: feeds of one type take effect one after another, each once."""

    def __init__(self) -> None:
        self.feeds: dict[str, list[Any]] = {}
        """The messages of each stored feed, by id, in the order in which they came."""
        self.cancelled: set[str] = set()
        self.forgotten: set[str] = set()

    def predict(self) -> tuple[dict[str, tuple[int, int]], dict[int, int], set[int]]:
        """Return each feed's messages and errors, what was refunded of each order, and which orders are cancelled."""
        counts, refunded, gone = {}, dict.fromkeys(REFUNDED, 0), set()
        for submission_id, messages in self.feeds.items():
            if submission_id in self.cancelled:
                continue
            errors = 0
            for one in messages:
                if isinstance(one, Refund) and refunded[one.order] + one.amount <= 1_000:
                    refunded[one.order] += one.amount
                elif not isinstance(one, Refund) and one not in gone:
                    gone.add(one)
                else:
                    errors += 1
            counts[submission_id] = (len(messages), errors)
        return counts, refunded, gone


class Killed(BaseException):
    """The process is gone."""


class ModelShop(Shop):
    """A shop over any store, at whose ports something happens at the call behind so many."""

    def __init__(self, opened: Store, folder: Path) -> None:
        self.store = opened
        self.data_dir = folder / "data"
        self.now = NOON
        self._workers = count(1)
        self.left: int | None = None
        self.only: str | None = None
        """The one method at which something happens, such as `create`; None for all."""
        self.happens: Callable[[Callable[[], object]], object] = lambda call: call()
        self.open(opened.backend)

    def open(self, backend: Backend) -> None:
        """Begin as a new process."""
        self.worker = f"w{next(self._workers)}"
        named = backend._asdict()
        ports: dict[str, Any] = {name: Wrapped(one, self._around) for name, one in named.items() if not callable(one)}
        ports["batches"] = _Small(backend.batches, self._around)
        describe = backend.describe_fault
        ports["describe_fault"] = lambda error: describe(error) or ("full" if isinstance(error, OSError) else None)
        self.backend = backend._replace(**ports)

    def _around(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(*arguments: object) -> object:
            if self.left is None or (self.only is not None and call.__name__ != self.only):
                return call(*arguments)
            self.left -= 1
            return call(*arguments) if self.left >= 0 else self.happens(lambda: call(*arguments))

        return guarded


class _Small:
    """The port `Batches`, with room for little at a time."""

    most_writes = WRITES

    def __init__(self, batches: Batches, around: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
        self._batches = batches
        self._around = around
        self.commits_beside = batches.commits_beside

    def prepare(self, *batch: Any) -> Callable[[], None]:
        def commit() -> None:
            prepared()

        prepared = self._batches.prepare(*batch)
        guarded: Callable[[], None] = self._around(commit)
        return guarded

    def commit(self, *batch: Any) -> None:
        self.prepare(*batch)()


class StoreMachine(RuleBasedStateMachine):
    """Rules in random order, and the promises that hold whatever the order."""

    adapter = "memory"
    has_retention = False
    steps = 0
    """Taken by all machines of this process so far."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = TemporaryDirectory()
        self._opened: AbstractContextManager[Store] = VARIANTS[self.adapter](Path(self._folder.name))
        self.shop = ModelShop(self._opened.__enter__(), Path(self._folder.name))
        self.model = Model()
        self._restarts = 0
        self.acknowledged: set[str] = set()

    @initialize()
    def begin(self) -> None:
        """Begin with orders of which some are shipped, and stock of the others."""
        self.shop.stocked(*(an_order(one, quantity=1) for one in (*REFUNDED, *CANCELLED)))
        self.shop.backend.stock.load(SELLER, [StockLevel(f"SKU-{one}", 0) for one in CANCELLED], NOON)
        self.shop.run(a_feed(*map(ships, REFUNDED), feed_type=FULFILLMENT), FULFILLMENT)
        self._shipping = len(self._list())

    @rule(messages=st.lists(st.builds(Refund, st.sampled_from(REFUNDED), st.integers(1, 600)), min_size=1, max_size=7))
    def submit_refunds(self, messages: list[Refund]) -> None:
        """Hand in an adjustment."""
        self._submit(a_feed(*(refunds(*one) for one in messages), feed_type=ADJUSTMENT), ADJUSTMENT, messages)

    @rule(messages=st.lists(st.sampled_from(CANCELLED), min_size=1, max_size=7))
    def submit_cancellations(self, messages: list[int]) -> None:
        """Hand in an acknowledgement."""
        self._submit(a_feed(*map(cancels, messages)), ACKNOWLEDGEMENT, messages)

    @rule(at=st.integers(0, 4), takes_effect=st.booleans())
    def submit_to_a_full_disk(self, at: int, takes_effect: bool) -> None:
        """Hand in an acknowledgement while the world goes wrong: perhaps it is kept, and nothing is acknowledged."""
        self._go_wrong(at, takes_effect)
        self._submit(a_feed(cancels(CANCELLED[0])), ACKNOWLEDGEMENT, [CANCELLED[0]])

    @rule()
    def send_again(self) -> None:
        """Hand the very same request in twice, as HTTP libraries do."""
        document = self._store(a_feed(cancels(CANCELLED[1])))
        new = NewSubmission(
            seller_id=SELLER, feed_type=ACKNOWLEDGEMENT, document=document, size=1, submitted_at=self.shop.now
        )
        key = f"key {len(self.model.feeds)}"
        first, second = (self.shop.backend.submissions.add(new, key) for _ in range(2))
        self.shop.backend.queue.send(first)
        assert first == second
        self._remember([CANCELLED[1]])
        self.acknowledged.add(first.submission_id)

    @rule(turns=st.integers(1, 3))
    def work(self, turns: int) -> None:
        """Let a worker process some feeds."""
        with suppress(HeldUp):
            for _ in range(turns):
                self._process()

    @rule(at=st.integers(0, 30), takes_effect=st.booleans())
    def kill(self, at: int, takes_effect: bool) -> None:
        """Kill a worker at any call, before or after it took effect; another process comes in its place."""

        def die(call: Callable[[], object]) -> object:
            if takes_effect and self.shop.left == -1:
                call()
            raise Killed

        self.shop.left, self.shop.happens = at, die
        with suppress(Killed, HeldUp):
            while self._process():
                pass
        self._restart()

    @rule(at=st.integers(0, 30), tries=st.integers(1, 5))
    def fill_the_disk(self, at: int, tries: int) -> None:
        """Let everything fail from some call on, for a while."""
        self._go_wrong(at, takes_effect=False)
        self._struggle(tries)

    @rule(method=st.sampled_from(["open", "create", "find", "commit", "finish", "put_off"]), at=st.integers(0, 3))
    def break_down_for_long(self, method: str, at: int) -> None:
        """Let one kind of calls fail for longer than a feed is tried that fails by its own fault."""
        self._go_wrong(at, takes_effect=False)
        self.shop.only = method
        self._struggle(25)

    def _struggle(self, tries: int) -> None:
        for _ in range(tries):
            with suppress(HeldUp):
                self._process()
            self.shop.now += timedelta(minutes=2, seconds=1)
        self.shop.left = self.shop.only = None

    @rule(jump=st.sampled_from([timedelta(hours=-3), timedelta(minutes=2), timedelta(days=100), timedelta(days=-100)]))
    def set_the_clock(self, jump: timedelta) -> None:
        """Let the clock jump."""
        self.shop.now += jump

    @rule(place=st.integers(0, 9))
    def cancel(self, place: int) -> None:
        """Let the seller cancel a feed, if it has not begun."""
        waiting = [one for one in self._list() if one.submission_id in self.model.feeds][place:]
        if waiting and self.shop.backend.submissions.cancel(
            SELLER, waiting[0].submission_id, self.shop.now, [make_end_entry(waiting[0])]
        ):
            self.model.cancelled.add(waiting[0].submission_id)

    @rule()
    def forget(self) -> None:
        """Let what ended a while ago be forgotten."""
        if not self.has_retention:
            return
        before = {one.submission_id for one in self._list() if not one.status.is_open}
        for _ in embedded.forget_ended(self.shop.data_dir, new_keys(), self.shop.now - timedelta(days=50)):
            pass
        self.model.forgotten |= before - {one.submission_id for one in self._list()}

    @invariant()
    def nothing_acknowledged_is_lost(self) -> None:
        """Every id that was given out is known, until it is forgotten."""
        StoreMachine.steps += 1
        assert self.acknowledged - self.model.forgotten <= {one.submission_id for one in self._list()}

    @invariant()
    def every_report_is_true(self) -> None:
        """What has ended is cancelled by its seller, or done with the report that the model predicts."""
        counts, *_ = self.model.predict()
        for one in self._list():
            if one.status.is_open or one.submission_id not in self.model.feeds:
                continue
            cancelled = one.submission_id in self.model.cancelled
            assert (one.status is ProcessingStatus.CANCELLED) == cancelled, one
            if not cancelled:
                processed, successful, with_error, _ = self.shop.report(one).counts
                assert (processed, with_error) == counts[one.submission_id], one
                assert successful == processed - with_error

    def teardown(self) -> None:
        """Let the world be well, wait until every feed has ended, and look at what all came to."""
        self.shop.left = None
        try:
            self._settle()
        finally:
            self._opened.__exit__(None, None, None)
            self._folder.cleanup()

    def _settle(self) -> None:
        self._restart()
        for _ in range(3):
            self.shop.now += timedelta(days=200)
            self.shop.work()
        assert [one for one in self._list() if one.status.is_open] == []
        self.nothing_acknowledged_is_lost()
        self.every_report_is_true()
        _, refunded, gone = self.model.predict()
        stored = {one: self.shop.order(one).items[0] for one in (*REFUNDED, *CANCELLED)}
        assert {one: int(stored[one].refunded.get("Principal", 0)) for one in REFUNDED} == refunded
        assert {one for one in CANCELLED if stored[one].cancellations} == gone
        assert {one for one in CANCELLED if self.shop.stock_of(one)} == gone
        for one in CANCELLED:
            entries = self.shop.backend.stock.list_entries(SELLER, f"SKU-{one}", 99)
            assert sum(entry.quantity for entry in entries) == self.shop.stock_of(one) <= 1
        told = [one.entry_id for one in self.shop.backend.outbox.list_waiting(9_999)]
        assert len(told) == len(set(told))
        assert {f"{SELLER}/{one}/end" for one in self.model.feeds} - set(told) == set()

    def _process(self) -> bool:
        shop = self.shop
        return process_next(Processing(shop.backend, feed_types(), shop.worker, Policy(), shop.clock))

    def _go_wrong(self, at: int, takes_effect: bool) -> None:
        def fail(call: Callable[[], object]) -> object:
            if takes_effect and self.shop.left == -1:
                call()
            if self.adapter.startswith("aws"):
                raise EndpointConnectionError(endpoint_url="https://dynamodb.eu-west-1.amazonaws.com")
            raise OSError(28, "No space left on device")

        self.shop.left, self.shop.happens = at, fail

    def _restart(self) -> None:
        self.shop.left = None
        if not self.adapter.startswith("aws"):
            self.shop.open(self.shop.store.backend)
            return
        time_passes()
        self._restarts += 1
        self.shop.open(aws.open_backend(SETTINGS, new_keys(self._restarts * 1_000_000)))

    def _store(self, feed: bytes) -> str:
        return store(self.shop.backend.documents, io.BytesIO(feed)).key

    def _submit(self, feed: bytes, feed_type: str, messages: list[Any]) -> None:
        submission = None
        with suppress(OSError, EndpointConnectionError):
            submission = self.shop.submit(feed, feed_type)
        self.shop.left = None
        self._remember(messages)
        if submission is not None:
            self.acknowledged.add(submission.submission_id)

    def _remember(self, messages: list[Any]) -> None:
        """Note what was stored, whether or not it was acknowledged."""
        for one in self._list():
            if one.counter > 50_001 and one.submission_id not in self.model.feeds:
                self.model.feeds[one.submission_id] = messages

    def _list(self) -> list[Any]:
        """All submissions, without what happens at ports."""
        left, self.shop.left = self.shop.left, None
        found = list(self.shop.backend.submissions.find(SELLER, Filter(), 9_999))
        self.shop.left = left
        return found


def make_machine(adapter: str) -> type[StoreMachine]:
    """Return the machine over an adapter. Only the embedded store forgets when it is told to."""
    return type("Machine", (StoreMachine,), {"adapter": adapter, "has_retention": adapter == "embedded"})
