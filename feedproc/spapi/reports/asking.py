"""What requests and schedules of reports ask alike: a type by its name, marketplaces, options."""

from feedproc.errors import ReportTypeUnknown
from feedproc.spapi.call import Call
from feedproc.spapi.errors import PARAMETERS_INVALID
from feedproc.spapi.marketplaces import is_in_region
from feedproc.spapi.refusals import InputInvalid
from feedproc.spapi.spelling import list_type_names

MOST_MARKETPLACES = 25
MOST_TYPES = 10
_MOST_OPTIONS = 50
"""Of a report, and a longest name and value; Amazon tells no numbers."""
_LONGEST_OPTION = 1_000


def require_report_type(call: Call) -> str:
    """Return the name of the type that a request asks for, checked.

    Raises:
        ReportTypeUnknown: there is none that SP-API calls so; names that only MWS knew are dead.

    """
    name = call.members.text("reportType") or ""
    found = call.services.report_types.find(name)
    if found is None or name not in list_type_names(found):
        raise ReportTypeUnknown(name)
    return name


def read_asked_types(call: Call) -> tuple[str, ...]:
    """Return the names under which the types that a query names are kept. Raises `InputInvalid` for too many."""
    asked = call.query.list("reportTypes")
    if len(asked) > MOST_TYPES:
        raise InputInvalid(PARAMETERS_INVALID, f"reportTypes: at most {MOST_TYPES}")
    found = ((name, call.services.report_types.find(name)) for name in asked)
    return tuple(dict.fromkeys(name if one is None else one.name for name, one in found))


def read_asked_marketplaces(call: Call) -> tuple[str, ...]:
    """Return the marketplaces that a request names. Raises `InputInvalid` when the seller's account reaches one not."""
    ids = call.members.texts("marketplaceIds", MOST_MARKETPLACES)
    if not all(is_in_region(call.seller, one) for one in ids):
        raise InputInvalid(PARAMETERS_INVALID)
    return ids


def read_options(call: Call) -> dict[str, str]:
    """Return what is asked for beside. Raises `InputInvalid` for what is no text, or too long."""
    options = call.members.read_object("reportOptions").members
    texts = [text for pair in options.items() for text in pair]
    if len(options) > _MOST_OPTIONS or not all(isinstance(one, str) and len(one) <= _LONGEST_OPTION for one in texts):
        raise InputInvalid(PARAMETERS_INVALID, "reportOptions")
    return dict(options)
