"""The console in Chinese: no page of it says an English sentence of ours."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path
from typing import Final

import pytest

from tests.web.watchroom import WatcherNear, WatchRoom, a_watch_room
from watcher.web.middleware.guard import Role
from watcher.web.routes import ROUTES

_WATCHES: Final = """
defaults: {every: 1h, topic: deals, per_host: {concurrency: 20, min_delay: 0s}}

watches:
  dune:
    url: "{shop}/dune"
    extract: {price: {css: .price, type: money}}
    notify_when:
      - price: {below: 90}
      - price: {drops_by: 5%}
  list:
    url: "{shop}/list"
    items: {css: li, key: b, fields: {seats: {css: i, type: integer}}}
    notify_when: [added]
  free: {url: "{shop}/free", extract: {price: {css: .price, type: money}}}
  lost: {url: "{shop}/lost", extract: {price: {css: .price, type: money}}}
  none: {url: "{shop}/none", extract: {price: {css: .price, type: money}}}
  wall: {url: "{shop}/wall", extract: {title: h1}}
  odd: {url: "{shop}/odd", extract: {seats: {css: i, type: integer}}}
  soon: {url: "{shop}/soon", extract: {when: {css: i, type: date}}}
  stock: {url: "{shop}/stock", extract: {stock: {css: i, type: stock}}}
  other: {url: "{shop}/other", extract: {price: {css: .price, type: money}}}
"""
_PRICE: Final = "<h2>价格</h2><p>现价<b class=price>€ 100</b></p>"
_FAILING: Final = {
    "/free": _PRICE.replace("100", "0"),
    "/lost": "<p>没有了</p>",
    "/wall": "<title>Attention Required! | Cloudflare</title><h1>网站</h1>",
    "/odd": "<i>没有数字</i>",
    "/soon": "<i>明天</i>",
    "/stock": "<i>不清楚</i>",
}
_IN_ENGLISH: Final = {
    "/console/acts": "the kinds of browsers, and names of files",
}
"""Pages that may say more than names in English, and what that is."""
_NOT_OURS: Final = re.compile(
    r"<(script|style|pre|textarea|code|bdi|title|kbd)\b.*?</\1>|<(\w+)[^>]*\blang=.?en\b.*?</\2>", re.DOTALL
)
"""What quotes: YAML, selectors, commands, what pages say, and what is marked as English (mistakes in files)."""
_NAMES: Final = ("Alerts to the operator",)
"""Of topics, as they were made."""
_SENTENCE: Final = re.compile(r"(?:\b[A-Za-z][a-z’']*[,;:]? ){3,}[a-z’']+")
"""Four words in a row."""


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[WatchRoom]:
    pages = dict.fromkeys(("/dune", "/free", "/lost", "/none", "/other"), _PRICE)
    pages |= {"/list": "<li><b>甲</b><i>1</i></li>", "/wall": "<h1>网站</h1>", "/odd": "<i>3</i>"}
    pages |= {"/soon": "<i>2026-01-31</i>", "/stock": "<i>有货</i>"}
    async with a_watch_room(tmp_path, _WATCHES, pages, watcher=WatcherNear) as room:
        yield room


async def _live_through_much(room: WatchRoom) -> None:
    """Let every watch have a history: changes, failures of each kind, a pause, a new baseline."""
    for path, page in _FAILING.items():
        room.shop.show(path, page)
    room.shop.show("/dune", _PRICE.replace("100", "80"))
    room.shop.show("/list", "<li><b>甲</b><i>1</i></li><li><b>乙</b><i>2</i></li>")
    room.shop.show("/none", "", status="503 Service Unavailable")
    before, at, watch = room.config.read_text(encoding="utf-8").partition("  other:")
    room.config.write_text(f"{before}{at}{watch.replace('css: .price', 'css: b')}", encoding="utf-8")
    room.parts.checker.runner.apply(room.load())
    for act in ("mute", "pause", "resume"):
        await room.operator.done("/console/watches", {"one": "other", "act": act, "lasting": "1h"})
    for watch in room.local.watches:
        await room.check(watch)


def _sentences(html: str) -> list[str]:
    said = unescape(re.sub(r"<[^>]+>", "\n", _NOT_OURS.sub("…", html)))
    for name in _NAMES:
        said = said.replace(name, "…")
    return _SENTENCE.findall(re.sub(r"[ \t]+", " ", said))


@pytest.mark.faults
async def test_no_page_says_an_english_sentence(room: WatchRoom) -> None:
    await _live_through_much(room)
    found = {}
    for path in _paths(room):
        answer = await room.operator.get(path, "zh")
        if answer.status == 200 and path not in _IN_ENGLISH:
            found[path] = _sentences(await answer.text())
    assert len(found) > 40
    assert {path: said for path, said in found.items() if said} == {}


async def test_what_a_page_suggests_and_what_a_try_finds_is_said_in_chinese(room: WatchRoom) -> None:
    await _live_through_much(room)
    for path in ("/dune", "/list", "/wall", "/lost"):
        for fields in ({"act": "suggest"}, {"act": "try", "name-0": "price", "find-0": ".price", "type-0": "money"}):
            form = {"url": f"{room.shop.base}{path}", "topic": "deals", **fields}
            answer = await room.operator.send("/console/watches/new", form, "zh")
            assert _sentences(await answer.text()) == [], (path, fields)


async def test_no_blank_follows_a_chinese_mark(room: WatchRoom) -> None:
    await _live_through_much(room)
    found = {}
    for path in ("/console", "/console/me", "/console/watches", "/console/server", "/console/watches/lost/edit"):
        html = await (await room.operator.get(path, "zh")).text()
        found[path] = re.findall(r"[^>]{0,9}[：，。；！？）] +(?=[^\s<]|<[a-z])", _NOT_OURS.sub("…", html))
    assert {path: said for path, said in found.items() if said} == {}


async def test_a_try_says_what_it_finds_as_messages_will(room: WatchRoom) -> None:
    room.shop.show("/stock", "<i>In stock</i>")
    value = {"v0-name": "stock", "v0-find": "i", "v0-type": "stock"}
    form = {"url": f"{room.shop.base}/stock", "topic": "deals", "reads": "values", **value, "act": "try"}
    answer = await room.operator.send("/console/watches/new", form, "zh")
    assert re.search(r"结果：\s*<strong><bdi>有货</bdi>", await answer.text())


def _paths(room: WatchRoom) -> list[str]:
    """Return the addresses of the console's pages, those of a watch for each."""
    paths: list[str] = []
    for route in ROUTES:
        if route.method == "GET" and route.role in (Role.ACCOUNT, Role.OPERATOR) and "live" not in route.path:
            if "{watch" in route.path:
                paths += [re.sub(r"{watch[^}]*}", watch, route.path) for watch in room.local.watches]
            elif "{" not in route.path:
                paths.append(route.path)
    return [*(path for path in paths if "{" not in path), "/console/server?look=1"]
