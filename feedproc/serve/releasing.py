"""An application that gives back what it holds of the store at the end of each answer."""

from collections.abc import Callable, Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.wsgi import ClosingIterator


def releasing(app: WSGIApplication, release: Callable[[], None]) -> WSGIApplication:
    """Return the application, which calls `release` in its thread once an answer is sent or given up."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            content = app(environ, start_response)
        except BaseException:
            release()
            raise
        return ClosingIterator(content, release)

    return answer
