"""Faults as values: which calls or feeds they meet, what happens then, and the book in which they stand."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random
from threading import Lock

from msgspec import Struct

from feedproc.control.calls import CallName
from feedproc.feeds.submission import FeedSubmission, ProcessingStatus


class Trouble(StrEnum):
    """What happens to a request."""

    THROTTLE = "throttle"
    """It is refused because requests come too fast."""
    QUOTA = "quota"
    """It is refused because the quota is used up."""
    ERROR = "error"
    """The server fails, with the status 500 or another; nothing takes effect."""
    REFUSE = "refuse"
    """It is refused with a code."""
    EXPIRE_TOKEN = "expire-token"
    """It is refused because its token, or its signature, has expired."""
    DELAY = "delay"
    """It is answered later."""
    CUT_BEFORE = "cut-before"
    """The connection breaks, and nothing takes effect."""
    CUT_AFTER = "cut-after"
    """It takes effect, and the connection breaks in place of the answer."""
    TRUNCATE = "truncate"
    """It takes effect, and the connection breaks in the middle of the answer's body."""
    BREAK_MD5 = "break-md5"
    """The answer carries an MD5 that is not its own, where it carries one."""


TAKES_EFFECT = frozenset({Trouble.DELAY, Trouble.CUT_AFTER, Trouble.TRUNCATE, Trouble.BREAK_MD5})
"""Troubles with which a request does all the same what it asks for."""


class RequestFault(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Meets requests. Empty texts mean any."""

    what: Trouble
    protocol: str = ""
    action: str = ""
    seller: str = ""
    nth: int = 1
    """The first of the requests that match which it meets."""
    times: int | None = 1
    """How many it meets from there; None for all."""
    code: str = ""
    """Of REFUSE."""
    status: int = 0
    """Of ERROR and REFUSE; 0 for that of the code, or 500."""
    message: str = ""
    seconds: float = 0.0
    """Of DELAY."""
    chance: float = 1.0
    """With which it meets each of the requests; drawn from `seed`, the same each time."""
    seed: int = 0

    def matches(self, call: CallName) -> bool:
        """Say whether a request is one of those that are meant."""
        wanted = (self.protocol, self.action, self.seller)
        return all(not one or one == told for one, told in zip(wanted, call, strict=True))


class FeedTrouble(StrEnum):
    """What happens to a feed."""

    HOLD = "hold"
    """It stays in a status until the fault is removed."""
    CANCEL = "cancel"
    """It ends cancelled, as if by its seller; nothing of it takes effect."""
    FATAL = "fatal"
    """It ends without being processed (FATAL of SP-API, cancelled in MWS); nothing of it takes effect."""
    DELAY = "delay"
    """It is begun a while after it came in, by the server's clock."""


class FeedFault(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Meets feeds that were not begun yet. Empty texts mean any."""

    what: FeedTrouble
    feed_type: str = ""
    seller: str = ""
    submission_id: str = ""
    nth: int = 1
    times: int | None = 1
    status: ProcessingStatus = ProcessingStatus.SUBMITTED
    """Of HOLD: any but DONE and CANCELLED."""
    seconds: float = 0.0
    """Of DELAY."""

    def matches(self, submission: FeedSubmission) -> bool:
        """Say whether a feed is one of those that are meant."""
        pairs = (
            (self.feed_type.strip("_"), submission.feed_type),
            (self.seller, submission.seller_id),
            (self.submission_id, submission.submission_id),
        )
        return all(not wanted or wanted == told for wanted, told in pairs)


class MessageFault(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Lets messages fail that are about an order or a SKU, as long as it stands; they change nothing."""

    order_id: str = ""
    """Either of an order's two ids."""
    sku: str = ""
    code: int = 8560
    text: str = "This message fails because a test wants it to."


Fault = RequestFault | FeedFault | MessageFault
_Target = tuple[str, str]


class _Standing:
    """A fault in the book, and what it has met."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.seen = self.fired = 0
        self.feeds: dict[_Target, int] = {}
        self.random = Random(fault.seed) if isinstance(fault, RequestFault) else None  # noqa: S311 - no secret

    def meets_call(self, call: CallName) -> RequestFault | None:
        """Count a request if it matches; return the fault if it meets this one."""
        fault = self.fault
        if not isinstance(fault, RequestFault) or not fault.matches(call):
            return None
        self.seen += 1
        if self.seen < fault.nth or (fault.times is not None and self.fired >= fault.times):
            return None
        if fault.chance < 1 and self.random is not None and self.random.random() >= fault.chance:
            return None
        self.fired += 1
        return fault

    def meets_feed(self, submission: FeedSubmission) -> FeedFault | None:
        """Count a feed the first time it is seen; return the fault if it meets this one."""
        fault = self.fault
        if not isinstance(fault, FeedFault) or not fault.matches(submission):
            return None
        number = self.feeds.setdefault((submission.seller_id, submission.submission_id), len(self.feeds) + 1)
        is_behind = fault.times is not None and number >= fault.nth + fault.times
        return None if number < fault.nth or is_behind else fault


class FaultBook:
    """The faults of one server. A fault that stands first comes first; each is counted whether it comes or not."""

    def __init__(self, require_known: Callable[[Fault], None] = lambda _: None) -> None:
        """Begin without any. `require_known` raises `ValueError` for a fault that names what there is not."""
        self._require_known = require_known
        self._lock = Lock()
        self._standing: list[_Standing] = []

    def add(self, fault: Fault) -> Fault:
        """Let a fault happen from now on; return it.

        Raises:
            ValueError: it can never happen, by what it says or because there is nothing of a name that it gives.

        """
        _check(fault)
        self._require_known(fault)
        with self._lock:
            self._standing = [*self._standing, _Standing(fault)]
        return fault

    def remove(self, fault: Fault) -> None:
        """Let a fault happen no more; feeds that it held go on. Nothing when it does not stand in the book."""
        with self._lock:
            self._standing = [one for one in self._standing if one.fault != fault]

    def clear(self) -> None:
        """Let no fault happen any more."""
        with self._lock:
            self._standing = []

    def list(self) -> Sequence[Fault]:
        """Return all that stand in the book, also those that have happened as often as they are to."""
        return [one.fault for one in self._standing]

    def throttle(self, action: str = "", *, nth: int = 1, times: int | None = 1) -> Fault:
        """Refuse requests of an action because they come too fast."""
        return self.add(RequestFault(what=Trouble.THROTTLE, action=action, nth=nth, times=times))

    def refuse(self, code: str, action: str = "", *, nth: int = 1, times: int | None = 1) -> Fault:
        """Refuse requests of an action with an error code of Amazon's."""
        return self.add(RequestFault(what=Trouble.REFUSE, code=code, action=action, nth=nth, times=times))

    def break_down(self, status: int = 503, action: str = "", *, nth: int = 1, times: int | None = 1) -> Fault:
        """Fail at requests of an action, with 500 or 503."""
        return self.add(RequestFault(what=Trouble.ERROR, status=status, action=action, nth=nth, times=times))

    def cut(self, action: str = "", *, is_after: bool = False, nth: int = 1, times: int | None = 1) -> Fault:
        """Cut the connection of requests of an action, before they take effect or after."""
        what = Trouble.CUT_AFTER if is_after else Trouble.CUT_BEFORE
        return self.add(RequestFault(what=what, action=action, nth=nth, times=times))

    def add_trouble(self, what: Trouble, action: str = "", *, nth: int = 1, times: int | None = 1) -> Fault:
        """Let anything else happen to requests of an action."""
        return self.add(RequestFault(what=what, action=action, nth=nth, times=times))

    def delay(self, seconds: float, action: str = "", *, nth: int = 1, times: int | None = 1) -> Fault:
        """Answer requests of an action later, by real seconds."""
        return self.add(RequestFault(what=Trouble.DELAY, seconds=seconds, action=action, nth=nth, times=times))

    def shake(self, seed: int, chance: float = 0.1, troubles: Sequence[Trouble] = tuple(Trouble)) -> Sequence[Fault]:
        """Let each of some troubles happen to any request by chance, the same for the same seed and requests."""
        return [
            self.add(RequestFault(what=what, chance=chance, seed=seed + number, times=None, code="InternalError"))
            for number, what in enumerate(troubles)
        ]

    def fail_message(self, *, order_id: str = "", sku: str = "", code: int = 8560, text: str = "") -> Fault:
        """Let messages about an order or a SKU fail, with Amazon's code and text for why."""
        told = {"text": text} if text else {}
        return self.add(MessageFault(order_id=order_id, sku=sku, code=code, **told))

    def hold_feed(
        self, status: ProcessingStatus = ProcessingStatus.SUBMITTED, feed_type: str = "", *, times: int | None = 1
    ) -> Fault:
        """Let feeds stay in a status until the fault is removed."""
        return self.add(FeedFault(what=FeedTrouble.HOLD, status=status, feed_type=feed_type, times=times))

    def end_feed(self, what: FeedTrouble, feed_type: str = "", *, nth: int = 1, times: int | None = 1) -> Fault:
        """Let feeds end CANCEL or FATAL, without any effect."""
        return self.add(FeedFault(what=what, feed_type=feed_type, nth=nth, times=times))

    def delay_feed(self, by: timedelta, feed_type: str = "", *, nth: int = 1, times: int | None = 1) -> Fault:
        """Let feeds be begun a while after they came in, by the server's clock."""
        seconds = by.total_seconds()
        return self.add(FeedFault(what=FeedTrouble.DELAY, seconds=seconds, feed_type=feed_type, nth=nth, times=times))

    def choose_for_call(self, call: CallName) -> RequestFault | None:
        """Return the fault that meets a request, and count it."""
        with self._lock:
            met = [one.meets_call(call) for one in self._standing]
        return next((one for one in met if one is not None), None)

    def choose_for_feed(self, submission: FeedSubmission) -> FeedFault | None:
        """Return the fault that meets a feed: the same whenever it is asked, as long as it stands."""
        if not self.meets_feeds:
            return None
        with self._lock:
            met = [one.meets_feed(submission) for one in self._standing]
        return next((one for one in met if one is not None), None)

    @property
    def meets_feeds(self) -> bool:
        """Whether there is a fault that may meet feeds."""
        return any(isinstance(one.fault, FeedFault) for one in self._standing)

    @property
    def of_messages(self) -> Sequence[MessageFault]:
        """The faults that let messages fail."""
        return [one.fault for one in self._standing if isinstance(one.fault, MessageFault)]


def get_due(fault: FeedFault, submission: FeedSubmission) -> datetime:
    """Return when a delayed feed may be begun."""
    return submission.submitted_at + timedelta(seconds=fault.seconds)


def _check(fault: Fault) -> None:
    if isinstance(fault, MessageFault):
        if not fault.order_id and not fault.sku:
            raise ValueError("name the order or the SKU whose messages are to fail")
        return
    if fault.nth < 1 or (fault.times is not None and fault.times < 1):
        raise ValueError(f"nth={fault.nth} and times={fault.times}: both count from 1")
    if fault.seconds < 0:
        raise ValueError(f"seconds={fault.seconds}: nothing happens before it is asked for")
    if isinstance(fault, FeedFault):
        if fault.status in (ProcessingStatus.DONE, ProcessingStatus.CANCELLED):
            raise ValueError(f"a feed that is {fault.status} has ended, and cannot be held; end it instead")
    elif fault.what is Trouble.REFUSE and not fault.code:
        raise ValueError("name the code to refuse with")
