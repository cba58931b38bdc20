"""
How long the console's pages of topics and subscribers take on one core, and how large they are; meant: under 60 ms and
150 kB with 1,000 topics, and 10,000 subscribers of one of them.

The limit of time is generous, for the machine may have other work; `pytest -rP tests/figures` prints the figures.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import pytest
from aiohttp import ClientSession, DummyCookieJar

from tests.figures.machine import Town, found_town, serving
from tests.sizes import FIGURES
from tests.web.login import as_operator
from watcher.push.ids import hash_token, new_secret
from watcher.web.sessions.account import account_cookie

_TOPICS, _SUBSCRIBERS, _TRIES = FIGURES.sized((100, 1_000, 3), (1_000, 10_000, 9))
_MAX_BYTES = 150_000


def _settle(town: Town) -> str:
    """Store the other topics, remarks, and who is signed in; return the token of that session."""
    token, now = new_secret(), (datetime.now(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    with closing(sqlite3.connect(town.data / "push.db")) as connection, connection:
        connection.executemany(
            "INSERT INTO topics (app_id, slug, name, description, created_at) VALUES (?, ?, ?, '', ?)",
            [(town.app.id, f"{number:028d}", f"Topic {number} of the town", now) for number in range(_TOPICS)],
        )
        connection.execute(
            "INSERT INTO remarks SELECT ?, id, 'Reader ' || id FROM subscribers WHERE id % 2", (town.app.id,)
        )
        connection.execute(
            "INSERT INTO subscriptions (subscriber_id, topic_id, created_at) "
            "SELECT subscribers.id, topics.id, ? FROM subscribers, topics WHERE subscribers.id <= 20 AND topics.id > ?",
            (now, town.topic.id),
        )
        connection.execute(
            "INSERT INTO sessions (account_id, token_hash, kind, created_at, seen_at) VALUES (NULL, ?, '', ?, ?)",
            (hash_token(token), now, now),
        )
    return token


@pytest.mark.sized
async def test_pages_of_topics_and_subscribers(tmp_path: Path) -> None:
    town = await found_town(tmp_path, _SUBSCRIBERS)
    headers = as_operator(_settle(town), account_cookie(is_https=False))
    topic, app = f"/console/topics/{town.topic.id}", town.app.id
    pages = [
        "/console/topics",
        f"/console/topics?app={app}&q=7",
        f"/console/topics/new?app={app}",
        topic,
        f"{topic}?state=following&before={_SUBSCRIBERS}",
        f"{topic}/merge",
        f"{topic}/poster",
        "/console/subscribers",
        f"/console/subscribers?app={app}",
        f"/console/subscribers?app={app}&topic={town.topic.id}&state=following",
        f"/console/subscribers?app={app}&q=reader+77",
        f"/console/subscribers?app={app}&q=UID_00",
        f"/console/apps/{app}/subscribers/{town.uids[0]}",
    ]
    slow, large = {}, {}
    async with (
        serving(tmp_path) as server,
        ClientSession(f"http://{server.host}:{server.port}", cookie_jar=DummyCookieJar()) as client,
    ):
        for page in pages:
            times = []
            for _ in range(_TRIES + 1):
                began = time.perf_counter()
                async with client.get(page, headers=headers, allow_redirects=False) as answer:
                    body = await answer.read()
                times.append(time.perf_counter() - began)
                assert answer.status == 200, page
            slow[page], large[page] = median(times[1:]), len(body)
            print(f"{page}: {slow[page] * 1000:.0f} ms, {len(body) / 1000:.0f} kB")
    assert max(slow.values()) < 0.5
    assert max(large.values()) < _MAX_BYTES
