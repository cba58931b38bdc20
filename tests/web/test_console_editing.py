"""Watches made and changed in the console: what comes into which file, what is refused, and what is taken back."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from html import escape, unescape
from pathlib import Path
from typing import Final

import pytest

from tests.web.console_desk import Desk, an_owner, session_of, shown
from tests.web.watchroom import WatchRoom, a_watch_room
from watcher.config.writing import HEADER
from watcher.core.check import Decision
from watcher.core.page import Response, Validators
from watcher.core.watch import Watch
from watcher.errors import FetchError
from watcher.runtime.driving import WatcherHere
from watcher.store.damage import PUSH
from watcher.web.console.editing.form import MOST_VALUES
from watcher.web.forms import MAX_FIELDS

_MAIN: Final = """\
include: watches.d/*.yaml
defaults: {topic: news, every: 1h, enabled: false}
watches:
  mine: {url: "{shop}/mine", enabled: true, allow_private: true, extract: h1}
"""
_ADDED: Final = f"""\
{HEADER}
watches:
  dune:
    name: Dune
    url: https://shop.example/dune
    extract:
      price: {{css: .price, type: money}}
    notify_when:
      price:
        below: 10
  emma:
    url: https://shop.example/emma  # mine
    extract: .price
  inner:
    url: https://shop.example/inner
    headers: {{Authorization: Bearer s3cr3t}}
"""
_SHOP: Final = """<title>Dune</title><h1>Dune</h1><p class=price>€12.00</p><p class=price>€9.00</p>
<ul><li><a href=/a>A</a></li><li><a href=/b>B</a></li><li><a href=/c>C</a></li></ul>"""
_XSS: Final = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}</textarea>"


class _Watcher(WatcherHere):
    """One that is shown the pages of shop.example, which is not there, and asks no server."""

    pages = 0

    async def check(self, watches: Sequence[str], *, limit_seconds: float) -> Sequence[Decision]:
        return await super().check([watch for watch in watches if watch == "mine"], limit_seconds=limit_seconds)

    async def page(self, watch: Watch) -> Response:
        if "shop.example" not in watch.request.url:
            return await super().page(watch)
        if "gone" in watch.request.url:
            raise FetchError("HTTP 404")
        type(self).pages += 1
        html = _SHOP.replace("Dune", escape(_XSS)).replace("€", f"{escape(_XSS)} €")
        return Response(
            url=watch.request.url,
            wire=(html if "hostile" in watch.request.url else _SHOP).encode(),
            digest="x",
            content_encoding=(),
            media_type="text/html",
            charset="utf-8",
            validators=Validators(),
        )


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[WatchRoom]:
    (tmp_path / "watches.d").mkdir()
    (tmp_path / "watches.d/added.yaml").write_text(_ADDED)
    main = {"/mine": "<h1>Mine</h1>"}
    _Watcher.pages = 0
    async with a_watch_room(tmp_path, _MAIN, main, watcher=_Watcher) as opened:
        yield opened


def _added(room: WatchRoom) -> Path:
    return room.config.parent / "watches.d/added.yaml"


def _fields(html: str) -> dict[str, str]:
    """Return what a browser would send of the last form of a page, without its buttons."""
    form = html[html.rindex('<form class="form"') :]
    fields = {}
    for tag in re.findall(r"<input [^>]*>", form):
        found = {name: unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        if found.get("type") in ("radio", "checkbox") and " checked" not in tag:
            continue
        fields[found["name"]] = found.get("value", "")
    for name, body in re.findall(r'<select id="[^"]+" name="([^"]+)".*?>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body) or re.search(r'<option value="([^"]*)"', body)
        assert chosen
        fields[name] = chosen[1]
    for name, text in re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        fields[name] = unescape(text)
    return fields


def _owner(room: WatchRoom) -> Desk:
    database = room.settings.data / PUSH
    account_id = an_owner(database)
    return Desk(
        site=room.operator.site, session=session_of(database, account_id, at=datetime.now(UTC)), account_id=account_id
    )


async def _page(room: WatchRoom, path: str, fields: dict[str, str], status: int = 200) -> str:
    answer = await room.operator.send(path, fields)
    html = await answer.text()
    assert answer.status == status, shown(html)[150:800]
    return html


# A newcomer's way


async def test_a_url_becomes_a_watch_that_is_checked(room: WatchRoom) -> None:
    html = await room.operator.page("/console/watches/new")
    html = await _page(room, "/console/watches/new", _fields(html) | {"url": "shop.example/new", "act": "look"})
    fields = _fields(html)
    assert "€12.00" in html
    assert (fields["id"], fields["name"], fields["topic"], fields["reads"]) == ("dune-2", "Dune", "news", "values")
    html = await _page(room, "/console/watches/new", fields | {"act": "review"})
    assert "<ins>+  dune-2:</ins>" in html
    assert "dune-2" not in _added(room).read_text()
    saved = await room.operator.done("/console/watches/new", _fields(html) | {"act": "save"})
    assert "  dune-2:\n    name: Dune\n    url: https://shop.example/new\n" in _added(room).read_text()
    assert "dune-2" in room.local.watches
    assert _Watcher.pages == 1
    assert "It is saved, and checked from now on." in await room.operator.page(saved)
    assert await room.operator.done(saved) == "/console/watches?said=watch_restored"
    assert _added(room).read_text() == _ADDED
    assert "dune-2" not in room.local.watches


_BELOW: Final = """\
lamp:
  url: https://shop.example/new
  topic: news
  extract: {price: {css: .price, type: money}}
  notify_when:
    price: {below: 20}
"""


@pytest.mark.faults
async def test_the_review_of_a_new_watch_says_what_holds_already(room: WatchRoom) -> None:
    html = await _page(room, "/console/watches/new", {"url": "https://shop.example/new", "act": "look"})
    below = {"when": "falls_below:price", "what-falls_below:price": "20"}
    html = await _page(room, "/console/watches/new", _fields(html) | below | {"act": "review"})
    told = "This already holds, so 1 message is sent at the next check: Dune €12.00 Price is below 20."
    assert told in shown(html)
    html = await _page(room, "/console/watches/new", {"written": f"{_BELOW}    already: ignore\n", "act": "review"})
    assert "it is told only after it has ended and holds again ( already: ignore )" in shown(html)
    html = await _page(room, "/console/watches/new", {"written": f"{_BELOW}  confirm: 2\n", "act": "review"})
    assert "it is told once 2 checks in a row have seen it ( confirm )" in shown(html)
    html = await _page(room, "/console/watches/new", {"written": _BELOW.replace("20", "2"), "act": "review"})
    assert "already" not in shown(html)
    html = await _page(room, "/console/watches/new", {"written": _BELOW.replace(".price", ".cost"), "act": "review"})
    assert "A check would fail:" in shown(html)


@pytest.mark.faults
async def test_what_holds_of_a_page_that_nobody_looked_at_is_not_known_until_somebody_does(room: WatchRoom) -> None:
    html = await _page(room, "/console/watches/new", {"written": _BELOW, "act": "review"})
    assert "Whether something holds already, and is told at once, is not known" in shown(html)
    tried = await _page(room, "/console/watches/new", _fields(html) | {"act": "try"})
    html = await _page(room, "/console/watches/new", _fields(tried) | {"act": "review"})
    assert "This already holds, so 1 message is sent at the next check" in shown(html)
    changes = _BELOW.replace("price: {below: 20}", "price: changes").replace("/new", "/other")
    html = await _page(room, "/console/watches/new", {"written": changes, "act": "review"})
    assert "is not known" not in shown(html)


async def test_after_saving_each_topic_leads_to_its_page_with_the_code(room: WatchRoom) -> None:
    written = "two:\n  url: https://shop.example/two\n  topic: [news, lamps]\n  extract: h1\n"
    html = await _page(room, "/console/watches/new", {"written": written, "act": "review"})
    saved = await room.operator.done("/console/watches/new", _fields(html) | {"act": "save"})
    html = await room.operator.page(saved)
    links = re.findall(r'<a href="(/console/topics/\d+)"><bdi>(news|lamps)</bdi></a>', html)
    assert html.index("Share its topic") < html.index("See the watch") < html.index("<pre")
    assert [name for _, name in links] == ["news", "lamps"]
    for path, name in links:
        assert name in shown(await room.operator.page(path))


@pytest.mark.faults
async def test_another_candidate_is_taken_and_what_was_typed_stays(room: WatchRoom) -> None:
    fields = {"url": "https://shop.example/new", "act": "take-1", "name": "My books", "id": "books", "every": "2h"}
    html = await _page(room, "/console/watches/new", fields)
    taken = _fields(html)
    assert (taken["name"], taken["id"], taken["every"]) == ("My books", "books", "2h")


@pytest.mark.faults
async def test_a_try_shows_what_each_selector_finds(room: WatchRoom) -> None:
    fields = {
        "url": "https://shop.example/new",
        "reads": "values",
        "v0-name": "price",
        "v0-find": ".price",
        "v0-type": "money",
        "v1-name": "gone",
        "v1-find": ".gone",
        "act": "try",
    }
    for _ in range(2):
        said = shown(await _page(room, "/console/watches/new", fields))
    assert "Finds €12.00 · matches 2 places" in said
    assert "A check would fail: " in said
    assert _Watcher.pages == 1
    said = shown(await _page(room, "/console/watches/new", fields | {"v0-find": "p["}, 422))
    assert "The page cannot be read this way." in said


@pytest.mark.faults
async def test_a_list_is_tried_with_its_rows(room: WatchRoom) -> None:
    fields = {
        "url": "https://shop.example/new",
        "reads": "list",
        "rows-find": "li",
        "key-find": "a",
        "v0-name": "title",
        "v0-find": "a",
    }
    html = await _page(room, "/console/watches/new", fields | {"act": "try"})
    assert "3 entries on the page:" in shown(html)
    written = _fields(await _page(room, "/console/watches/new", fields | {"id": "x", "act": "review"}))
    assert written["written"] == (
        "x:\n  url: https://shop.example/new\n  items:\n    css: li\n    key: a\n    fields:\n      title: a\n"
        "  notify_when: added\n"
    )


async def test_a_page_that_cannot_be_fetched_is_told(room: WatchRoom) -> None:
    said = shown(await _page(room, "/console/watches/new", {"url": "https://shop.example/gone", "act": "look"}, 422))
    assert "The page cannot be fetched. HTTP 404" in said


async def test_a_private_address_is_not_asked(room: WatchRoom) -> None:
    asked = len(room.shop.asked)
    fields = {"url": f"{room.shop.base}/mine", "rest": json.dumps({"allow_private": True})}
    for act in ("look", "try"):
        html = await _page(room, "/console/watches/new", fields | {"v0-find": "h1", "act": act}, 422)
        assert "private network" in shown(html)
    assert len(room.shop.asked) == asked


async def test_a_try_names_the_key_that_is_out_of_reach(room: WatchRoom) -> None:
    fields = {"written": f"{_PANE}  method: POST\n", "act": "try"}
    said = shown(await _page(room, "/console/watches/new", fields, 422))
    assert "method does more than read a page" in said
    assert "{name}" not in said


# A watch that is there


async def test_the_form_has_what_the_file_says_and_gives_it_back(room: WatchRoom) -> None:
    path = "/console/watches/dune/edit"
    fields = _fields(await room.operator.page(path))
    assert (fields["v0-name"], fields["v0-find"], fields["v0-type"]) == ("price", ".price", "money")
    assert (fields["when"], fields["what-falls_below:price"]) == ("falls_below:price", "10")
    html = await _page(room, path, fields | {"act": "review"}, 422)
    assert "Nothing would change." in shown(html)
    html = await _page(room, path, fields | {"what-falls_below:price": "8", "act": "review"})
    assert re.findall("<(?:del|ins)>(.*?)</", html) == [
        "-        below: 10",
        "+        below: 8",
    ]
    assert "</del>\n<ins>" in html
    saved = await room.operator.done(path, _fields(html) | {"act": "save"})
    assert _added(room).read_text() == _ADDED.replace("below: 10", "below: 8")
    await room.operator.done(saved)
    assert _added(room).read_text() == _ADDED


@pytest.mark.faults
async def test_another_place_of_its_value_leaves_name_and_rule_of_a_watch(room: WatchRoom) -> None:
    path = "/console/watches/dune/edit"
    fields = _fields(await room.operator.page(path))
    html = await _page(room, path, fields | {"act": "take-0"})
    taken = _fields(html)
    assert taken["v0-find"] != ".price"
    assert (taken["v0-name"], taken["name"]) == ("price", "Dune")
    assert (taken["when"], taken["what-falls_below:price"]) == ("falls_below:price", "10")
    html = await _page(room, path, taken | {"act": "review"})
    assert re.findall("<(?:del|ins)>(.)", html) == ["-", "+"]


async def test_a_comment_makes_it_yaml_and_stays(room: WatchRoom) -> None:
    path = "/console/watches/emma/edit"
    fields = _fields(await room.operator.page(path))
    assert fields["written"] == "emma:\n  url: https://shop.example/emma  # mine\n  extract: .price\n"
    html = await _page(room, path, fields | {"act": "form"}, 422)
    assert "would lose a comment" in shown(html)
    changed = fields["written"] + "  every: 2h  # more\n"
    html = await _page(room, path, fields | {"written": changed, "act": "review"})
    await room.operator.done(path, _fields(html) | {"act": "save"})
    assert _added(room).read_text() == _ADDED.replace(
        "    extract: .price\n", "    extract: .price\n    every: 2h  # more\n", 1
    ).replace("    extract:\n      price", "    extract:\n      price")


async def test_a_watch_is_removed_after_a_question_and_comes_back(room: WatchRoom) -> None:
    html = await room.operator.page("/console/watches/emma/remove")
    assert "Remove emma?" in shown(html)
    saved = await room.operator.done("/console/watches/emma/remove", _fields(html))
    assert "emma" not in _added(room).read_text()
    assert "emma" not in room.local.watches
    assert await room.operator.done(saved) == "/console/watches/emma?said=watch_restored"
    assert _added(room).read_text() == _ADDED
    assert "emma" in room.local.watches


@pytest.mark.faults
async def test_an_id_may_have_dots_and_any_letters_and_yaml_is_tried(room: WatchRoom) -> None:
    written = "价格.x:\n  url: https://shop.example/x\n  extract: {price: {css: .price, type: money}}\n"
    tried = await _page(room, "/console/watches/new", {"written": written, "act": "try"})
    assert "€12.00" in tried
    html = await _page(room, "/console/watches/new", {"written": written, "act": "review"})
    await room.operator.done("/console/watches/new", _fields(html) | {"act": "save"})
    assert "价格.x" in room.local.watches
    html = await room.operator.page("/console/watches/%E4%BB%B7%E6%A0%BC.x/edit")
    assert _fields(html)["written"] == written


async def test_a_form_with_as_many_values_as_there_may_be_can_be_sent(room: WatchRoom) -> None:
    values = "".join(f"    v{number}: {{css: .price, type: money, optional: true}}\n" for number in range(MOST_VALUES))
    written = f"many:\n  url: https://shop.example/x\n  topic: news\n  extract:\n{values}"
    fields = _fields(await _page(room, "/console/watches/new", {"written": written, "act": "form"}))
    assert len(fields) < MAX_FIELDS
    html = await _page(room, "/console/watches/new", fields | {"act": "review"})
    assert _fields(html)["written"] == written


# What is refused


_PANE: Final = "x:\n  url: https://shop.example/x\n"
_OUT_OF_REACH: Final = {
    "a secret": "x:\n  url: https://shop.example/${HOME}\n",
    "the private network": f"{_PANE}  allow_private: true\n",
    "a proxy": f"{_PANE}  proxy: http://10.0.0.1:1\n",
    "no certificate": f"{_PANE}  verify: false\n",
    "an alias": f"{_PANE}  tags: &t [true]\n  verify: &f false\n",
    "a cookie": f"{_PANE}  cookies: {{a: b}}\n",
    "another method": f"{_PANE}  method: POST\n",
    "values that are put together": "x:\n  url: https://shop.example/{each.a}{each.b}\n"
    '  for_each: {y: {a: "$", b: "{HOME}"}}\n',
}


@pytest.mark.faults
@pytest.mark.parametrize("name", _OUT_OF_REACH)
async def test_what_reaches_further_is_neither_shown_nor_written(room: WatchRoom, name: str) -> None:
    for act in ("check", "review", "save"):
        fields = {"written": _OUT_OF_REACH[name], "act": act, "digest": "x"}
        html = await _page(room, "/console/watches/new", fields, 200 if act == "check" else 422)
        assert "so that a stolen session reads nothing else" in shown(html)
    assert _added(room).read_text() == _ADDED


async def test_a_watch_that_reaches_further_is_not_shown_either(room: WatchRoom) -> None:
    for path in ("/console/watches/inner/edit", "/console/watches/inner/remove", "/console/watches/mine/edit"):
        answer = await room.operator.get(path)
        html = await answer.text()
        assert answer.status == 403
        assert "s3cr3t" not in html
        assert "Write it into the file by hand" in shown(html)
    fields = {"written": "inner:\n  url: https://shop.example/inner\n", "digest": ""}
    for act in ("review", "save"):
        html = await _page(room, "/console/watches/inner/edit", fields | {"act": act}, 422)
        assert "s3cr3t" not in html
    assert (await room.operator.send("/console/watches/inner/remove", {"digest": ""})).status == 403
    assert _added(room).read_text() == _ADDED


async def test_what_others_say_beside_it_is_not_shown(room: WatchRoom) -> None:
    html = await room.operator.page("/console/watches/emma/remove")
    assert "inner" not in html
    assert "s3cr3t" not in html


@pytest.mark.parametrize("watch", ["dune", "x"])
async def test_of_mistakes_beside_it_the_place_alone_is_shown(room: WatchRoom, watch: str) -> None:
    _added(room).write_text(_ADDED.replace("Bearer s3cr3t", "[s3cr3t]"))
    path = "/console/watches/new" if watch == "x" else f"/console/watches/{watch}/edit"
    written = f"{watch}:\n  url: https://shop.example/x\n  evry: 1h\n"
    html = shown(await _page(room, path, {"written": written, "act": "review"}, 422))
    assert "s3cr3t" not in html
    assert "Line 3: evry: " in html
    assert re.search(r"added\.yaml:\d+:30: watches\.inner\.headers\.Authorization ", html)


async def test_a_bomb_and_what_is_no_watch_are_told_at_their_lines(room: WatchRoom) -> None:
    bomb = "x:\n  a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"  {one}: &{one} [{', '.join([f'*{before}'] * 10)}]\n"
        for before, one in zip("abcdefg", "bcdefgh", strict=True)
    )
    for written, says in (
        (bomb, "with aliases spelled out"),
        ("x:\n  url: [", "Line 3: not valid YAML here"),
        (f"{_PANE}  evry: 1h\n", "Line 3: evry: "),
        (f"{_PANE}y: {{}}\n", "write one watch"),
        ("dune:\n  url: https://shop.example/x\n", "there is a watch dune already"),
        ("mine:\n  url: https://shop.example/x\n", "already"),
        ("saved:\n  url: https://shop.example/x\n", "This id is the address of another page"),
    ):
        html = await _page(room, "/console/watches/new", {"written": written, "act": "review"}, 422)
        assert says in shown(html), shown(html)[150:700]
        answer = await room.operator.send("/console/watches/check", {"written": written})
        if "already" not in says and "This id" not in says:
            assert says.partition(": ")[2] in str(await answer.json())
    assert _added(room).read_text() == _ADDED


async def test_what_is_typed_is_checked_alone_and_with_the_defaults(room: WatchRoom) -> None:
    answer = await room.operator.send("/console/watches/check", {"written": _PANE})
    assert await answer.json() == {"lines": []}
    answer = await room.operator.send("/console/watches/check", {"written": _PANE, "watch": "dune"})
    assert await answer.json() == {
        "lines": [{"line": 1, "text": "the id stays dune; another one would be another watch"}]
    }


async def test_a_file_that_was_changed_meanwhile_is_left(room: WatchRoom) -> None:
    path = "/console/watches/dune/edit"
    fields = _fields(await room.operator.page(path)) | {"every": "3h"}
    html = await _page(room, path, fields | {"act": "review"})
    by_hand = _ADDED.replace("name: Dune", "name: Arrakis")
    _added(room).write_text(by_hand)
    html = await _page(room, path, _fields(html) | {"act": "save"}, 409)
    assert "The file was changed meanwhile" in shown(html)
    assert "The file was changed meanwhile" in shown(await _page(room, path, fields | {"act": "review"}, 422))
    assert _added(room).read_text() == by_hand


async def test_what_was_changed_since_is_not_undone(room: WatchRoom) -> None:
    html = await room.operator.page("/console/watches/emma/remove")
    saved = await room.operator.done("/console/watches/emma/remove", _fields(html))
    by_hand = _added(room).read_text() + "# more\n"
    _added(room).write_text(by_hand)
    html = await _page(room, saved, {}, 409)
    assert "It was not undone: " in shown(html)
    assert _added(room).read_text() == by_hand


async def test_a_file_of_somebody_else_is_shown_and_left(room: WatchRoom) -> None:
    by_hand = room.config.parent / "watches.d/own.yaml"
    by_hand.write_text("watches:\n  own:\n    url: https://shop.example/own\n")
    html = await room.operator.page("/console/watches/own/edit")
    assert "You write this file yourself" in shown(html)
    fields = _fields(html) | {"every": "3h"}
    html = await _page(room, "/console/watches/own/edit", fields | {"act": "review"})
    assert "+    every: 3h" in html
    assert 'value="save"' not in html
    assert 'data-copy="own:\n  url: https://shop.example/own\n  every: 3h\n"' in html
    assert (await room.operator.send("/console/watches/own/edit", fields | {"act": "save"})).status == 409
    assert (await room.operator.send("/console/watches/own/remove", {})).status == 403
    assert by_hand.read_text() == "watches:\n  own:\n    url: https://shop.example/own\n"


@pytest.mark.faults
@pytest.mark.parametrize(
    ("broken", "says"),
    [
        pytest.param(lambda path: path.write_text("watches: ["), "not valid YAML", id="broken"),
        pytest.param(lambda path: path.write_bytes(b"\xff"), "is no UTF-8", id="no UTF-8"),
        pytest.param(lambda path: path.chmod(0o444), "is read-only, and stays as it is", id="read-only"),
        pytest.param(
            lambda path: (path.unlink(), path.symlink_to("gone.yaml")),
            "is a link to a file that is not there",
            id="a link",
        ),
        pytest.param(lambda path: (path.unlink(), path.mkdir()), "cannot be read: Is a directory", id="a folder"),
    ],
)
async def test_a_file_that_cannot_be_written_is_one_sentence(room: WatchRoom, broken: object, says: str) -> None:
    assert callable(broken)
    broken(_added(room))
    fields = {"written": _PANE, "act": "review"}
    answer = await room.operator.send("/console/watches/new", fields)
    html = await answer.text()
    if answer.status == 200:  # what is wrong is seen when it is written
        html = await _page(room, "/console/watches/new", _fields(html) | {"act": "save"}, 409)
    assert says in shown(html), shown(html)[150:700]


@pytest.mark.faults
async def test_a_saved_watch_is_checked_within_two_seconds(room: WatchRoom) -> None:
    took = []
    for name in ("first", "second", "third"):
        room.shop.show(f"/{name}", f"<h1>{name}</h1>")
        written = f"{name}:\n  url: {room.shop.base}/{name}\n  enabled: true\n  allow_private: true\n"
        began = time.monotonic()
        await asyncio.to_thread(_save, room, name, written)
        async with asyncio.timeout(30):
            while f"/{name}" not in room.shop.asked:  # noqa: ASYNC110 - the shop has no event for a path
                await asyncio.sleep(0.01)
        took.append(time.monotonic() - began)
    assert min(took) < 2, took


def _save(room: WatchRoom, name: str, written: str) -> None:
    assert room.local.writer is not None
    room.local.writer.write(room.local.writer.adding(name, written))


# Who may, and what is noted


async def test_it_is_the_operators_and_in_the_log(room: WatchRoom) -> None:
    html = await room.operator.page("/console/watches/emma/remove")
    saved = await room.operator.done("/console/watches/emma/remove", _fields(html))
    await room.operator.done(saved)
    said = shown(await room.operator.page("/console/acts"))
    assert re.search(r"Undid a change of the watch.*emma.*Removed the watch.*emma", said)
    owner = _owner(room)
    for path in ("/console/watches/new", "/console/watches/dune/edit", "/console/watches/dune/remove", saved):
        assert (await owner.get(path)).status == 403
        assert (await owner.send(path)).status == 403


async def test_the_page_of_a_watch_with_a_header_does_not_show_it(room: WatchRoom) -> None:
    assert "s3cr3t" not in await room.operator.page("/console/watches/inner")
    assert "https://shop.example/emma  # mine" in await room.operator.page("/console/watches/emma")


@pytest.mark.faults
async def test_what_a_page_says_is_never_markup(room: WatchRoom) -> None:
    fields = {"url": "https://shop.example/hostile", "v1-name": "b", "v1-find": "h1", "v1-type": "money"}
    seen = 0
    for act in ("look", "try", "review"):
        html = await (await room.operator.send("/console/watches/new", fields | {"act": act})).text()
        seen += "alert(1)" in html
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        fields = {"v0-name": "a", "v0-find": "p", "name": _XSS, "id": "x"} | fields
    assert seen >= 2


@pytest.mark.faults
async def test_what_is_written_and_found_is_never_markup(room: WatchRoom) -> None:
    fields = dict.fromkeys(("url", "name", "topic", "every", "id", "v0-name", "v0-find", "when", "kept", "rest"), _XSS)
    for act in ("look", "try", "review", "yaml", "fields", "take-1"):
        answer = await room.operator.send("/console/watches/new", fields | {"act": act})
        html = await answer.text()
        assert answer.status in (200, 422)
        assert "<script>alert" not in html
        assert "onerror=alert(1)>" not in html.replace("onerror=alert(1)&gt;", "")
        assert "49" not in shown(html)
    for written in (_XSS, f"x:\n  url: https://shop.example/x\n  name: {json.dumps(_XSS)}\n"):
        for act in ("check", "review", "try", "form"):
            answer = await room.operator.send("/console/watches/new", {"written": written, "act": act})
            html = await answer.text()
            assert "<script>alert" not in html
            assert "<img src=x" not in html
