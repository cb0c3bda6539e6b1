"""Which operation a request is for."""

from collections.abc import Collection

from feedproc.mws.parameters import Parameters
from feedproc.mws.refusals import (
    OperationUnavailable,
    ParameterMissing,
    ResourceUnknown,
    SectionUnknown,
    VersionEmpty,
)
from feedproc.mws.spelling import SECTION

_VERSION = SECTION.partition("/")[2]


def find_action(path: str, parameters: Parameters, known: Collection[str]) -> str:
    """Return the action. The path is `/` or the section's, in any case, with a slash at its end or without.

    Raises `ResourceUnknown`, `SectionUnknown`, `VersionEmpty`, `ParameterMissing` or `OperationUnavailable`.
    """
    _check_section(path)
    _check_version(parameters)
    action = parameters.get("Action")
    if action is None:
        raise ParameterMissing("Action")
    if action not in known:
        raise OperationUnavailable(action)
    return action


def _check_section(path: str) -> None:
    section = path.strip("/")
    if section and "/" not in section:
        raise ResourceUnknown(path)
    if section and section.lower() != SECTION.lower():
        raise SectionUnknown(section)


def _check_version(parameters: Parameters) -> None:
    version = parameters.get("Version")
    if version is None and "Version" in parameters:
        raise VersionEmpty
    if version not in (None, _VERSION):
        raise SectionUnknown(f"Feeds/{version}")
