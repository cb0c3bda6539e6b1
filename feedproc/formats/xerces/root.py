"""What is remembered of the root element from one part of a feed to the next."""

from typing import NamedTuple


class Root(NamedTuple):
    """What was found in the root element of a feed so far."""

    wrong: bool = False
    """A child was misplaced: Xerces complains of no other."""
    stray: bool = False
    """There was text where only elements may be: Xerces complains at the end tag."""


NOTHING_YET = Root()
