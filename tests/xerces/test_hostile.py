"""Input that means harm: no crash, no hang, no time and no memory out of proportion."""

import gc
import subprocess
import sys
import time

import pytest

from tests.xerces.compare import told_of_feed
from tests.xerces.explaining import explain, scanner_fault
from tests.xerces.seeds import seeds

_N = 300_000
_SCHEMA = "http://www.w3.org/2001/XMLSchema"
_TYPED = f'<a xmlns:x="{_SCHEMA}-instance" xmlns:s="{_SCHEMA}" x:type="s:{{}}">{{}}</a>'

HOSTILE = {
    "deep": "<a>" * (_N // 7) + "</a>" * (_N // 7),
    "deep and faulty": "<SKU>" * (_N // 11) + "</SKU>" * (_N // 11),
    "deep and open": "<SKU>" * (_N // 5),
    "many elements": f"<Header>{'<b/>' * (_N // 4)}</Header>",
    "many faulty elements": f"<Header>{'<SKU/>' * (_N // 6)}</Header>",
    "many attributes": "<SKU " + "".join(f' a{n}=""' for n in range(_N // 12)) + "/>",
    "many attributes and no end": "<SKU " + "a=''" * (_N // 4),
    "many namespaces, one in the other": "".join(f'<a xmlns:p{n}="u">' for n in range(_N // 24)),
    "a long attribute": f'<SKU a="{"x&amp;" * (_N // 6)}"/>',
    "a long text": f"<SKU>{'x' * _N}</SKU>",
    "a long text beyond the first plane": f"<SKU>{'😀' * (_N // 4)}</SKU>",
    "brackets": f"<SKU>{']' * _N}</SKU>",
    "references": f"<SKU>{'&amp;' * (_N // 5)}</SKU>",
    "a long number": _TYPED.format("decimal", "1." + "0" * _N + "x"),
    "a long year": _TYPED.format("dateTime", "1" * _N + "-01-01T00:00:00"),
    "a long language": _TYPED.format("language", "a-" * (_N // 2)),
    "a long character reference": f"<SKU>&#{'1' * _N};</SKU>",
    "a long target": f"<?a{':' * _N}?><SKU/>",
    "carriage returns": "<Header>" + '\r<b x="1"/>' * (_N // 11) + "</Header>",
    "less-thans": "<" * _N,
    "a comment without end": "<SKU><!--" + "- " * _N,
    "expansion": "<!DOCTYPE a [<!ENTITY a 'aaaaaaaa'>" + "<!ENTITY b '&a;&a;&a;'>" * 99 + "]><a>&b;</a>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_explained_in_time(name: str) -> None:
    document = HOSTILE[name].encode()
    start = time.process_time()
    explain(document)
    scanner_fault(document)
    assert time.process_time() - start < 10


@pytest.mark.parametrize("cover", ["<![CDATA[é{}]]>", "<!-- é{} -->", "<?é {} ?>"])
@pytest.mark.parametrize("word", ["<AmazonOrderID ", "<AmazonOrderID>", "<Message ", "</Message>", "<Message/>"])
def test_markup_that_is_none_is_read_in_time(cover: str, word: str) -> None:
    """A message of 900 KB, of the 1 MiB that one may have, within ten seconds: so no step of it grows with a square."""
    text = seeds()[0].replace("</MessageID>", "</MessageID>" + cover.format(word * (900_000 // len(word))), 1)
    start = time.process_time()
    told_of_feed(text.encode())
    assert time.process_time() - start < 10


@pytest.mark.parametrize(
    "document",
    [b"", b"<", b"\xff", b"\xef\xbb\xbf", b"\xef\xbb\xbf<", b"\x00", b"<a", b"&", b"\r", b"<a>\xf4\x90"],
)
def test_a_scrap_is_explained(document: bytes) -> None:
    fault = scanner_fault(document)
    assert fault is not None
    assert fault.fatal
    assert explain(document)[-1] == fault


def test_a_path_is_cut_where_it_grows_too_long() -> None:
    fault = explain(b"<SKU>" * 100 + b"</SKU>" * 100)[0]
    assert fault.path == "/SKU" * 32 + "/…"


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_nothing_of_a_document_waits_for_the_collector_of_garbage(version: str) -> None:
    document = f"<?xml version='{version}'?><SKU x='1'>{'x' * 100}</SKU>".encode()
    told = explain(document)
    gc.collect()
    gc.disable()
    try:
        assert explain(document) == told != []
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_no_parser_of_others_is_loaded_to_explain_a_fault() -> None:
    check = (
        "import sys, feedproc.xerces.walk.explanation; sys.exit('lxml' in sys.modules or 'xmlschema' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
