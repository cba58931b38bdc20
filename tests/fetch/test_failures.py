from __future__ import annotations

import errno
import inspect
import os
import socket
import ssl
from collections.abc import Callable
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import client_exceptions, http_exceptions
from aiohttp.client_reqrep import ConnectionKey
from yarl import URL

from tests.fetch.site import page, serving
from tests.files import no_more_files
from watcher.core.page import Response, Validators
from watcher.core.watch import Lane, Request
from watcher.errors import BodyError, DeadlineError, FetchError, NetworkError, OutOfFilesError, RedirectError
from watcher.fetch import HttpFetcher
from watcher.fetch.failures import RAISED_BELOW, failure

_KEY = ConnectionKey("shop.example", 81, False, True, None, None, None, None)
SHOP = URL("https://me:s3cret@shop.example:81/item?token=s3cret")

# Websockets have errors of their own, and we speak to none.
NEVER_RAISED = {client_exceptions.WSMessageTypeError}
OF_AIOHTTP = [
    kind
    for module in (client_exceptions, http_exceptions)
    for _, kind in inspect.getmembers(module, inspect.isclass)
    if issubclass(kind, BaseException) and kind.__module__ == module.__name__ and kind not in NEVER_RAISED
]
DEADLINES = {aiohttp.ServerTimeoutError, aiohttp.ConnectionTimeoutError, aiohttp.SocketTimeoutError}
REDIRECTS = {
    aiohttp.TooManyRedirects,
    aiohttp.RedirectClientError,
    aiohttp.InvalidUrlRedirectClientError,
    aiohttp.NonHttpUrlRedirectClientError,
}


def expected(kind: type[BaseException]) -> type[FetchError]:
    if kind in DEADLINES:
        return DeadlineError
    if kind in REDIRECTS:
        return RedirectError
    return BodyError if kind is aiohttp.ClientPayloadError else NetworkError


@pytest.mark.parametrize("kind", OF_AIOHTTP, ids=lambda kind: kind.__name__)
def test_every_error_of_aiohttp_is_one_of_ours(kind: type[BaseException]) -> None:
    # Made without arguments: a message must not depend on what a particular error carries.
    error = kind.__new__(kind)
    if isinstance(error, aiohttp.ClientConnectorError):
        error._os_error = OSError()
        error._certificate_error = ValueError()  # type: ignore[attr-defined]

    ours = failure(error, SHOP)

    assert issubclass(kind, RAISED_BELOW)
    assert type(ours) is expected(kind)
    assert "s3cret" not in str(ours)


@pytest.mark.parametrize("kind", OF_AIOHTTP, ids=lambda kind: kind.__name__)
def test_through_a_proxy_no_error_tells_a_secret(kind: type[BaseException]) -> None:
    error = kind.__new__(kind)
    if isinstance(error, aiohttp.ClientConnectorError):
        error._os_error = OSError()
        error._certificate_error = ValueError()  # type: ignore[attr-defined]
    if isinstance(error, aiohttp.ClientResponseError):
        error.status = 502

    ours = failure(error, SHOP, is_proxied=True)

    assert isinstance(ours, FetchError)
    assert "s3cret" not in str(ours)


@pytest.mark.parametrize(
    "kind", [AssertionError, UnicodeError, LookupError, IndexError, ValueError, RuntimeError, OSError]
)
def test_odd_errors_are_told_without_their_text(kind: type[Exception]) -> None:
    ours = failure(kind("https://me:s3cret@shop.example"), SHOP)

    assert type(ours) is NetworkError
    assert str(ours) == f"shop.example: the request failed ({kind.__name__})"


def connector_error(os_error: OSError) -> aiohttp.ClientConnectorError:
    error = aiohttp.ClientConnectorError.__new__(aiohttp.ClientConnectorError)
    error._os_error = os_error
    return error


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (connector_error(ConnectionRefusedError(111, "")), "connection refused by shop.example:81"),
        (connector_error(ConnectionResetError(104, "")), "shop.example:81 cut the connection"),
        (connector_error(OSError(113, "")), "no connection to shop.example:81 (EHOSTUNREACH)"),
        (connector_error(OSError()), "no connection to shop.example:81"),
        (aiohttp.ServerDisconnectedError(), "shop.example closed the connection without an answer"),
        (aiohttp.ClientOSError(104, ""), "shop.example cut the connection"),
        (aiohttp.ClientPayloadError(), "shop.example: the page was cut short on the way"),
        (TimeoutError(), "shop.example did not answer in time"),
        (ssl.SSLError(), "shop.example: the request failed (SSLError)"),
    ],
)
def test_words_are_for_newcomers(error: Exception, text: str) -> None:
    assert str(failure(error, SHOP)) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (socket.EAI_NONAME, "the name does not exist (DNS)"),
        (socket.EAI_AGAIN, "the name cannot be looked up at the moment (DNS)"),
    ],
)
def test_dns_failures_say_whether_waiting_helps(number: int, text: str) -> None:
    error = aiohttp.ClientConnectorDNSError.__new__(aiohttp.ClientConnectorDNSError)
    error._os_error = socket.gaierror(number, "")
    assert str(failure(error, SHOP)) == f"shop.example: {text}"


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE])
@pytest.mark.parametrize(
    "wrap",
    [
        pytest.param(lambda error: error, id="bare"),
        pytest.param(lambda error: aiohttp.ClientConnectorError(_KEY, error), id="connecting"),
        pytest.param(lambda error: aiohttp.ClientConnectorDNSError(_KEY, error), id="looking up"),
        pytest.param(lambda error: aiohttp.ClientProxyConnectionError(_KEY, error), id="to a proxy"),
    ],
)
@pytest.mark.parametrize("is_proxied", [False, True])
def test_that_no_file_is_left_is_an_error_of_its_own(
    number: int, wrap: Callable[[OSError], OSError], is_proxied: bool
) -> None:
    ours = failure(wrap(OSError(number, os.strerror(number))), SHOP, is_proxied=is_proxied)
    assert (type(ours), ours.kind) == (OutOfFilesError, "files")
    assert "LimitNOFILE" in str(ours)


async def test_a_page_for_which_no_file_is_left_fails_so_and_its_host_is_not_blamed(fetcher: HttpFetcher) -> None:
    async with serving(page()) as site:
        request = Request(url=site.url(), allow_private=True, lane=Lane(concurrency=1, min_delay=timedelta(0)))
        with no_more_files():
            for _ in range(3):
                with pytest.raises(OutOfFilesError):
                    await fetcher.fetch(request, Validators())
        assert isinstance(await fetcher.fetch(request, Validators()), Response)
