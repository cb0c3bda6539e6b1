"""A form that is sent twice has one effect: a second click must not refund twice."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

_MOST_KEPT = 1_000


class FormGuard:
    """Remembers, in the memory of this process, what became of the last forms."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._lock = Lock()
        self._done: OrderedDict[tuple[str, str], str] = OrderedDict()

    def act_once(self, seller_id: str, form_id: str, act: Callable[[], str]) -> str:
        """Act for a form and return the id of what came of it; return that id again when the form comes again."""
        key = (seller_id, form_id)
        with self._lock:
            if not form_id or key not in self._done:
                self._done[key] = act()
            while len(self._done) > _MOST_KEPT:
                self._done.popitem(last=False)
            return self._done[key]
