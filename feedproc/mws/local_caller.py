"""Who may speak for the local seller, whose keys everybody knows: programs of this machine, and no web page."""

from collections.abc import Collection
from wsgiref.types import WSGIEnvironment

from feedproc.mws.refusals import NotFromHere
from feedproc.services.loopback import explain_foreign_caller


def require_local_caller(environ: WSGIEnvironment, public_hosts: Collection[str]) -> None:
    """Let a request pass that a program of this machine has sent.

    `public_hosts` are names that such a program may ask for besides this machine's own.

    Raises:
        NotFromHere: it came from elsewhere.

    """
    why = explain_foreign_caller(environ, public_hosts)
    if why is not None:
        raise NotFromHere(why)
