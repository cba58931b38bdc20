"""The picker over HTTP: a page fetched once, what is chosen on it, and the watch that is written."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from html import unescape
from pathlib import Path
from typing import Any, Final, cast

import pytest

from tests.extract.harmless import assert_harmless
from tests.faults.payloads import CANARY, payloads
from tests.web.console_desk import Desk, desk_of_operator, desk_of_owner, shown
from tests.web.login import serving
from tests.web.pointing import WatcherOfPages, response_of
from tests.web.site import Site
from watcher.config import load
from watcher.config.suggested_watch import watch_of
from watcher.core.settings import Settings
from watcher.core.watch import Items, Values
from watcher.extract.document import Document
from watcher.extract.page_copy import PageCopy
from watcher.extract.reader import MAX_ROWS
from watcher.push.service import PushService
from watcher.web.console.fetched import KEPT, MOST_PAGES, FetchedPages
from watcher.web.console.watch_list import NO_WATCHES
from watcher.web.routes import ROUTES

NEW: Final = "/console/watches/new"
PICK: Final = "/console/watches/pick"
URL: Final = "https://shop.example/books"
CARD: Final = (
    '<article class="card"><h3 class="title"><a href="/b/{0}">Book {0}</a></h3>'
    '<p class="price">${0}.50</p><p class="seats">{0} seats left</p></article>'
)
SHOP: Final = (
    "<!doctype html><html><head><title>Books</title><script>parent.postMessage(7, '*')</script></head><body><main>"
    "<h1>Books</h1><div class=shelf>" + "".join(CARD.format(number) for number in range(12, 20)) + "</div>"
    "<div id=offer>Offer of the day: <b id=deal>$9.99</b> <i id=clock>12:01</i></div></main></body></html>"
)


@pytest.fixture
def watcher(tmp_path: Path) -> WatcherOfPages:
    (tmp_path / "files").mkdir()
    made = WatcherOfPages(tmp_path / "files", {URL: SHOP.encode()})
    made.config.write_text("defaults: {topic: books}\nwatches: {}\n", encoding="utf-8")
    return made


@pytest.fixture
async def picking(push: PushService, settings: Settings, watcher: WatcherOfPages) -> AsyncIterator[Site]:
    async with serving(push, settings, local=watcher) as site:
        yield site


@pytest.fixture
async def operator(picking: Site, tmp_path: Path) -> Desk:
    return await desk_of_operator(picking, tmp_path)


def place(css: str, number: int = 0, page: str = SHOP) -> int:
    document = Document(page)
    return document.order()[document.select(css)[number]]


async def fetched(operator: Desk, url: str = URL) -> str:
    return await operator.done(NEW, {"url": url, "act": "point"})


async def refused(operator: Desk, path: str, fields: Mapping[str, str]) -> str:
    answer = await operator.send(path, fields)
    assert answer.status == 422
    return shown(await answer.text())


async def test_a_page_is_fetched_once_and_looked_at_in_a_frame_that_may_do_nothing(
    operator: Desk, watcher: WatcherOfPages
) -> None:
    path = await fetched(operator)
    page = await operator.get(path)
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert 'sandbox="allow-scripts"' in await page.text()
    frame = await operator.get(f"{path}/page")
    policy = frame.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-scripts; default-src 'none'; script-src 'sha256-")
    assert "img-src" not in policy
    assert frame.headers["Referrer-Policy"] == "no-referrer"
    assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"
    markup = await frame.text()
    assert "postMessage(7" not in markup
    (script,) = re.findall(r"<script>.*?</script>", markup, re.DOTALL)
    assert_harmless(PageCopy(markup=markup.replace(script, ""), elements=0, is_cut=False), is_ours=True)
    await operator.page(f"{path}/candidates")
    assert len(watcher.fetched) == 1
    assert not watcher.fetched[0].request.allow_private


@pytest.mark.parametrize("page", ["/console", "/console/watches"])
async def test_a_newcomer_is_told_to_paste_a_url_and_led_there(page: str, operator: Desk) -> None:
    html = await operator.page(page)
    assert "You have no watches yet Paste the URL of a page, and point at what you want" in shown(html)
    assert html.count(f'href="{NEW}"') == 1
    assert "watcher run" not in html


async def test_where_nothing_is_checked_no_watch_is_offered(site: Site, tmp_path: Path) -> None:
    html = await (await desk_of_operator(site, tmp_path)).page("/console/watches")
    assert "<code>watcher serve</code>" in html
    assert NEW not in html


async def test_the_form_and_its_yaml_are_the_other_ways_there_and_fetch_nothing_anew(
    operator: Desk, watcher: WatcherOfPages
) -> None:
    path = await fetched(operator)
    html = await operator.page(path)
    assert f'<input type="hidden" name="url" value="{URL}">' in html
    form = await (await operator.send(NEW, {"url": URL, "act": "look"})).text()
    assert "8 entries on the page:" in shown(form)
    written = await (await operator.send(NEW, {"url": URL, "act": "yaml"})).text()
    assert f"my-watch:\n  url: {URL}\n  topic: news\n  extract:\n    price:" in written
    await operator.page(f"{path}/candidates")
    assert len(watcher.fetched) == 1


async def test_a_page_that_is_looked_at_again_is_fetched_again(operator: Desk, watcher: WatcherOfPages) -> None:
    old = await fetched(operator)
    watcher.pages[URL] = SHOP.replace("9.99", "7.77").encode()
    new = await fetched(operator)
    assert "$9.99" in await operator.page(f"{old}/page")
    assert "$7.77" in await operator.page(f"{new}/page")
    tried = {"url": URL, "v0-find": "#deal", "act": "try"}
    assert "Finds $7.77" in shown(await (await operator.send(NEW, tried)).text())


async def test_where_a_list_is_too_long_to_be_offered_the_choice_says_so(
    operator: Desk, watcher: WatcherOfPages
) -> None:
    shelf = "<main><ul>" + "".join(f"<li><a href=/{n}>{n}</a>" for n in range(MAX_ROWS + 1)) + "</ul></main>"
    watcher.pages[URL] = shelf.encode()
    path = await fetched(operator)
    choice = shown(await operator.page(f"{path}/choice?of=v{place('li a', page=shelf)}"))
    assert "No list is offered here" in choice
    assert "Nothing else on the page is built like this" not in choice


async def test_pictures_come_only_when_they_are_asked_for(operator: Desk, watcher: WatcherOfPages) -> None:
    watcher.pages[URL] = b"<link rel=stylesheet href=/s.css><img src=/a.png alt=Dune>"
    path = await fetched(operator)
    assert "a.png" not in await operator.page(f"{path}/page")
    dressed = await operator.get(f"{path}/page?dressed")
    assert 'src="https://shop.example/a.png"' in await dressed.text()
    assert "img-src https: http: data:" in dressed.headers["Content-Security-Policy"]
    assert f"{path}/page?dressed" in await operator.page(f"{path}?dressed")


async def test_what_the_page_suggests_has_the_places_of_its_elements(operator: Desk) -> None:
    path = await fetched(operator)
    html = await operator.page(f"{path}/candidates")
    rows = ",".join(str(place(".card", number)) for number in range(8))
    assert f'data-of="c0" data-places="{rows}"' in html
    assert "1 · list" in html


async def test_a_price_that_is_pointed_at_says_what_is_read_and_which_list_it_is_in(operator: Desk) -> None:
    path = await fetched(operator)
    number = place(".price", 3)
    html = await operator.page(f"{path}/choice?of=v{number}")
    assert f'data-chosen="v{number}" data-places="{number}"' in html
    words = shown(html)
    assert "$15.50" in words
    assert "price falls below a number" in words
    assert "found by position" in words
    assert f'data-of="l{number}"' in html
    rows = shown(await operator.page(f"{path}/choice?of=l{number}"))
    assert "8 rows, and new ones when they come" in rows
    assert "title: text price seats: whole number link Only" in rows


async def test_the_same_in_chinese(operator: Desk) -> None:
    path = await fetched(operator)
    words = shown(await operator.page(f"{path}/choice?of=v{place('.price')}", "zh"))
    assert "价格下降达到以下幅度" in words


async def test_a_watch_of_a_value_is_written_and_its_page_is_shown(operator: Desk, watcher: WatcherOfPages) -> None:
    path = await fetched(operator)
    number = place("#deal")
    html = await operator.page(f"{path}/choice?of=v{number}")
    (below,) = re.findall(r'name="when" value="([^"]*)"[^>]*><label[^>]*>price falls below', html)
    fields = {"of": f"v{number}", "without": "", "name": "Offer", "topic": "deals", "when": below}
    location = await operator.done(path, fields | {f"what-{below}": "8", "every": "1h", "include": "1"})
    assert "/console/watches/offer" in await operator.page(location)
    made = load(watcher.config, {}).watches["offer"]
    assert isinstance(made.extraction, Values)
    assert str(made.extraction.selectors["price"].query) == "#deal"
    assert made.topics == ("deals",)
    assert made.request.url == URL
    written = (watcher.directory / "watches.d/added.yaml").read_text(encoding="utf-8")
    assert "below: 8" in written
    assert "every: 1h" in written


async def test_a_new_watch_tells_no_readers_of_another_one_unless_somebody_says_so(
    operator: Desk, watcher: WatcherOfPages
) -> None:
    lamp = "watches:\n  lamp: {url: 'https://shop.example/lamp', topic: lamp-deals, extract: h1}\n"
    watcher.config.write_text(lamp, encoding="utf-8")
    path = await fetched(operator)
    html = await operator.page(f"{path}/choice?of=v{place('#deal')}")
    assert '<input id="topic" name="topic" value=""' in html
    assert '<option value="lamp-deals">' in html
    form = await (await operator.send(NEW, {"url": URL, "act": "look"})).text()
    assert '<input id="topic" name="topic" value=""' in form
    assert '<option value="lamp-deals">' in form


async def test_a_watch_of_a_list_is_written(operator: Desk, watcher: WatcherOfPages) -> None:
    path = await fetched(operator)
    fields = {"of": f"l{place('.price', 2)}", "name": "Books", "topic": "books", "when": "new_entry:", "include": "1"}
    await operator.done(path, fields)
    made = load(watcher.config, {}).watches["books"]
    assert isinstance(made.extraction, Items)
    assert str(made.extraction.query) == ".card"


async def test_whatever_comes_first_is_written_beside_this_one(operator: Desk, watcher: WatcherOfPages) -> None:
    path, number = await fetched(operator), place(".title a", 2)
    html = await operator.page(f"{path}/choice?of=v{number}")
    assert f'data-of="f{number}">Whatever comes first here</button>' in html
    html = await operator.page(f"{path}/choice?of=f{number}")
    assert f'data-chosen="f{number}" data-places="{place(".title a")}"' in html
    assert "Book 12 Found by .card a finds several, and the first of them is read" in shown(html)
    assert f'data-of="v{number}">Only this one</button>' in html
    await operator.done(path, {"of": f"f{number}", "name": "Newest", "topic": "books", "when": "", "include": "1"})
    written = (watcher.directory / "watches.d/added.yaml").read_text(encoding="utf-8")
    assert "css: .card a" in written
    assert "pick: first" in written


_LINES: Final = "<main><p class=hours>Hours<br>Monday 9 to 5<br><b>Tuesday closed</b></p></main>"
_SAME: Final = "<main><ul class=lifts><li>Open<li>Closed<li>Open<li>Open</ul></main>"


@pytest.mark.parametrize(
    ("body", "css", "block", "says"),
    [
        pytest.param(_LINES, "b", ".hours", "Only line breaks separate these lines", id="line breaks"),
        pytest.param(_SAME, "li", ".lifts", "Some of these rows say exactly the same", id="rows that say the same"),
    ],
)
async def test_what_is_no_list_says_why_and_leads_to_the_lines_of_its_block(
    body: str, css: str, block: str, says: str, operator: Desk, watcher: WatcherOfPages
) -> None:
    watcher.pages[URL] = body.encode()
    path = await fetched(operator)
    html = await operator.page(f"{path}/choice?of=v{place(css, page=body)}")
    assert says in shown(html)
    code = f"t{place(block, page=body)}"
    assert f'data-of="{code}">The lines of this block</button>' in html
    words = shown(await operator.page(f"{path}/choice?of={code}"))
    assert "Its text has several lines: messages show which of them came and went." in words
    await operator.done(path, {"of": code, "name": "Lines", "topic": "books", "when": "", "include": "1"})
    extraction = watcher.watches["lines"].extraction
    assert isinstance(extraction, Values)
    assert [str(each.query) for each in extraction.selectors.values()] == [block]


async def test_a_list_by_the_text_of_its_rows_says_what_that_means(operator: Desk, watcher: WatcherOfPages) -> None:
    body = "<main><ul><li>$5.00<li>$6.00<li>$7.00</ul></main>"
    watcher.pages[URL] = body.encode()
    number = place("li", page=body)
    html = await operator.page(f"{await fetched(operator)}/choice?of=l{number}")
    assert "Only the whole text of a row tells it from the others." in shown(html)


async def test_what_is_in_no_list_says_what_to_do_instead(operator: Desk) -> None:
    html = await operator.page(f"{await fetched(operator)}/choice?of=v{place('#clock')}")
    assert "Nothing else on the page is built like this, so it is in no list." in shown(html)


async def test_a_candidate_is_written(operator: Desk, watcher: WatcherOfPages) -> None:
    path = await fetched(operator)
    fields = {"of": "c0", "name": "All books", "topic": "books", "when": "new_entry:", "include": "1"}
    await operator.done(path, fields)
    assert "all-books" in watcher.watches


async def test_a_watch_is_not_called_as_a_page_of_the_console_is(operator: Desk, watcher: WatcherOfPages) -> None:
    places = {route.path.split("/")[3] for route in ROUTES if route.path.startswith("/console/watches/")}
    assert {place for place in places if not place.startswith("{")} - {"check"} == set(NO_WATCHES)
    path = await fetched(operator)
    await operator.done(path, {"of": "c0", "name": "Pick", "topic": "t", "when": "new_entry:", "include": "1"})
    assert watcher.watches.keys() == {"pick-2"}


async def test_what_moves_is_left_out_of_the_watch(operator: Desk, watcher: WatcherOfPages) -> None:
    path = await fetched(operator)
    offer, clock = place("#offer"), place("#clock")
    html = await operator.page(f"{path}/choice?of=t{offer}&without={clock}")
    assert f'data-without="{clock}"' in html
    assert "12:01" not in re.findall(r"<dd><strong>.*?</strong>", html, re.DOTALL)[0]
    fields = {"of": f"t{offer}", "without": str(clock), "name": "O", "topic": "t", "when": "", "include": "1"}
    await operator.done(path, fields)
    assert [str(each) for each in watcher.watches["o"].scope.exclude] == ["#clock"]


async def test_a_text_is_looked_for(operator: Desk) -> None:
    path = await fetched(operator)
    assert f'data-of="v{place("#deal")}"' in await operator.page(f"{path}/showing?q=9.99")
    assert "Nothing on the page shows" in await operator.page(f"{path}/showing?q=nowhere")
    assert await operator.page(f"{path}/showing?q=") == await operator.page(f"{path}/showing")


WRONG: Final[Mapping[str, tuple[Mapping[str, str | None], str]]] = {
    "no name": ({"name": ""}, "Give it a name"),
    "a topic that is none": ({"topic": "a b"}, "A topic's name has"),
    "a time that is none": ({"every": "soon"}, "Write a time such as"),
    "a sentence without its number": ({"when": "falls_below:price"}, "Type what the sentence asks for"),
    "a number beside another sentence": ({"when": "", "what-falls_below:price": "90"}, "is not chosen"),
    "no such sentence": ({"when": "99"}, "Choose again when to tell"),
    "no consent": ({"include": None}, "Without this line"),
    "a number that is none": ({"when": "falls_below:price", "what-falls_below:price": "cheap"}, "Type one number"),
    "a step that is none": ({"when": "falls_by:price", "what-falls_by:price": "a lot"}, "Type a percentage such as 5%"),
}


@pytest.mark.parametrize("case", WRONG)
async def test_what_is_typed_wrongly_is_said_beside_it_and_nothing_is_written(
    case: str, operator: Desk, watcher: WatcherOfPages
) -> None:
    changed, words = WRONG[case]
    path = await fetched(operator)
    right = {"of": f"v{place('#deal')}", "name": "Offer", "topic": "books", "when": "", "include": "1"}
    fields = {name: text for name, text in {**right, **changed}.items() if text is not None}
    assert words in await refused(operator, path, fields)
    assert not watcher.watches


async def test_what_was_agreed_to_stays_when_something_else_is_wrong(operator: Desk) -> None:
    path = await fetched(operator)
    fields = {"of": f"v{place('#deal')}", "name": "Offer", "topic": "a b", "when": "", "include": "1"}
    html = await (await operator.send(path, fields)).text()
    assert re.search(r'<input id="include-1"[^>]* checked', html)


async def test_several_topics_are_separated_by_commas(operator: Desk, watcher: WatcherOfPages) -> None:
    fields = {"of": f"v{place('#deal')}", "name": "Offer", "topic": "lamp-deals, family", "when": "", "include": "1"}
    await operator.done(await fetched(operator), fields)
    assert load(watcher.config, {}).watches["offer"].topics == ("lamp-deals", "family")


async def test_a_number_and_a_time_are_taken_as_people_type_them(operator: Desk, watcher: WatcherOfPages) -> None:
    fields = {
        "of": f"v{place('#deal')}",
        "name": "Offer",
        "topic": "books",
        "when": "falls_below:price",
        "include": "1",
    }
    await operator.done(await fetched(operator), {**fields, "what-falls_below:price": "9 €", "every": "5 minutes"})
    written = (watcher.directory / "watches.d/added.yaml").read_text(encoding="utf-8")
    assert "below: 9}" in written or "below: 9\n" in written
    assert "every: 5m\n" in written


async def _review(operator: Desk, **typed: str) -> str:
    fields = {"name": "Offer", "topic": "books", "include": "1"} | typed
    answer = await operator.send(await fetched(operator), fields)
    assert answer.status == 200
    return await answer.text()


async def test_what_holds_already_is_said_before_the_watch_is_saved(operator: Desk, watcher: WatcherOfPages) -> None:
    of = f"v{place('#deal')}"
    html = await _review(operator, of=of, when="falls_below:price", **{"what-falls_below:price": "10"})
    assert "This already holds, so 1 message is sent at the next check: Offer $9.99 Price is below 10." in shown(html)
    assert not watcher.watches
    names = re.findall(r'<input type="hidden" name="(digest|written)" value="([^"]*)"', html)
    await operator.done(NEW, {name: unescape(value) for name, value in names} | {"act": "save"})
    assert watcher.watches["offer"].rules


async def test_rows_in_which_it_holds_already_are_not_told_and_others_are(
    operator: Desk, watcher: WatcherOfPages
) -> None:
    html = shown(await _review(operator, of=f"l{place('.price')}", when="above_zero:seats"))
    assert "Some entries match already. They are told only once they have stopped matching" in html
    assert "all others are told as usual:" in html
    assert not watcher.watches


async def test_a_watch_is_named_after_its_page_and_not_after_a_counter(operator: Desk, watcher: WatcherOfPages) -> None:
    watcher.pages[URL] = SHOP.replace("<h1>Books</h1>", "<h1>8 books</h1>").encode()
    path = await fetched(operator)
    await operator.page(f"{path}/page")
    html = await operator.page(f"{path}/choice?of=v{place('#deal')}")
    assert re.search(r'<input id="name"[^>]* value="Books"', html)


async def test_what_moves_by_itself_is_left_out_and_said_before_the_watch_is_saved(
    operator: Desk, watcher: WatcherOfPages
) -> None:
    path = await fetched(operator)
    watcher.pages[URL] = SHOP.replace("12:01", "12:02").encode()
    fields = {"of": f"t{place('#offer')}", "name": "Offer", "topic": "books", "when": "", "include": "1"}
    html = await (await operator.send(path, fields)).text()
    assert "This moved by itself between two looks" in shown(html)
    assert "12:01" in html
    names = re.findall(r'<input type="hidden" name="(digest|written)" value="([^"]*)"', html)
    await operator.done(NEW, {name: unescape(value) for name, value in names} | {"act": "save"})
    assert [query.expression for query in watcher.watches["offer"].scope.exclude] == ["#clock"]


async def test_a_page_that_brings_out_a_defect_at_the_second_look_is_reviewed_and_breaks_nothing(
    operator: Desk, watcher: WatcherOfPages
) -> None:
    path = await fetched(operator)
    watcher.pages[URL] = cast("bytes", None)  # which nothing can read
    answer = await operator.send(path, {"of": f"v{place('#deal')}", "name": "Deal", "topic": "books", "include": "1"})
    assert answer.status == 200
    assert "without success: page: a defect in watcher: TypeError" in shown(await answer.text())


@pytest.mark.parametrize(
    ("changed", "focused"),
    [
        ({"name": "", "topic": "a b", "every": "soon"}, '<input id="name"'),
        ({"topic": "a b", "every": "soon"}, '<input id="topic"'),
        ({"every": "soon", "when": "99"}, "<p "),
        ({"when": "falls_by:price", "what-falls_by:price": "a lot"}, '<input name="what-falls_by:price"'),
        ({"when": "", "what-falls_by:price": "6%"}, "<p "),
        ({"every": "soon"}, '<input id="every"'),
        ({"include": ""}, '<input id="include-1"'),
    ],
)
async def test_the_first_mistake_has_the_focus_and_no_other(
    changed: Mapping[str, str], focused: str, operator: Desk
) -> None:
    path = await fetched(operator)
    right = {"of": f"v{place('#deal')}", "name": "Offer", "topic": "books", "when": "", "include": "1"}
    fields = {name: text for name, text in {**right, **changed}.items() if text or name != "include"}
    answer = await operator.send(path, fields)
    tags = re.findall(r"<[^>]* autofocus[^>]*>", await answer.text())
    assert len(tags) == 1
    assert tags[0].startswith(focused)


async def test_nothing_that_is_typed_or_shown_is_filled_in(operator: Desk, watcher: WatcherOfPages) -> None:
    body = "<title>{each} ${HOME}</title><main><p id=x>${HOME}</p></main>"
    for url in ("https://shop.example/${HOME}", "https://shop.example/%7Btoday}"):
        watcher.pages[url] = body.encode()
    fields = {"of": f"v{place('#x', page=body)}", "topic": "t", "include": "1", "name": "A {each}", "when": ""}
    named = await fetched(operator, "https://shop.example/${HOME}")
    assert "environment" in await refused(operator, named, fields)
    dated = await fetched(operator, "https://shop.example/{today}")
    assert "environment" in await refused(operator, dated, fields | {"name": "${HOME}"})
    asking = {"when": "contains:text", "what-contains:text": "${HOME}"}
    assert "environment" in await refused(operator, dated, fields | asking)
    assert not watcher.watches
    await operator.done(dated, fields)
    (made,) = watcher.watches.values()
    assert (made.request.url, made.name) == ("https://shop.example/%7Btoday}", "A { each}")


async def test_a_watch_takes_no_secret_and_no_private_network_from_the_defaults(
    operator: Desk, watcher: WatcherOfPages
) -> None:
    """A stolen session could point at a page of its own, to which every header of the defaults would be sent."""
    path = await fetched(operator)
    fields = {"of": "c0", "name": "A", "topic": "t", "when": "new_entry:", "include": "1"}
    watcher.config.write_text("defaults: {headers: {Authorization: x${TOKEN}}}\nwatches: {}\n", encoding="utf-8")
    assert "The watch could not be written." in await refused(operator, path, fields)
    watcher.config.write_text("defaults: {allow_private: true, verify: false}\nwatches: {}\n", encoding="utf-8")
    await operator.done(path, fields)
    made = watcher.watches["a"].request
    assert (made.allow_private, made.verify) == (False, True)


async def test_what_only_the_file_may_say_is_told_with_where_it_stands(operator: Desk, watcher: WatcherOfPages) -> None:
    path = await fetched(operator)
    fields = {"of": "c0", "name": "A", "topic": "t", "when": "", "include": "1"}
    watcher.config.write_text("defaults: {cookies: {a: b}}\nwatches: {}\n", encoding="utf-8")
    assert "It stands in the defaults of the file." in await refused(operator, path, fields)


async def test_what_is_wrong_with_a_file_is_marked_as_english(operator: Desk, watcher: WatcherOfPages) -> None:
    path = await fetched(operator)
    watcher.config.write_text("watches: [", encoding="utf-8")
    answer = await operator.send(path, {"of": "c0", "name": "A", "topic": "t", "when": "", "include": "1"}, "zh")
    assert '监控项未能写入。 <span lang="en">' in await answer.text()


async def test_a_watch_that_was_made_can_be_taken_back(operator: Desk, watcher: WatcherOfPages) -> None:
    path = await fetched(operator)
    saved = await operator.done(path, {"of": "c0", "name": "A", "topic": "t", "when": "new_entry:", "include": "1"})
    assert "a" in watcher.watches
    await operator.done(saved)
    assert "a" not in watcher.watches


async def test_a_file_that_is_broken_or_read_only_is_said_in_words(operator: Desk, watcher: WatcherOfPages) -> None:
    path = await fetched(operator)
    fields = {"of": "c0", "name": "A", "topic": "t", "when": "new_entry:", "include": "1"}
    watcher.config.write_text("watches: [", encoding="utf-8")
    assert "not valid YAML" in await refused(operator, path, fields)
    watcher.config.write_text("watches: {}\n", encoding="utf-8")
    watcher.config.chmod(0o444)
    assert "is read-only, and stays as it is" in await refused(operator, path, fields)
    watcher.config.unlink()
    assert "could not be written" in await refused(operator, path, fields)
    assert not [*watcher.directory.glob("watches.d/*")]


REFUSED: Final = {
    "no address": ("books", "Write a URL that begins with"),
    "nothing": ("", "Write a URL that begins with"),
    "a file": ("file:///etc/passwd", "Write a URL that begins with"),
    "a private one": ("http://192.168.1.1/", "The page stands in the private network"),
    "one that is gone": ("https://shop.example/gone", "HTTP 404"),
    "one that is too long": (f"https://shop.example/{'x' * 2_000}", "Write a URL that begins with"),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_an_address_that_is_not_fetched_is_answered_in_words(
    case: str, operator: Desk, watcher: WatcherOfPages
) -> None:
    watcher.denied = frozenset({"http://192.168.1.1/"})
    url, words = REFUSED[case]
    assert words in await refused(operator, NEW, {"url": url, "act": "point"})


async def test_the_form_has_the_address_that_another_page_names(operator: Desk) -> None:
    assert 'value="https://x.example/?a=1&amp;b=2"' in await operator.page(
        f"{NEW}?url=https%3A%2F%2Fx.example%2F%3Fa%3D1%26b%3D2"
    )


async def test_a_page_that_is_gone_is_to_be_fetched_again(operator: Desk) -> None:
    assert await operator.done(f"{PICK}/{'x' * 32}", {"of": "c0"}) == f"{NEW}?gone"
    assert "Look at it again" in shown(await operator.page(f"{NEW}?gone"))
    for part in ("page", "candidates", "choice?of=c0", "showing?q=x"):
        assert (await operator.get(f"{PICK}/{'x' * 32}/{part}")).status == 404


async def test_a_code_that_is_none_is_nothing(operator: Desk) -> None:
    path = await fetched(operator)
    for code in ("", "x1", "v", "v-1", "v99999999", "v1%00", "c1;", "vv1"):
        assert (await operator.get(f"{path}/choice?of={code}")).status == 404
    for code in ("c7", "v9999999", "v0", "l1", "m1"):
        assert "nothing here that could be watched" in await operator.page(f"{path}/choice?of={code}&without=9,x")


async def test_owners_reach_none_of_it(picking: Site, operator: Desk, tmp_path: Path) -> None:
    path = await fetched(operator)
    owner = await desk_of_owner(picking, tmp_path)
    for address in (NEW, path, f"{path}/page", f"{path}/candidates", f"{path}/choice?of=c0", f"{path}/showing?q=x"):
        assert (await owner.get(address)).status == 403
    assert (await owner.send(NEW, {"url": URL, "act": "point"})).status == 403
    assert (await owner.send(path, {"of": "c0"})).status == 403


async def test_a_page_belongs_to_the_session_that_fetched_it(picking: Site, operator: Desk, tmp_path: Path) -> None:
    path = await fetched(operator)
    other = await desk_of_operator(picking, tmp_path)
    assert (await other.get(path)).headers["Location"] == f"{NEW}?gone"


async def test_where_no_watcher_runs_it_says_so(site: Site, tmp_path: Path) -> None:
    operator = await desk_of_operator(site, tmp_path)
    answer = await operator.send(NEW, {"url": URL, "act": "point"})
    assert answer.status == 503
    assert "No watcher with files of watches runs in this process" in shown(await answer.text())


async def test_a_page_that_scripts_fill_says_so_and_what_to_do(operator: Desk, watcher: WatcherOfPages) -> None:
    watcher.pages[URL] = b"<title>App</title><div id=root></div><script>fetch('/api/v1/books')</script>"
    words = shown(await operator.page(f"{await fetched(operator)}/candidates"))
    assert "filled by JavaScript" in words
    assert "https://shop.example/api/v1/books" in words


async def test_a_feed_that_the_page_names_is_offered_by_its_address(operator: Desk, watcher: WatcherOfPages) -> None:
    link = "<link rel=alternate type=application/atom+xml href=/feed.xml title=News>"
    entry = "<li><a href=/news/{0}>The story of the {0}th day of this month</a> <time>2026-11-{0}</time>"
    entries = "".join(entry.format(day) for day in range(11, 17))
    watcher.pages[URL] = f"{link}<main><h1>News</h1><ul>{entries}</ul></main>".encode()
    path = await fetched(operator)
    html = await operator.page(f"{path}/candidates")
    assert "https://shop.example/feed.xml" in shown(html)
    feed = re.search(r'data-of="(c\d)"[^>]*data-name="\d · feed"', html)
    assert feed
    await operator.done(path, {"of": feed[1], "name": "News", "topic": "t", "when": "", "include": "1"})
    assert watcher.watches["news"].request.url == "https://shop.example/feed.xml"


async def test_what_is_no_page_says_so_in_its_frame_and_beside_it(operator: Desk, watcher: WatcherOfPages) -> None:
    watcher.pages[URL], watcher.media_types[URL] = b"%PDF-1.7 \x00\x01\x02" * 90, "application/pdf"
    path = await fetched(operator)
    frame = await operator.get(f"{path}/page")
    assert (frame.status, frame.headers["X-Frame-Options"]) == (200, "SAMEORIGIN")
    assert "<watcher-note" in await frame.text()
    assert "suggests nothing by itself" in await operator.page(f"{path}/candidates")


async def test_a_candidate_leaves_nothing_out(operator: Desk) -> None:
    path = await fetched(operator)
    assert 'data-without=""' in await operator.page(f"{path}/choice?of=c0&without={place('#clock')}")


async def test_a_page_of_json_is_shown_as_text_and_suggests(operator: Desk, watcher: WatcherOfPages) -> None:
    watcher.pages[URL] = b'{"books": [{"id": 1, "title": "A<b>", "price": 3}, {"id": 2, "title": "B", "price": 4}]}'
    watcher.media_types[URL] = "application/json"
    path = await fetched(operator)
    assert "A&lt;b&gt;" in await operator.page(f"{path}/page")
    assert 'data-places=""' in await operator.page(f"{path}/candidates")
    assert "price whole number 3" in shown(await operator.page(f"{path}/choice?of=c0"))


async def test_no_text_of_a_page_is_markup_of_ours(operator: Desk, watcher: WatcherOfPages) -> None:
    for payload in payloads(60):
        body = f"<title>{payload}</title><main><h1>{payload}</h1><p id=x class='a'>{payload}</p><p>{payload}</p></main>"
        watcher.pages[URL] = body.encode("utf-8", "replace")
        path = await fetched(operator)
        number = next(n for n, each in enumerate(Document(body).elements()) if each.tag == "p" or n == 3)
        parts = [f"{path}/candidates", f"{path}/choice?of=v{number}", f"{path}/showing?q={CANARY}", path]
        for part in parts:
            document = Document(await operator.page(part))
            own = {"picker.js", "console.js"}
            for each in document.elements():
                assert each.tag not in ("svg", "img", "object", "embed", "math", "style") or part == path, payload
                assert not [name for name in each.attrs if name.startswith("on")], payload
                assert each.tag != "script" or any(name in (each.attr("src") or "") for name in own), payload


class _Asking:
    """A request of a session, as the memory of pages sees it."""

    def __init__(self, session: int, key: str = "") -> None:
        self._session = session
        self.match_info = {"pick": key}

    def __getitem__(self, _: object) -> _Asking:
        return self

    @property
    def id(self) -> int:
        return self._session


def test_pages_are_kept_for_half_an_hour_and_for_their_own_session_within_bounds() -> None:
    now = [0.0]
    pages = FetchedPages(lambda: now[0], most_bytes=1_000)

    def keep(session: int, size: int) -> str:
        return pages.keep(_Asking(session), URL, None, response_of(URL, b"x" * size)).key  # type: ignore[arg-type]

    def is_there(session: int, key: str) -> bool:
        return pages.find(_Asking(session, key)) is not None  # type: ignore[arg-type]

    own = [keep(1, 10) for _ in range(MOST_PAGES + 2)]
    assert [is_there(1, key) for key in own] == [False, False, *[True] * MOST_PAGES]
    assert not is_there(2, own[-1])
    large = keep(2, 990)
    assert [is_there(1, key) for key in own] == [False] * (MOST_PAGES + 1) + [True]
    assert is_there(2, large)
    huge = keep(3, 5_000)
    assert not is_there(2, large)
    for _ in range(2):
        now[0] += KEPT.total_seconds() - 1
        assert is_there(3, huge)
    now[0] += KEPT.total_seconds() + 1
    assert not is_there(3, huge)


def test_a_page_that_was_fetched_a_while_ago_may_be_another_one_by_now() -> None:
    now = [0.0]
    pages = FetchedPages(lambda: now[0])
    asking: Any = _Asking(1)
    page = pages.keep(asking, URL, watch_of({"url": URL, "topic": "books"}, {}), response_of(URL, b"x"))
    now[0] += 60
    assert pages.recent(asking, URL) is page
    now[0] += 90
    assert pages.recent(asking, URL) is None
    assert pages.newest(asking, URL) is page


MENDED: Final = """# Written by `watcher add`.
defaults: {topic: books}
watches:
  deal:
    name: Deal of the day
    url: https://shop.example/books
    every: 2h
    extract: {stock: .gone, price: {css: .was, type: money}}
    notify_when:
      - price: {below: 9}
  books:
    url: https://shop.example/books
    items: {css: .row, key: h2, fields: {price: {css: .cost, type: money}}}
  private: {url: "https://shop.example/books", allow_private: true, extract: .gone}
"""


async def anew(operator: Desk, watcher: WatcherOfPages, watch: str = "deal") -> str:
    watcher.config.write_text(MENDED, encoding="utf-8")
    return await operator.done(f"/console/watches/{watch}/edit", {"act": "point"})


async def test_what_a_watch_reads_is_pointed_at_anew_and_all_else_of_it_stays(
    operator: Desk, watcher: WatcherOfPages
) -> None:
    path = await anew(operator, watcher)
    assert [each.request.url for each in watcher.fetched] == [URL]
    chosen = await operator.page(f"{path}/choice?of=v{place('#deal')}")
    assert "Which of its values is this?" in shown(chosen)
    assert 'name="name"' not in chosen
    review = await operator.send(path, {"of": f"v{place('#deal')}", "value": "price"})
    html = await review.text()
    assert 'price: {css: "#deal", type: money}' in shown(html).replace("&#34;", '"')
    digest = re.search(r'name="digest" value="(\w+)"', html)
    written = Document(html).select("[name=written]")[0]
    assert digest
    fields = {"written": written.attr("value") or written.text, "digest": digest[1], "act": "save"}
    saved = await operator.done("/console/watches/deal/edit", fields)
    assert watcher.config.read_text(encoding="utf-8") == MENDED.replace("css: .was", 'css: "#deal"')
    await operator.done(saved)
    assert watcher.config.read_text(encoding="utf-8") == MENDED


async def test_the_rows_of_a_list_are_pointed_at_anew_with_the_fields_that_it_has(
    operator: Desk, watcher: WatcherOfPages
) -> None:
    path = await anew(operator, watcher, "books")
    row = place(".price", 3)
    assert "Choose the same kind" in shown(await operator.page(f"{path}/choice?of=v{row}"))
    assert "Choose the same kind" in await refused(operator, path, {"of": f"v{row}"})
    words = shown(await (await operator.send(path, {"of": f"l{row}"})).text())
    assert "css: .card" in words
    assert "price: {css: .price, type: money}" in words


async def test_a_watch_that_would_fail_with_what_was_pointed_at_is_not_offered_to_be_saved(
    operator: Desk, watcher: WatcherOfPages
) -> None:
    path = await anew(operator, watcher)
    words = await refused(operator, path, {"of": f"v{place('h1')}", "value": "price"})
    assert "With this the watch would fail:" in words
    assert watcher.config.read_text(encoding="utf-8") == MENDED


async def test_what_is_out_of_reach_is_not_fetched_to_be_pointed_at_anew(
    operator: Desk, watcher: WatcherOfPages
) -> None:
    watcher.config.write_text(MENDED, encoding="utf-8")
    assert "allow_private" in await refused(operator, "/console/watches/private/edit", {"act": "point"})
    assert not watcher.fetched
    watcher.pages.clear()
    assert "HTTP 404" in await refused(operator, "/console/watches/deal/edit", {"act": "point"})
