"""The page of a watch in the console, over a real watcher, a real site and a real store."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from html import unescape
from itertools import product
from pathlib import Path
from random import Random
from typing import Final

import pytest

from tests.core.builders import NOON, play, watch
from tests.core.builders import price as shows
from tests.web.console_desk import desk_of_operator, desk_of_owner, shown
from tests.web.site import Site
from tests.web.test_console import a_decision, keep
from tests.web.watchroom import WatchRoom, a_watch_room
from watcher.core.check import Change, CheckFailure
from watcher.core.locale import Locale
from watcher.core.suspicion import suspicion_at_first
from watcher.core.witness import Doubt
from watcher.core.wording import said_by, wording_of
from watcher.extract.walls import told_by
from watcher.store.kept_pages import KeptPages
from watcher.web.console.failures import line_beside_accept
from watcher.web.console.watch.history import entries_of

_SCRIPT: Final = "<script>window.pwned=1</script>"
_WATCHES: Final = """
topics: {deals: {name: 二手}}
defaults: {every: 1h, topic: deals, per_host: {concurrency: 20, min_delay: 0s}}

watches:
  dune:
    url: "{shop}/dune"
    extract: {price: {css: .price, type: money}, text: .text}
    notify_when:
      - price: {below: 90}
  list:
    url: "{shop}/list"
    items: {css: li, key: b, fields: {seats: {css: i, type: integer}}, empty_when: .none}
    notify_when: [added]
  quiet:
    url: "{shop}/quiet"
    extract: .text
    confirm: 2
"""


def _dune(price: str, text: str = "one two three") -> str:
    return f"<p class=price>{price}</p><div class=text>{text}</div>"


def _list(**rows: int) -> str:
    return "".join(f"<li><b>{name}</b><i>{seats}</i></li>" for name, seats in rows.items())


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[WatchRoom]:
    pages = {"/dune": _dune("€ 100"), "/list": _list(A=1, B=2), "/quiet": "<p class=text>calm</p>"}
    async with a_watch_room(tmp_path, _WATCHES, pages) as room:
        yield room


async def test_a_page_shows_how_its_watch_stands(room: WatchRoom) -> None:
    room.shop.show("/dune", _dune("€ 95"))
    await room.check("dune")
    page = shown(await room.operator.page("/console/watches/dune"))
    assert "fine" in page
    assert "€95 before: €100" in page
    assert "Price is below 90." in page
    assert "二手" in page


async def test_a_chart_begins_and_ends_at_times_and_no_line_lies_over_its_labels(room: WatchRoom) -> None:
    room.shop.show("/dune", _dune("€ 95"))
    await room.check("dune")
    html = await room.operator.page("/console/watches/dune")
    (axis,) = re.findall(r'<p class="axis note">(.*?)</p>', html)
    assert axis.count("data-clock") == 2
    assert html.index('class="steps-line"') < html.index('class="threshold-label"')


async def test_who_was_not_told_finds_out_why(room: WatchRoom) -> None:
    room.shop.show("/dune", _dune("€ 95"))
    await room.check("dune")
    page = shown(await room.operator.page("/console/watches/dune"))
    assert "Not told: none of its rules ( notify_when ) asked for this." in page
    assert "Price is below 90 · not told: price was €95" in page
    chinese = shown(await room.operator.page("/console/watches/dune", "zh"))
    assert "价格低于 90 · 未通知：价格是€95" in chinese


async def test_who_was_told_finds_the_message(room: WatchRoom) -> None:
    room.shop.show("/dune", _dune("€ 85"))
    await room.check("dune")
    html = await room.operator.page("/console/watches/dune")
    assert "Told by 1 message:" in shown(html)
    assert "Price is below 90 · told" in shown(html)


async def test_a_message_begins_with_its_text_and_leads_to_its_watch_at_that_moment(room: WatchRoom) -> None:
    room.shop.show("/dune", _dune("€ 85"))
    await room.check("dune")
    async with asyncio.timeout(20):
        while not (paths := re.findall(r'"(/console/messages/\d+)"', await room.operator.page("/console/messages"))):
            pass  # until it is delivered
    room.shop.show("/dune", _dune("€ 84"))
    await room.check("dune")
    html = await room.operator.page(paths[0])
    assert html.index("As readers see it") < html.index("Who got it")
    (path,) = re.findall(r'The watch at that moment: <a href="(.*?)"><bdi>dune</bdi>', html)
    history = shown(await room.operator.page(path)).partition("What happened, and why")[2]
    assert "100 → €85" in history.replace("€ ", "€")
    assert "84" not in history
    assert "当时的监控项：" in await room.operator.page(paths[0], "zh")


async def test_an_entry_that_waits_says_for_how_long(room: WatchRoom) -> None:
    room.shop.show("/quiet", "<p class=text>storm</p>")
    await room.check("quiet")
    page = shown(await room.operator.page("/console/watches/quiet"))
    assert "not told yet: it must hold for 2 checks in a row ( confirm ), 1 so far" in page


async def test_a_list_says_what_came_and_went(room: WatchRoom) -> None:
    room.shop.show("/list", _list(B=2, C=3))
    await room.check("list")
    page = shown(await room.operator.page("/console/watches/list"))
    assert "new C" in page
    assert "gone A" in page
    assert "2 rows" in page


@pytest.mark.faults
async def test_a_page_says_that_changes_are_kept_which_it_does_not_show(site: Site, tmp_path: Path) -> None:
    large = [shows(Random(number).randbytes(400_000).hex()) for number in range(5)]
    await keep(tmp_path / "watches", play(watch(), *large))
    operator = await desk_of_operator(site, tmp_path)
    assert "Older changes are kept" in shown(await operator.page("/console/watches/dune"))


async def test_a_page_with_all_changes_says_nothing_of_older_ones(room: WatchRoom) -> None:
    room.shop.show("/dune", _dune("€ 95"))
    await room.check("dune")
    assert "Older changes" not in shown(await room.operator.page("/console/watches/dune"))


async def test_a_failure_says_that_nobody_was_told_of_it_and_why(room: WatchRoom) -> None:
    room.shop.show("/dune", "moved", status="404 Not Found")
    await room.check("dune")
    page = shown(await room.operator.page("/console/watches/dune"))
    assert "404 Not Found" in page
    assert "Nobody was told of the failure: on_error waits for more failed checks." in page


async def test_a_watch_with_another_id_shows_what_happened_under_the_former_one(tmp_path: Path) -> None:
    pages = {"/dune": _dune("€ 100")}
    async with a_watch_room(tmp_path, _WATCHES, pages, checked=["dune"]) as room:
        room.shop.show("/dune", _dune("€ 95"))
        await room.check("dune")
        room.shop.show("/dune", "moved", status="404 Not Found")
        await room.check("dune")
    async with a_watch_room(tmp_path, _WATCHES.replace("  dune:", "  book:\n    was: dune"), pages) as room:
        page = shown(await room.operator.page("/console/watches/book"))
        assert "price €100 → €95" in page
        assert "Nobody was told of the failure" in page


async def test_what_a_text_says_otherwise_is_marked_word_by_word(room: WatchRoom) -> None:
    room.shop.show("/dune", _dune("€ 100", "one two four " + "word " * 30))
    await room.check("dune")
    html = await room.operator.page("/console/watches/dune")
    assert "<del>three</del><ins>four" in html


async def test_whatever_a_page_says_it_runs_nothing(room: WatchRoom) -> None:
    for number in range(3):
        hostile = f'{_SCRIPT} &lt;img src=x onerror=alert({number})&gt; " onload="x <svg/onload=alert(1)>'
        text = hostile.replace("<", "&lt;")
        room.shop.show("/dune", _dune("€ 80", text))
        room.shop.show("/list", f"<li><b>{text}</b><i>{number}</i></li>")
        await room.check("dune")
        await room.check("list")
    for path in ("dune", "dune?value=text", "dune?value=%3Cscript%3E&range=<b>&before=x", "list"):
        html = await room.operator.page(f"/console/watches/{path}")
        assert _SCRIPT not in html
        assert re.search(r"<(img|svg/)[^>]*(onerror|onload)", html) is None


async def test_a_check_that_is_asked_for_says_what_came_of_it(room: WatchRoom) -> None:
    assert await room.operator.done("/console/watches/dune/check") == "/console/watches/dune?said=watch_same"
    room.shop.show("/dune", _dune("€ 70"))
    assert await room.operator.done("/console/watches/dune/check") == "/console/watches/dune?said=watch_changed"
    assert "Checked: it has changed." in await room.operator.page("/console/watches/dune?said=watch_changed")


async def test_what_is_accepted_of_a_muted_watch_is_said_to_be_told_later(room: WatchRoom) -> None:
    room.shop.show("/dune", _dune("€ 0"))
    await room.check("dune")
    await room.operator.send("/console/watches", {"act": "mute", "one": "dune", "lasting": "1h"})
    assert await room.operator.done("/console/watches/dune/check") == "/console/watches/dune?said=watch_failed"
    assert "Not believed" in shown(await room.operator.page("/console/watches/dune"))
    later = "/console/watches/dune?said=watch_accepted_later"
    assert await room.operator.done("/console/watches/dune/accept") == later
    assert "told once the watch is no longer paused or muted" in await room.operator.page(later)


async def test_what_is_suspicious_is_shown_beside_what_is_believed_and_accepted(room: WatchRoom) -> None:
    room.shop.show("/dune", _dune("€ 0"))
    await room.check("dune")
    page = shown(await room.operator.page("/console/watches/dune"))
    assert "Not believed" in page
    asked = len(room.shop.asked)
    for language, words in (("en", "press “Accept…” if this is true"), ("zh", "如果属实，请点“接受…”按钮")):
        page = shown(await room.operator.page("/console/watches/dune", language))
        assert words in page.split("Over time")[0]
    question = shown(await room.operator.page("/console/watches/dune/accept"))
    assert len(room.shop.asked) == asked
    assert "€100 → €0" in question
    assert await room.operator.done("/console/watches/dune/accept") == "/console/watches/dune?said=watch_accepted"
    assert room.parts.checker.runner.states.of("dune").suspect is None
    assert "Accepted what the watch showed" in await room.operator.page("/console/acts")
    again = await room.operator.get("/console/watches/dune/accept")
    assert again.headers["Location"] == "/console/watches/dune?said=watch_not_suspicious"


@pytest.mark.parametrize(
    ("language", "words"),
    [(Locale.ENGLISH, "as `page_must_contain`, or press “Accept…”"), (Locale.CHINESE, "，或者点“接受…”按钮")],
)
def test_a_wall_at_the_first_look_names_the_button_instead_of_the_command(language: Locale, words: str) -> None:
    wall = told_by("Login")
    assert wall is not None
    odd = suspicion_at_first(watch(), Doubt(name=wall.kind, text=said_by(wall)))
    line = line_beside_accept(
        CheckFailure(kind=odd.kind, text=str(odd.text), wording=wording_of(odd.text)), language, 400
    )
    assert line.endswith(words)
    assert "watcher accept" not in line


async def test_a_muted_watch_says_since_when(room: WatchRoom) -> None:
    await room.operator.done("/console/watches", {"one": "dune", "act": "mute", "lasting": "1h"})
    await room.parts.checker.committer.flush()
    assert "Paused or muted since" in shown(await room.operator.page("/console/watches/dune"))


async def test_the_history_comes_in_pages(room: WatchRoom) -> None:
    for price in range(200, 225):
        room.shop.show("/dune", _dune(f"€ {price}"))
        await room.check("dune")
    newest = await room.operator.page("/console/watches/dune")
    assert newest.count("<del>") == 20
    (older,) = re.findall(r'rel="next" href="([^"]+)"', newest)
    oldest = await room.operator.page(older.replace("&amp;", "&"))
    assert oldest.count("<del>") == 5
    assert 'rel="prev"' in oldest


async def test_a_watch_that_is_not_there_is_not_found(room: WatchRoom) -> None:
    for path in ("nowhere", "nowhere/accept"):
        assert (await room.operator.get(f"/console/watches/{path}")).status == 404
    assert (await room.operator.send("/console/watches/nowhere/check")).status == 404


async def test_a_watch_is_shown_where_no_watcher_runs(site: Site, tmp_path: Path) -> None:
    await keep(tmp_path / "watches", [a_decision("dune", "12.00")])
    operator = await desk_of_operator(site, tmp_path)
    assert "12.00" in shown(await operator.page("/console/watches/dune"))
    assert await operator.done("/console/watches/dune/check") == "/console/watches/dune?said=watch_elsewhere"


async def test_owners_do_not_see_a_watch(site: Site, tmp_path: Path) -> None:
    await keep(tmp_path / "watches", [a_decision("dune", "12.00")])
    owner = await desk_of_owner(site, tmp_path)
    assert (await owner.get("/console/watches/dune")).status == 403
    assert (await owner.send("/console/watches/dune/check")).status == 403


async def test_other_rules_are_replayed_over_the_history_and_nothing_is_saved(room: WatchRoom) -> None:
    for price in (95, 85, 95, 80):
        room.shop.show("/dune", _dune(f"€ {price}"))
        await room.check("dune")
    before, path = room.config.read_text(encoding="utf-8"), "/console/watches/dune/replay"
    assert "- price: {below: 90}" in await room.operator.page(path)
    for entries in ("- price: {below: 90}", "price: {below: 90}", "price:\n    below: 90"):
        same = await room.operator.send(path, {"rules": f"notify_when:\n  {entries}\n"})
        assert (
            "2 messages That is what these rules would have sent of the stored changes (4); 2 messages were sent."
            in shown(await same.text())
        )
    for word in ("changes", "notify_when: changes"):
        assert "4 messages That is" in shown(await (await room.operator.send(path, {"rules": word})).text())
    strict = shown(await (await room.operator.send(path, {"rules": "- price: {below: 82}"})).text())
    assert "1 message That is" in strict
    assert "€95 → €80" in strict
    assert room.config.read_text(encoding="utf-8") == before


@pytest.mark.faults
@pytest.mark.parametrize(
    ("rules", "problem"),
    [
        ("- price: {bellow: 9}", "bellow"),
        ("- prize: {below: 9}", "prize"),
        ("price: {falls: 9}", "drops_by"),
        ("url: http://x.example", "must be entries"),
        ("notify_when: [changes]\nurl: http://x.example", "must be entries"),
        ("- text: {is: '${HOME}'}", "not filled in here"),
        ('- text: {is: "\\x24{HOME}"}', "not filled in here"),
        ("- [", "notify_when"),
        ("", "is empty"),
        (f"- text: {{is: [{_SCRIPT}]}}\n- {_SCRIPT}", "notify_when"),
        ("a: &a [x, x, x]\n" + "\n".join(f"b{n}: &b{n} [*a, *a]" for n in range(9)), "must be entries"),
        ("- x" * 5_000, "longer than 10,000"),
    ],
)
async def test_what_is_wrong_with_other_rules_is_said(room: WatchRoom, rules: str, problem: str) -> None:
    answer = await room.operator.send("/console/watches/dune/replay", {"rules": rules})
    html = await answer.text()
    assert answer.status == 422
    assert problem in shown(html)
    assert _SCRIPT not in html
    assert str(Path.home()) not in html


async def test_the_lines_of_a_watch_stand_on_its_page(room: WatchRoom) -> None:
    html = await room.operator.page("/console/watches/list")
    assert "watches.yaml, line 11" in html
    assert "notify_when: [added]" in html


async def test_the_topic_of_a_watch_leads_to_its_page_with_the_code(room: WatchRoom) -> None:
    html = await room.operator.page("/console/watches/list")
    (path,) = re.findall(r'<a href="(/console/topics/\d+)"><bdi>二手</bdi></a>', html)
    assert "二手" in shown(await room.operator.page(path))


async def test_the_page_of_a_topic_leads_to_its_watches_and_to_where_they_are_paused(room: WatchRoom) -> None:
    html = await room.operator.page("/console/watches/list")
    (path,) = re.findall(r'<a href="(/console/topics/\d+)"><bdi>二手</bdi></a>', html)
    html = await room.operator.page(path)
    assert '<a href="/console/watches/list"><bdi>list</bdi></a>' in html
    assert 'href="/console/watches?topic=deals"' in html


def _head(html: str) -> str:
    """Return the row with the heading of a page and its buttons."""
    return html.partition('<div class="head">')[2].partition("</div></div>")[0]


async def test_a_watch_is_changed_and_removed_from_the_head_of_its_page(room: WatchRoom) -> None:
    head = _head(await room.operator.page("/console/watches/list"))
    assert 'href="/console/watches/list/edit"' in head
    assert 'href="/console/watches/list/remove"' in head


_PRICED: Final = (
    "<main><h1>Dune</h1><dl><dt>Price</dt><dd><b class=price>€ 100</b></dd></dl><p class=text>one</p></main>"
)
_MOVED: Final = _PRICED.replace("class=price>€ 100", "class=amount>€ 99")
_TOOLS: Final = "# Written by `watcher add`.\n"


@pytest.fixture
async def lost(tmp_path: Path) -> AsyncIterator[WatchRoom]:
    """A watch in a file of the tools, whose price stands elsewhere now."""
    pages = {"/dune": _PRICED, "/list": _list(A=1), "/quiet": "<p class=text>calm</p>"}
    async with a_watch_room(tmp_path, _TOOLS + _WATCHES, pages) as room:
        room.shop.show("/dune", _MOVED)
        await room.check("dune")
        yield room


def _hidden(html: str) -> dict[str, str]:
    """Return the fields of a form as a browser sends them, nothing being touched."""
    inputs = re.findall(r'<input type="(hidden|radio)"[^>]* name="([^"]+)" value="([^"]*)"( checked)?', html)
    return {unescape(name): unescape(value) for kind, name, value, checked in inputs if kind == "hidden" or checked}


async def test_where_a_value_is_lost_the_main_button_finds_it_again(lost: WatchRoom) -> None:
    head = _head(await lost.operator.page("/console/watches/dune"))
    assert '<a class="button small" href="/console/watches/dune/proposal">' in head
    assert head.count('class="button small"') == 1


async def test_a_lost_value_is_found_again_and_written(lost: WatchRoom) -> None:
    page = await lost.operator.page("/console/watches/dune")
    assert "/console/watches/dune/proposal" in page
    proposal = await lost.operator.page("/console/watches/dune/proposal")
    assert "€ 99" in shown(proposal)
    answer = await lost.operator.send("/console/watches/dune/proposal", _hidden(proposal))
    change = await answer.text()
    assert "€100 → €99" in shown(change)
    assert "-    extract: {price: {css: .price, type: money}" in unescape(change)
    place = await lost.operator.done("/console/watches/dune/proposal/take", _hidden(change))
    assert place.startswith("/console/watches/saved/")
    assert "amount" in lost.config.read_text(encoding="utf-8")
    acts = shown(await lost.operator.page("/console/acts"))
    assert "Changed the watch" in acts
    assert f"dune ({lost.config})" in acts
    assert await lost.operator.done(place) == "/console/watches/dune?said=watch_restored"
    assert "amount" not in lost.config.read_text(encoding="utf-8")


@pytest.mark.faults
async def test_what_mending_does_not_tell_is_said_before_and_what_was_believed_stays_known(lost: WatchRoom) -> None:
    lost.shop.show("/dune", _PRICED.replace("100", "95"))
    await lost.check("dune")
    lost.shop.show("/dune", _MOVED.replace("99", "75"))
    await lost.check("dune")
    proposal = await lost.operator.page("/console/watches/dune/proposal")
    change = await (await lost.operator.send("/console/watches/dune/proposal", _hidden(proposal))).text()
    untold = shown(change[change.index("1 message that") :])
    assert "is not sent because of that" in untold
    assert "€75" in untold
    await lost.operator.done("/console/watches/dune/proposal/take", _hidden(change))
    for path in ("/console/watches/dune", "/console/watches"):
        assert "€75 before: €95" in shown(await lost.operator.page(path))


@pytest.mark.faults
async def test_where_nothing_is_like_the_value_pointing_at_the_page_is_the_way_on(lost: WatchRoom) -> None:
    lost.shop.show("/dune", "<article><p class=text>one</p></article>")
    proposal = await (await lost.operator.send("/console/watches/dune/proposal")).text()
    assert "Nothing on the page is like the place where it was" in shown(proposal)
    assert '<button class="button" name="act" value="point">Choose it on the page</button>' in proposal
    assert "Show what would change" not in proposal


@pytest.mark.faults
async def test_a_proposal_is_not_written_where_the_file_is_another_one_by_then(lost: WatchRoom) -> None:
    proposal = await lost.operator.page("/console/watches/dune/proposal")
    change = await (await lost.operator.send("/console/watches/dune/proposal", _hidden(proposal))).text()
    edited = lost.config.read_text(encoding="utf-8") + "# by hand\n"
    lost.config.write_text(edited, encoding="utf-8")
    place = await lost.operator.done("/console/watches/dune/proposal/take", _hidden(change))
    assert place == "/console/watches/dune?said=watch_file_changed"
    assert lost.config.read_text(encoding="utf-8") == edited


@pytest.mark.faults
@pytest.mark.parametrize("head", ["", _TOOLS.replace("by `", "by hand, not `")])
async def test_of_a_file_that_somebody_wrote_the_lines_are_shown(tmp_path: Path, head: str) -> None:
    pages = {"/dune": _PRICED, "/list": _list(A=1), "/quiet": "<p class=text>calm</p>"}
    async with a_watch_room(tmp_path, head + _WATCHES, pages) as room:
        room.shop.show("/dune", _MOVED)
        await room.check("dune")
        before = room.config.read_text(encoding="utf-8")
        proposal = await room.operator.page("/console/watches/dune/proposal")
        change = await (await room.operator.send("/console/watches/dune/proposal", _hidden(proposal))).text()
        assert "Write these lines there" in shown(change)
        fields = _hidden(proposal) | {"digest": "x"}
        place = await room.operator.done("/console/watches/dune/proposal/take", fields)
        assert place == "/console/watches/dune?said=watch_file_changed"
        assert room.config.read_text(encoding="utf-8") == before


@pytest.mark.faults
async def test_what_may_be_a_login_is_not_shown_with_a_proposal(tmp_path: Path) -> None:
    watches = _TOOLS + _WATCHES.replace("    extract: {price", "    headers: {X-Key: hunter2}\n    extract: {price")
    pages = {"/dune": _PRICED, "/list": _list(A=1), "/quiet": "<p class=text>calm</p>"}
    async with a_watch_room(tmp_path, watches, pages) as room:
        room.shop.show("/dune", _MOVED)
        await room.check("dune")
        kept = shown(await room.operator.page("/console/watches/dune/proposal"))
        assert "The page of this failure is not kept" in kept
        proposal = await (await room.operator.send("/console/watches/dune/proposal")).text()
        place = await room.operator.done("/console/watches/dune/proposal", _hidden(proposal))
        assert place == "/console/watches/dune?said=watch_hidden"
        assert "hunter2" not in await room.operator.page("/console/watches/dune/replay") + proposal


@pytest.mark.faults
async def test_of_places_that_are_as_likely_none_is_chosen_in_advance(lost: WatchRoom) -> None:
    lost.shop.show("/dune", _MOVED.replace("</dl>", "<dt>Price</dt><dd><i class=sum>€ 98</i></dd></dl>"))
    answer = await lost.operator.send("/console/watches/dune/proposal")
    proposal = await answer.text()
    assert "It is not certain which place is the right one. Choose it for: price" in shown(proposal)
    assert [name for name in _hidden(proposal) if name.startswith("place.")] == []
    assert proposal.count(" required>") == 2


@pytest.mark.faults
async def test_lost_values_are_looked_for_in_the_page_that_is_kept_until_the_site_is_to_be_asked(
    lost: WatchRoom,
) -> None:
    lost.shop.show("/dune", _MOVED.replace("99", "98"))
    asked = len(lost.shop.asked)
    assert "€ 99" in shown(await lost.operator.page("/console/watches/dune/proposal"))
    assert len(lost.shop.asked) == asked
    answer = await lost.operator.send("/console/watches/dune/proposal")
    assert "€ 98" in shown(await answer.text())
    assert len(lost.shop.asked) == asked + 1


@pytest.mark.faults
async def test_a_proposal_is_not_written_where_defaults_are_out_of_reach(tmp_path: Path) -> None:
    watches = _TOOLS + _WATCHES.replace("every: 1h", "every: 1h, allow_private: true, keep_page: true")
    pages = {"/dune": _PRICED, "/list": _list(A=1), "/quiet": "<p class=text>calm</p>"}
    async with a_watch_room(tmp_path, watches, pages) as room:
        room.shop.show("/dune", _MOVED)
        await room.check("dune")
        proposal = await room.operator.page("/console/watches/dune/proposal")
        change = await (await room.operator.send("/console/watches/dune/proposal", _hidden(proposal))).text()
        assert "Write these lines there" in shown(change)
        fields = _hidden(proposal) | {"digest": "x"}
        place = await room.operator.done("/console/watches/dune/proposal/take", fields)
        assert place == "/console/watches/dune?said=watch_file_changed"


async def test_only_what_was_proposed_is_tried_or_written(lost: WatchRoom) -> None:
    lost.shop.show("/dune", f"{_MOVED}<p id=mine>account 12345</p>")
    await lost.operator.page("/console/watches/dune/proposal")
    before = lost.config.read_text(encoding="utf-8")
    for css, path in product(["${HOME}", "html", "#mine", "[["], ["proposal", "proposal/take"]):
        fields = {"place.price": css, f"place.{_SCRIPT}": css, "digest": "x"}
        place = await lost.operator.done(f"/console/watches/dune/{path}", fields)
        assert place == "/console/watches/dune?said=watch_nothing_chosen"
    assert lost.config.read_text(encoding="utf-8") == before


async def test_what_was_proposed_to_nobody_is_not_tried(lost: WatchRoom) -> None:
    fields = {"place.price": ".amount"}
    place = await lost.operator.done("/console/watches/dune/proposal", fields)
    assert place == "/console/watches/dune?said=watch_nothing_chosen"


@pytest.mark.faults
async def test_of_the_file_with_a_proposal_the_changed_lines_alone_are_shown(tmp_path: Path) -> None:
    bank = '  bank: {url: "{shop}/bank", headers: {Authorization: Bearer s3cr3t}}\n'
    watches = _TOOLS + _WATCHES.replace("watches:\n", f"watches:\n{bank}").replace(
        "  list:\n", f"{bank.replace('bank', 'other', 1)}  list:\n"
    )
    pages = {"/dune": _PRICED, "/list": _list(A=1), "/quiet": "<p class=text>calm</p>", "/bank": "mine"}
    async with a_watch_room(tmp_path, watches, pages) as room:
        room.shop.show("/dune", _MOVED)
        await room.check("dune")
        proposal = await room.operator.page("/console/watches/dune/proposal")
        change = await (await room.operator.send("/console/watches/dune/proposal", _hidden(proposal))).text()
        assert "€100 → €99" in shown(change)
        assert "s3cr3t" not in change


async def test_where_a_watch_works_there_is_nothing_to_find_again(room: WatchRoom) -> None:
    answer = await room.operator.get("/console/watches/dune/proposal")
    assert answer.headers["Location"] == "/console/watches/dune?said=watch_works"


@pytest.mark.faults
async def test_the_page_is_shown_as_it_was_read(room: WatchRoom) -> None:
    room.shop.show("/dune", _dune("€ 95", "<img src=//evil.example/x><script src=//evil.example></script>calm"))
    await room.check("dune")
    page = await room.operator.get("/console/watches/dune/page")
    assert "It had changed." in shown(await page.text())
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    copy = await room.operator.get("/console/watches/dune/page/copy")
    html = await copy.text()
    assert "evil" not in html
    assert "<script" not in html
    assert "calm" in html
    assert re.search(r'\[data-n="\d+"\]', html) is not None
    assert copy.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'; style-src")
    source = await room.operator.get("/console/watches/dune/page/source")
    assert source.content_type == "text/plain"
    assert "<script src=//evil.example>" in await source.text()
    assert source.headers["Content-Security-Policy"].startswith("sandbox")


@pytest.mark.faults
async def test_a_page_that_is_no_page_can_be_looked_at_all_the_same(room: WatchRoom) -> None:
    for body in ("", "<" * 50_000, "<base href=//evil.example><title>", "\x00\x01", "<b>" * 5_000, "{}"):
        room.shop.show("/dune", _dune("€ 95") if body == "{}" else body)
        await room.check("dune")
        for path in ("page/copy", "page/source"):
            assert (await room.operator.get(f"/console/watches/dune/{path}")).status in (200, 404, 422)


async def test_where_no_page_is_kept_the_watch_says_so(room: WatchRoom) -> None:
    KeptPages(room.settings.data).forget("dune")
    answer = await room.operator.get("/console/watches/dune/page")
    assert answer.headers["Location"] == "/console/watches/dune?said=watch_no_page"
    assert (await room.operator.get("/console/watches/dune/page/copy")).status == 404


async def test_what_people_did_stands_in_the_history_with_who_and_until_when(room: WatchRoom) -> None:
    for act in ("mute", "resume"):
        await room.operator.send("/console/watches", {"one": "dune", "act": act, "lasting": "1h"})
    page = shown(await room.operator.page("/console/watches/dune"))
    assert re.search("Resumed By the operator .*Muted until .* By the operator ", page)
    chinese = shown(await room.operator.page("/console/watches/dune", "zh"))
    assert "静音 至" in chinese
    assert "由运营者操作" in chinese


async def test_a_new_baseline_stands_in_the_history_and_in_the_chart(room: WatchRoom) -> None:
    room.shop.show("/dune", _dune("€ 119"))
    await room.check("dune")
    room.shop.show("/dune", f"{_dune('€ 119')}<b>€ 75</b>")
    text = room.config.read_text(encoding="utf-8")
    room.config.write_text(text.replace("css: .price", "css: b"), encoding="utf-8")
    room.parts.checker.runner.apply(room.load())
    await room.check("dune")
    html = await room.operator.page("/console/watches/dune")
    page = shown(html)
    assert "New baseline" in page
    assert "€119 → €75" in page
    assert "Not told: the watch reads its page in another way since it was edited" in page
    assert "<title>New baseline</title>" in html
    assert "<title>€75</title>" in html


async def test_what_was_told_by_an_entry_that_is_gone_says_so(room: WatchRoom) -> None:
    room.shop.show("/dune", _dune("€ 85"))
    await room.check("dune")
    text = room.config.read_text(encoding="utf-8")
    room.config.write_text(text.replace("{below: 90}", "{changes: true}"), encoding="utf-8")
    room.parts.checker.runner.apply(room.load())
    page = shown(await room.operator.page("/console/watches/dune"))
    assert "price below 90 told by a rule that notify_when no longer has" in page
    assert "not told: the entry is newer than this check, and would ask for this today" in page


async def test_a_check_of_a_muted_watch_says_that_the_page_shows_something_else(room: WatchRoom) -> None:
    await room.operator.done("/console/watches", {"one": "dune", "act": "mute", "lasting": "1h"})
    assert (await room.operator.done("/console/watches/dune/check")).endswith("said=watch_muted")
    room.shop.show("/dune", _dune("€ 85"))
    assert (await room.operator.done("/console/watches/dune/check")).endswith("said=watch_muted_other")


@pytest.mark.faults
@pytest.mark.parametrize(
    ("watch", "preset", "entries"),
    [
        ("dune", {"preset": "0"}, "- changes"),
        ("dune", {"preset": "1", "what-1": "5%"}, '- price: {drops_by: "5%"}'),
        ("dune", {"preset": "1", "what-1": "20 €"}, "- price: {drops_by: 20}"),
        ("dune", {"preset": "2", "what-2": "82"}, "- price: {below: 82}"),
        ("list", {"preset": "0"}, "- seats: {above: 0}\n- added"),
        ("list", {"preset": "1"}, "- seats: {above: 0}"),
        ("list", {"preset": "2"}, "- added"),
        ("list", {"preset": "3"}, "- added\n- removed\n- changed"),
    ],
)
async def test_other_rules_are_a_sentence_to_click(
    room: WatchRoom, watch: str, preset: dict[str, str], entries: str
) -> None:
    room.shop.show("/dune", _dune("€ 80"))
    await room.check("dune")
    answer = await room.operator.send(f"/console/watches/{watch}/replay", preset)
    html = await answer.text()
    assert answer.status == 200
    assert entries in unescape(html)
    assert "messages" in html or watch == "list"


async def test_what_a_sentence_would_have_told_comes_into_sight_beside_the_number_and_the_present_rule(
    room: WatchRoom,
) -> None:
    html = await room.operator.page("/console/watches/dune/replay")
    assert 'action="/console/watches/dune/replay#found"' in html
    assert "Price is below 90." in shown(html)
    room.shop.show("/dune", _dune("€ 80"))
    await room.check("dune")
    answer = await room.operator.send("/console/watches/dune/replay", {"preset": "2", "what-2": "82.5"})
    found = await answer.text()
    assert re.search(r'<input id="what-2" [^>]*value="82.5"', found)
    assert '<h2 id="found" tabindex="-1">' in found


async def test_a_sentence_that_asks_for_a_number_takes_nothing_else(room: WatchRoom) -> None:
    for preset, what, says in (
        ("2", "", "Type what the sentence asks for."),
        ("2", "cheap", "Type one number with a point"),
        ("1", "cheap", "Type a percentage such as 5%, or an amount"),
    ):
        answer = await room.operator.send("/console/watches/dune/replay", {"preset": preset, f"what-{preset}": what})
        assert answer.status == 422
        html = await answer.text()
        assert says in shown(html)
        assert f'value="{what}" placeholder=' in html
        assert re.search(rf'id="what-{preset}"[^>]* aria-invalid="true" [^>]*autofocus>', html)
    page = await room.operator.page("/console/watches/dune/replay")
    assert 'name="what-1" maxlength="200" value="5%"' in page
    assert page.index("price falls below a number") < page.index("<textarea")


async def _review(room: WatchRoom, entries: str) -> str:
    text = room.local.writer.written("dune").text if room.local.writer else ""
    fields = {"act": "review", "written": text.replace("price: {below: 90}", entries)}
    answer = await room.operator.send("/console/watches/dune/edit", fields)
    assert answer.status == 200
    return shown(await answer.text())


async def test_the_review_of_a_rule_says_what_it_will_tell_at_once(room: WatchRoom) -> None:
    told = await _review(room, "price: {below: 150}")
    assert "This already holds, so 1 message is sent at the next check: dune: price €100" in told
    assert "Price is below 150." in told
    untold = await _review(room, "{price: {below: 150}, already: ignore}")
    assert "it is told only after it has ended and holds again ( already: ignore )" in untold
    assert "already holds" not in await _review(room, "price: {below: 80}")


def test_a_new_baseline_is_one_still_when_its_event_is_gone() -> None:
    change = Change(watch="dune", sequence=2, changed_at=NOON, old={}, new={}, is_baseline=True)
    (entry,) = entries_of([change], [], None, Locale.ENGLISH, before=0)
    assert entry.kinds == ("baseline",)
