"""Faulty feeds made in another way than the mutants are: whole feeds cut up, spliced, injected into and recoded."""

import codecs
import random
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.xerces.newer import newer

_SAMPLES = Path(__file__).parents[2] / "samples" / "feeds"
_START = re.compile(rb"<[A-Za-z][^\s<>/]*")
_ELEMENT = re.compile(rb"<([A-Za-z]\w*)(?:\s[^<>]*)?>[^<]*</\1\s*>|<([A-Za-z]\w*)(?:\s[^<>]*)?/>")
_BLOCK = re.compile(rb"<(Item|AdjustedItem|Component|Message|Header|FulfillmentData)\b.*?</\1\s*>", re.DOTALL)
_TEXT = re.compile(rb">([^<]+)<")
_NAMES = (b"xsi:type", b"xsi:nil", b"xsi:foo", b"xmlns", b"xmlns:a", b"a:b", b"xml:base", b"currency", b"Type", b"id")
_WORDS = (
    b"",
    b"1",
    b" true ",
    b"JPY",
    b"jpy",
    b"urn:a",
    b"String",
    b"x:y",
    b"http://www.w3.org/2001/XMLSchema",
    b"\xe3\x81\x82",
)
_SCRAPS = (
    *(
        b"&",
        b"&lt;",
        b"&nbsp;",
        b"&#10;",
        b"&#x110000;",
        b"&#xD800;",
        b"<![CDATA[",
        b"]]>",
        b"<!-- -->",
        b"<!--x",
        b"--",
    ),
    *(b"<?a b?>", b"<?xml?>", b"<!DOCTYPE a []>", b"\xef\xbb\xbf", b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xc2\x85"),
    *(
        b"\xe2\x80\xa8",
        b"\r",
        b"\r\n",
        b"\t",
        b"\x00",
        b"\x7f",
        b"\xf0\x9f\x98\x80",
        b"<",
        b">",
        b"/",
        b"'",
        b'"',
        b"=",
    ),
)
_CODECS = (
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "latin-1",
    "shift_jis",
    "euc-jp",
    "cp932",
    "ascii",
)
_DECLARED = (
    "UTF-8",
    "UTF-16",
    "utf-16LE",
    "ISO-8859-1",
    "Shift_JIS",
    "EUC-JP",
    "windows-31j",
    "US-ASCII",
    "x-none",
)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def splices(number: int, seed: int) -> Iterator[bytes]:
    """Yield so many feeds; the same number and seed give the same feeds as long as the samples stay the same."""
    paths = [path for path in sorted(_SAMPLES.rglob("*.xml")) if not path.stem.startswith("xerces-")]
    feeds = [path.read_bytes() for path in paths]
    # A bare message is a valid document for the parser, and no envelope for a feed; an empty feed is Amazon's to place.
    maker = _Maker(random.Random(seed), [feed for feed in feeds if b"<AmazonEnvelope" in feed or b"\t" in feed])
    for _ in range(number):
        yield maker.feed()


class _Maker:
    def __init__(self, chance: random.Random, feeds: Sequence[bytes]) -> None:
        self._chance = chance
        self._feeds = feeds
        self._ways: list[Callable[[bytes], bytes]] = [
            self._splice,
            self._move,
            self._noise,
            self._inject,
            self._drop_or_double,
            self._graft,
            self._text,
            self._scrap,
            self._line_ends,
            self._recode,
            self._newer,
        ]

    def feed(self) -> bytes:
        """Return one feed, hit once or twice."""
        feed = self._chance.choice(self._feeds)
        for _ in range(self._chance.choice([1, 1, 2])):
            feed = self._chance.choice(self._ways)(feed)
        return feed

    def _at(self, feed: bytes) -> int:
        return self._chance.randint(0, len(feed))

    def _match(self, pattern: "re.Pattern[bytes]", feed: bytes) -> "re.Match[bytes] | None":
        found = list(pattern.finditer(feed))
        return self._chance.choice(found) if found else None

    def _splice(self, feed: bytes) -> bytes:
        other = self._chance.choice(self._feeds)
        return feed[: self._at(feed)] + other[self._at(other) :]

    def _move(self, feed: bytes) -> bytes:
        start = self._at(feed)
        end = start + self._chance.choice([1, 2, 5, 20, 100, 400])
        part, rest = feed[start:end], feed[:start] + feed[end:]
        if self._chance.random() < 0.5:
            return rest
        at = self._at(rest)
        return rest[:at] + part + rest[at:]

    def _noise(self, feed: bytes) -> bytes:
        noisy = bytearray(feed)
        for _ in range(self._chance.choice([1, 1, 3])):
            if noisy:
                noisy[self._chance.randrange(len(noisy))] = self._chance.randrange(256)
        return bytes(noisy)

    def _inject(self, feed: bytes) -> bytes:
        tag = self._match(_START, feed)
        at = tag.end() if tag else 0
        quote = self._chance.choice([b'"', b'"', b"'"])
        attribute = b" " + self._chance.choice(_NAMES) + b"=" + quote + self._chance.choice(_WORDS) + quote
        return feed[:at] + attribute * self._chance.choice([1, 1, 1, 2]) + feed[at:]

    def _drop_or_double(self, feed: bytes) -> bytes:
        found = self._match(self._chance.choice([_ELEMENT, _BLOCK]), feed)
        if found is None:
            return feed
        return feed[: found.start()] + found[0] * self._chance.choice([0, 0, 2, 3]) + feed[found.end() :]

    def _graft(self, feed: bytes) -> bytes:
        found = self._match(_ELEMENT, self._chance.choice(self._feeds))
        place = self._match(_ELEMENT, feed)
        if found is None or place is None:
            return feed
        at = place.end() if self._chance.random() < 0.5 else place.start()
        return feed[:at] + found[0] + feed[at:]

    def _text(self, feed: bytes) -> bytes:
        text = self._match(_TEXT, feed)
        if text is None:
            return feed
        was = text[1]
        now = self._chance.choice(
            [
                b"<![CDATA[" + was + b"]]>",
                b"".join(b"&#%d;" % byte for byte in was if byte < 0x80),
                was.swapcase(),
                was * 2,
                b" " + was + b"\n",
                was[::-1],
                was[:1] + b"<!-- c -->" + was[1:],
                was + b"<?p i?>",
            ]
        )
        return feed[: text.start(1)] + now + feed[text.end(1) :]

    def _scrap(self, feed: bytes) -> bytes:
        at = self._at(feed)
        return feed[:at] + self._chance.choice(_SCRAPS) + feed[at:]

    def _line_ends(self, feed: bytes) -> bytes:
        return feed.replace(b"\n", self._chance.choice([b"\r\n", b"\r", b"\n\n", b"\r\r\n", b"", b"\n\xc2\x85"]))

    def _newer(self, feed: bytes) -> bytes:
        return newer(self._chance, feed.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")

    def _recode(self, feed: bytes) -> bytes:
        text = _DECLARATION.sub("", feed.decode("utf-8", "replace"))
        if self._chance.random() < 0.8:
            version = self._chance.choice(["1.0", "1.0", "1.0", "1.1"])
            text = f'<?xml version="{version}" encoding="{self._chance.choice(_DECLARED)}"?>{text}'
        mark = self._chance.choice([b"", b"", b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
        return mark + text.encode(self._chance.choice(["utf-8", "utf-8", *_CODECS]), "replace")
