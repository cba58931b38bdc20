"""`watcher doctor`: what it prints, how it ends, and a message that is followed to a device."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from tests.certificates import an_identity
from tests.cli.command import SECONDS, Command, Result, eventually
from tests.push.callback_server import a_callback_server
from tests.site import Site
from watcher.web.sessions.device import DEVICE_COOKIE

NEWS = """
watches:
  news:
    url: {url}/news
    topic: news
    every: 1h
    extract: h1
    allow_private: true
"""


def private(watcher: Command) -> Path:
    """Make the data directory as a server makes it."""
    directory = watcher.directory / ".watcher"
    directory.mkdir(mode=0o700, exist_ok=True)
    return directory


def states(result: Result) -> dict[str, str]:
    """Return check → state, the worst where there are several."""
    found: dict[str, str] = {}
    for record in result.records:
        found[record["check"]] = max(
            found.get(record["check"], ""), record["state"], key=["", "ok", "warning", "error"].index
        )
    return found


def one(result: Result, check: str) -> dict[str, str | None]:
    """Return what was said of a check that speaks once."""
    (record,) = (record for record in result.records if record["check"] == check)
    return record


async def test_a_named_file_of_watches_that_is_not_there_is_an_error(watcher: Command) -> None:
    private(watcher)
    result = await watcher("doctor", "--config", "watches.yml", "--json")
    assert result.status == 1
    assert one(result, "config")["text"] == "there is no file watches.yml"


async def test_a_server_that_runs_well_has_no_errors(watcher: Command) -> None:
    async with watcher.running("serve", "--port", "0"):
        result = await watcher("doctor", "--json")
    assert (result.status, result.err) == (0, "")
    assert states(result) == {
        "data": "ok",
        "private": "ok",
        "space": "ok",
        "growth": "ok",
        "files": "ok",
        "database": "ok",
        "backups": "ok",
        "server": "ok",
        "topics": "warning",
        "outbox": "ok",
        "address": "ok",
        "https": "warning",
        "public": "warning",
        "reach": "ok",
        "strangers": "ok",
        "clock": "ok",
    }


async def test_a_record_has_what_the_documentation_says(watcher: Command) -> None:
    private(watcher).chmod(0o755)
    result = await watcher("doctor", "--json")
    assert [record for record in result.records if {*record} != {"check", "state", "text", "advice"}] == []
    assert one(result, "private") == {
        "check": "private",
        "state": "warning",
        "text": "other users of this machine can look into .watcher (mode 0755): pages, messages, subscribers",
        "advice": "chmod 700 .watcher",
    }
    assert one(result, "outbox")["advice"] is None


async def test_each_finding_is_a_line_and_what_to_do_another(watcher: Command) -> None:
    private(watcher).chmod(0o755)
    result = await watcher("doctor", PYTHONIOENCODING="utf-8")
    lines = result.out.splitlines()
    assert result.status == 1
    assert lines[0] == "✓ data: .watcher can be written"
    assert lines[1].startswith("! private: other users of this machine can look into .watcher (mode 0755)")
    assert lines[2] == "  → chmod 700 .watcher"
    assert "✗ server: no server runs on .watcher" in lines


async def test_a_terminal_without_those_signs_gets_words(watcher: Command) -> None:
    private(watcher).chmod(0o755)
    (watcher.directory / "watches.yaml").write_text("watches: {价格: 1}\n", encoding="utf-8")
    result = await watcher("doctor", PYTHONIOENCODING="ascii")
    assert (result.status, result.err) == (1, "")
    assert "ok data: .watcher can be written" in result.out
    assert "  -> chmod 700 .watcher" in result.out
    assert "error server: no server runs on .watcher" in result.out
    assert result.out.isascii()


async def test_what_a_database_that_does_not_answer_hinders_is_said_to_be_skipped(watcher: Command) -> None:
    arguments = ("doctor", "--database", "postgresql://w@127.0.0.1:1/w")
    told, records = await watcher(*arguments), (await watcher(*arguments, "--json")).records
    assert told.status == 1
    assert "– outbox: not looked at, for the database does not answer\n" in told.out
    [outbox] = [each for each in records if each["check"] == "outbox"]
    assert (outbox["state"], outbox["advice"]) == ("skipped", None)


async def test_nothing_is_made_and_nothing_is_changed(watcher: Command) -> None:
    await watcher("topics", "add", "News", "--app", "1")
    before = {path: path.stat().st_mtime_ns for path in watcher.directory.rglob("*") if path.is_file()}
    await watcher("doctor")
    after = {path: path.stat().st_mtime_ns for path in watcher.directory.rglob("*") if path.is_file()}
    assert {path: at for path, at in after.items() if not path.name.endswith(("-shm", "-wal"))} == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--data", "elsewhere"], "there is no data directory elsewhere; run this where the server runs"),
        (["--base-url", "ftp://push.example"], "--base-url ftp://push.example: write it as https://"),
        (["--send-test", "UID_nobody"], "there is no subscriber UID_nobody; `watcher subscribers` lists them"),
        (["--wait", "soon"], "--wait"),
    ],
    ids=["data", "url", "uid", "wait"],
)
async def test_wrong_use_is_said_in_one_line(watcher: Command, arguments: list[str], said: str) -> None:
    private(watcher)
    refused = await watcher("doctor", *arguments)
    assert (refused.status, len(refused.err.splitlines())) == (2, 1)
    assert refused.err.startswith(f"watcher: {said}")


async def test_watches_that_cannot_be_read_are_an_error_and_the_rest_is_looked_at(watcher: Command) -> None:
    private(watcher)
    watcher.write("watches:\n  news:\n    url: 1\n")
    result = await watcher("doctor", "--json")
    assert one(result, "config")["state"] == "error"
    assert "watches.yaml:2:3" in (one(result, "config")["text"] or "")
    assert "space" in states(result)


@pytest.mark.faults
async def test_watches_that_fail_are_named(watcher: Command, site: Site) -> None:
    watcher.write(NEWS.format(url=site.url))
    await watcher("check")
    result = await watcher("doctor", "--json")
    failing = one(result, "watches")
    assert (failing["state"], failing["text"]) == ("warning", "1 of 1 fail: news (1 × status)")
    assert one(result, "watcher")["state"] == "warning"
    site.show("/news", "<h1>hello</h1>")
    await watcher("check")
    assert one(await watcher("doctor", "--json"), "watches")["text"] == "the watch is not failing"


@pytest.mark.faults
async def test_messages_that_wait_are_a_warning_and_those_given_up_an_error(watcher: Command, site: Site) -> None:
    watcher.write(NEWS.format(url=site.url) + "topics:\n  news: {id: 7}\n")
    site.show("/news", "<h1>old</h1>")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        push = ["--push", f"http://127.0.0.1:{closed.getsockname()[1]}", "--app-token", "AT_x", "--drain-timeout", "1s"]
        await watcher("check", *push)
        site.show("/news", "<h1>new</h1>")
        await watcher("check", *push)
        waiting = one(await watcher("doctor", "--json"), "outbox")
    assert (waiting["state"], waiting["text"]) == (
        "warning",
        "1 could not be delivered so far, and will be tried again",
    )
    async with a_callback_server("/api/send/message") as refusing:
        refusing.answer = lambda _: 400
        url = refusing.url.removesuffix("/api/send/message")

        async def dead() -> dict[str, str | None] | None:
            await watcher("check", "--push", url, "--app-token", "AT_x", "--drain-timeout", "3s")
            found = one(await watcher("doctor", "--json"), "outbox")
            return found if found["state"] == "error" else None

        assert "given up, the last for: " in ((await eventually(dead))["text"] or "")


@pytest.mark.faults
@pytest.mark.parametrize(
    ("ends_in", "is_trusted", "state", "said"),
    [
        (timedelta(days=60), True, "ok", "59 days from now"),
        (timedelta(days=5), True, "warning", "4 days from now"),
        (timedelta(days=60), False, "error", "is not trusted: self-signed certificate"),
    ],
    ids=["good", "ending", "stranger"],
)
async def test_a_certificate_is_trusted_and_for_how_long_is_said(
    watcher: Command, tmp_path: Path, ends_in: timedelta, is_trusted: bool, state: str, said: str
) -> None:
    certificate, key = an_identity(ends_in=ends_in).write(tmp_path)
    arguments = ["serve", "--port", "0", "--tls-cert", str(certificate), "--tls-key", str(key)]
    async with watcher.running(*arguments):
        trusted = {"SSL_CERT_FILE": str(certificate)} if is_trusted else {}
        # aiohttp reads the variable when it is imported
        result = await Command(tmp_path, is_warm=False)("doctor", "--json", **trusted)
    found = one(result, "certificate")
    assert (found["state"], said in (found["text"] or "")) == (state, True)
    assert result.status == (state == "error")


@asynccontextmanager
async def a_server(watcher: Command) -> AsyncIterator[str]:
    """Run `watcher serve`; yield its URL."""
    async with watcher.running("serve", "--port", "0") as (_, first):
        yield first.split()[1].rstrip(";")


def client() -> aiohttp.ClientSession:
    """A client that keeps no cookies."""
    timeout = aiohttp.ClientTimeout(total=SECONDS)
    return aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), timeout=timeout)


async def a_reader(watcher: Command, session: aiohttp.ClientSession, url: str) -> tuple[str, Mapping[str, str]]:
    """Follow a topic as a browser does; return its UID, and the headers of its device."""
    link = (await watcher("topics", "add", "News", "--app", "1", "--json")).record["link"]
    async with session.post(f"{url}/t/{link.rpartition('/')[2]}", allow_redirects=False) as answer:
        cookie = f"{DEVICE_COOKIE}={answer.cookies[DEVICE_COOKIE].value}"
    (subscriber,) = (await watcher("subscribers", "--json")).records
    return subscriber["uid"], {"Cookie": cookie, "Origin": url}


@pytest.mark.faults
async def test_a_test_message_is_followed_until_the_inbox_shows_it(watcher: Command) -> None:
    async with a_server(watcher) as url, client() as session:
        uid, device = await a_reader(watcher, session, url)
        process = await watcher.start("doctor", "--json", "--send-test", uid)
        assert process.stdout is not None
        steps = []
        async with asyncio.timeout(SECONDS):
            async for line in process.stdout:
                record = json.loads(line)
                if record["check"] != "send-test":
                    continue
                steps.append(record["text"])
                if record["text"] == "sent over inbox":
                    await acknowledge(session, url, device)
            assert await process.wait() == 0
    assert [step.partition(":")[0] for step in steps] == ["queued", "sent over inbox", "shown over inbox"]


async def acknowledge(session: aiohttp.ClientSession, url: str, device: Mapping[str, str]) -> None:
    """Say, as the inbox's page does, that its newest message was shown."""
    async with session.get(f"{url}/api/v1/inbox", headers=device) as answer:
        ids = [item["id"] for item in (await answer.json())["data"]]
    async with session.post(f"{url}/inbox/shown", json={"ids": ids}, headers=device) as answer:
        assert answer.status < 300


@pytest.mark.faults
async def test_a_test_message_that_nobody_shows_is_an_error(watcher: Command) -> None:
    uid = (await watcher("subscribers", "add", "--json")).record["uid"]
    async with a_server(watcher) as url:
        result = await watcher("doctor", "--json", "--send-test", uid, "--wait", "1s")
    queued, sent, never = (record for record in result.records if record["check"] == "send-test")
    assert (queued["state"], sent["text"]) == ("ok", "sent over inbox")
    assert (never["state"], never["text"]) == ("error", "no device has shown it within 1 s")
    assert f"open {url}/inbox" in never["advice"]
    assert result.status == 1


@pytest.mark.faults
async def test_a_subscriber_who_switched_messages_off_is_said(watcher: Command) -> None:
    async with a_server(watcher) as url, client() as session:
        uid, device = await a_reader(watcher, session, url)
        async with session.post(f"{url}/subscriptions/mute", headers=device) as answer:
            assert answer.status < 400
        result = await watcher("doctor", "--json", "--send-test", uid)
    assert one(result, "send-test")["state"] == "error"
    assert "not sent" in (one(result, "send-test")["text"] or "")
