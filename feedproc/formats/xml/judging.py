"""What a validator asks of the schemas by which it judges."""

from typing import Protocol

from lxml import etree

from feedproc.explain.plain import Plain
from feedproc.xerces.faults import WHOLE, Fault, Origin, StrayText
from feedproc.xerces.walk.root import Root, Surroundings


class Explaining(Protocol):
    """Says in plain words what is wrong with a feed."""

    def explain_fault(self, rule: str, path: str, sentence: str, stray: StrayText | None = None) -> Plain:
        """Say what the parser means by `sentence`, which it said of the element at `path`, or of text in it."""

    def explain_beginning(self, beginning: bytes) -> Plain:
        """Say why a feed that begins so cannot be taken as an envelope."""


class Judging(Protocol):
    """The schemas by which a validator judges."""

    @property
    def explainer(self) -> Explaining:
        """What says in plain words what is wrong."""

    @property
    def compiled_in_c(self) -> etree.XMLSchema | None:
        """The schema of AmazonEnvelope for libxml2; None when it cannot judge."""

    def walk(
        self, document: bytes, around: Surroundings, most: int, origin: Origin = WHOLE
    ) -> tuple[list[Fault], Root]:
        """Return what Amazon's parser finds in a part of a feed, and what is known of the root behind it.

        The part begins in the feed at `origin`; at `most` so many faults are told.
        """

    def carry(self, root: Root) -> Root:
        """Return what is known of the root behind a part of a feed as it is to be told of the next part."""
