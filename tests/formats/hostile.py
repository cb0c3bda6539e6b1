"""Run hostile feeds through a store: `python -m tests.formats.hostile FOLDER [NAME…]`.

Prints one JSON object a line and feed: its name, seconds of computing, the peak of memory up to now above that of an
ordinary feed, the report's codes, and the counts of the feed after it.
"""

import json
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from feedproc.feeds.submission import NewSubmission
from feedproc.services.submit import StoredDocument, submit
from tests.builders import ACKNOWLEDGEMENT, NOON, SELLER, TAIL, Shop, a_feed, acknowledges, head, message, orders

MIB = 1024 * 1024
BAD = acknowledges().replace("Success", "Perhaps")
BOMB = "<!DOCTYPE z [<!ENTITY a 'lol'>" + "".join(
    f"<!ENTITY {one} '{f'&{other};' * 10}'>" for other, one in zip("abcdefgh", "bcdefghi", strict=True)
)


def repeated(part: str, times: int, before: str = "", after: str = "") -> Iterator[bytes]:
    yield before.encode()
    at_once = max(1, 65_536 // max(1, len(part)))
    for _ in range(times // at_once):
        yield (part * at_once).encode()
    yield (part * (times % at_once) + after).encode()


def within(opening: str, part: str, times: int, closing: str) -> Iterator[bytes]:
    """A feed with a good message, and one with so much in it."""
    return repeated(part, times, head() + message(acknowledges()) + opening, closing + TAIL)


def tagged(before: str, attribute: str, times: int, after: str) -> Iterator[bytes]:
    """A feed in which one tag has so many numbered attributes."""
    return iter([(before + " ".join(attribute.format(number) for number in range(times)) + after).encode()])


HEAD = head()
HEADER = head().partition('xsd">')[2]
ONE = head() + message(acknowledges())
OPEN, CLOSED = "<Message><MessageID>2</MessageID>", "</Message>"
NESTED = f"{OPEN}{'<a>' * 10_000}{'</a>' * 10_000}{CLOSED}"
ITEM = "<Item><AmazonOrderItemCode>x</AmazonOrderItemCode></Item>"
ITEMS = message(acknowledges().replace("</OrderA", 14_000 * ITEM + "</OrderA"))
BODY = HEAD.partition("\n")[2]
LONG = f"<!DOCTYPE z [<!ENTITY a '{'x' * 100_000}'>]><AmazonEnvelope>"
FILE = "<!DOCTYPE z [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><AmazonEnvelope>&a;"
FEEDS = {
    "entity bomb": lambda: repeated("&i;", 1, f"{BOMB}]>{BODY}", TAIL),
    "quadratic bomb": lambda: repeated("&a;", 100_000, LONG, TAIL),
    "external entity": lambda: repeated("&a;", 1, FILE, TAIL),
    "deep nesting": lambda: within("", NESTED, 1, ""),
    "deep nesting at the root": lambda: repeated("<AmazonEnvelope>", 10_000),
    "endless nesting": lambda: within(OPEN, "<a>", 20_000_000, ""),
    "text of 100 MB": lambda: within(OPEN, "x", 100 * MIB, CLOSED),
    "text of 100 MB in the header": lambda: repeated("x", 100 * MIB, HEAD.partition("</Merch")[0], TAIL),
    "attribute of 100 MB": lambda: within("<Message a='", "x", 100 * MIB, "'/>"),
    "tag name of 100 MB": lambda: within("<", "x", 100 * MIB, "/>"),
    "comment of 100 MB": lambda: within("<!--", "</Message> ", 10 * MIB, "-->"),
    "comments between messages": lambda: within("", "<!-- </Message> -->", 5_000_000, ""),
    "blanks of 100 MB": lambda: within("", " \n", 50 * MIB, ""),
    "a million attributes": lambda: tagged(f"{ONE}<Message ", "a{}=''", 1_000_000, f"/>{TAIL}"),
    "a million attributes of the root": lambda: tagged("<AmazonEnvelope ", "a{}=''", 1_000_000, f">{HEADER}{TAIL}"),
    "many attributes of the root": lambda: tagged("<AmazonEnvelope ", "a{}=''", 80_000, f">{HEADER}{TAIL}"),
    "many attributes of a message": lambda: tagged(f"{ONE}<Message ", "a{}=''", 95_000, f"/>{TAIL}"),
    "a million namespaces": lambda: tagged(f"{ONE}<Message ", "xmlns:a{}='u'", 1_000_000, f"/>{TAIL}"),
    "many namespaces of a message": lambda: tagged(f"{ONE}<Message ", "xmlns:a{}='u'", 50_000, f"/>{TAIL}"),
    "many invalid items": lambda: within("", ITEMS, 3, ""),
    "many elements in a message": lambda: within(OPEN, "<a/>", 250_000, CLOSED),
    "a million elements in a message": lambda: within(OPEN, "<a/>", 1_000_000, CLOSED),
    "junk between messages": lambda: within("", "<a/><Message></Message>", 30_000, ""),
    "faulty messages": lambda: repeated(message(BAD), 15_000, HEAD, TAIL),
    "empty messages": lambda: repeated("<Message/>", 50_000, HEAD, TAIL),
    "zeros": lambda: repeated("\0", 100 * MIB),
    "zeros inside": lambda: within("", "\0", 100 * MIB, ""),
    "gzip": lambda: iter([b"\x1f\x8b\x08\x00" + bytes(range(256)) * 40_000]),
    "utf-16 of 100 MB": lambda: iter(one.decode().encode("utf-16-le") for one in repeated("x", 50 * MIB, "\ufeff")),
    "one line of references": lambda: within(OPEN, "&#65;", 1_500_000, CLOSED),
    "left brackets": lambda: within("", "<", 100 * MIB, ""),
    "message ends": lambda: within("", "</Message>", 10 * MIB, ""),
    "message ends that never end": lambda: within("", "</Message ", 800_000, ""),
}


def stored(shop: Shop, parts: Iterator[bytes]) -> StoredDocument:
    writer, size = shop.backend.documents.create(), 0
    for part in parts:
        size += len(part)
        writer.write(part)
    return StoredDocument(writer.commit(), size, "")


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(shop: Shop, name: str) -> dict[str, object]:
    document = stored(shop, FEEDS[name]())
    new = NewSubmission(
        seller_id=SELLER, feed_type=ACKNOWLEDGEMENT, document=document.key, size=document.size, submitted_at=NOON
    )
    submission = submit(shop.backend.submissions, shop.backend.queue, new)
    began = time.process_time()
    shop.work()
    seconds = time.process_time() - began
    report = shop.raw_report(submission)
    codes = sorted({int(one.partition(b"<")[0]) for one in report.split(b"<ResultMessageCode>")[1:]})
    shop.backend.documents.delete(document.key)
    after = shop.run(a_feed(acknowledges()))
    return {"name": name, "seconds": seconds, "codes": codes, "next": after.counts}


def main(folder: str, *names: str) -> None:
    shop = Shop(Path(folder)).stocked(*orders(3))
    shop.run(a_feed(acknowledges(), BAD, "<Junk/>"))
    before = peak_mib()
    for name in names or FEEDS:
        told = run(shop, name)
        print(json.dumps(told | {"mib": peak_mib() - before}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
