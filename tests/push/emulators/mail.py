"""An SMTP server of the operator's: a real one on loopback (aiosmtpd), that keeps the mails it took."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.certificates import Identity, an_identity
from watcher.push.channels.email.settings import MailSettings, Security, Sender

USER = "reader@shop"
PASSWORD = "p@ss:word/#?%"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail, and what came with it."""

    sender: str
    recipients: list[str]
    raw: bytes
    is_private: bool
    said: str
    """what the client called itself"""

    @property
    def parsed(self) -> EmailMessage:
        parsed = message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed


@dataclass(kw_only=True)  # no slots: aiosmtpd refuses a handler with them on Python 3.11.2
class MailServer:
    """
    A server and what it was handed.

    Attributes:
        answers: by the command answered to: `MAIL`, `RCPT`, `DATA`; with `QUIT` in it the goodbye is never said.
        gate: holds mails back while it is clear.
    """

    security: Security
    port: int = 0
    with_login: bool = False
    answers: dict[str, str] = field(default_factory=dict)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    mails: list[Mail] = field(default_factory=list)
    connections: int = 0
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)
    """once a client has left"""

    def settings(self, *, password: str = PASSWORD, host: str = "127.0.0.1") -> MailSettings:
        """Return what leads to it."""
        return MailSettings(
            host=host,
            port=self.port,
            security=self.security,
            sender=Sender(address="watcher@example.org", name="监控 Watcher"),
            user=USER if self.with_login else None,
            password=password if self.with_login else None,
        )

    # What aiosmtpd calls.

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.with_login and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.answers.get("RCPT", "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        await self.gate.wait()
        answer = self.answers.get("DATA", "250 OK")
        if answer.startswith("2"):
            content = envelope.content
            assert isinstance(content, bytes)
            assert server.transport is not None
            self.mails.append(
                Mail(
                    sender=envelope.mail_from or "",
                    recipients=list(envelope.rcpt_tos),
                    raw=content,
                    is_private=server.transport.get_extra_info("sslcontext") is not None,
                    said=session.host_name or "",
                )
            )
        return answer

    async def handle_QUIT(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802
        if "QUIT" in self.answers:
            await asyncio.Event().wait()
        return "221 Bye"

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, login: object
    ) -> AuthResult:
        is_known = login == LoginPassword(USER.encode(), PASSWORD.encode())
        return AuthResult(success=is_known, handled=False)


@asynccontextmanager
async def a_mail_server(
    security: Security = Security.PLAIN, *, with_login: bool = False, offers_tls: bool = True
) -> AsyncIterator[MailServer]:
    """Run one that takes everything. `offers_tls`: whether it knows STARTTLS, where that is asked for."""
    server = MailServer(security=security, with_login=with_login)
    server.gate.set()
    running = await asyncio.get_running_loop().create_server(
        partial(_Conversation, server, offers_tls),
        "127.0.0.1",
        0,
        ssl=server_tls() if security is Security.TLS else None,
    )
    server.port = running.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        server.gate.set()
        running.close()


class _Conversation(SMTP):
    """Tells its server when the client has left."""

    def __init__(self, server: MailServer, offers_tls: bool) -> None:
        server.connections += 1
        self._kept_by = server
        with_starttls = server.security is Security.STARTTLS and offers_tls
        super().__init__(
            server,
            hostname="mail.example.org",
            tls_context=server_tls() if with_starttls else None,
            require_starttls=with_starttls,
            authenticator=server.authenticate if server.with_login else None,
            auth_require_tls=False,
            enable_SMTPUTF8=False,
            loop=asyncio.get_running_loop(),
        )

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self._kept_by.hung_up.set()


@cache
def server_tls() -> ssl.SSLContext:
    """Return a context with a certificate for 127.0.0.1."""
    with TemporaryDirectory() as directory:
        return _identity().server(Path(directory))


@cache
def client_tls() -> ssl.SSLContext:
    """Return a context that believes this certificate and no other."""
    return _identity().client()


@cache
def _identity() -> Identity:
    return an_identity(names=())
