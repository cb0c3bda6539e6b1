"""Coverage-guided fuzzing of `feedproc/formats/`: `python bench/fuzz_formats.py [CORPUS] [libFuzzer's options]`.

It needs atheris (`pip install atheris`, Python 3.11), which no other part of the project does. Twenty minutes of it:
`python bench/fuzz_formats.py /tmp/corpus -max_total_time=1200 -max_len=6000 -timeout=20`. Each input is taken as a
feed: surveyed, read, inspected and reported on in every way there is. Whatever is raised is a crash, and so is any
disagreement between processing and inspecting. The corpus begins with the seeds of the tests and the samples.
"""

import contextlib
import io
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import atheris  # noqa: E402

with atheris.instrument_imports(include=["feedproc.explain", "feedproc.formats", "feedproc.xerces"]):
    # What explains faults is loaded with the first one, so it is named here in order to be instrumented too.
    import feedproc.explain.beginnings
    import feedproc.explain.explanation
    import feedproc.xerces.walk.explanation  # noqa: F401
    from feedproc.feeds.feed_type import ReportHead
    from feedproc.feeds.report import Result, Summary
    from feedproc.formats.xml.format import XmlFormat

from feedproc.wiring.feed_types import load_feed_types  # noqa: E402
from tests.xerces.mutants import mutants  # noqa: E402
from tests.xerces.seeds import seeds  # noqa: E402

_TYPES = load_feed_types()
FORMATS = [form for name in _TYPES.offered if (form := _TYPES.look_up(name).format).declares_encoding]
WORDS = (
    *("<Message>", "</Message>", "<Message/>", "</AmazonEnvelope>", "<!--", "-->", "<![CDATA[", "]]>", "<?x", "?>"),
    *("&#", "&lt;", "&#x1F600;", "xmlns=", "xmlns:x=", "xsi:type=", "xsi:nil=", "xsi:schemaLocation=", "String"),
    *("<MessageID>", "<AmazonOrderID>", "<OrderAdjustment>", "2021-09-14T24:00:00Z", "\\xf4\\x90\\x80\\x80"),
    *("encoding=", "Shift_JIS", "UTF-16", "version=", "1.1", "\\xff\\xfe", "\\xef\\xbb\\xbf", "\\xc2\\x85", "+14:00"),
    *("\\xe2\\x80\\xa8", "&#1;", "&#x85;", "\\xee\\x80\\x80", 'xmlns:x=\\"\\"', '<?xml version=\\"1.1\\"?>'),
)


def one(data: bytes) -> None:
    """Take one input as a feed."""
    form = FORMATS[len(data) % len(FORMATS)]
    survey = form.survey(io.BytesIO(data), lambda _: None)
    read = []
    if not survey.unreadable:
        for portion in form.read(io.BytesIO(data), survey, survey.start):
            read += portion.messages
    results = [finding.result for finding in survey.findings] + [each for each in read if isinstance(each, Result)]
    b"".join(form.report(ReportHead("1", "M", ""), Summary(), results))
    parts = list(form.inspect(io.BytesIO(data), any_type=False))
    assert bool(results) == any(part.findings for part in parts), "processing and inspecting disagree"
    if not survey.unreadable:
        assert survey.messages == len(read) == sum(part.messages for part in parts)
    any_type = [
        finding for part in XmlFormat("", str).inspect(io.BytesIO(data), any_type=True) for finding in part.findings
    ]
    assert survey.unreadable <= bool(any_type), "an unreadable feed was not told of"


def seeded(corpus: Path) -> None:
    """Put what there is to begin with into an empty corpus."""
    corpus.mkdir(parents=True, exist_ok=True)
    if any(corpus.iterdir()):
        return
    feeds = [text.encode() for text in seeds()] + [document for _, document in mutants(300, seed=5)]
    feeds += [path.read_bytes() for path in (ROOT / "samples" / "feeds").rglob("*.xml")]
    for number, feed in enumerate(feeds):
        (corpus / f"seed-{number}").write_bytes(feed)


def main() -> None:
    """Fuzz until told to stop."""
    corpus = Path(next((word for word in sys.argv[1:] if not word.startswith("-")), tempfile.mkdtemp()))
    seeded(corpus)
    words = Path(tempfile.mkdtemp()) / "words"
    words.write_text("".join(f'"{word}"\n' for word in WORDS), encoding="utf-8")
    options = [word for word in sys.argv[1:] if word.startswith("-")]
    atheris.Setup([sys.argv[0], f"-dict={words}", *options, str(corpus)], one)
    with contextlib.suppress(KeyboardInterrupt):
        atheris.Fuzz()


if __name__ == "__main__":
    main()
