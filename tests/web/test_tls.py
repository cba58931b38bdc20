"""The server's own TLS: a real `watcher serve`, clients that verify its certificate, and files that change."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import aiohttp
import pytest

from tests.certificates import HOST, Identity, an_identity
from tests.cli.command import SECONDS, Command, eventually
from watcher.core.settings import Settings, TlsFiles
from watcher.push.service import PushService
from watcher.store.watch_reader import DiskWatchReader
from watcher.web.app import build_app
from watcher.web.transport.server import open_socket, start_server
from watcher.web.transport.tls import ServerTls

WATCHES = """
watches:
  notice:
    url: http://127.0.0.1:9/
    topic: news
    extract: "#notice"
"""


@pytest.fixture
def watcher(tmp_path: Path) -> Command:
    return Command(tmp_path)


def now() -> datetime:
    return datetime.now(UTC)


def options(identity: Identity, directory: Path) -> list[str]:
    certificate, key = identity.write(directory)
    return ["--port", "0", "--tls-cert", str(certificate), "--tls-key", str(key)]


def port_of(first: str) -> int:
    return int(first.split()[1].rstrip(";").rpartition(":")[2])


@asynccontextmanager
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS)) as opened:
        yield opened


@pytest.mark.faults
async def test_a_client_that_verifies_the_certificate_is_answered_over_https(watcher: Command, tmp_path: Path) -> None:
    identity = an_identity()
    async with watcher.running("serve", *options(identity, tmp_path)) as (_, first), client() as session:
        async with session.get(f"https://{HOST}:{port_of(first)}/healthz", ssl=identity.client()) as answer:
            assert (answer.status, await answer.text()) == (200, "ok\n")
        async with session.get(f"https://localhost:{port_of(first)}/healthz", ssl=identity.client()) as answer:
            assert answer.status == 200
    assert first.startswith(f"serving https://{HOST}:")


async def test_the_watcher_serves_over_https_as_well(watcher: Command, tmp_path: Path) -> None:
    identity = an_identity()
    watcher.write(WATCHES)
    certificate, key = identity.write(tmp_path)
    files = {"WATCHER_TLS_CERT": str(certificate), "WATCHER_TLS_KEY": str(key)}
    process = await watcher.start("run", "--port", "0", **files)
    try:
        assert process.stdout is not None
        async with asyncio.timeout(SECONDS):
            assert "inbox at https://127.0.0.1:" in (await process.stdout.readline()).decode()
    finally:
        process.kill()
        await process.communicate()


@pytest.mark.parametrize(
    ("version", "is_taken"),
    [(ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True), (ssl.TLSVersion.TLSv1_3, True)],
    ids=["1.1", "1.2", "1.3"],
)
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
async def test_old_versions_of_tls_are_not_spoken(
    push: PushService, settings: Settings, tmp_path: Path, version: ssl.TLSVersion, is_taken: bool
) -> None:
    identity = an_identity()
    context = identity.client()
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    async with serving(push, settings, identity.write(tmp_path)) as (port, _):
        assert await shown(port, context) == (identity.serial if is_taken else None)


async def test_plain_http_on_the_port_of_tls_is_closed_without_a_word_in_the_log(
    watcher: Command, tmp_path: Path
) -> None:
    identity = an_identity()
    process = await watcher.start("-v", "serve", *options(identity, tmp_path))
    assert process.stdout is not None
    try:
        async with asyncio.timeout(SECONDS), client() as session:
            port = port_of((await process.stdout.readline()).decode())
            for said in (b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01\xff\xff" + b"x" * 100, b""):
                reader, writer = await asyncio.open_connection(HOST, port)
                writer.write(said)
                writer.write_eof()
                assert b"HTTP/1.1" not in await reader.read()
                writer.close()
            async with session.get(f"https://{HOST}:{port}/healthz", ssl=identity.client()) as answer:
                assert answer.status == 200
            process.send_signal(signal.SIGTERM)
            _, log = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 0
    assert "Traceback" not in log.decode()
    assert "ERROR" not in log.decode()


def missing_certificate(directory: Path) -> str:
    (directory / "cert.pem").unlink()
    return f"--tls-cert {directory}/cert.pem: No such file or directory"


def missing_key(directory: Path) -> str:
    (directory / "key.pem").unlink()
    return f"--tls-key {directory}/key.pem: No such file or directory"


def no_certificate(directory: Path) -> str:
    (directory / "cert.pem").write_text("hello")
    return f"--tls-cert {directory}/cert.pem: it holds no certificate in PEM (-----BEGIN CERTIFICATE-----)"


def no_key(directory: Path) -> str:
    (directory / "key.pem").write_bytes((directory / "cert.pem").read_bytes())
    return f"--tls-key {directory}/key.pem: it holds no private key in PEM (-----BEGIN PRIVATE KEY-----)"


def another_key(directory: Path) -> str:
    an_identity().write_key(directory)
    return f"--tls-key {directory}/key.pem: it is not the key of the certificate in {directory}/cert.pem"


def encrypted_key(directory: Path) -> str:
    an_identity().write_key(directory, password=b"secret")
    return f"--tls-key {directory}/key.pem: it is encrypted with a password; `openssl pkey -in {directory}/key.pem "


def expired(directory: Path) -> str:
    an_identity(ends_in=timedelta(hours=-1)).write(directory)
    return f"--tls-cert {directory}/cert.pem: it expired at {now() - timedelta(hours=1):%Y-%m-%d %H:%M} UTC; renew it"


@pytest.mark.faults
@pytest.mark.parametrize(
    "spoil", [missing_certificate, missing_key, no_certificate, no_key, another_key, encrypted_key, expired]
)
async def test_files_that_cannot_be_used_are_said_in_one_line(
    watcher: Command, tmp_path: Path, spoil: Callable[[Path], str]
) -> None:
    given = options(an_identity(), tmp_path)
    said = spoil(tmp_path)
    refused = await watcher("serve", *given)
    assert refused.status == 2
    assert refused.err.startswith(f"watcher: {said}")
    assert len(refused.err.splitlines()) == 1


async def test_a_watcher_that_runs_refuses_them_as_well(watcher: Command, tmp_path: Path) -> None:
    watcher.write(WATCHES)
    refused = await watcher("run", *options(an_identity(ends_in=timedelta(hours=-1)), tmp_path))
    assert (refused.status, len(refused.err.splitlines())) == (2, 1)


@pytest.mark.parametrize("option", ["--tls-cert", "--tls-key"])
async def test_a_certificate_without_its_key_is_said(watcher: Command, option: str) -> None:
    refused = await watcher("serve", "--port", "0", option, "one.pem")
    assert refused.status == 2
    assert refused.err == ("watcher: --tls-cert and --tls-key belong together; give both, or neither for plain http\n")


@asynccontextmanager
async def serving(
    push: PushService, settings: Settings, files: tuple[Path, Path]
) -> AsyncIterator[tuple[int, asyncio.Task[None]]]:
    """Serve with these files, looking at them all the time; yield the port, and what looks."""
    tls = ServerTls(TlsFiles(certificate=files[0], key=files[1]), now=now)
    server = await start_server(
        build_app(push, settings, DiskWatchReader(settings.watches)), open_socket(HOST, 0), tls=tls.context
    )
    looking = asyncio.create_task(tls.follow(timedelta(seconds=0.02)))
    try:
        yield server.port, looking
    finally:
        looking.cancel()
        await asyncio.wait([looking])
        await server.stop()


async def shown(port: int, context: ssl.SSLContext) -> int | None:
    """Return the serial number of the certificate that a new connection sees; None when there is no connection."""
    try:
        _, writer = await asyncio.open_connection(HOST, port, ssl=context)
    except (ssl.SSLError, ConnectionError):
        return None
    found = writer.get_extra_info("peercert")["serialNumber"]
    writer.close()
    return int(found, 16)


async def shows(port: int, identity: Identity) -> None:
    """Wait until new connections see this certificate."""

    async def look() -> bool:
        return await shown(port, identity.client()) == identity.serial

    assert await eventually(look)


async def test_a_renewed_certificate_is_shown_to_new_connections_and_old_ones_go_on(
    push: PushService, settings: Settings, tmp_path: Path
) -> None:
    old, new = an_identity(), an_identity()
    async with serving(push, settings, old.write(tmp_path)) as (port, _), client() as session:
        url = f"https://{HOST}:{port}/healthz"
        assert await shown(port, old.client()) == old.serial
        async with session.get(url, ssl=old.client()) as answer:
            await answer.read()
        new.write(tmp_path)
        await shows(port, new)
        assert await shown(port, old.client()) is None
        async with session.get(url, ssl=new.client()) as answer:
            assert answer.status == 200


async def test_a_link_that_leads_to_another_file_is_a_renewal(
    push: PushService, settings: Settings, tmp_path: Path
) -> None:
    """As certbot does it: `live/` holds links into `archive/`."""
    new = an_identity()
    for name, identity in (("old", an_identity()), ("new", new)):
        (tmp_path / name).mkdir()
        identity.write(tmp_path / name)
    links = tmp_path / "fullchain.pem", tmp_path / "privkey.pem"
    point(links, tmp_path / "old")
    async with serving(push, settings, links) as (port, _):
        point(links, tmp_path / "new")
        await shows(port, new)


def point(links: tuple[Path, Path], directory: Path) -> None:
    for link, name in zip(links, ("cert.pem", "key.pem"), strict=True):
        link.unlink(missing_ok=True)
        link.symlink_to(directory / name)


async def test_a_renewal_that_cannot_be_used_is_logged_and_the_old_certificate_stays(
    push: PushService, settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    old, new = an_identity(), an_identity()
    async with serving(push, settings, old.write(tmp_path)) as (port, looking):
        another_key(tmp_path)
        warning, *_ = await eventually(partial(warnings, caplog))
        assert await shown(port, old.client()) == old.serial
        missing_key(tmp_path)
        new.write(tmp_path)
        await shows(port, new)
        assert not looking.done()
    assert "the old certificate stays: --tls-key" in warning


async def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


async def test_a_client_that_says_nothing_does_not_hold_up_the_others(
    push: PushService, settings: Settings, tmp_path: Path
) -> None:
    identity = an_identity()
    async with serving(push, settings, identity.write(tmp_path)) as (port, _):
        with socket.create_connection((HOST, port)):
            async with asyncio.timeout(SECONDS):
                assert await shown(port, identity.client()) == identity.serial
