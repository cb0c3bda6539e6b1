"""Which requests are of SP-API. It stands by itself, so that who tells requests apart need not load the API."""

import re
from wsgiref.types import WSGIEnvironment

from feedproc.spapi.documents.links import PATH as DOCUMENTS

TOKEN_PATH = "/auth/o2/token"
_VERSIONED = re.compile(r"/[a-z][A-Za-z-]*/(?:[a-z-]+/)?(?:v\d+|20[2-9]\d-\d\d-\d\d)(?:/|$)")
"""How paths of SP-API begin. Those of MWS have older versions; some clients write them without a capital."""


def is_sp_api(environ: WSGIEnvironment) -> bool:
    """Say whether a request is of SP-API rather than of MWS, by its path or by the header that only SP-API has."""
    path: str = environ.get("PATH_INFO", "")
    if "HTTP_X_AMZ_ACCESS_TOKEN" in environ or path.lower() == TOKEN_PATH or path.startswith(DOCUMENTS):
        return True
    return _VERSIONED.match(path) is not None
