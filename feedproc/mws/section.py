"""What a section of MWS is: the part of the service that one path names, in one version, with actions of its own."""

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from feedproc.errors import Refusal
from feedproc.mws.call import MwsAnswer, MwsCall
from feedproc.mws.parameters import Parameters
from feedproc.mws.refusals import (
    OperationUnavailable,
    ParameterMissing,
    ResourceUnknown,
    SectionUnknown,
    VersionEmpty,
)
from feedproc.mws.responses import WireError
from feedproc.mws.throttle import Quota


class Action(Struct, frozen=True):
    """One operation of a section."""

    answer: Callable[[MwsCall], MwsAnswer]
    quota: Quota
    is_relayed: bool = False
    """Its answers passed through one program more, which leaves its own request id and context in the headers."""
    counts_as: str | None = None
    """The action with which it shares a quota; None when it has its own."""


class Section(Struct, frozen=True, kw_only=True):
    """A section: what is its own. Signature, parameters and throttling are the same for all."""

    name: str
    version: str
    namespace: str
    """Of every answer, also of errors: Amazon's own clients read no other."""
    actions: Mapping[str, Action]
    """By the exact value of the parameter Action."""
    errors: Mapping[type[Refusal], WireError]
    """What each refusal becomes on the wire here, by its exact class."""
    request_id_name: str = "RequestID"
    """How the section itself spells the last element of its errors; those of the gateway end in a capital D."""

    @property
    def path(self) -> str:
        """The path without a slash in front: `Feeds/2009-01-01`."""
        return f"{self.name}/{self.version}"


def find_operation(path: str, parameters: Parameters, sections: Sequence[Section]) -> tuple[Section, str]:
    """Return the section and the name of the action that a request asks for.

    The path is `/` or a section's, in any case, with a slash at its end or without. At `/` the version and the action
    tell the section; what no section knows is refused in the name of the first.

    Raises:
        ResourceUnknown: the path names a section without its version.
        SectionUnknown: no section has this path, or none has this version.
        VersionEmpty: the parameter Version has no value.
        ParameterMissing: there is no parameter Action.
        OperationUnavailable: the section has no such action.

    """
    candidates = _find_versions(parameters, _find_sections(path, sections))
    action = parameters.get("Action")
    if action is None:
        raise ParameterMissing("Action")
    for section in candidates:
        if action in section.actions:
            return section, action
    raise OperationUnavailable(action, candidates[0].path)


def guess_section(path: str, sections: Sequence[Section]) -> Section:
    """Return the section in whose name a request to this path is refused: the path's own, or else the first."""
    asked = path.strip("/").lower()
    return next((section for section in sections if section.path.lower() == asked), sections[0])


def _find_sections(path: str, sections: Sequence[Section]) -> Sequence[Section]:
    asked = path.strip("/")
    if not asked:
        return sections
    if "/" not in asked:
        raise ResourceUnknown(path)
    found = [section for section in sections if section.path.lower() == asked.lower()]
    if not found:
        raise SectionUnknown(asked)
    return found


def _find_versions(parameters: Parameters, sections: Sequence[Section]) -> Sequence[Section]:
    version = parameters.get("Version")
    if version is None and "Version" in parameters:
        raise VersionEmpty
    found = [section for section in sections if version in (None, section.version)]
    if not found:
        raise SectionUnknown(f"{sections[0].name}/{version}")
    return found
