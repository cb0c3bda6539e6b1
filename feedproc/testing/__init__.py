"""A test kit: a server of feedproc in the process of the test, with all that is in it at hand.

With pytest a test asks for the fixture `feedproc`. Elsewhere:

    with use_feedproc() as feedproc:
        feedproc.orders.add("TOWEL-01", price=1000)

Nothing of the server is imported before one is used.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from feedproc.testing.kit import Feedproc
    from feedproc.testing.lending import use_feedproc, with_feedproc

__all__ = ["Feedproc", "use_feedproc", "with_feedproc"]


def __getattr__(name: str) -> Any:
    if name == "Feedproc":
        from feedproc.testing.kit import Feedproc  # noqa: PLC0415 - not before it is used

        return Feedproc
    if name in __all__:
        from feedproc.testing import lending  # noqa: PLC0415 - as above

        return getattr(lending, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
