"""A real SMTP server, which keeps what arrives and answers as a test tells it to."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
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
    """Serve on this machine; yield the port."""
    loop = asyncio.new_event_loop()
    protocols: list[SMTP] = []

    def connected() -> SMTP:
        protocols.append(SMTP(post, hostname="localhost", loop=loop, **options))
        return protocols[-1]

    server = loop.run_until_complete(loop.create_server(connected, "127.0.0.1", port, ssl=ssl_context))
    thread = Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(_close, loop, server, protocols)
        thread.join()
        loop.run_until_complete(_finished(loop))
        loop.close()


def _close(loop: asyncio.AbstractEventLoop, server: asyncio.Server, protocols: list[SMTP]) -> None:
    server.close()
    for protocol in protocols:
        if protocol.transport is not None:
            protocol.transport.abort()
    loop.call_later(0.01, loop.stop)


async def _finished(loop: asyncio.AbstractEventLoop) -> None:
    rest = asyncio.all_tasks(loop) - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
