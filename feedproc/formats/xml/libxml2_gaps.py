"""What libxml2 may take for valid although Xerces does not: cheap signs of it in the bytes of a feed.

They differ in what is a letter or digit in a pattern, in the length of characters beyond the first plane, in the
attributes of XML Schema itself, in namespace declarations, and in names, which only processing instructions can hold
without being unknown elements or attributes anyway. Nearly all messages have none of this.
"""

import re
from collections.abc import Callable, Iterable
from functools import cached_property

_BEYOND_FIRST_PLANE = (b"\xf0", b"\xf1", b"\xf2", b"\xf3", b"\xf4")
_REFERENCE = re.compile(
    rb"&#(?:x0*[1-9A-Fa-f][0-9A-Fa-f]{4}|0*(?:[1-9][0-9]{5}|[7-9][0-9]{4}|6[6-9][0-9]{3}|65[6-9][0-9]{2}|655[4-9][0-9]))"
)
"""To a character beyond the first plane, or nearly so."""
_SPACE = rb"[ \t\r\n]"
_QUOTED = rb"""(?:"%s"|'%s')"""
_PLAIN_NAMESPACE = _QUOTED % ((rb"[A-Za-z][A-Za-z0-9_./:#-]*",) * 2)
_PLAIN_LOCATION = _QUOTED % ((rb"(?:https?://)?[A-Za-z0-9_][A-Za-z0-9_./-]*",) * 2)
_PLAIN_START = re.compile(
    rb"(?:<\?xml%(space)s[^?>]*\?>)?%(space)s*(?:<!--[^-]*-->%(space)s*)?<AmazonEnvelope"
    rb"(?:%(space)s+(?:xmlns:[A-Za-z]+=%(namespace)s|[A-Za-z]+:noNamespaceSchemaLocation=%(location)s))*%(space)s*>"
    % {b"space": _SPACE, b"namespace": _PLAIN_NAMESPACE, b"location": _PLAIN_LOCATION}
)


class Libxml2Gaps:
    """Looks for such signs in one feed."""

    def __init__(
        self,
        instance_prefixes: Iterable[str],
        patterned: Callable[[], Iterable[str]],
        doubted: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        """Take the root's prefixes for XML Schema's own attributes, and two functions that name elements.

        The first names those whose values a pattern restricts, the second those of which libxml2's word is never
        enough.
        """
        self._attributes = (b"xmlns", *(prefix.encode() + b":" for prefix in instance_prefixes))
        self._list_patterned = patterned
        self._list_doubted = doubted

    @cached_property
    def _doubted(self) -> "re.Pattern[bytes] | None":
        names = "|".join(sorted(map(re.escape, self._list_doubted()))).encode()
        return re.compile(rb"<(?:[^\s<>/:]+:)?(?:" + names + rb")[ \t\r\n/>]") if names else None

    @cached_property
    def _patterned(self) -> "re.Pattern[bytes]":
        names = "|".join(sorted(map(re.escape, self._list_patterned()))).encode() or rb"(?!)"
        return re.compile(rb"<(?:" + names + rb")(?:[ \t\r\n][^<>]*)?>[^<]*(?:[\x80-\xff]|&#|<!)")

    def needs_walk(self, text: bytes) -> bool:
        """Say whether libxml2's word is not enough for a part of the feed.

        Single bytes are looked for first, since that takes next to no time.
        """
        if self._doubted is not None and self._doubted.search(text):
            return True
        if b":" in text and any(word in text for word in self._attributes):
            return True
        if b"?" in text and b"<?" in text:
            return True
        if text.isascii() and not (b"&" in text and b"&#" in text):
            return False
        return (
            any(lead in text for lead in _BEYOND_FIRST_PLANE)
            or self._patterned.search(text) is not None
            or (b"&" in text and _REFERENCE.search(text) is not None)
        )

    def needs_walk_of_prolog(self, text: bytes) -> bool:
        """Say the same of what stands before the first message."""
        start = _PLAIN_START.match(text)
        return start is None or self.needs_walk(text[start.end() :])
