"""Two APIs at one address: a request goes to the one whose it is, by its path and its headers."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from feedproc.spapi.app import is_sp_api


def join_apis(mws: WSGIApplication, sp_api: WSGIApplication) -> WSGIApplication:
    """Return an application that answers as SP-API what is of SP-API, and as MWS everything else."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return (sp_api if is_sp_api(environ) else mws)(environ, start_response)

    return answer
