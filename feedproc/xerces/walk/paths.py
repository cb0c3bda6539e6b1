"""Where in a document an element stands, in words: /AmazonEnvelope/Message/OrderAdjustment/AdjustedItem[2]."""

from collections import Counter

from feedproc.xerces.walk.attributes import split_name
from feedproc.xerces.walk.frames import Frame

_LONGEST = 32
"""Elements shown of a path; what is nested deeper is an ellipsis, so that hostile nesting stays cheap."""
_FEW = 16


class Paths:
    """Writes paths; what was written for one fault serves the next."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, str]] = {}
        """For elements: how deep they are, and their path."""
        self._numbered: dict[int, list[str]] = {}

    def path(self, frame: Frame) -> str:
        """Return the path of `frame`."""
        climbed = []
        last: Frame | None = frame
        while last is not None and id(last) not in self._known:
            climbed.append(last)
            last = last.parent
        depth, path = self._known[id(last)] if last is not None else (0, "")
        for each in reversed(climbed):
            depth += 1
            if depth <= _LONGEST:
                path = f"{path}/{self._step(each)}"
            elif depth == _LONGEST + 1:
                path += "/…"
            self._known[id(each)] = depth, path
        return path

    def _step(self, frame: Frame) -> str:
        children = frame.parent.children if frame.parent is not None else None
        if children is None or frame.key == "Message":
            return frame.raw_name
        if len(children) <= _FEW and children.count(frame.key) == 1:
            return frame.raw_name
        numbered = self._numbered.get(id(children))
        if numbered is None:
            numbered = self._numbered[id(children)] = _numbered(children)
        return numbered[frame.index]


def _numbered(children: list[str]) -> list[str]:
    counts = Counter(children)
    seen: Counter[str] = Counter()
    names = []
    for key in children:
        seen[key] += 1
        name = split_name(key)[2]
        names.append(f"{name}[{seen[key]}]" if counts[key] > 1 else name)
    return names
