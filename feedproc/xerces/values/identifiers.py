"""The identifiers of one document (xsd:ID, xsd:IDREF, xsd:ENTITY): each is given once, and given where it is used."""

_FIRST_BUCKETS, _LOAD = 16, 0.75


class Identifiers:
    """The identifiers that were met so far."""

    def __init__(self) -> None:
        self._given: set[str] = set()
        self._used: dict[str, None] = {}

    def note(self, what: str, name: str) -> tuple[str, tuple[str, ...]] | None:
        """Take an identifier of a kind; return the rule that it breaks, with the words of its sentence."""
        if what == "ENTITY":
            return "UndeclaredEntity", (name,)
        if what == "IDREF":
            self._used[name] = None
        elif name in self._given:
            return "cvc-id.2", (name,)
        else:
            self._given.add(name)
        return None

    def list_missing(self) -> list[str]:
        """Return the identifiers that are used and not given, in the order in which Xerces tells them."""
        missing = [name for name in self._used if name not in self._given]
        return sorted(missing, key=_find_bucket(len(missing)))


def _find_bucket(count: int) -> "_Buckets":
    buckets = _FIRST_BUCKETS
    while count > buckets * _LOAD:
        buckets *= 2
    return _Buckets(buckets)


class _Buckets:
    """In which place of Java's HashSet a text is."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __call__(self, text: str) -> int:
        code = 0
        units = text.encode("utf-16-be", "surrogatepass")
        for at in range(0, len(units), 2):
            code = (code * 31 + units[at] * 256 + units[at + 1]) & 0xFFFFFFFF
        return (code ^ (code >> 16)) & (self._count - 1)
