"""
Sends notifications by mail.

A connection for each mail: on loopback, with TLS and a login, one takes 7 ms (STARTTLS: 28 ms) where a mail over a kept
one takes 5 ms. Two run at once, and nobody has to know how long a server lets a connection stand.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Final

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from watcher.core.channels import Address, ChannelName, Notification, Pause, Refused, Retry, SendResult, Sent
from watcher.errors import InvalidRequestError, RefusedError
from watcher.net.resolver import Resolver
from watcher.push.channels.asking import Question
from watcher.push.channels.email.address import valid_mail_address
from watcher.push.channels.email.answers import Step, understand
from watcher.push.channels.email.letter import letter_asking, letter_of, written
from watcher.push.channels.email.settings import MailSettings, Security

SEND_SECONDS: Final = 10.0


class EmailChannel:
    """A Channel whose addresses are mail addresses, each confirmed by its owner before."""

    name: Final = ChannelName.EMAIL
    at_once: Final = 2

    def __init__(
        self,
        settings: MailSettings,
        subscriptions: str,
        *,
        tls: ssl.SSLContext | None = None,
        send_seconds: float = SEND_SECONDS,
    ) -> None:
        """
        Args:
            subscriptions: address of the page where readers end their subscriptions.
            tls: whom to believe; None: the authorities that the machine knows (OpenSSL reads SSL_CERT_FILE).
            send_seconds: how long one mail may take.
        """
        self._settings = settings
        self._subscriptions = subscriptions
        self._tls = tls or ssl.create_default_context()
        self._send_seconds = send_seconds
        # asyncio's own lookups share their threads with everything else; the operator's server may be private.
        self._resolver = Resolver(is_allowed=lambda _: True)

    def lane(self, address: Address) -> str:  # noqa: ARG002 - one server, one lane
        """Return the SMTP server's host."""
        return self._settings.host

    async def send(self, notification: Notification, address: Address) -> SendResult:
        """Hand it to the SMTP server."""
        try:
            to = valid_mail_address(address.value)
        except InvalidRequestError:
            return Refused(reason="the stored mail address cannot be used")
        return await self._hand_in(to, partial(self._notice, notification, to))

    async def ask(self, question: Question) -> SendResult:
        """Hand the mail that asks to the SMTP server."""
        letter = letter_asking(question)
        return await self._hand_in(letter.to, partial(written, letter, self._settings.sender))

    def _notice(self, notification: Notification, to: str) -> bytes:
        return written(letter_of(notification, to, subscriptions=self._subscriptions), self._settings.sender)

    async def try_login(self) -> SendResult:
        """Connect and log in, and send nothing: `Sent` says that a mail would have been taken so far."""
        return await self._understood(self._log_in())

    async def _hand_in(self, to: str, write: Callable[[], bytes]) -> SendResult:
        return await self._understood(self._send_mail(to, write))

    async def _send_mail(self, to: str, write: Callable[[], bytes]) -> None:
        # QUIT is outside of the limit: the server has accepted the mail by then, and it must not be sent again.
        async with self._client() as client, asyncio.timeout(self._send_seconds):
            # Markdown that is made to cost would hold up the loop.
            mail = await asyncio.to_thread(write)
            await client.connect(sock=await self._open_socket())
            await client.sendmail(self._settings.sender.address, to, mail)

    async def _log_in(self) -> None:
        async with self._client() as client, asyncio.timeout(self._send_seconds):
            await client.connect(sock=await self._open_socket())

    async def _understood(self, work: Coroutine[None, None, None]) -> SendResult:
        host = self._settings.host
        try:
            await work
        except RefusedError:
            return Refused(reason="the content cannot be shown as HTML")
        except TimeoutError:
            return _rest(f"{host}: no answer within {self._send_seconds:g} s")
        except SMTPException as error:
            return _understand(error, host)
        except (OSError, ValueError) as error:
            return _rest(f"{host}: {_what_failed(error)}")
        return Sent()

    @asynccontextmanager
    async def _client(self) -> AsyncIterator[SMTP]:
        """Yield a client that will use TLS and log in as the settings say; it sends QUIT unless something failed."""
        settings = self._settings
        client = SMTP(
            hostname=settings.host,
            use_tls=settings.security is Security.TLS,
            start_tls=settings.security is Security.STARTTLS,
            tls_context=self._tls,
            username=settings.user,
            password=settings.password,
            # Its default asks DNS for this machine's name, and tells it to every reader.
            local_hostname=settings.sender.domain,
            timeout=None,
        )
        try:
            yield client
            with suppress(SMTPException, OSError, ValueError):
                await client.quit(timeout=self._send_seconds / 10)
        finally:
            client.close()

    async def _open_socket(self) -> socket.socket:
        """Return a socket that is connected to the first of the server's addresses that answers."""
        addresses = await self._resolver.resolve(self._settings.host, self._settings.port)
        problem: OSError | None = None
        for address in addresses:
            try:
                # Each address has a share of the time, so that one that drops packets leaves some for the next.
                async with asyncio.timeout(self._send_seconds / (len(addresses) + 1)):
                    return await _connect(address["family"], address["host"], address["port"])
            except OSError as error:
                problem = error
        raise problem or OSError("no address")


async def _connect(family: int, host: str, port: int) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, (host, port))
    except BaseException:
        sock.close()
        raise
    return sock


def _understand(error: SMTPException, host: str) -> SendResult:
    match error:
        case SMTPRecipientsRefused():
            return _understand(error.recipients[0], host)
        case SMTPRecipientRefused():
            return understand(Step.RECIPIENT, error.code, error.message, host)
        case SMTPSenderRefused():
            return understand(Step.SENDER, error.code, error.message, host)
        case SMTPDataError():
            return understand(Step.MAIL, error.code, error.message, host)
        case SMTPAuthenticationError():
            return understand(Step.LOGIN, error.code, error.message, host)
        case SMTPResponseException():
            return understand(Step.GREETING, error.code, error.message, host)
        case OSError():
            return _rest(f"{host}: {_what_failed(error)}")
        case _:
            # No STARTTLS, no AUTH, or none of the ways to log in that we know.
            return Refused(
                reason=f"{host} does not offer what WATCHER_SMTP_URL asks for: look at its scheme and login",
                is_alarm=True,
            )


def _what_failed(error: Exception) -> str:
    """Return what failed, in our words: those of the error may quote what was sent."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return "its certificate cannot be verified"
        cause = cause.__cause__ or cause.__context__
    return f"the connection failed ({type(error).__name__})"


def _rest(reason: str) -> Retry:
    return Retry(reason=reason, pause=Pause.LANE)
