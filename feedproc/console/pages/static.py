"""Style, script and pictures: files that travel with the package."""

from pathlib import Path

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from feedproc.console.request import RequestContext
from feedproc.console.route import Route

_FOLDER = Path(__file__).parents[1] / "static"
_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def send_static(context: RequestContext, name: str) -> Response:
    """Answer with one of the files. Their addresses change with their content, so browsers may keep them."""
    files = {file.name: file for file in _FOLDER.iterdir() if file.suffix in _KINDS}
    if name not in files:
        raise NotFound
    response = Response(files[name].read_bytes(), mimetype=_KINDS[files[name].suffix])
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


ROUTES = (Route("/static/<name>", "static", send_static, is_open=True),)
