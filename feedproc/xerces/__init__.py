"""XML and XML Schema as the Xerces-J parser judges them, worked out without Java. See README.md beside this file.

What does the work is loaded when it is asked for: a process that meets no fault does not wait for it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from feedproc.xerces.faults import Fault, Origin, StrayText
    from feedproc.xerces.schema.documents import UnknownSchema
    from feedproc.xerces.schema.model import Schema
    from feedproc.xerces.schema.reader import read_schema
    from feedproc.xerces.walk.explanation import validate, validate_part
    from feedproc.xerces.walk.root import NOTHING_YET, Continued, Root, Surroundings

__all__ = [
    "NOTHING_YET",
    "Continued",
    "Fault",
    "Origin",
    "Root",
    "Schema",
    "StrayText",
    "Surroundings",
    "UnknownSchema",
    "read_schema",
    "validate",
    "validate_part",
]
_HOMES = {
    "faults": ("Fault", "Origin", "StrayText"),
    "schema.documents": ("UnknownSchema",),
    "schema.model": ("Schema",),
    "schema.reader": ("read_schema",),
    "walk.explanation": ("validate", "validate_part"),
    "walk.root": ("NOTHING_YET", "Continued", "Root", "Surroundings"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Load what is offered here when it is asked for."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    return value
