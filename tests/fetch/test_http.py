from __future__ import annotations

import asyncio
import re
import shutil
import socket
import ssl
import struct
import subprocess
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

import pytest
import xxhash

from tests.fetch.conftest import fetcher_of
from tests.fetch.site import Handler, cut, page, redirect, serving
from watcher.core.page import NotModified, Response, Validators
from watcher.core.watch import Lane, Request
from watcher.errors import (
    AddressDeniedError,
    BodyError,
    DeadlineError,
    FetchError,
    NetworkError,
    RedirectError,
    StatusError,
)
from watcher.fetch import HttpFetcher
from watcher.net import Sessions

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
    async with serving(page()) as other, serving(redirect(other.url(host="localhost"), status)) as site:
        await fetcher.fetch(ask(site.url(), headers=SECRETS), NONE)

    assert site.heads[0].count("s3cret") == len(SECRETS)
    assert "s3cret" not in other.heads[0]


async def test_configured_headers_stay_behind_for_good(fetcher: HttpFetcher) -> None:
    async def there_and_back(head: str, writer: asyncio.StreamWriter) -> None:
        if "localhost" in head:
            writer.write(redirect(site.url("/end")))
        else:
            writer.write(page() if "/end" in head else redirect(site.url("/", host="localhost")))

    async with serving(there_and_back) as site:
        await fetcher.fetch(ask(site.url(), headers=SECRETS), NONE)

    assert ["s3cret" in head for head in site.heads] == [True, False, False]


async def test_configured_headers_follow_within_the_origin(fetcher: HttpFetcher) -> None:
    async with serving({"/": redirect("/b"), "/b": page()}) as site:
        await fetcher.fetch(ask(site.url(), headers=SECRETS), NONE)

    assert site.heads[1].count("s3cret") == len(SECRETS)


async def test_a_login_in_the_url_is_sent_as_a_header_and_shown_nowhere(fetcher: HttpFetcher) -> None:
    async with serving({"/": redirect("/b"), "/b": page()}) as site:
        url = site.url().replace("://", "://me:s3cret@")
        response = ok(await fetcher.fetch(ask(url), NONE))
        with pytest.raises(StatusError) as raised:
            await fetcher.fetch(ask(url + "gone"), NONE)

    assert all("Authorization: Basic bWU6czNjcmV0" in head for head in site.heads)
    assert "s3cret" not in response.url + str(raised.value)


async def test_a_login_in_a_redirect_is_not_used(fetcher: HttpFetcher) -> None:
    async with serving(page()) as other, serving(redirect(other.url().replace("://", "://a:b@"))) as site:
        await fetcher.fetch(ask(site.url()), NONE)

    assert "Authorization" not in other.heads[0]


# The address guard. `is_allowed` calls one loopback address public, so that a page outside can redirect inside.


@pytest.mark.parametrize("target", ["127.0.0.2", "[::ffff:127.0.0.2]", "inside.example"])
async def test_a_redirect_to_a_denied_address_is_stopped_at_the_door(target: str) -> None:
    def look_up(*_: object, **__: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.2", 0))]

    async with serving(page(b"inside")) as inside, serving(redirect(inside.url(host=target))) as site:
        request = Request(url=site.url(), lane=Lane(concurrency=1, min_delay=timedelta(0)))
        async with Sessions(is_allowed=lambda address: address == "127.0.0.1", look_up=look_up) as sessions:  # type: ignore[arg-type]
            with pytest.raises(AddressDeniedError) as raised:
                await fetcher_of(sessions).fetch(request, NONE)
        assert re.search(r"127\.0\.0\.2|7f00:2", str(raised.value))
        assert (len(site.heads), len(inside.heads)) == (1, 0)

        async with Sessions(is_allowed=lambda _: True, look_up=look_up) as sessions:  # type: ignore[arg-type]
            assert ok(await fetcher_of(sessions).fetch(request, NONE)).wire == b"inside"


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
        ("401 No", "401 Unauthorized: the site wants a login (`headers`: Authorization or Cookie)"),
        ("500 Oops", "500 Internal Server Error: the site has trouble of its own"),
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
    "a picture": (page(b"\x89PNG", headers={"Content-Type": "image/png"}), BodyError),
    "a pdf": (page(b"%PDF-", headers={"Content-Type": "application/pdf"}), BodyError),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_server_is_one_error_in_one_line(fetcher: HttpFetcher, name: str) -> None:
    answer, kind = HOSTILE[name]
    async with serving(answer) as site:
        with pytest.raises(kind) as raised:
            await fetcher.fetch(ask(site.url(), seconds=0.4, max_body_bytes=100_000), NONE)

    assert len(str(raised.value)) < 200
    assert "\n" not in str(raised.value)
    assert "garbage" not in str(raised.value)


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
        await asyncio.sleep(0.1)
        writer.write(redirect("/next"))

    async with serving(slow) as site:
        with pytest.raises(DeadlineError, match=r"127\.0\.0\.1 sent no whole page within 0\.25 s"):
            await fetcher.fetch(ask(site.url(), seconds=0.25), NONE)

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
        await asyncio.wait_for(asked.wait(), 5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


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


async def test_https_where_http_is_spoken_is_told(fetcher: HttpFetcher) -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(NetworkError, match="is it https at all"):
            await fetcher.fetch(ask(f"https://127.0.0.1:{port}/"), NONE)
