"""`watcher serve`: what it is told by its options, and how it ends."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.cli.command import SECONDS, Command, first_line
from tests.running import free_port
from tests.site import Site
from watcher.web.sessions.device import DEVICE_COOKIE

UNHURRIED = """
import runpy
from watcher.web.transport import server
server._STOP_SECONDS = 3_600.0
runpy.run_module("watcher", run_name="__main__", alter_sys=True)
"""
INBOXES = 20
MESSAGES = 80


def url_of(first: str) -> str:
    """Return the URL in the first line that `serve` prints."""
    return first.split()[1].rstrip(";")


@asynccontextmanager
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """A client that keeps no cookies."""
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(cookie_jar=jar, timeout=aiohttp.ClientTimeout(total=SECONDS)) as opened:
        yield opened


async def device(client: aiohttp.ClientSession, link: str) -> str:
    """Follow a topic as a browser does; return the device's cookie."""
    async with client.post(link, allow_redirects=False) as answer:
        return f"{DEVICE_COOKIE}={answer.cookies[DEVICE_COOKIE].value}"


async def test_it_says_what_to_do_next(watcher: Command) -> None:
    async with watcher.running("serve", "--port", "0") as (process, first):
        assert process.stdout is not None
        async with asyncio.timeout(SECONDS):
            second = (await process.stdout.readline()).decode()
    assert first.startswith("serving http://127.0.0.1:")
    assert "watcher apps add" in second


async def test_the_operator_has_a_topic_to_be_told_in(watcher: Command) -> None:
    async with watcher.running("serve", "--port", "0"):
        listed = await watcher("topics", "--json")
    assert [topic["key"] for topic in listed.records] == ["admin"]


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (["--failover-after", "20s"], {}, "--failover-after 20s: at least 30s, and less than 1d"),
        (["--failover-after", "2d"], {}, "--failover-after 2d: at least 30s, and less than 1d"),
        (["--keep-messages", "3d"], {}, "--keep-messages 3d: at least 7d, for that long a repeated message is"),
        (["--trusted-proxy", "proxy.example"], {}, "--trusted-proxy: 'proxy.example' does not appear to be"),
        ([], {"WATCHER_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.1/8"}, "--trusted-proxy: 10.0.0.1/8 has host bits set"),
    ],
    ids=["failover soon", "failover late", "keep", "proxy", "proxies"],
)
async def test_a_wrong_option_is_said_in_one_line(
    watcher: Command, arguments: list[str], environment: dict[str, str], said: str
) -> None:
    refused = await watcher("serve", "--port", "0", *arguments, **environment)
    assert refused.status == 2
    assert refused.err.startswith(f"watcher: {said}")
    assert len(refused.err.splitlines()) == 1


ASLEEP = """
topics: {deals: {id: 1}}
defaults: {topic: deals}
watches: {page: {url: "https://shop.example/", enabled: false}}
"""


@pytest.mark.faults
@pytest.mark.parametrize("command", ["serve --port 0", "run --push http://127.0.0.1:1 --app-token AT_x"])
async def test_how_it_does_is_shown_at_an_address_of_its_own(watcher: Command, command: str) -> None:
    watcher.write(ASLEEP)
    port = free_port()
    async with watcher.running(*command.split(), "--health", str(port)), session() as client:
        async with client.get(f"http://127.0.0.1:{port}/healthz") as answer:
            assert (answer.status, await answer.text()) == (200, "ok\n")
        async with client.get(f"http://127.0.0.1:{port}/metrics") as answer:
            assert "watcher_" in await answer.text()


async def test_a_taken_port_for_its_health_is_said_before_it_is_said_to_serve(watcher: Command, site: Site) -> None:
    refused = await watcher("serve", "--port", "0", "--health", site.url.rpartition(":")[2])
    assert (refused.status, refused.out) == (2, "")
    assert " is taken; choose another with --health" in refused.err


@pytest.mark.faults
async def test_the_limits_of_the_server_are_the_operators(watcher: Command) -> None:
    token = (await watcher("apps", "add", "Job", "--json")).record["app_token"]
    uid = (await watcher("subscribers", "add", "--app", "2", "--json")).record["uid"]
    async with (
        watcher.running("serve", "--port", "0", "--call-limit", "2", "--daily-limit", "1") as (_, first),
        session() as client,
    ):
        answers = []
        for number in range(3):
            body = {"appToken": token, "content": f"news {number}", "uids": [uid]}
            async with client.post(f"{url_of(first)}/api/send/message", json=body) as answer:
                answers.append(await answer.json())
    assert [answer["code"] for answer in answers] == [1000, 1000, 1001]
    assert [target["code"] for answer in answers[:2] for target in answer["data"]] == [1000, 1001]


async def test_a_trusted_proxy_says_who_asks_and_the_log_names_them(watcher: Command) -> None:
    process = await watcher.start("-v", "serve", "--port", "0", WATCHER_TRUSTED_PROXIES="10.0.0.0/8,127.0.0.1")
    assert process.stdout is not None
    try:
        async with asyncio.timeout(SECONDS), session() as client:
            url = url_of((await process.stdout.readline()).decode())
            async with client.get(f"{url}/healthz", headers={"X-Forwarded-For": "198.51.100.7"}) as answer:
                assert answer.status == 200
            process.send_signal(signal.SIGTERM)
            _, log = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    assert "198.51.100.7 GET /healthz 200" in log.decode()


async def test_a_server_without_a_trial_has_no_page_of_it(watcher: Command) -> None:
    async with (
        watcher.running("serve", "--port", "0", "--no-trial") as (_, first),
        session() as client,
        client.get(f"{url_of(first)}/") as landing,
        client.get(f"{url_of(first)}/try") as trial,
    ):
        assert (landing.status, trial.status, "/try" in await landing.text()) == (200, 404, False)


@pytest.mark.faults
@pytest.mark.parametrize(("option", "is_told"), [("--private-callbacks", True), ("--no-private-callbacks", False)])
async def test_a_callback_goes_to_a_private_address_where_the_operator_allows_it(
    watcher: Command, site: Site, option: str, is_told: bool
) -> None:
    site.show("/callback", "ok")
    await watcher("apps", "add", "Shop", "--callback-url", f"{site.url}/callback")
    async with (
        watcher.running("serve", "--port", "0", option) as (_, first),
        session() as client,
        asyncio.timeout(SECONDS),
    ):
        [_, app] = (await watcher("apps", "--json")).records
        await device(client, f"{url_of(first)}/a/{app['slug']}")
        while not (told := (await watcher("apps", "callbacks", "2", "--json")).record)["attempts"]:
            pass
    # The site has the page, and takes no POST.
    assert told["reason"].startswith("answered 405" if is_told else "127.0.0.1 is not a public address")


def stalled_reader(url: str, cookie: str) -> socket.socket:
    """
    Open a live inbox and read nothing of it.

    Small segments and a small window keep what the system holds for both ends small as well.
    """
    host, port = url.removeprefix("http://").split(":")
    connection = socket.socket()
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    connection.connect((host, int(port)))
    connection.sendall(f"GET /inbox/events HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n\r\n".encode())
    return connection


@asynccontextmanager
async def waiting_long_when_it_ends(directory: Path, *arguments: str) -> AsyncIterator[tuple[Process, str]]:
    """Keep `serve` running, whose stop would wait for whole hours; yield the process, and its first line."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", UNHURRIED, "serve", "--port", "0", *arguments),
        cwd=directory,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process, await first_line(process.stdout, process.stderr)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_its_end_does_not_wait_for_open_inboxes_nor_for_readers_that_do_not_read(watcher: Command) -> None:
    token = (await watcher("apps", "add", "Job", "--json")).record["app_token"]
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(session())
        process, first = await stack.enter_async_context(
            waiting_long_when_it_ends(watcher.directory, "--call-limit", "1000000")
        )
        url = url_of(first)
        topic = (await watcher("topics", "add", "News", "--app", "2", "--json")).record
        link = f"{url}/t/{topic['link'].rpartition('/')[2]}"
        cookies = [await device(client, link) for _ in range(INBOXES + 2)]
        # One has read all that there was, the other stalls in what it missed, while its request is still answered.
        behind, late = cookies.pop(), cookies.pop()
        stack.enter_context(stalled_reader(url, behind))
        inboxes = [await client.get(f"{url}/inbox/events", headers={"Cookie": cookie}) for cookie in cookies]
        for number in range(MESSAGES):
            body = {"appToken": token, "content": f"{number} " + "x" * 3_000, "topicIds": [topic["topic_id"]]}
            async with client.post(f"{url}/api/send/message", json=body) as answer:
                assert (await answer.json())["code"] == 1000
        await asyncio.to_thread(stack.enter_context(stalled_reader(url, late)).recv, 1, socket.MSG_PEEK)
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(SECONDS):
            _, log = await process.communicate()
        for inbox in inboxes:
            assert (await inbox.content.read()).endswith(b"\n\n")
    assert (process.returncode, log.decode()) == (0, "")


@pytest.mark.faults
async def test_the_operator_sets_and_sees_what_strangers_may_make(watcher: Command) -> None:
    arguments = ("serve", "--port", "0", "--daily-subscribers", "3", "--daily-trials", "2")
    async with watcher.running(*arguments) as (_, first), session() as client:
        url = url_of(first)
        slug = (await watcher("topics", "--json")).records[0]["link"].rpartition("/")[2]
        follows = [(await client.post(f"{url}/t/{slug}", allow_redirects=False)).status for _ in range(5)]
        trials = [(await client.post(f"{url}/try", allow_redirects=False)).status for _ in range(3)]
        async with client.get(f"{url}/metrics") as answer:
            figures = set((await answer.text()).splitlines())
        doctor = await watcher("doctor", "--json")
    # From one address there are as many: its share is a tenth, or ten.
    assert follows == [303] * 3 + [429] * 2
    assert trials == [303] * 2 + [429]
    assert 'watcher_strangers_made{what="subscribers"} 3.0' in figures
    assert 'watcher_strangers_cap{what="trials"} 2.0' in figures
    found = {record["text"]: record for record in doctor.records if record["check"] == "strangers"}
    assert found["subscribers: 3 were made in 24 h, the most; more are turned away"]["state"] == "error"
    assert "--daily-trials" in found["trials: 2 were made in 24 h, the most; more are turned away"]["advice"]
