"""What is said of one fault in plain words."""

from typing import NamedTuple

from feedproc.feeds.saying import Saying


class Plain(NamedTuple):
    """What is said of one fault beside the parser's own words."""

    reason: Saying | None
    """A sentence for people; None when nothing is known of the rule."""
    hint: Saying | None
    """What was probably meant; None when nothing fits."""
