"""The table of watches: which are listed, in which order, to whom, what is done with them, and how rows change."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from aiohttp import ClientResponse
from msgspec.structs import replace

from tests.web.console_desk import Desk, desk_of_operator, desk_of_owner, shown
from tests.web.login import FORM, as_operator
from tests.web.site import NOW, Site
from tests.web.test_console import a_decision, keep
from tests.web.watchroom import WatchRoom, a_watch_room
from watcher.core.check import CheckFailure, Suspect
from watcher.core.pausing import is_muted, is_paused
from watcher.core.settings import Settings
from watcher.core.watch import WatchFile
from watcher.web.console import watch_stream
from watcher.web.console.watch_list import path_of

_FAILED = CheckFailure(kind="status", text="HTTP 404")
_ODD = CheckFailure(kind="suspicious", text="price is 0")
_SCRIPT: Final = "<script>window.pwned=1</script>"
_SECONDS: Final = 20
_WATCHES: Final = """
defaults: {every: 1h, allow_private: true, per_host: {concurrency: 20, min_delay: 0s}}

topics:
  deals: {name: Price drops}
watches:
  dune:
    name: The book
    url: "{shop}/dune"
    topic: deals
    tags: [books]
    extract: {price: {css: .price, type: money}}
  gone:
    url: "{shop}/gone"
    topic: news
    extract: h1
  list:
    url: "{shop}/list"
    topic: deals
    items: {css: li, key: b, fields: {seats: {css: i, type: integer}}}
  off:
    url: "{shop}/off"
    topic: news
    enabled: false
    extract: h1
"""


@pytest.fixture
def watches(settings: Settings) -> Path:
    return settings.watches


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[WatchRoom]:
    """Three watches that are checked, one of them failing, and one that is not enabled."""
    pages = {"/dune": "<p class=price>€ 12", "/list": "<li><b>A</b><i>1</i><li><b>B</b><i>2</i>", "/off": "<h1>x"}
    async with a_watch_room(tmp_path, _WATCHES, pages) as room:
        yield room


def _names(html: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/console/watches/[^"]+"><bdi>([^<]+)</bdi></a>', html)


def _row(html: str, watch: str) -> str:
    """Return what the row of a watch says."""
    found = re.search(rf'<tr [^>]*data-watch="{re.escape(watch)}">.*?</tr>', html, re.DOTALL)
    assert found, f"no row of {watch}"
    return shown(found[0])


async def _act(room: WatchRoom, act: str, *watches: str, **fields: str) -> str:
    """Do something with watches of the table; return what the page after it says was done."""
    answer = await _post(room.operator, [("act", act), *(("watch", watch) for watch in watches), *fields.items()])
    assert answer.status == 303
    html = await room.operator.page(answer.headers["Location"])
    found = re.search(r'<p role="status">([^<]+)</p>', html)
    return unescape(found[1]) if found else ""


async def _post(desk: Desk, fields: Sequence[tuple[str, str]]) -> ClientResponse:
    return await desk.site.post(
        "/console/watches", body=urlencode(fields).encode(), headers=FORM | as_operator(desk.session)
    )


# Which are listed


async def test_without_a_watcher_in_this_process_the_disk_is_shown_trouble_first(
    site: Site, watches: Path, tmp_path: Path
) -> None:
    later = {"next_check_at": NOW + timedelta(days=36_500)}
    decisions = [
        a_decision("a", **later),
        a_decision("b", **later, failures=1, failure=_ODD, suspect=Suspect(odd="x", checks=1), failing_since=NOW),
        a_decision("c", next_check_at=NOW - timedelta(days=1)),
        a_decision("d", **later, failures=3, failure=_FAILED, failing_since=NOW),
        a_decision("e", **later, muted_until=NOW + timedelta(days=36_500)),
        a_decision("f", paused_until=NOW + timedelta(days=36_500)),
    ]
    await keep(watches, decisions)
    operator = await desk_of_operator(site, tmp_path)
    html = await operator.page("/console/watches")
    assert _names(html) == ["d", "b", "c", "e", "f", "a"]
    assert _names(await operator.page("/console/watches?state=paused")) == ["f"]
    assert 'name="watch"' not in html
    assert "data-live" not in html


async def test_many_watches_come_in_pages(site: Site, watches: Path, tmp_path: Path) -> None:
    names = [f"w{number:03}" for number in range(120)]
    await keep(watches, [a_decision(name) for name in names])
    operator = await desk_of_operator(site, tmp_path)

    async def listed(page: object) -> list[str]:
        return _names(await operator.page(f"/console/watches?page={page}"))

    shown = [await listed(page) for page in (1, 2, 3, 4)]
    assert shown == [names[:50], names[50:100], names[100:], names[100:]]
    assert [await listed(odd) for odd in ("0", "-1", "x", "٣", "9" * 400)] == [names[:50]] * 5


async def test_a_row_says_the_value_the_one_before_and_what_fails(room: WatchRoom) -> None:
    room.shop.show("/dune", "<p class=price>€ 9.50")
    room.shop.show("/list", "<li><b>B</b><i>3</i><li><b>C</b><i>0</i><li><b>D</b><i>0</i>")
    await room.check("dune")
    await room.check("list")
    html = await room.operator.page("/console/watches")
    assert _names(html) == ["gone", "The book", "list", "off"]
    assert "price €9.50 before: €12" in _row(html, "dune")
    assert "3 rows last change: 2 new, 1 gone, 1 changed" in _row(html, "list")
    assert "failing" in _row(html, "gone")
    assert "404 Not Found: the page is gone" in _row(html, "gone")
    assert "disabled" in _row(html, "off")
    assert "UTC" in _row(html, "dune")


async def test_a_long_text_that_stayed_has_none_before(tmp_path: Path) -> None:
    config = """
defaults: {every: 1h, allow_private: true, topic: deals, per_host: {min_delay: 0s}}
watches:
  dune: {url: "{shop}/dune", extract: {price: b, text: p}}
"""
    text = "word " * 200
    async with a_watch_room(tmp_path, config, {"/dune": f"<b>12</b><p>{text}"}) as room:
        room.shop.show("/dune", f"<b>9</b><p>{text}")
        await room.check("dune")
        row = _row(await room.operator.page("/console/watches"), "dune")
    assert "price 9 before: 12" in row
    assert row.count("before:") == 1


@pytest.mark.faults
@pytest.mark.parametrize(
    ("query", "names"),
    [
        pytest.param("topic=deals", ["The book", "list"], id="topic"),
        pytest.param("tag=books", ["The book"], id="tag"),
        pytest.param("state=failing", ["gone"], id="state"),
        pytest.param("state=disabled", ["off"], id="disabled"),
        pytest.param("text=BOOK", ["The book"], id="text in the name"),
        pytest.param("text=/list", ["list"], id="text in the address"),
        pytest.param("topic=news&state=disabled&text=o", ["off"], id="all of it"),
        pytest.param("topic=nowhere", [], id="an unknown topic"),
        pytest.param("text=%ED%A0%80%00&page=2", [], id="bytes that are no text"),
        pytest.param("state=odd&page=x", ["gone", "The book", "list", "off"], id="what nobody knows"),
    ],
)
async def test_the_table_is_narrowed_by_what_the_address_says(room: WatchRoom, query: str, names: list[str]) -> None:
    html = await room.operator.page(f"/console/watches?{query}")
    assert _names(html) == names


async def test_pages_and_acts_keep_the_filter(room: WatchRoom) -> None:
    html = await room.operator.page("/console/watches?topic=deals&state=fine")
    assert '<option value="deals" selected>Price drops</option>' in html
    assert '<input type="hidden" name="topic" value="deals">' in html
    answer = await _post(room.operator, [("act", "mute"), ("watch", "dune"), ("topic", "deals"), ("page", "1")])
    led = urlsplit(answer.headers["Location"])
    assert (led.path, parse_qs(led.query)["topic"]) == ("/console/watches", ["deals"])


async def test_owners_do_not_see_that_there_is_such_a_room(site: Site, tmp_path: Path) -> None:
    owner = await desk_of_owner(site, tmp_path)
    assert (await owner.get("/console/watches")).status == 403
    assert "/console/watches" not in await owner.page("/console")


def test_a_link_to_a_watch_holds_whatever_its_id_does() -> None:
    assert path_of("a.b-价格") == "/console/watches/a.b-%E4%BB%B7%E6%A0%BC"


# What is done with them


async def test_those_that_are_ticked_are_paused_until_then_and_resumed(room: WatchRoom) -> None:
    assert (
        await _act(room, "pause", "dune", "list", lasting="8h")
        == "Paused: 2 watches. Checked again when the pause ends."
    )
    state = room.local.state("dune")
    assert state.paused_until is not None
    assert timedelta(hours=7, minutes=59) < state.paused_until - datetime.now(UTC) <= timedelta(hours=8)
    assert 'value="resume"' in await room.operator.page("/console/watches/dune")
    html = await room.operator.page("/console/watches?state=paused")
    assert _names(html) == ["The book", "list"]
    assert "paused until" in _row(html, "dune")
    assert _row(html, "dune").endswith("– – ")  # the end of the pause is no check to wait for beside it
    assert await _act(room, "check", "dune") == "They are paused, so nothing was checked. Press Resume first."
    assert await _act(room, "resume", "dune") == "Resumed: 1 watch. It is checked now."
    assert 'value="resume"' not in await room.operator.page("/console/watches/dune")
    assert not is_paused(room.local.state("dune"), datetime.now(UTC))
    assert await _act(room, "resume", "dune") == (
        "Nothing was done: they are disabled in their file, or neither paused nor muted."
    )


async def _undo_of(room: WatchRoom, act: str, *watches: str, **fields: str) -> tuple[str, dict[str, str]]:
    """Do something with watches; return what the page after it shows, and the fields of its button Undo."""
    answer = await _post(room.operator, [("act", act), *(("watch", watch) for watch in watches), *fields.items()])
    html = await room.operator.page(answer.headers["Location"])
    form = re.search(r'<form method="post" action="/console/watches" data-once>(.*?)</form>', html, re.DOTALL)
    return shown(html).replace(" ,", ","), dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form[1])) if form else {}


async def test_what_was_done_with_many_names_them_and_is_undone_by_one_click(room: WatchRoom) -> None:
    await _act(room, "mute", "list", lasting="7d")
    muted_until = room.local.state("list").muted_until
    page, undo = await _undo_of(room, "pause", all="1", topic="deals", lasting="8h")
    assert "Paused: 2 watches. Checked again when the pause ends. list, The book Undo" in page
    answer = await _post(room.operator, [*undo.items()])
    page = await room.operator.page(answer.headers["Location"])
    assert "Undone: 2 watches are as they were." in page
    assert '<option value="deals" selected>' in page  # the filter stays
    now = datetime.now(UTC)
    assert not any(is_paused(room.local.state(watch), now) for watch in ("dune", "list"))
    assert not is_muted(room.local.state("dune"), now)
    assert room.local.state("list").muted_until == muted_until
    again = await _post(room.operator, [*undo.items()])
    assert "Nothing was undone" in await room.operator.page(again.headers["Location"])


@pytest.mark.faults
async def test_of_many_watches_the_first_are_named(tmp_path: Path) -> None:
    names = [f"w{number}" for number in range(8)]
    watches = "".join(f'  {name}: {{url: "{{shop}}/{name}", topic: t, extract: h1}}\n' for name in names)
    async with a_watch_room(tmp_path, f"defaults: {{every: 1h, allow_private: true}}\nwatches:\n{watches}") as room:
        page, _ = await _undo_of(room, "mute", all="1", lasting="1h")
    assert "w0, w1, w2, w3, w4 and 3 more Undo" in page


async def test_what_came_to_nothing_does_not_look_like_a_success(room: WatchRoom) -> None:
    assert 'class="told warn line"' in await room.operator.page("/console/watches?said=watches_none_chosen")
    assert 'class="told line"' in await room.operator.page("/console/watches?said=watches_resumed&count=1")


async def test_what_a_muted_watch_shows_is_judged_when_it_is_resumed(room: WatchRoom) -> None:
    await _act(room, "mute", "dune", lasting="1d")
    assert is_muted(room.local.state("dune"), datetime.now(UTC))
    room.shop.show("/dune", "<p class=price>€ 9")
    assert await _act(room, "check", "dune") == "Checked: 1 watch."
    html = await room.operator.page("/console/watches")
    assert "muted until" in _row(html, "dune")
    assert "€12" in _row(html, "dune")
    page = shown(await room.operator.page("/console/watches/dune"))
    assert "muted until" in page
    assert "What changes meanwhile is judged when that ends" in page
    await _act(room, "resume", "dune")
    assert await _act(room, "check", "dune") == "Checked: 1 watch."
    assert "€9 before: €12" in _row(await room.operator.page("/console/watches"), "dune")


async def test_all_that_match_are_meant_though_none_is_ticked(room: WatchRoom) -> None:
    assert (await _act(room, "mute", all="1", topic="deals", lasting="1h")).startswith("Muted: 2 watches.")
    muted = [watch for watch in room.local.watches if is_muted(room.local.state(watch), datetime.now(UTC))]
    assert muted == ["dune", "list"]


@pytest.mark.parametrize(
    ("watches", "said"),
    [
        pytest.param([], "Choose some watches first.", id="none"),
        pytest.param(["nowhere"], "Choose some watches first.", id="unknown"),
        pytest.param(
            ["off"], "Nothing was done: they are disabled in their file, or neither paused nor muted.", id="disabled"
        ),
    ],
)
async def test_where_there_is_nothing_to_do_it_says_so(room: WatchRoom, watches: list[str], said: str) -> None:
    assert await _act(room, "pause", *watches) == said


async def test_a_check_says_what_came_of_it_on_the_next_page(room: WatchRoom) -> None:
    room.shop.show("/dune", "<p class=price>€ 10")
    assert await _act(room, "check", "dune", "gone") == "Checked: 2 watches."
    assert "€10 before: €12" in _row(await room.operator.page("/console/watches"), "dune")


async def test_one_watch_is_paused_on_its_own_page(room: WatchRoom) -> None:
    answer = await _post(room.operator, [("act", "pause"), ("one", "dune"), ("lasting", "1h")])
    assert answer.headers["Location"] == "/console/watches/dune?said=watches_paused&count=1"
    html = await room.operator.page(answer.headers["Location"])
    assert "Paused: 1 watch. Checked again when the pause ends." in html
    assert "paused until" in shown(html)
    assert (await room.operator.done("/console/watches/dune/check")).endswith("said=watch_paused")


async def test_what_was_done_is_in_the_log(room: WatchRoom) -> None:
    await _act(room, "pause", "dune", "list")
    acts = shown(await room.operator.page("/console/acts"))
    assert "Paused watches" in acts
    assert "dune, list" in acts


@pytest.mark.parametrize("fields", [[], [("act", "explode"), ("watch", "dune")]])
async def test_an_act_that_nobody_knows_is_refused(room: WatchRoom, fields: list[tuple[str, str]]) -> None:
    assert (await _post(room.operator, fields)).status == 400


async def test_without_a_watcher_in_this_process_nothing_is_done(site: Site, tmp_path: Path) -> None:
    operator = await desk_of_operator(site, tmp_path)
    answer = await _post(operator, [("act", "pause"), ("watch", "dune")])
    assert (answer.status, answer.headers["Location"]) == (303, "/console/watches?said=watch_elsewhere")


# Rows that change


async def _stream(desk: Desk, query: str = "") -> ClientResponse:
    answer = await desk.site.get(f"/console/live/watches{query}", headers=as_operator(desk.session))
    assert (answer.status, answer.content_type) == (200, "text/event-stream")
    return answer


async def _next_row(stream: ClientResponse) -> Mapping[str, str]:
    async with asyncio.timeout(_SECONDS):
        while not (line := await stream.content.readline()).startswith(b"data: "):
            assert line, "the stream has ended"
    event: Mapping[str, str] = json.loads(line.removeprefix(b"data: "))
    return event


def _live_path(html: str) -> str:
    found = re.search(r'data-live="/console/live/watches([^"]*)"', html)
    assert found
    return unescape(found[1])


async def test_a_row_that_changes_comes_by_itself(room: WatchRoom) -> None:
    path = _live_path(await room.operator.page("/console/watches"))
    async with await _stream(room.operator, path) as stream:
        room.shop.show("/dune", "<p class=price>€ 8")
        await room.check("dune")
        row = await _next_row(stream)
        while "€8" not in row["html"]:  # that it is being checked may come first
            row = await _next_row(stream)
    assert row["id"] == "dune"
    assert "€8 before: €12" in shown(row["html"])


async def test_what_changed_between_the_page_and_the_stream_comes_at_once(room: WatchRoom) -> None:
    path = _live_path(await room.operator.page("/console/watches?topic=deals"))
    await _act(room, "pause", "list")
    async with await _stream(room.operator, path) as stream:
        rows = [await _next_row(stream) for _ in range(2)]
    assert {row["id"]: "paused" in row["html"] for row in rows} == {"dune": False, "list": True}


@pytest.mark.faults
async def test_a_watch_that_goes_comes_back_and_is_renamed_is_drawn_anew(room: WatchRoom) -> None:
    watches = dict(room.local.watches)
    async with await _stream(room.operator, "?topic=deals") as stream:
        await _next_row(stream)
        room.parts.checker.runner.apply(WatchFile(topics={}, watches={"list": watches["list"]}))
        room.parts.checker.runner.apply(WatchFile(topics={}, watches=watches))
        renamed = replace(watches["dune"], name="Another name")
        room.parts.checker.runner.apply(WatchFile(topics={}, watches=watches | {"dune": renamed}))
        while "Another name" not in (await _next_row(stream))["html"]:
            pass


async def test_a_stream_ends_in_order_when_the_server_stops(room: WatchRoom) -> None:
    async with await _stream(room.operator) as stream:
        await _next_row(stream)
        async with asyncio.timeout(_SECONDS):
            await room.operator.site.server.stop()
            await stream.content.read()


@pytest.mark.faults
async def test_who_signs_out_everywhere_sees_no_more_and_the_stream_ends_long_before_its_heartbeat(
    room: WatchRoom,
) -> None:
    async with await _stream(room.operator) as stream:
        await room.operator.done("/console/logout/all")
        room.shop.show("/dune", "<p class=price>€ 8")
        await room.check("dune")
        heartbeat = watch_stream.TICK_SECONDS * watch_stream._TICKS_OF_A_HEARTBEAT
        async with asyncio.timeout(heartbeat / 2):
            said = await stream.content.read()
        assert (b"\\u20ac8" in said, said.endswith(b"event: over\ndata: {}\n\n")) == (False, True)


@pytest.mark.faults
async def test_streams_have_a_bound_and_who_leaves_makes_room(room: WatchRoom) -> None:
    open_: list[ClientResponse] = []
    while (answer := await _ask_for_stream(room)).status == 200:
        open_.append(answer)
    assert (answer.status, len(open_)) == (503, 40)
    for each in open_:
        each.close()
    async with asyncio.timeout(_SECONDS):
        while (answer := await _ask_for_stream(room)).status != 200:
            pass
    answer.close()


async def _ask_for_stream(room: WatchRoom) -> ClientResponse:
    return await room.operator.site.get("/console/live/watches", headers=as_operator(room.operator.session))


# What pages say


@pytest.mark.parametrize(
    "hostile", [_SCRIPT, '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "]]><svg/onload=alert(1)>"]
)
async def test_what_a_page_says_is_escaped_in_the_table_and_in_its_updates(tmp_path: Path, hostile: str) -> None:
    config = f"""
defaults: {{every: 1h, allow_private: true, topic: deals, per_host: {{min_delay: 0s}}}}

watches:
  odd:
    name: {json.dumps(hostile)}
    url: "{{shop}}/odd"
    extract: p
  failing:
    name: {json.dumps(hostile)}
    url: "{{shop}}/failing"
    extract: {{value: {{css: p, type: number}}}}
"""
    escaped = hostile.replace("&", "&amp;").replace("<", "&lt;")
    pages = {"/odd": f"<p>{escaped}", "/failing": f"<p>{escaped}"}
    async with a_watch_room(tmp_path, config.replace("{{shop}}", "{shop}"), pages) as room:
        room.shop.show("/odd", f"<p>{escaped} again")
        await room.check("odd")
        html = await room.operator.page("/console/watches")
        async with await _stream(room.operator) as stream:
            rows = [(await _next_row(stream))["html"] for _ in range(2)]
    for part in (html[html.index("<tbody>") : html.index("</tbody>")], *rows):
        assert hostile in unescape(part)
        assert hostile not in part or "<" not in hostile
        assert not re.search(r"<script|<img|<svg|<style| style=| on\w+=\"", part)
        assert "<bdi>49" not in part
