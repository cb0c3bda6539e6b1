"""The envelope's choice of what a message may hold, put together from the schemas that are there.

`amzn-envelope.xsd` need not name the schema of each message type: one that stands beside it, or in the folder of a feed
type, and declares an element of its own name is one more that a message may hold.
"""

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from lxml import etree

ENVELOPE = "amzn-envelope.xsd"
"""The schema of AmazonEnvelope, which includes all others."""
_PREFIX = "feedproc-schemas-"
_COPY = re.compile(rf"[^\s:]*{_PREFIX}[^/\s:]+/([^/\s:]+\.xsd)")
_XSD = "{http://www.w3.org/2001/XMLSchema}"
_PAYLOADS = f".//{_XSD}choice[@id='payloads']"
"""Where the envelope says that its choice may be added to; one that says nothing is left as it is."""
_MESSAGE_TYPES = f".//{_XSD}element[@name='MessageType']//{_XSD}restriction"


class Assembly:
    """A folder of schemas, with those of the feed types among them."""

    def __init__(self, folder: Path, more: Sequence[Path] = ()) -> None:
        """Take the folder, and the schemas of message types that stand elsewhere."""
        self.folder = folder
        self.files = {path.name: path for path in (*sorted(folder.glob("*.xsd")), *more)}
        """All schemas, by name."""
        self.payloads: tuple[str, ...] = ()
        """The names of the elements that a message may hold, as far as the choice may be added to."""
        self._envelope = self._complete_envelope()

    @contextmanager
    def open(self) -> Iterator[Path]:
        """Give the envelope's schema with all others beside it, to be compiled: as they stand if it names them all."""
        if self._envelope is None:
            yield self.folder / ENVELOPE
            return
        with TemporaryDirectory(prefix=_PREFIX) as name:
            for path in self.files.values():
                shutil.copyfile(path, Path(name) / path.name)
            (Path(name) / ENVELOPE).write_bytes(self._envelope)
            yield Path(name) / ENVELOPE

    def restore_names(self, text: str) -> str:
        """Return a message with the places of the files that it names as whoever wrote them knows them."""
        return _COPY.sub(lambda found: str(self.files.get(found[1], found[0])), text)

    def _complete_envelope(self) -> bytes | None:
        """Return the envelope's schema with what it does not name added; None when it is as it must be."""
        envelope = etree.parse(str(self.folder / ENVELOPE)) if ENVELOPE in self.files else None
        choice = envelope.getroot().find(_PAYLOADS) if envelope is not None else None
        if envelope is None or choice is None:
            return None
        root = envelope.getroot()
        included = {node.get("schemaLocation") for node in root.findall(f"{_XSD}include")}
        unnamed = [name for name, path in self.files.items() if name not in included and _is_payload(path)]
        for name in unnamed:
            _add(root, choice, name)
        self.payloads = tuple(node.get("ref", "") for node in choice)
        return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8") if unnamed else None


def _is_payload(path: Path) -> bool:
    """Say whether a schema declares an element of its own name, as those of message types do."""
    try:
        root = etree.parse(str(path)).getroot()
    except etree.XMLSyntaxError:
        return True  # so that it is included, and whoever compiles it says what is wrong with it
    return any(node.get("name") == path.stem for node in root.findall(f"{_XSD}element"))


def _add(root: etree._Element, choice: etree._Element, name: str) -> None:
    """Let messages hold the element that a schema is named for."""
    message_type = Path(name).stem
    root.insert(0, etree.Element(f"{_XSD}include", schemaLocation=name))
    _insert(choice, "ref", etree.Element(f"{_XSD}element", ref=message_type))
    types = root.find(_MESSAGE_TYPES)
    if types is not None and all(node.get("value") != message_type for node in types):
        _insert(types, "value", etree.Element(f"{_XSD}enumeration", value=message_type))


def _insert(parent: etree._Element, key: str, node: etree._Element) -> None:
    """Put an element among others where its key belongs by the alphabet."""
    before = sum((other.get(key) or "") < (node.get(key) or "") for other in parent)
    parent.insert(before, node)
