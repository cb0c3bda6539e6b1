"""What all feed types tell of their messages, beside the schema by which these are judged."""

from collections.abc import Iterable, Mapping

from feedproc.explain.content import Content, Slot
from feedproc.explain.elements import UNKNOWN, About
from feedproc.explain.hints import ENVELOPE, Called, Hints, Mend
from feedproc.explain.names import strip_to_letters

_PAYLOAD = 2
"""Where in a path the name of the message's content stands."""


class Knowledge:
    """What is known of the elements of feeds."""

    def __init__(self, hints: Iterable[Hints], content: Content) -> None:
        """Take what each feed type tells, and the content of the schema."""
        self._hints = {one.message_type: one for one in hints}
        self._content = content
        self.names = {name.lower(): name for name in content.list_names()}
        """The names of all elements that may stand in a feed, by the same in small letters."""

    @property
    def payloads(self) -> tuple[str, ...]:
        """The names of the elements of which a message holds one."""
        return self._content.payloads

    def get_model(self, path: tuple[str, ...]) -> tuple[Slot, ...]:
        """Return the order of the children of the element at `path`; nothing when that is not known."""
        return self._content.model_of(path)

    def get_element(self, path: tuple[str, ...]) -> About:
        """Return what is known of the element at `path`."""
        for names in (path[-3:], path[-2:], path[-1:]):
            for hints in self._list_hints(path):
                found = hints.elements.get("/".join(names))
                if found is not None:
                    return found
        return UNKNOWN

    def find_place(self, path: tuple[str, ...], found: str) -> str | None:
        """Return where an element belongs that was found in the one at `path`."""
        parent = path[-1] if path else ""
        return next((text for one in self._list_hints(path) if (text := one.in_place.get((parent, found)))), None)

    def find_repeated_advice(self, path: tuple[str, ...], found: str) -> str | None:
        """Return what is mostly wanted where an element stands a second time in the one at `path`."""
        parent = path[-1] if path else ""
        return next((text for one in self._list_hints(path) if (text := one.repeated.get((parent, found)))), None)

    def find_missing_advice(self, path: tuple[str, ...], missing: str) -> str | None:
        """Return what to write where an element is missing in the one at `path`."""
        parent = path[-1] if path else ""
        return next((text for one in self._list_hints(path) if (text := one.missing.get((parent, missing)))), None)

    def find_choice_advice(self, path: tuple[str, ...], name: str) -> str | None:
        """Return which of two elements to keep, of which one may stand in the one at `path`; `name` is the first."""
        return next((text for one in self._list_hints(path) if (text := one.either.get(name))), None)

    def list_called(self, path: tuple[str, ...], holder: str) -> tuple[Called, ...]:
        """Return what people call the names that `holder`, the element at `path` or its attribute, may hold."""
        if holder == "MessageType":
            return (Called(self._list_message_types()),)
        return next((found for one in self._list_hints(path) if (found := one.called.get(holder))), ())

    def find_fallback(self, path: tuple[str, ...], holder: str) -> str | None:
        """Return what to write into `holder` when its list of names does not have what is meant."""
        return next((text for one in self._list_hints(path) if (text := one.otherwise.get(holder))), None)

    def find_mend(self, path: tuple[str, ...]) -> Mend | None:
        """Return what finds out what was meant by a value of the element at `path`."""
        holds = self.get_element(path).holds
        of_name = (one.mend.get(path[-1] if path else "") for one in self._list_hints(path))
        of_kind = (one.mend.get(holds) for one in self._list_hints(path))
        return next((mend for mend in (*of_name, *of_kind) if mend is not None), None)

    def find_feed_type(self, message_type: str) -> str | None:
        """Return as which feed type messages of a type are sent."""
        hints = self._hints.get(message_type)
        return hints.feed_type if hints is not None else None

    def _list_message_types(self) -> Mapping[str, str]:
        """Return the types of messages by what else people call them, the names of their feed types among it."""
        others = {name: one.message_type for one in self._hints.values() for name in one.also_called}
        return {strip_to_letters(one.feed_type): one.message_type for one in self._hints.values()} | others

    def _list_hints(self, path: tuple[str, ...]) -> tuple[Hints, ...]:
        """Return what speaks of the element at `path`: its own feed type first."""
        own = self._hints.get(path[_PAYLOAD]) if len(path) > _PAYLOAD else self._hints.get(path[-1] if path else "")
        return (own, ENVELOPE) if own is not None else (ENVELOPE,)
