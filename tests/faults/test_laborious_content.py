"""Contents that are laborious to render: who sends them keeps nobody waiting, and they are read all the same."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest

from tests.faults.hostile_content import HTML, MARKDOWN
from tests.faults.lag import measured_lag
from tests.faults.tally import IS_FULL, Tally, sized
from tests.web.conftest import channels, place, push, settings, site
from tests.web.site import JSON, Site
from watcher.core.push import NewSubscriber

pytestmark = pytest.mark.faults

__all__ = ["channels", "place", "push", "settings", "site"]

_AT_ONCE: Final = sized(3, 8)
_MOST_SECONDS: Final = 0.1
"""For which the event loop may work without looking at anybody else: this process's own work, the client's too."""
_QUICK: Final = ("brackets of pictures", "deep quotes with lazy lines", "a table of rows")
_CONTENTS: Final = [
    (f"{kind}: {name}", content, content_type)
    for kind, content_type, contents in (("markdown", 3, MARKDOWN), ("HTML", 2, HTML))
    for name, content in contents.items()
    if IS_FULL or name in _QUICK
]


async def _push(site: Site, reader: NewSubscriber, content: str, content_type: int) -> Mapping[str, Any]:
    fields = {"spt": reader.spt, "content": content, "contentType": content_type}
    answer = await site.post("/api/send/message/simple-push", body=json.dumps(fields).encode(), headers=JSON)
    body: Mapping[str, Any] = await answer.json()
    return body


@pytest.mark.alone
async def test_laborious_contents_are_sent_and_shown_while_the_loop_is_free(site: Site, tally: Tally) -> None:
    tally.what = "contents that are laborious to render, sent and looked at"
    async with measured_lag() as lag:
        worst = (0.0, "")
        for name, content, content_type in _CONTENTS:
            reader = await site.push.subscribers.add()  # of whom nothing is known yet
            lag.forget()
            answer = await _push(site, reader, content, content_type)
            tally.tried += 1
            if answer["code"] != 1000:
                assert answer["code"] == 1001, (name, answer)
                assert answer["msg"].startswith("content: "), (name, answer)
            else:
                [item] = await site.push.inbox.items(reader.subscriber)
                page = await site.get(f"/m/{item.message.slug}")
                tally.failed += page.status != 200
            worst = max(worst, (lag.busy, name))
    tally.figures = {"longest without a turn": f"{worst[0] * 1000:.0f} ms of work ({worst[1]})"}
    assert tally.failed == 0
    assert worst[0] < _MOST_SECONDS


@pytest.mark.alone
@pytest.mark.faults
async def test_eight_at_once_keep_no_plain_message_waiting(site: Site, tally: Tally) -> None:
    tally.what = f"plain messages sent while {_AT_ONCE} senders send laborious ones at once"
    readers = [await site.push.subscribers.add() for _ in range(_AT_ONCE + 1)]
    content = MARKDOWN["deep quotes with lazy lines"]
    async with measured_lag() as lag, asyncio.TaskGroup() as tasks:
        sending = [tasks.create_task(_push(site, reader, content, 3)) for reader in readers[1:]]
        await asyncio.sleep(0)
        for number in range(sized(5, 15)):
            began = asyncio.get_running_loop().time()
            answer = await _push(site, readers[0], f"plain {number}", 1)
            tally.tried += 1
            tally.failed += answer["code"] != 1000 or asyncio.get_running_loop().time() - began > 2
        assert not all(task.done() for task in sending)
    assert [task.result()["code"] for task in sending] == [1000] * _AT_ONCE
    tally.figures = {"longest without a turn": f"{lag.busy * 1000:.0f} ms of work"}
    assert tally.failed == 0
    assert lag.busy < _MOST_SECONDS


@pytest.mark.alone
async def test_a_laborious_message_from_before_is_rendered_once(site: Site, tmp_path: Path, tally: Tally) -> None:
    tally.what = "looks at laborious messages that an older release stored, several at once"
    reader = await site.push.subscribers.add()
    await _push(site, reader, "# short", 3)
    [item] = await site.push.inbox.items(reader.subscriber)
    worst = (0.0, "")
    async with measured_lag() as lag:
        for name, content, content_type in _CONTENTS:
            with closing(sqlite3.connect(tmp_path / "push.sqlite3")) as connection, connection:
                connection.execute(
                    "UPDATE messages SET content = ?, content_type = ?, rendered = NULL", (content, content_type)
                )
            lag.forget()
            pages = await asyncio.gather(*(site.get(f"/m/{item.message.slug}") for _ in range(_AT_ONCE)))
            tally.tried += _AT_ONCE
            tally.failed += sum(page.status != 200 for page in pages)
            for page in pages:
                page.close()
            worst = max(worst, (lag.busy, name))
        [kept] = await site.push.inbox.items(reader.subscriber)
    tally.figures = {"longest without a turn": f"{worst[0] * 1000:.0f} ms of work ({worst[1]})"}
    assert kept.message.draft.rendered is not None
    assert tally.failed == 0
    assert worst[0] < _MOST_SECONDS
