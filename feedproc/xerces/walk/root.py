"""What is remembered of the root element from one part of a feed to the next."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from feedproc.xerces.faults import StrayText
    from feedproc.xerces.schema.content import State
    from feedproc.xerces.values.identifiers import Identifiers
    from feedproc.xerces.walk.identity import Identity


class Continued(NamedTuple):
    """How far the root's content has come, where a part of a feed does not begin with all that stood before it.

    Then the first child of the root is only put there, and is passed over.
    """

    state: "State | None"
    counted: int
    identifiers: "Identifiers | None" = None
    """None where none need be kept."""
    identity: "Identity | None" = None


class Root(NamedTuple):
    """What was found in the root element of a feed so far."""

    wrong: bool = False
    """A child was misplaced: Xerces complains of no other."""
    stray: "StrayText | None" = None
    """Text where only elements may be: Xerces complains at the end tag."""
    continued: Continued | None = None


NOTHING_YET = Root()


class Surroundings(NamedTuple):
    """What stands before and behind a part of a document."""

    before: Root = NOTHING_YET
    """What is known of the root."""
    ends: bool = True
    """The document ends with this part; else the end tag of the root is not its own."""
    stop: str = ""
    """What Xerces says where reading stopped at the end of this part."""


ALONE = Surroundings()
"""Of a document that is one part."""
