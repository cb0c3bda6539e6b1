"""Find the types of reports by listing the modules of this room."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from feedproc import reporttypes
from feedproc.services.reports.report_type import ReportTypes


@cache
def load_report_types() -> ReportTypes:
    """Return every type of report there is: what each module whose name begins with `get_` calls `REPORT_TYPE`."""
    names = sorted(one.name for one in iter_modules(reporttypes.__path__) if one.name.startswith("get_"))
    return ReportTypes(import_module(f"{reporttypes.__name__}.{name}").REPORT_TYPE for name in names)
