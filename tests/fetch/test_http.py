from __future__ import annotations

import asyncio
import gzip
import re
import shutil
import socket
import ssl
import struct
import subprocess
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

import brotli
import pytest
import xxhash
from backports import zstd
from msgspec.structs import replace

from tests.fetch.conftest import fetcher_of
from tests.fetch.site import Handler, Site, cut, page, redirect, serving
from watcher.core.page import NotModified, Response, Validators
from watcher.core.watch import Lane, Request
from watcher.errors import (
    AddressDeniedError,
    BlockedError,
    BodyError,
    DeadlineError,
    FetchError,
    NetworkError,
    RedirectError,
    StatusError,
)
from watcher.fetch import HttpFetcher, Lanes, inflate
from watcher.fetch.turns import Turns
from watcher.net import Sessions
from watcher.net.guard import guarded_sockets
from watcher.net.resolver import AddressInfo, LookUp

NOTHING: Mapping[str, str] = MappingProxyType({})
NONE = Validators()


def ask(
    url: str, *, headers: Mapping[str, str] = NOTHING, seconds: float = 10, max_body_bytes: int = 1_000_000
) -> Request:
    """Return a request to a site of ours, which is private and in no hurry."""
    return Request(
        url=url,
        headers=headers,
        timeout=timedelta(seconds=seconds),
        max_body_bytes=max_body_bytes,
        allow_private=True,
        lane=Lane(concurrency=100, min_delay=timedelta(0)),
    )


def ok(result: Response | NotModified) -> Response:
    assert isinstance(result, Response)
    return result


async def test_a_page_comes_as_sent_with_what_its_head_says(fetcher: HttpFetcher) -> None:
    headers = {
        "Content-Type": 'Text/HTML; charset="klingon"',
        "Content-Encoding": "GZIP, identity,br",
        "ETag": 'W/"1"',
        "Last-Modified": "Sun, 01 Mar 2026 10:00:00 GMT",
    }
    async with serving(page(b"raw", headers=headers)) as site:
        response = ok(await fetcher.fetch(ask(site.url("/a?b=c#d")), NONE))

    assert response == Response(
        url=site.url("/a?b=c"),
        wire=b"raw",
        digest=xxhash.xxh3_128_hexdigest(b"raw"),
        content_encoding=("gzip", "br"),
        media_type="text/html",
        charset="klingon",
        validators=Validators(etag='W/"1"', last_modified="Sun, 01 Mar 2026 10:00:00 GMT"),
    )
    assert site.heads[0].startswith("GET /a?b=c HTTP/1.1\r\n")
    assert "Accept-Encoding: gzip, deflate, br, zstd\r\n" in site.heads[0]


async def test_a_head_that_says_nothing_leaves_nothing(fetcher: HttpFetcher) -> None:
    async with serving(b"HTTP/1.1 200 OK\r\n\r\n<p>bare</p>") as site:
        response = ok(await fetcher.fetch(ask(site.url()), NONE))

    assert response.wire == b"<p>bare</p>"
    assert (response.media_type, response.charset, response.content_encoding) == (None, None, ())
    assert response.validators == NONE


async def test_configured_headers_are_sent_and_beat_our_own(fetcher: HttpFetcher) -> None:
    async with serving(page()) as site:
        await fetcher.fetch(ask(site.url(), headers={"cookie": "a=b", "user-agent": "mine"}), NONE)

    assert "cookie: a=b\r\n" in site.heads[0]
    assert "user-agent: mine\r\n" in site.heads[0].lower()
    assert "watcher/" not in site.heads[0]


# Conditional requests


@pytest.mark.parametrize(
    ("known", "sent"),
    [
        (Validators(etag='"1"'), ['If-None-Match: "1"']),
        (Validators(last_modified="Sun, 01 Mar 2026 10:00:00 GMT"), ["If-Modified-Since: Sun, 01 Mar 2026"]),
        (NONE, []),
    ],
    ids=["etag", "date", "nothing"],
)
async def test_only_the_validators_that_the_server_sent_are_sent_back(
    fetcher: HttpFetcher, known: Validators, sent: list[str]
) -> None:
    async with serving(page()) as site:
        await fetcher.fetch(ask(site.url()), known)

    assert [line for line in site.heads[0].split("\r\n") if line.startswith("If-")] == [
        line for line in site.heads[0].split("\r\n") if any(line.startswith(start) for start in sent)
    ]
    assert site.heads[0].count("\r\nIf-") == len(sent)


async def test_not_modified_keeps_the_validators_that_it_does_not_renew(fetcher: HttpFetcher) -> None:
    async with serving(b'HTTP/1.1 304 Not Modified\r\nETag: "2"\r\nContent-Length: 99\r\n\r\n') as site:
        result = await fetcher.fetch(ask(site.url()), Validators(etag='"1"', last_modified="yesterday"))

    assert result == NotModified(validators=Validators(etag='"2"', last_modified="yesterday"))


async def test_each_page_waits_for_a_turn_of_the_loop_while_it_is_in_flight_and_a_304_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken: list[tuple[Response, bool]] = []
    lanes = Lanes(monotonic=time.monotonic, random=lambda: 0.0)

    async def take(_: Turns, response: Response) -> None:
        taken.append((response, any(lane.pace.running for lane in lanes._lanes.values())))

    monkeypatch.setattr(Turns, "take", take)
    pages = {"/page": page(), "/304": b"HTTP/1.1 304 Not Modified\r\n\r\n"}
    async with Sessions() as sessions, serving(pages) as site:
        fetcher = fetcher_of(sessions, lanes)
        result = await fetcher.fetch(ask(site.url("/page")), NONE)
        await fetcher.fetch(ask(site.url("/304")), Validators(etag='"1"'))
    assert taken == [(result, True)]


async def test_not_modified_without_a_condition_is_an_error(fetcher: HttpFetcher) -> None:
    async with serving(b"HTTP/1.1 304 Not Modified\r\n\r\n") as site:
        with pytest.raises(StatusError, match="304"):
            await fetcher.fetch(ask(site.url()), NONE)


@pytest.mark.parametrize("etag", ['"caf\u00e9"', '"' + "x" * 2_000 + '"'], ids=["not ascii", "long"])
async def test_a_validator_that_cannot_be_sent_back_is_none(fetcher: HttpFetcher, etag: str) -> None:
    async with serving(page(headers={"ETag": etag})) as site:
        assert ok(await fetcher.fetch(ask(site.url()), NONE)).validators == NONE


async def test_validators_do_not_travel_through_a_redirect(fetcher: HttpFetcher) -> None:
    async with serving({"/": redirect("/b"), "/b": page(headers={"ETag": '"b"'})}) as site:
        response = ok(await fetcher.fetch(ask(site.url()), Validators(etag='"a"')))

    assert 'If-None-Match: "a"' in site.heads[0]
    assert "If-None-Match" not in site.heads[1]
    assert response.validators == NONE


# Redirects


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 Temp", "308 Perm"])
async def test_a_redirect_leads_to_the_page_and_its_url(fetcher: HttpFetcher, status: str) -> None:
    async with serving({"/": redirect("c/../b?x=1", status), "/b?x=1": page(b"there")}) as site:
        response = ok(await fetcher.fetch(ask(site.url()), NONE))

    assert (response.url, response.wire) == (site.url("/b?x=1"), b"there")


async def test_a_loop_of_redirects_ends_after_five(fetcher: HttpFetcher) -> None:
    async with serving(redirect("/again")) as site:
        with pytest.raises(RedirectError, match="more than 5 redirects"):
            await fetcher.fetch(ask(site.url()), NONE)

    assert len(site.heads) == 6


@pytest.mark.parametrize(
    "answer",
    [
        page(b"", "302 Found"),
        redirect(""),
        redirect("file:///etc/passwd"),
        redirect("ftp://127.0.0.1/"),
        redirect("javascript:alert(1)"),
        redirect("http://[::1"),
        redirect("http://127.0.0.1:99999/"),
        redirect("http://127.0.0.1:0/"),
        redirect("http://xn--/"),
        redirect("http://" + "a" * 70 + ".example/"),
        b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: http://\xff\xfe.example/\r\n\r\n",
    ],
)
async def test_a_redirect_to_nowhere_is_an_error(fetcher: HttpFetcher, answer: bytes) -> None:
    async with serving(answer) as site:
        with pytest.raises((RedirectError, NetworkError)) as raised:
            await fetcher.fetch(ask(site.url()), NONE)

    assert "\n" not in str(raised.value)
    assert len(site.heads) == 1


SECRETS = {"Authorization": "Bearer s3cret", "Cookie": "id=s3cret", "X-Api-Key": "s3cret", "Accept": "s3cret"}


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 Temp", "308 Perm"])
async def test_no_configured_header_follows_to_another_origin(fetcher: HttpFetcher, status: str) -> None:
    async with serving(page()) as other, serving(redirect(other.url(), status)) as site:
        request = replace(ask(site.url(), headers=SECRETS), cookies={"session": "s3cret"}, user_agent="me")
        await fetcher.fetch(request, NONE)

    assert site.heads[0].count("s3cret") == len(SECRETS)
    assert "User-Agent: me\r\n" in other.heads[0]
    assert "s3cret" not in other.heads[0]


async def test_configured_headers_stay_behind_for_good(fetcher: HttpFetcher) -> None:
    async def there(_: str, writer: asyncio.StreamWriter) -> None:
        writer.write(redirect(site.url("/end")))

    async with serving(there) as other, serving({"/": redirect(other.url()), "/end": page()}) as site:
        await fetcher.fetch(ask(site.url(), headers=SECRETS), NONE)

    assert ["s3cret" in head for head in site.heads] == [True, False]
    assert "s3cret" not in other.heads[0]


async def test_configured_headers_follow_within_the_origin(fetcher: HttpFetcher) -> None:
    async with serving({"/": redirect("/b"), "/b": page()}) as site:
        await fetcher.fetch(ask(site.url(), headers=SECRETS), NONE)

    assert site.heads[1].count("s3cret") == len(SECRETS)


async def test_a_login_in_a_redirect_is_not_used(fetcher: HttpFetcher) -> None:
    async with serving(page()) as other, serving(redirect(other.url().replace("://", "://a:b@"))) as site:
        await fetcher.fetch(ask(site.url()), NONE)

    assert "Authorization" not in other.heads[0]


# The address guard. `is_allowed` calls one loopback address public, so that a page outside can redirect inside.


def resolving(outside_port: int) -> LookUp:
    """Return a DNS whose names are 127.0.0.1 at one port, and 127.0.0.2 at all others."""

    def look_up(_: str, port: int, **__: object) -> Sequence[AddressInfo]:
        address = "127.0.0.1" if port == outside_port else "127.0.0.2"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    return look_up


@pytest.mark.parametrize("target", ["shop.example", "www.shop.example"])
async def test_a_redirect_to_a_denied_address_is_stopped_at_the_door(target: str) -> None:
    async with serving(page(b"inside")) as inside, serving(redirect(inside.url(host=target))) as site:
        look_up = resolving(site.port)
        request = Request(url=site.url(host="shop.example"), lane=Lane(concurrency=1, min_delay=timedelta(0)))
        async with Sessions(is_allowed=lambda address: address == "127.0.0.1", look_up=look_up) as sessions:
            with pytest.raises(AddressDeniedError, match=r"127\.0\.0\.2"):
                await fetcher_of(sessions).fetch(request, NONE)
        assert (len(site.heads), len(inside.heads)) == (1, 0)

        async with Sessions(is_allowed=lambda _: True, look_up=look_up) as sessions:
            assert ok(await fetcher_of(sessions).fetch(request, NONE)).wire == b"inside"


@pytest.mark.parametrize("target", ["127.0.0.2", "[::ffff:127.0.0.1]", "localhost", "①②⑦.0.0.2"])
async def test_another_host_is_not_asked_at_all(fetcher: HttpFetcher, target: str) -> None:
    async with serving(page()) as other, serving(redirect(other.url(host=target))) as site:
        with pytest.raises(RedirectError, match="if the page lives there now, write that URL"):
            await fetcher.fetch(ask(site.url()), NONE)

    assert other.heads == []


async def test_a_private_page_is_denied_unless_the_operator_allows_it(fetcher: HttpFetcher) -> None:
    async with serving(page()) as site:
        with pytest.raises(AddressDeniedError, match="allow_private: true"):
            await fetcher.fetch(Request(url=site.url()), NONE)
        assert site.heads == []


# Statuses


@pytest.mark.parametrize(
    ("status", "text"),
    [
        ("404 Whatever", "404 Not Found: the page is gone"),
        ("403 No", "403 Forbidden: the site refuses us; it may want a login (`headers`) or keep robots out"),
        ("500 Oops", "500 Internal Server Error: the site has an internal error"),
        ("999 Denied", "999: the site takes us for a robot"),
        ("206 Partial Content", "206 Partial Content: only a part of the page came"),
        ("204 No Content", "204 No Content: there is no page"),
        ("202 Accepted", "202 Accepted: the page is not ready, or the site checks for robots"),
        ("300 Multiple", "300 Multiple Choices: this is no page"),
        ("101 Switching", "101 Switching Protocols: this is no page"),
        ("600 Odd", "600: this is no page"),
    ],
)
async def test_a_status_that_is_no_page_is_told_in_one_line(fetcher: HttpFetcher, status: str, text: str) -> None:
    async with serving(page(b"secret body" if status[:3] not in ("204", "101") else b"", status)) as site:
        with pytest.raises(StatusError) as raised:
            await fetcher.fetch(ask(site.url()), NONE)

    assert str(raised.value) == text
    assert raised.value.status == int(status[:3])


# Walls

CHALLENGE = (
    b"<html><head><title>Just a moment...</title></head><body><script>window._cf_chl_opt={cType:'managed'};</script>"
)
CODERS: dict[str, Callable[[bytes], bytes]] = {
    "identity": bytes,
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
}


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (page(b"", "401 No"), "the site asks for a login (401): `auth`, `headers` or `cookies` can hold one"),
        (page(b"", "407 No"), "a proxy asks for a login (407): `proxy: http://user:password@host:port`"),
        (page(b"x", "403 No", {"cf-mitigated": "challenge"}), "Cloudflare's challenge"),
        (page(b"x", "202 Ok", {"x-amzn-waf-action": "challenge"}), "the challenge of AWS WAF"),
        (page(b"x", "405 No", {"x-amzn-waf-action": "captcha"}), "the challenge of AWS WAF"),
        (page(b"x", "403 No", {"X-DataDome": "protected"}), "DataDome's captcha"),
        (page(CHALLENGE, "403 No"), "Cloudflare's challenge"),
        (page(CHALLENGE, "503 No"), "Cloudflare's challenge"),
        (page(CHALLENGE, "429 No"), "Cloudflare's challenge"),
    ],
)
async def test_a_wall_is_told_by_its_status_its_head_or_its_body(
    fetcher: HttpFetcher, answer: bytes, text: str
) -> None:
    async with serving(answer) as site:
        with pytest.raises(BlockedError, match=re.escape(text)):
            await fetcher.fetch(ask(site.url()), NONE)


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (page(CHALLENGE, "404 Gone"), 404),
        (page(CHALLENGE, "500 Oops"), 500),
        (page(b"<h1>Forbidden</h1>", "403 No", {"Server": "cloudflare"}), 403),
        (page(b"\x1f\x8bbroken", "403 No", {"Content-Encoding": "gzip"}), 403),
        (page(CHALLENGE, "403 No", {"Content-Encoding": "klingon"}), 403),
    ],
)
async def test_another_error_is_no_wall(fetcher: HttpFetcher, answer: bytes, status: int) -> None:
    async with serving(answer) as site:
        with pytest.raises(StatusError) as raised:
            await fetcher.fetch(ask(site.url()), NONE)
    assert raised.value.status == status


@pytest.mark.parametrize("coding", CODERS)
async def test_a_compressed_wall_is_read_as_far_as_it_came(fetcher: HttpFetcher, coding: str) -> None:
    wire = CODERS[coding](CHALLENGE + b" " * 300_000)
    async with serving(page(wire, "403 No", {"Content-Encoding": coding})) as site:
        with pytest.raises(BlockedError, match="Cloudflare's challenge"):
            await fetcher.fetch(ask(site.url()), NONE)


async def test_an_error_that_never_ends_is_read_no_further_than_needed(fetcher: HttpFetcher) -> None:
    async def endless(_: str, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 403 No\r\n\r\n" + CHALLENGE)
        while True:
            writer.write(b" " * 65_536)
            await writer.drain()

    async with serving(endless) as site:
        with pytest.raises(BlockedError, match="Cloudflare's challenge"):
            await fetcher.fetch(ask(site.url(), max_body_bytes=1_000), NONE)


@pytest.mark.parametrize(
    "answer", [page(CHALLENGE, "429 Slow", {"Retry-After": "60"}), page(b"", "401 No", {"Retry-After": "60"})]
)
async def test_the_wait_that_a_wall_asks_for_is_kept(fetcher: HttpFetcher, answer: bytes) -> None:
    async with serving(answer) as site:
        with pytest.raises(BlockedError) as raised:
            await fetcher.fetch(ask(site.url()), NONE)
    assert raised.value.retry_after == timedelta(seconds=60)


async def test_203_is_a_page(fetcher: HttpFetcher) -> None:
    async with serving(page(b"<p>", "203 Non-Authoritative")) as site:
        assert ok(await fetcher.fetch(ask(site.url()), NONE)).wire == b"<p>"


async def test_interim_answers_are_passed_over(fetcher: HttpFetcher) -> None:
    async with serving(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + page(b"<p>")) as site:
        assert ok(await fetcher.fetch(ask(site.url()), NONE)).wire == b"<p>"


async def test_retry_after_comes_with_the_error(fetcher: HttpFetcher) -> None:
    async with serving(page(b"", "429 Slow", {"Retry-After": "120"})) as site:
        with pytest.raises(StatusError, match="it asks to wait 120 s") as raised:
            await fetcher.fetch(ask(site.url()), NONE)

    assert raised.value.retry_after == timedelta(seconds=120)


# Hostile and broken servers: each is one error of the right kind, soon, in one line


async def endless_body(_: str, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b"x" * 65_536)
        await writer.drain()


async def endless_chunks(_: str, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"2\r\nxx\r\n" * 1_000)
        await writer.drain()


async def endless_header(_: str, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nX: ")
    while True:
        writer.write(b"x" * 65_536)
        await writer.drain()


async def endless_headers(_: str, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X: y\r\n" * 1_000)
        await writer.drain()


async def endless_interim(_: str, writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"HTTP/1.1 103 Early Hints\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0)


async def silence(_: str, writer: asyncio.StreamWriter) -> None:
    await writer.wait_closed()


async def drip(_: str, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.01)


async def reset_in_the_body(_: str, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 5_000)
    await writer.drain()
    await asyncio.sleep(0.02)
    plug: socket.socket = writer.get_extra_info("socket")
    plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


HOSTILE: dict[str, tuple[bytes | Handler, type[FetchError]]] = {
    "endless body": (endless_body, BodyError),
    "endless chunks": (endless_chunks, BodyError),
    "endless header": (endless_header, NetworkError),
    "endless headers": (endless_headers, NetworkError),
    "endless interim answers": (endless_interim, DeadlineError),
    "silence": (silence, DeadlineError),
    "a drip": (drip, DeadlineError),
    "a reset within a body without length": (reset_in_the_body, BodyError),
    "a body shorter than it says": (cut(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort"), BodyError),
    "a body that says it is huge": (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", BodyError),
    "chunks without an end": (cut(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n"), BodyError),
    "a chunk of no size": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabcde\r\n", FetchError),
    "chunks and a length": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
        NetworkError,
    ),
    "two lengths": (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", NetworkError),
    "a length that is no number": (b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", NetworkError),
    "a garbage status line": (b"\x00\x01\x02garbage\r\n\r\n", NetworkError),
    "a status that is no number": (b"HTTP/1.1 abc OK\r\n\r\n", NetworkError),
    "ssh": (b"SSH-2.0-OpenSSH_9.2\r\n", NetworkError),
    "a header of 1 MB": (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1_000_000 + b"\r\n\r\n", NetworkError),
    "a head of 1 MB": (b"HTTP/1.1 200 OK\r\n" + b"X: yyyyyyyy\r\n" * 80_000 + b"\r\n", NetworkError),
    "a head that ends early": (b"HTTP/1.1 200 OK\r\nX: y", NetworkError),
    "a header without a name": (b"HTTP/1.1 200 OK\r\n: y\r\n\r\n", NetworkError),
    "a transfer coding that is unknown": (
        cut(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, rot13\r\n\r\n<p>"),
        BodyError,
    ),
    "a transfer coding beneath the chunks": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n3\r\n<p>\r\n0\r\n\r\n",
        BodyError,
    ),
    "a long way to another place": (redirect("/" + "a" * 8_000), RedirectError),
    "a picture": (page(b"\x89PNG", headers={"Content-Type": "image/png"}), BodyError),
    "a pdf": (page(b"%PDF-", headers={"Content-Type": "application/pdf"}), BodyError),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_server_is_one_error_in_one_line(fetcher: HttpFetcher, name: str) -> None:
    answer, kind = HOSTILE[name]
    async with serving(answer) as site:
        seconds = 0.4 if kind is DeadlineError else 30
        with pytest.raises(kind) as raised:
            await fetcher.fetch(ask(site.url(), seconds=seconds, max_body_bytes=100_000), NONE)

    assert len(str(raised.value)) < 200
    assert "\n" not in str(raised.value)
    assert "garbage" not in str(raised.value)


async def test_a_million_codings_are_one_that_nobody_knows(fetcher: HttpFetcher) -> None:
    async with serving(page(headers={"Content-Encoding": "gzip," * 6_000})) as site:
        response = ok(await fetcher.fetch(ask(site.url()), NONE))

    assert len(response.content_encoding) == 1
    with pytest.raises(BodyError, match="unsupported compression"):
        inflate(response, max_body_bytes=1_000)


async def test_a_page_is_read_in_sips(fetcher: HttpFetcher) -> None:
    async with serving(page(b"x" * 900_000)) as site:
        assert len(ok(await fetcher.fetch(ask(site.url()), NONE)).wire) == 900_000

    address = (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", 1))
    with guarded_sockets(lambda _: True)(address) as plug:
        ours, theirs = socket.socketpair()
        with theirs, socket.SocketType.__new__(type(plug)) as sipping:
            sipping.__init__(fileno=ours.detach())  # type: ignore[misc]
            theirs.setblocking(False)
            theirs.send(bytes(200_000))
            assert len(sipping.recv(200_000)) <= 65_536
            assert sipping.recv_into(bytearray(200_000)) <= 65_536


async def test_after_a_hostile_server_the_next_page_is_fine(fetcher: HttpFetcher) -> None:
    async with serving(endless_body) as bad, serving(page(b"fine")) as good:
        with pytest.raises(BodyError, match="larger than 1,000,000 bytes"):
            await fetcher.fetch(ask(bad.url()), NONE)
        assert ok(await fetcher.fetch(ask(good.url()), NONE)).wire == b"fine"


@pytest.mark.parametrize("length", [100, 101])
async def test_the_cap_is_the_last_size_that_passes(fetcher: HttpFetcher, length: int) -> None:
    async with serving(page(b"x" * length)) as site:
        request = ask(site.url(), max_body_bytes=100)
        if length == 100:
            assert len(ok(await fetcher.fetch(request, NONE)).wire) == 100
        else:
            with pytest.raises(BodyError, match="larger than 100 bytes"):
                await fetcher.fetch(request, NONE)


async def test_one_deadline_covers_all_hops(fetcher: HttpFetcher) -> None:
    async def slow(_: str, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.4)
        writer.write(redirect("/next"))

    async with serving(slow) as site:
        with pytest.raises(DeadlineError, match=r"127\.0\.0\.1 did not send the whole page within 1 s"):
            await fetcher.fetch(ask(site.url(), seconds=1), NONE)

    assert 1 <= len(site.heads) <= 3


async def test_a_connection_that_the_server_closed_meanwhile_is_made_anew(fetcher: HttpFetcher) -> None:
    async def once(_: str, writer: asyncio.StreamWriter) -> None:
        writer.write(page(b"<p>"))
        await writer.drain()
        writer.close()

    async with serving(once) as site:
        for _ in range(3):
            assert ok(await fetcher.fetch(ask(site.url()), NONE)).wire == b"<p>"


async def test_cancellation_passes_through(fetcher: HttpFetcher) -> None:
    asked = asyncio.Event()

    async def note(_: str, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await writer.wait_closed()

    async with serving(note) as site:
        task = asyncio.ensure_future(fetcher.fetch(ask(site.url()), NONE))
        await asyncio.wait_for(asked.wait(), 30)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


# What the operator asks for


async def test_a_body_is_sent_with_its_method_cookies_and_agent(fetcher: HttpFetcher) -> None:
    got = asyncio.get_running_loop().create_future()

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        got.set_result((head, await reader.readexactly(7)))
        writer.write(page())
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(echo, "127.0.0.1", 0) as server:
        request = replace(
            ask(
                f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/q", headers={"Content-Type": "application/json"}
            ),
            method="POST",
            body=b'{"a":1}',
            cookies={"id": "1", "lang": "de"},
            user_agent="mine/1",
        )
        response = ok(await fetcher.fetch(request, Validators(etag='"1"')))

    head, body = got.result()
    assert head.startswith("POST /q HTTP/1.1\r\n")
    assert body == b'{"a":1}'
    for line in ("Content-Type: application/json", "Content-Length: 7", "Cookie: id=1; lang=de", "User-Agent: mine/1"):
        assert f"\r\n{line}\r\n" in head
    assert "If-None-Match" not in head
    assert response.wire == b"<p>hello</p>"


@pytest.mark.parametrize(("method", "is_conditional"), [("GET", True), ("HEAD", True), ("POST", False), ("PUT", False)])
async def test_only_a_question_that_changes_nothing_is_conditional(
    fetcher: HttpFetcher, method: str, is_conditional: bool
) -> None:
    async with serving(page(b"", headers={"ETag": '"2"'})) as site:
        request = replace(ask(site.url()), method=method)
        response = ok(await fetcher.fetch(request, Validators(etag='"1"')))

    assert ("If-None-Match" in site.heads[0]) is is_conditional
    assert response.validators == (Validators(etag='"2"') if is_conditional else NONE)


# Proxies


def proxied(target: str, proxy: Site, *, allow_private: bool = False) -> Request:
    return replace(ask(target), proxy=proxy.url("", host="127.0.0.1"), allow_private=allow_private)


def names(table: Mapping[str, Sequence[str]]) -> LookUp:
    """Return a DNS that knows these names, and addresses."""

    def look_up(host: str, port: int, **__: object) -> Sequence[AddressInfo]:
        known = table.get(host) or ([host] if host.replace(".", "").isdigit() else [])
        if not known:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in known]

    return look_up


async def test_a_public_page_is_asked_for_through_a_private_proxy() -> None:
    look_up = names({"shop.example": ["8.8.8.8"]})
    async with serving(page(b"by proxy")) as proxy, Sessions(look_up=look_up) as sessions:
        request = replace(
            proxied("http://shop.example/a", proxy), proxy=proxy.url("").replace("://", "://me:pass@"), headers=SECRETS
        )
        assert ok(await fetcher_of(sessions).fetch(request, NONE)).wire == b"by proxy"

    assert proxy.heads[0].startswith("GET http://shop.example/a HTTP/1.1\r\n")
    assert "Proxy-Authorization: Basic bWU6cGFzcw==" in proxy.heads[0]


@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.1/", "http://inside.example/", "http://mixed.example/", "https://10.0.0.1/", "http://①②⑦.0.0.1/"],
)
async def test_a_proxy_is_not_asked_for_what_is_denied(target: str) -> None:
    look_up = names({"inside.example": ["127.0.0.2"], "mixed.example": ["8.8.8.8", "10.0.0.1"]})
    async with serving(page()) as proxy, Sessions(look_up=look_up) as sessions:
        with pytest.raises(AddressDeniedError, match="allow_private"):
            await fetcher_of(sessions).fetch(proxied(target, proxy), NONE)
        assert proxy.heads == []
        if target.startswith("http://"):
            await fetcher_of(sessions).fetch(proxied(target, proxy, allow_private=True), NONE)
            assert len(proxy.heads) == 1


async def test_each_hop_through_a_proxy_is_checked() -> None:
    async with serving(redirect("http://shop.example:8080/")) as proxy:

        def look_up(_: str, port: int, **__: object) -> Sequence[AddressInfo]:
            address = {80: "8.8.8.8", proxy.port: "127.0.0.1"}.get(port, "10.0.0.1")
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

        async with Sessions(look_up=look_up) as sessions:
            with pytest.raises(AddressDeniedError, match=r"shop\.example is 10\.0\.0\.1"):
                await fetcher_of(sessions).fetch(proxied("http://shop.example/", proxy), NONE)
    assert len(proxy.heads) == 1


async def test_a_connection_to_a_proxy_is_never_used_without_it() -> None:
    async with serving(page()) as site, Sessions() as sessions:
        fetcher = fetcher_of(sessions)
        await fetcher.fetch(proxied(site.url(), site, allow_private=True), NONE)
        with pytest.raises(AddressDeniedError):
            await fetcher.fetch(replace(ask(site.url()), allow_private=False), NONE)
    assert len(site.heads) == 1


@pytest.mark.parametrize(
    ("answer", "kind", "text"),
    [
        (b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n", BlockedError, "the proxy asks for a login (407)"),
        (
            b"HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n",
            NetworkError,
            "the proxy refuses to connect to the site (502)",
        ),
    ],
)
async def test_what_a_proxy_refuses_is_told_of_the_proxy(answer: bytes, kind: type[FetchError], text: str) -> None:
    async with serving(answer) as proxy, Sessions(look_up=names({"shop.example": ["8.8.8.8"]})) as sessions:
        with pytest.raises(kind, match=re.escape(text)):
            await fetcher_of(sessions).fetch(proxied("https://shop.example/", proxy), NONE)
    assert proxy.heads[0].startswith("CONNECT shop.example:443 HTTP/1.1\r\n")


async def test_a_proxy_that_is_not_there_is_told_without_its_password(fetcher: HttpFetcher) -> None:
    async with serving(page()) as site:
        pass
    request = replace(ask("http://8.8.8.8/"), proxy=f"http://me:s3cret@127.0.0.1:{site.port}")
    with pytest.raises(NetworkError) as raised:
        await fetcher.fetch(request, NONE)
    assert str(raised.value) == "connection refused by the proxy"


async def test_a_name_that_only_the_proxy_knows_is_told() -> None:
    async with serving(page()) as proxy, Sessions(look_up=names({})) as sessions:
        with pytest.raises(NetworkError, match="`allow_private: true` leaves the name to the proxy"):
            await fetcher_of(sessions).fetch(proxied("http://shop.example/", proxy), NONE)


# What the operator got wrong


@pytest.mark.parametrize(
    "url",
    [
        "",
        "notice",
        "//x.example/",
        "file:///etc/passwd",
        "http://",
        "http://[::1",
        "http://x.example:99999/",
        "data:,x",
    ],
)
async def test_what_is_no_web_address_is_told(fetcher: HttpFetcher, url: str) -> None:
    with pytest.raises(NetworkError, match="the watch's `url`"):
        await fetcher.fetch(ask(url), NONE)


@pytest.mark.parametrize(
    "url",
    ["http://127.1/", "http://" + "a" * 64 + ".example/", "http://x..example/", "http://xn--a/", "http://\ud800/"],
)
async def test_an_odd_url_is_an_error_of_ours(fetcher: HttpFetcher, url: str) -> None:
    with pytest.raises(NetworkError):
        await fetcher.fetch(ask(url), NONE)


@pytest.mark.parametrize("value", ["a\r\nX: y", "\0"])
async def test_a_header_that_cannot_be_sent_is_an_error_of_ours(fetcher: HttpFetcher, value: str) -> None:
    async with serving(page()) as site:
        with pytest.raises(NetworkError):
            await fetcher.fetch(ask(site.url(), headers={"X-Odd": value}), NONE)


async def test_a_port_where_nobody_listens_refuses(fetcher: HttpFetcher) -> None:
    async with serving(page()) as site:
        pass
    with pytest.raises(NetworkError) as raised:
        await fetcher.fetch(ask(site.url()), NONE)

    assert str(raised.value) == f"connection refused by 127.0.0.1:{site.port}"


async def test_a_name_that_does_not_exist_is_told() -> None:
    def look_up(*_: object, **__: object) -> list[object]:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    async with Sessions(look_up=look_up) as sessions:  # type: ignore[arg-type]
        with pytest.raises(NetworkError) as raised:
            await fetcher_of(sessions).fetch(ask("http://shop.example/"), NONE)

    assert str(raised.value) == "shop.example: the name does not exist (DNS)"


# TLS


@pytest.fixture(scope="module")
def self_signed(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed: no certificate to refuse")
    folder: Path = tmp_path_factory.mktemp("tls")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    subprocess.run([*make.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


async def test_a_certificate_that_nobody_vouches_for_is_told(fetcher: HttpFetcher, self_signed: ssl.SSLContext) -> None:
    async with serving(page(), tls=self_signed) as site:
        with pytest.raises(NetworkError, match=r"localhost: its certificate is not valid \(self-signed certificate\)"):
            await fetcher.fetch(ask(site.url(host="localhost")), NONE)
        assert site.heads == []


async def test_a_certificate_is_not_asked_for_when_the_operator_says_so(
    fetcher: HttpFetcher, self_signed: ssl.SSLContext
) -> None:
    async with serving(page(b"mine"), tls=self_signed) as site:
        request = ask(site.url(host="localhost"))
        assert ok(await fetcher.fetch(replace(request, verify=False), NONE)).wire == b"mine"
        with pytest.raises(NetworkError, match="its certificate is not valid"):
            await fetcher.fetch(request, NONE)
        assert len(site.heads) == 1


async def test_https_where_http_is_spoken_is_told(fetcher: HttpFetcher) -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(NetworkError, match="is it https at all"):
            await fetcher.fetch(ask(f"https://127.0.0.1:{port}/"), NONE)
