"""The copy of a page that people point at: nothing in it runs, and its numbers are the places of elements."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Final

import pytest

from tests.extract.harmless import assert_harmless, numbers_in
from tests.extract.mutated.frames import Template
from tests.extract.mutated.held_out import HELD_OUT
from tests.extract.mutated.pages import TAUGHT
from tests.extract.mutated.tree import read, written
from tests.extract.test_hostile import HOSTILE
from tests.faults.payloads import payloads
from watcher.core.page import Page
from watcher.extract.body import HtmlBody, open_body
from watcher.extract.document import Document
from watcher.extract.harmless_css import harmless_css
from watcher.extract.page_copy import MOST_CHARACTERS, MOST_ELEMENTS, NUMBER, PageCopy, page_copy

URL: Final = "https://shop.example/books/"
EVERY: Final = (*TAUGHT, *HELD_OUT)


def copied(page: str, *, is_dressed: bool = False) -> PageCopy:
    return page_copy(Document(page), URL, is_dressed=is_dressed)


def test_nothing_that_runs_a_script_anywhere_is_left() -> None:
    for payload in payloads(1_500):
        for page in (payload, f"<!doctype html><table><tr><td>{payload}</table>", f"<svg><desc>{payload}"):
            assert_harmless(copied(page))
            assert_harmless(copied(page, is_dressed=True), is_dressed=True)


@pytest.mark.parametrize("template", EVERY, ids=lambda each: each.name)
def test_what_the_copy_shows_has_the_number_of_the_element_that_a_selector_finds(template: Template) -> None:
    source = written(read(template.source))
    document = Document(source)
    copy = page_copy(document, URL)
    assert_harmless(copy)
    own = list(document.elements())
    numbers = numbers_in(copy)
    assert numbers == sorted(set(numbers))
    for shown in Document(copy.markup).elements():
        if (number := shown.attr(NUMBER)) and not shown.attr("data-box"):
            assert shown.attr("class") == own[int(number)].attr("class")
    for place in template.places.values():
        assert {own.index(each) for each in document.select(place.css)} <= set(numbers)


def test_the_numbers_are_ours_and_those_of_the_page_are_gone() -> None:
    copy = copied('<p data-n="7" data-box="x">one<p DATA-N=1>two')
    assert numbers_in(copy) == [0, 2, 3, 4]
    assert 'data-box="x"' not in copy.markup


def test_the_text_of_fields_and_lists_to_choose_from_can_be_read_and_pointed_at() -> None:
    copy = copied("<form action=/pay><select><option>Red</select><input value=3><textarea>words</textarea></form>")
    assert ">Red</span>" in copy.markup
    assert 'data-box="3"' in copy.markup
    assert ">words</span>" in copy.markup


def test_a_frame_is_a_box_that_names_what_it_shows() -> None:
    assert 'data-box="iframe https://ads.example/"' in copied("<iframe src=https://ads.example/>x</iframe>").markup
    assert 'data-box="frame menu.html"' in copied("<frameset><frame src=menu.html></frameset>").markup


@pytest.mark.parametrize(
    ("page", "start"),
    [
        ("<!doctype html><p>x", "<!DOCTYPE html><html"),
        ("<p>x", "<html"),
        (
            '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01//EN"><p>x',
            '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01//EN">',
        ),
        ('<!DOCTYPE html PUBLIC "<script>"><p>x', "<!DOCTYPE html><html"),
    ],
    ids=["standards", "quirks", "an old one", "a hostile one"],
)
def test_a_page_is_shown_in_the_mode_that_it_asks_for(page: str, start: str) -> None:
    assert copied(page).markup.startswith(start)


STYLES: Final[Mapping[str, str]] = {
    "a { background: url(https://x/y.png) }": "a { background: none-of(https://x/y.png) }",
    "@import 'x.css'; b { color: red }": "@none-of 'x.css'; b { color: red }",
    "a { background: u\\72l(x) }": "a { background: u_l(x) }",
    "a { background: \\url(x) }": "a { background: _none-of(x) }",
    "a { background: URL (x) }": "a { background: none-of(x) }",
    "a { background: image-set('x' 1x) }": "a { background: none-of('x' 1x) }",
    ".md\\:flex { width: calc(1px + 2px) }": ".md\\:flex { width: calc(1px + 2px) }",
    "a { width: expression(alert(1)) }": "a { width: none-of(alert(1)) }",
    "</style><script>": "< /style>< script>",
    "@media (width <= 600px) { a { color: red } }": "@media (width <= 600px) { a { color: red } }",
}


@pytest.mark.parametrize("css", STYLES)
def test_a_style_fetches_nothing_and_says_what_else_it_said(css: str) -> None:
    assert harmless_css(css) == STYLES[css]


def test_the_pages_own_pictures_and_sheets_are_there_when_they_are_asked_for() -> None:
    page = "<base href=//cdn.example/a/><link rel=stylesheet href=s.css media=screen><img src=x.png alt=Dune>"
    assert "cdn.example" not in copied(page).markup
    dressed = copied(page, is_dressed=True).markup
    assert '<link rel="stylesheet" href="https://cdn.example/a/s.css" media="screen">' in dressed
    assert 'src="https://cdn.example/a/x.png"' in dressed


def test_a_page_in_gbk_written_from_right_to_left_is_read_and_shown_as_it_is() -> None:
    body = '<meta charset=gbk><html lang="zh" dir="rtl"><p title="价格">价格:&rlm; 12 元'.encode("gbk")
    opened = open_body(Page(url=URL, body=body))
    assert isinstance(opened, HtmlBody)
    markup = page_copy(opened.document, URL).markup
    assert 'lang="zh" dir="rtl"' in markup
    assert "价格:\u200f 12 元" in markup


def test_a_page_of_more_elements_than_are_shown_is_cut_and_says_so() -> None:
    copy = copied("<p>x" * 100_000)
    assert copy.is_cut
    assert copy.elements == MOST_ELEMENTS + 1
    assert_harmless(copy)


def test_a_page_of_ten_megabytes_is_cut_and_says_so() -> None:
    copy = copied(f"<p>{'x' * 9_000}</p>" * 1_100)
    assert copy.is_cut
    assert MOST_CHARACTERS <= len(copy.markup) < MOST_CHARACTERS + 100_000


def test_a_page_of_nothing_but_scripts_is_an_empty_copy() -> None:
    copy = copied("<script>parent.postMessage(1, '*')</script>" * 5_000)
    assert "postMessage" not in copy.markup
    assert len(copy.markup) < 200


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_page_is_copied_in_little_time(body: str) -> None:
    def seconds() -> float:
        document = Document(body)
        start = time.process_time()
        copy = page_copy(document, URL)
        spent = time.process_time() - start
        assert len(copy.markup) <= MOST_CHARACTERS + 6 * len(body)
        return spent

    assert any(seconds() < 2.0 for _ in range(3))


def test_a_page_of_one_megabyte_is_copied_within_half_a_second() -> None:
    card = "<div class=card style=color:red><a href=/p>Title</a><b class=price>$1.00</b><p>Some words here</p></div>"
    document = Document(card * (1_000_000 // len(card)))

    def seconds() -> float:
        start = time.process_time()
        page_copy(document, URL)
        return time.process_time() - start

    assert any(seconds() < 0.5 for _ in range(5))
