from __future__ import annotations

import time

import pytest

from tests.extract.wall_pages import DOUBTFUL, GOOD, LOGIN_FORM, STRONG
from watcher.core.page import Page
from watcher.extract.body import open_body
from watcher.extract.walls import doubt, read_wall, told_by


def visible(source: str) -> str:
    media_type = "text/html" if "<" in source else "application/json"
    return open_body(Page(url="https://x.example/", body=source.encode(), media_type=media_type)).text()


@pytest.mark.parametrize("name", STRONG)
def test_a_wall_is_told_by_what_no_page_has(name: str) -> None:
    who, source = STRONG[name]
    assert who in (read_wall(source.encode()) or "")


@pytest.mark.parametrize("name", [name for name in STRONG if not STRONG[name][1].isascii()])
def test_a_wall_is_told_in_a_chinese_charset(name: str) -> None:
    who, source = STRONG[name]
    assert who in (read_wall(source.encode("gb18030")) or "")


@pytest.mark.parametrize("name", GOOD)
def test_a_good_page_is_no_wall(name: str) -> None:
    source = GOOD[name]
    assert read_wall(source.encode()) is None
    assert doubt(source.encode(), lambda: visible(source)) is None


@pytest.mark.parametrize("name", DOUBTFUL)
def test_a_page_of_few_words_is_told_by_them(name: str) -> None:
    kind, words, source = DOUBTFUL[name]
    error = doubt(source.encode(), lambda: visible(source))
    assert error is not None
    assert error.kind == kind
    assert words in str(error)
    assert "page_must_contain" in str(error)


@pytest.mark.parametrize("name", DOUBTFUL)
def test_the_same_words_in_a_page_of_many_accuse_nobody(name: str) -> None:
    source = DOUBTFUL[name][2] + "<p>" + "A lamp for the desk. " * 40
    assert doubt(source.encode(), lambda: visible(source)) is None


def test_there_are_enough_of_each() -> None:
    assert min(len(STRONG), len(GOOD)) >= 40


@pytest.mark.parametrize("title", ["Linen shirt", "Fibra Casa | LineaViva", "Line 7 – departures"])
def test_a_title_that_begins_with_line_is_no_waiting_room(title: str) -> None:
    assert told_by(title) is None
    assert told_by("You are now in line") is not None


def test_a_login_is_told_by_a_password_field_however_late_it_comes() -> None:
    source = "<title>Sign in</title>" + "<script>" + "x" * 50_000 + "</script>" + LOGIN_FORM.format("Sign in")
    assert doubt(source.encode(), lambda: "Sign in") is not None


def test_what_is_too_big_for_a_wall_is_not_looked_at() -> None:
    assert read_wall(STRONG["datadome"][1].encode() + b" " * 1_000_000) is None


HOSTILE = {
    "titles": "DDoS-Guard" + "<title>" * 130_000,
    "scripts without end": "<script>KPSDK.start=KPSDK.now" * 30_000,
    "open tags": "_cf_chl_opt" + "<script" * 120_000,
    "entities": "Attack ID&#35;" * 70_000,
    "no tags": "px-captcha" + "<" * 900_000,
    "styles": "<style>Attack ID</STYLE " * 40_000,
    "passwords": "<title>Login</title>" + "type   " * 130_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_takes_no_time(name: str) -> None:
    source = HOSTILE[name].encode()
    started = time.process_time()
    read_wall(source)
    doubt(source, lambda: "please log in")
    assert time.process_time() - started < 5  # a quadratic one takes minutes


@pytest.mark.parametrize(
    "text",
    [
        "请登录 注册\n演唱会 上海站\n580 元 已售罄",
        "Lamp\n€ 9\nPlease log in to see your discount",
        "ランプ\n在庫なし\nログインしてください",
    ],
)
def test_a_short_page_that_sells_may_ask_for_a_login(text: str) -> None:
    assert doubt(b"<p>", lambda: text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Version 9\nFixes: too many requests were sent.",
        "Friendly Captcha\nProtects your forms: are you human? No puzzle needed.",
        "Robot X1\nAre you a robot fan? 9 left",
        "Words\nPage not found: 找不到页面",
    ],
)
def test_words_within_a_sentence_accuse_nobody(text: str) -> None:
    assert doubt(b"<p>", lambda: text) is None
