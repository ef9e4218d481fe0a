"""A real SMTP server on loopback that does what a test asks of it, and keeps what it has taken."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from app.carriers import MailServer

HANG_S = 60.0


@dataclass
class Post:
    """Its manners, by the address that is written to.

    ``answers``: what RCPT gets instead of a yes; ``after_data``: what the content gets.
    ``hangs``: addresses for which it says nothing at all; ``drops``: those whose line it cuts after the content.
    """

    answers: dict[str, str] = field(default_factory=dict)
    after_data: dict[str, str] = field(default_factory=dict)
    hangs: set[str] = field(default_factory=set)
    drops: set[str] = field(default_factory=set)
    on_data: Callable[[str], None] = lambda _address: None
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)

    async def handle_RCPT(self, _server: SMTP, _session: Any, envelope: Any, address: str, _options: list[str]) -> str:
        """Take the recipient or not."""
        self.tried.append(address)
        if address in self.hangs:
            await asyncio.sleep(HANG_S)
        if address not in self.answers:
            envelope.rcpt_tos.append(address)
        return self.answers.get(address, "250 OK")

    async def handle_DATA(self, server: SMTP, _session: Any, envelope: Any) -> str:
        """Take the content or not."""
        (address,) = envelope.rcpt_tos
        if address in self.after_data:
            return self.after_data[address]
        parsed = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        self.taken.append((address, parsed))
        self.on_data(address)
        if address in self.drops:
            assert server.transport is not None
            server.transport.abort()
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """What it has taken for somebody."""
        return [mail for whom, mail in self.taken if whom == address]


@contextmanager
def running(
    post: Post, security: str = "smtp", context: ssl.SSLContext | None = None, **manners: Any
) -> Iterator[MailServer]:
    """The server, listening on a port that was free; ``context`` and ``manners`` are for what is not in clear."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    if security == "smtps":
        manners["ssl_context"] = context
    elif security == "smtp+starttls":
        manners |= {"tls_context": context, "require_starttls": True}
    controller = Controller(post, hostname="127.0.0.1", port=port, **manners)
    controller.start()
    try:
        yield MailServer(security, "127.0.0.1", port, "WeShare <messages@weshare.example>")
    finally:
        controller.stop(no_assert=True)
