"""
A move from the hosted WxPusher while a script goes on sending: nothing is lost, nothing comes twice.

The script is a file whose bytes stay as they are but for the host; the hosted service is a fake that does as it does;
all commands are real processes.
"""

from __future__ import annotations

import asyncio
import json
import signal
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from tests.cli.command import Command
from tests.clients.server import run_client, serving
from tests.push.emulators.hosted import Hosted, a_hosted_wxpusher, a_token, a_uid
from tests.sizes import FAULTS

APPS = {97001 + number: f"App {number}" for number in range(3)}
TOPICS = FAULTS.sized(6, 20)
PEOPLE = FAULTS.sized(30, 500)
PUBLIC = "https://wxpusher.zjiecode.com"
SCRIPT = """
import json, sys, urllib.request

for token, text, receivers in json.loads(sys.argv[1]):
    body = json.dumps({"appToken": token, "content": text, "contentType": 1, **receivers}).encode()
    request = urllib.request.Request(
        "https://wxpusher.zjiecode.com/api/send/message", body, {"Content-Type": "application/json"}
    )
    answer = json.load(urllib.request.urlopen(request))
    assert answer["code"] == 1000 and all(each["code"] == 1000 for each in answer["data"]), answer
"""
Send: TypeAlias = tuple[int, str, dict[str, list[Any]]]


def fill(hosted: Hosted) -> None:
    """Let people follow applications and topics: some both, some topics alone."""
    hosted.sends_per_window = None
    for app_id, name in APPS.items():
        hosted.an_app(app_id, name)
    for number in range(TOPICS):
        hosted.a_topic(40_001 + number, f"Topic {number}", app_of(number))
    for number in range(PEOPLE):
        if number % 5:
            hosted.follow(a_uid(number), app_of(number))
        for topic in {number % TOPICS, number * 7 % TOPICS}:
            hosted.follow(a_uid(number), app_of(topic), 40_001 + topic)


def app_of(number: int) -> int:
    return [*APPS][number % len(APPS)]


def rounds(first: int, last: int) -> list[Send]:
    """What the script sends: by topic, by UID, and by both to somebody who follows both."""
    sends: list[Send] = []
    for number in range(first, last):
        topic = number % TOPICS
        app_id = app_of(topic)
        sends.append((app_id, f"topic {number}", {"topicIds": [40_001 + topic]}))
        uids = [a_uid(each) for each in range(PEOPLE) if each % 5 and app_of(each) == app_id][number % 5 :: 5][:3]
        sends.append((app_id, f"uids {number}", {"uids": [*uids]}))
    return sends


def expected(hosted: Hosted, sends: list[Send]) -> Counter[tuple[str, str]]:
    """Who is to get what, once."""
    due: set[tuple[str, str]] = set()
    for _, text, to in sends:
        due |= {(str(uid), text) for uid in to.get("uids", ())}
        due |= {(each.uid, text) for each in hosted.follows.values() if each.topic_id in to.get("topicIds", ())}
    return Counter(due)


@pytest.mark.faults
@pytest.mark.sized
async def test_an_application_moves_while_a_script_goes_on_sending(watcher: Command) -> None:
    async with a_hosted_wxpusher() as hosted:
        fill(hosted)
        there, here = watcher.directory / "there.py", watcher.directory / "here.py"
        there.write_text(SCRIPT.replace(PUBLIC, hosted.url))
        before, after = rounds(0, 4), rounds(4, FAULTS.sized(8, 40))

        async def send(script: Path, sends: list[Send]) -> None:
            said = json.dumps([(a_token(app_id), text, to) for app_id, text, to in sends])
            done = await run_client(str(script), said, directory=watcher.directory)
            assert done.status == 0, done.err

        async def move() -> None:
            for app_id in APPS:
                moved = await watcher("import", "wxpusher", "--app-token", a_token(app_id), "--url", hosted.url)
                assert moved.status == 0, moved.err

        await asyncio.gather(move(), send(there, before))
        async with serving(watcher) as port:
            here.write_text(SCRIPT.replace(PUBLIC, f"http://127.0.0.1:{port}"))
            await send(here, after)
            due = expected(hosted, [*before, *after])
            async with asyncio.timeout(FAULTS.sized(30, 300)):
                while len(hosted.received) < due.total():  # noqa: ASYNC110  what it waits for is in other processes
                    await asyncio.sleep(0.05)
        assert Counter((each.uid, each.content) for each in hosted.received) == due


async def test_an_import_that_is_killed_leaves_nothing_and_goes_on(watcher: Command) -> None:
    async with a_hosted_wxpusher() as hosted:
        hosted.an_app(97001, "Shop")
        for number in range(150):
            hosted.follow(a_uid(number), 97001)
        arguments = ("import", "wxpusher", "--app-token", a_token(97001), "--url", hosted.url, "--json")
        process = await watcher.start(*arguments)
        hosted.on_page = lambda page: process.send_signal(signal.SIGKILL) if page == 2 else None
        with suppress(ConnectionResetError):
            await process.communicate()
        assert process.returncode == -signal.SIGKILL
        assert not (watcher.directory / ".watcher" / "upstream.json").exists()
        hosted.on_page = lambda _: None
        moved = (await watcher(*arguments)).record
        assert (moved["new_subscribers"], moved["is_new"], moved["is_written"]) == (150, True, True)
        assert (await watcher(*arguments)).record["is_written"] is False
