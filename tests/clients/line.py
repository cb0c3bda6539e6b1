"""A line between client and server on which bytes are damaged."""

import socket
from contextlib import suppress
from threading import Thread
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit


class DamagedLine:
    """Passes on all that comes, in both directions, and turns one text into another on the way to the server."""

    def __init__(self, endpoint: str, text: bytes, damaged: bytes) -> None:
        url = urlsplit(endpoint)
        self._server = (str(url.hostname), url.port or 80)
        self._text, self._damaged = text, damaged
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        Thread(target=self._serve, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._server)
                Thread(target=self._pass, args=(client, server, True), daemon=True).start()
                Thread(target=self._pass, args=(server, client, False), daemon=True).start()

    def _pass(self, come_from: socket.socket, go_to: socket.socket, damage: bool) -> None:
        with suppress(OSError):
            while data := come_from.recv(1 << 20):
                go_to.sendall(data.replace(self._text, self._damaged) if damage else data)
            go_to.shutdown(socket.SHUT_WR)
