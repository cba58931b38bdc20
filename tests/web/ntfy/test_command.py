"""Debian's `ntfy` as it is, against a server of ours."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.web.ntfy.inboxes import Inboxes

_NTFY = shutil.which("ntfy")
SECONDS = 60

pytestmark = pytest.mark.skipif(_NTFY is None, reason="ntfy is not installed: its command was not tried")


@asynccontextmanager
async def _running(home: Path, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Let the command run while the context lasts, with no configuration of its user's."""
    assert _NTFY is not None
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin"}
    (home / "client.yml").write_text("", encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        _NTFY,
        arguments[0],
        "--config",
        str(home / "client.yml"),
        *arguments[1:],
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _run(home: Path, *arguments: str) -> tuple[int | None, str]:
    async with _running(home, *arguments) as process, asyncio.timeout(SECONDS):
        out, err = await process.communicate()
        return process.returncode, (out + err).decode()


async def test_the_command_publishes_with_a_token(inboxes: Inboxes, tmp_path: Path) -> None:
    app, token = await inboxes.site.app()
    topic = await inboxes.site.push.topics.add("backups", app_id=app.id)
    reader = (await inboxes.site.push.subscribers.add(topic_ids=[topic.id])).subscriber
    said = ["--title", "db1", "--priority", "high", "--tags", "disk", "--click", "https://example.org/1", "--markdown"]
    address = f"{inboxes.site.base}/backups"
    status, out = await _run(tmp_path, "publish", "--token", token, *said, address, "Backup **done**")
    assert status == 0, out
    assert json.loads(out)["message"] == "Backup **done**"
    [item] = await inboxes.site.push.inbox.items(reader)
    draft = item.message.draft
    assert (draft.summary, draft.content, draft.url) == ("db1", "Backup **done**", "https://example.org/1")
    status, _ = await _run(tmp_path, "publish", "--user", f"me:{token}", f"{inboxes.site.base}/ntfy/backups", "again")
    assert status == 0
    status, out = await _run(tmp_path, "publish", "--token", "tk_wrong", address, "no")
    assert status != 0
    assert "unauthorized" in out


async def test_what_the_command_sends_it_is_told_with_priority_and_tags(inboxes: Inboxes, tmp_path: Path) -> None:
    app, token = await inboxes.site.app()
    topic = await inboxes.site.push.topics.add("backups", app_id=app.id)
    reader, inbox = await inboxes.follower()
    await inboxes.site.push.subscriptions.follow(reader, topic_id=topic.id)
    said = ["--token", token, "--priority", "urgent", "--tags", "warning,skull", f"{inboxes.site.base}/backups", "fire"]
    assert (await _run(tmp_path, "publish", *said))[0] == 0
    status, out = await _run(tmp_path, "subscribe", "--poll", f"{inboxes.site.base}/{inbox}")
    assert status == 0, out
    [event] = [json.loads(line) for line in out.splitlines()]
    assert (event["message"], event["priority"], event["tags"]) == ("fire", 5, ["warning", "skull"])


async def test_the_command_subscribes_and_polls(inboxes: Inboxes, tmp_path: Path) -> None:
    reader, topic = await inboxes.follower()
    async with _running(tmp_path, "subscribe", f"{inboxes.site.base}/{topic}") as process:
        async with asyncio.timeout(SECONDS):
            await inboxes.room.send("news", reader)
            assert process.stdout is not None
            event = json.loads(await process.stdout.readline())
    assert event["message"] == "news"
    await inboxes.room.send("missed", reader)
    status, out = await _run(
        tmp_path, "subscribe", "--poll", "--since", event["id"], f"{inboxes.site.base}/ntfy/{topic}"
    )
    assert status == 0, out
    assert [json.loads(line)["message"] for line in out.splitlines()] == ["missed"]


async def test_the_command_is_told_with_a_token_what_it_publishes(inboxes: Inboxes, tmp_path: Path) -> None:
    app, token = await inboxes.site.app()
    await inboxes.site.push.topics.add("backups", app_id=app.id)
    address = f"{inboxes.site.base}/backups"
    follow = ("subscribe", "--token", token, "--since", "all", address)
    async with _running(tmp_path, *follow) as process, asyncio.timeout(SECONDS):
        assert (await _run(tmp_path, "publish", "--token", token, address, "one"))[0] == 0
        assert process.stdout is not None
        event = json.loads(await process.stdout.readline())
    assert event["message"] == "one"
