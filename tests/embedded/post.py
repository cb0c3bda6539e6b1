"""A real SMTP server, which keeps what arrives and answers as a test tells it to."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue
from threading import Event, Thread
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope


class Post:
    """What the server does with e-mail."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.sessions: set[str] = set()
        self.to_recipient = self.to_data = ""

    async def handle_RCPT(self, _server: SMTP, _session: Any, envelope: Envelope, address: str, _: Any) -> str:  # noqa: N802
        if self.to_recipient:
            return self.to_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Any, envelope: Envelope) -> str:  # noqa: N802
        if self.to_data:
            return self.to_data
        self.sessions.add(str(session.peer))
        self.envelopes.append(envelope)
        return "250 OK"


@contextmanager
def serving(post: Post, port: int = 0, ssl_context: ssl.SSLContext | None = None, **options: Any) -> Iterator[int]:
    """Serve on this machine, in a thread with a loop of its own; yield the port."""
    ports: Queue[int] = Queue()
    stopping = Event()

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        protocols: list[SMTP] = []

        def connected() -> SMTP:
            protocols.append(SMTP(post, hostname="localhost", loop=loop, **options))
            return protocols[-1]

        server = await loop.create_server(connected, "127.0.0.1", port, ssl=ssl_context)
        ports.put(server.sockets[0].getsockname()[1])
        await asyncio.to_thread(stopping.wait)
        server.close()
        for protocol in protocols:
            if protocol.transport is not None:
                protocol.transport.abort()
        await asyncio.sleep(0.01)

    thread = Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    try:
        yield ports.get(timeout=10)
    finally:
        stopping.set()
        thread.join()
