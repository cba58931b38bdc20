"""
What aiohttp and the layers below it raise → our error.

    aiohttp.ClientError               NetworkError    name, connection, TLS, an answer that is no HTTP, a bad URL
    ├── ServerTimeoutError            DeadlineError
    ├── ClientPayloadError            BodyError       the body was cut short, or its framing is broken
    └── RedirectClientError, TooManyRedirects         RedirectError
    aiohttp's HttpProcessingError     NetworkError    what its parser says, where aiohttp lets it through
    OSError                           NetworkError    a socket
    └── TimeoutError                  DeadlineError
    AssertionError, LookupError, ValueError, RuntimeError   NetworkError    odd URLs and names, shut sessions

An OSError that says that no more files can be opened (EMFILE, ENFILE), wrapped or not, is OutOfFilesError before all
that. The nearest class in the table decides. Cancellation is none of these.

Through a proxy, aiohttp connects to nothing but the proxy: what fails there is told of the proxy, without its
address, which may hold a password. A proxy that asks for a login is a wall: BlockedError.
"""

from __future__ import annotations

import errno
import socket

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

from watcher.core.files import ADVICE, is_out_of_files
from watcher.core.wording import worded
from watcher.errors import (
    BlockedError,
    BodyError,
    DeadlineError,
    FetchError,
    NetworkError,
    OutOfFilesError,
    RedirectError,
)

TABLE: dict[type[BaseException], type[NetworkError | DeadlineError | BodyError | RedirectError]] = {
    aiohttp.ClientError: NetworkError,
    aiohttp.ServerTimeoutError: DeadlineError,
    aiohttp.ClientPayloadError: BodyError,
    aiohttp.RedirectClientError: RedirectError,
    aiohttp.TooManyRedirects: RedirectError,
    HttpProcessingError: NetworkError,
    OSError: NetworkError,
    TimeoutError: DeadlineError,
    AssertionError: NetworkError,
    LookupError: NetworkError,
    ValueError: NetworkError,
    RuntimeError: NetworkError,
}
RAISED_BELOW = tuple(TABLE)

_NO_SUCH_NAME = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}


def failure(error: BaseException, url: URL, *, is_proxied: bool = False) -> FetchError:
    """Return our error for one that was raised below while `url` was asked for, in words of one line."""
    if is_out_of_files(error):
        return OutOfFilesError(
            worded(
                "error_files",
                "{host} was not asked: this process can open no more files; {advice}",
                host=url.host,
                advice=ADVICE,
            )
        )
    if is_proxied and (ours := _of_proxy(error)) is not None:
        return ours
    leaf = next(TABLE[kind] for kind in type(error).__mro__ if kind in TABLE)
    return leaf(_words(error, url))


def _of_proxy(error: BaseException) -> FetchError | None:
    match error:
        case aiohttp.ClientHttpProxyError(status=407):
            return BlockedError(
                worded(
                    "error_the_proxy_login", "the proxy asks for a login (407): `proxy: http://user:password@host:port`"
                ),
                status=error.status,
            )
        case aiohttp.ClientHttpProxyError():
            return NetworkError(
                worded(
                    "error_proxy_refuses", "the proxy refuses to connect to the site ({status})", status=error.status
                )
            )
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientSSLError():
            return None  # of the site behind it
        case aiohttp.ClientConnectorDNSError():
            return NetworkError(worded("error_of_proxy", "the proxy: {problem}", problem=_dns_words(error.os_error)))
        case aiohttp.ClientConnectorError():
            return NetworkError(_connection_words(error.os_error, worded("error_proxy", "the proxy")))
        case _:
            return None


def _words(error: BaseException, url: URL) -> str:
    host = url.host
    match error:
        case aiohttp.ClientConnectorDNSError():
            return worded("error_of_host", "{host}: {problem}", host=host, problem=_dns_words(error.os_error))
        case aiohttp.ClientConnectorCertificateError():
            reason = getattr(error.certificate_error, "verify_message", "") or "it does not fit"
            return worded(
                "error_certificate", "{host}: its certificate is not valid ({reason})", host=host, reason=reason
            )
        case aiohttp.ClientSSLError():
            return worded("error_tls", "{host}: no secure connection is possible (TLS); is it https at all?", host=host)
        case aiohttp.ClientConnectorError():
            return _connection_words(error.os_error, f"{host}:{url.port}")
        case aiohttp.ServerDisconnectedError():
            return worded("error_closed", "{host} closed the connection without an answer", host=host)
        case aiohttp.ClientPayloadError():
            return worded("error_cut_short", "{host}: the page was cut short on the way", host=host)
        case aiohttp.ClientResponseError() | HttpProcessingError():
            return worded("error_no_http", "{host}: what answers there is no HTTP, or has oversized headers", host=host)
        case aiohttp.InvalidURL():
            return worded("error_no_address", "{host}: this address cannot be asked for", host=host)
        case socket.gaierror():
            # Of a target that a proxy will look up, too; all else is looked up by aiohttp, and wrapped.
            return worded(
                "error_name_by_proxy",
                "{host}: {problem}; `allow_private: true` leaves the name to the proxy",
                host=host,
                problem=_dns_words(error),
            )
        case TimeoutError():
            return worded("error_late", "{host} did not answer in time", host=host)
        case OSError(errno=errno.ECONNRESET | errno.EPIPE):
            return worded("error_cut_off", "{target} cut the connection", target=host)
        case _:
            # The text of other errors may quote the URL with its secrets.
            return worded("error_request", "{host}: the request failed ({kind})", host=host, kind=type(error).__name__)


def _dns_words(error: OSError) -> str:
    if error.errno in _NO_SUCH_NAME:
        return worded("error_no_name", "the name does not exist (DNS)")
    return worded("error_name_unknown", "the name cannot be looked up at the moment (DNS)")


def _connection_words(error: OSError, target: str) -> str:
    match error.errno:
        case errno.ECONNREFUSED:
            return worded("error_refused", "connection refused by {target}", target=target)
        case errno.ECONNRESET:
            return worded("error_cut_off", "{target} cut the connection", target=target)
        case int():
            code = errno.errorcode.get(error.errno, error.errno)
            return worded("error_no_connection_code", "no connection to {target} ({code})", target=target, code=code)
        case _:
            return worded("error_no_connection", "no connection to {target}", target=target)
