"""What moves between two looks, the line that leaves it out, and how many noisy pages are loud."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.bounded import bounded
from tests.extract.builders import css, items, page, watch
from tests.extract.noise import findings, is_loud, report, silenced
from tests.extract.noisy_pages import PAGES, VERSIONS
from tests.web.pointing import response_of
from watcher.core.cpu_budget import UNLIMITED
from watcher.core.values import SINGLE
from watcher.core.watch import Query, Scope, Secrets, Values, Watch
from watcher.extract.moving_text import expressions
from watcher.extract.noise import Movement, Remedy, movements, remedy
from watcher.watching.reading import remedy_of


def reading(selector: str | None = None) -> Watch:
    return watch(Values(selectors={"value": css(selector)}))


def offered(old: str, new: str, of: Watch | None = None) -> Remedy | None:
    return remedy(of or reading(), page(f"<!doctype html><body>{old}"), page(f"<!doctype html><body>{new}"), UNLIMITED)


# Forty pages


def test_at_most_five_of_forty_typical_pages_are_loud_and_one_line_silences_each() -> None:
    found = list(findings())
    assert len(found) == 40
    assert sum(each.is_loud for each in found) <= 5
    assert all(each.is_silenced for each in found)


def test_of_their_whole_texts_more_are_loud_and_one_line_silences_all_but_one() -> None:
    loud = [each for each in findings(whole=True) if each.is_loud]
    assert len(loud) > 30
    assert sum(not each.is_silenced for each in loud) <= 1


def test_what_is_silenced_still_tells_of_a_real_change() -> None:
    for each, found in zip(PAGES, findings(whole=True), strict=True):
        if found.remedy is None:
            continue
        version = each.version(VERSIONS - 1)
        changed = version.replace("</h1>", " (moved to Friday)</h1>", 1)
        assert is_loud(silenced(reading(), found.remedy), [version, changed]), each.name


def test_the_table_is_printed() -> None:
    assert report().startswith("four-line watch: 5 of 40 pages loud; what `try` offers silences 5 of these\n")


# Single remedies


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            "<p>Text</p><p id=clock>9:01</p>",
            "<p>Text</p><p id=clock>9:02</p>",
            Remedy(key="exclude", entries=("#clock",)),
            id="an element with an id",
        ),
        pytest.param(
            "<h1>A</h1><p>12 views</p>",
            "<h1>A</h1><p>13 views</p>",
            Remedy(key="ignore_text", entries=(r"\d[\d.,:/-]* views",)),
            id="a number in an element without a name",
        ),
        pytest.param(
            "<h1>A</h1><div class=css-1q2w3e>12 views</div>",
            "<h1>A</h1><div class=css-4r5t6z>13 views</div>",
            Remedy(key="ignore_text", entries=(r"\d[\d.,:/-]* views",)),
            id="a name that a machine made is none",
        ),
        pytest.param(
            "<article><p>A long text that stays.</p><p>Ad one</p></article><p>Much more text stands here, too.</p>",
            "<article><p>A long text that stays.</p><p>Ad two</p></article><p>Much more text stands here, too.</p>",
            Remedy(key="exclude", entries=("article > p:nth-of-type(2)",)),
            id="by its place where nothing else helps",
        ),
        pytest.param("<p>One</p>", "<p>One</p>", None, id="nothing moved"),
        pytest.param("<p>One</p>", "<p>Two</p>", None, id="all of the text moved"),
    ],
)  # fmt: skip
def test_what_is_offered(old: str, new: str, expected: Remedy | None) -> None:
    assert offered(old, new) == expected


def test_a_line_holds_what_the_watch_leaves_out_already() -> None:
    of = replace(reading(), scope=Scope(exclude=(Query.css(".ad"),)), ignore_text=("a+",))
    assert offered("x<p id=a>1</p>", "x<p id=a>2</p>", of) == Remedy(key="exclude", entries=(".ad", "#a"))
    assert offered("x<p>1 views</p>", "x<p>2 views</p>", of) == Remedy(
        key="ignore_text", entries=("a+", r"\d[\d.,:/-]* views")
    )


def test_rows_that_come_and_go_are_no_noise_of_their_values() -> None:
    of = watch(items("li", "b", fields={"n": css("i")}))
    assert offered("<ul><li><b>A</b><i>1</i></ul>", "<ul><li><b>B</b><i>1</i></ul>", of) is None


def test_movements_name_values_and_rows() -> None:
    before = {SINGLE: {"t": "a\nb", "u": "x"}}
    after = {SINGLE: {"t": "a\nc", "u": "x"}}
    assert movements(reading(), before, after, UNLIMITED) == (Movement(name="t", went=("b",), came=("c",)),)
    assert movements(reading(), {"A": {"n": "1"}}, {"B": {"n": "1"}}, UNLIMITED) == (
        Movement(name="rows", went=("A",), came=("B",)),
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("3 minutes ago", "1 hour ago"),
        ("just now", "yesterday"),
        ("Max, an hour ago, in Travel", "Max, 2 hours ago, in Travel"),
        ("发布于 5 分钟前", "发布于 1 小时前"),
        ("5分前", "2時間前"),
        ("vor 5 Minuten", "vor 2 Stunden"),
        ("il y a 5 minutes", "il y a 2 heures"),
        ("5 минут назад", "2 часа назад"),
        ("Request ID: 9f8a7c6e", "Request ID: 1b2d3c4f"),
        ("build a1b2c3d4e5 of web", "build 9z8y7x6w5v of web"),
        ("Printed on 2026-11-10 09:00:00", "Printed on 2026-11-11 09:17:23"),
        ("Online: 36 (1 members)", "Online: 171 (2 members)"),
    ],
)
def test_an_expression_takes_what_changes_within_a_line(old: str, new: str) -> None:
    (found, *_) = expressions([old], [new])
    assert UNLIMITED.cut(found, old) == UNLIMITED.cut(found, new)


def test_a_number_without_a_word_beside_it_is_not_cut_out_of_all_texts() -> None:
    assert not [*expressions(["1205"], ["1206"])]


def test_no_expression_is_sought_in_a_line_that_is_very_long() -> None:
    with bounded(1):
        assert list(expressions(["x" * 60_000 + " 1"], ["x" * 60_000 + " 2"])) == []


def test_elements_of_one_name_within_each_other_are_counted_once() -> None:
    old, new = ("<div class=box>" * 1_500 + f"<b class=box>{n}</b>" for n in (1, 2))
    with bounded(2):
        remedy(watch(Values(selectors={"value": css(None)})), page(old), page(new), UNLIMITED)


def test_what_names_a_secret_is_not_offered() -> None:
    looks = [
        response_of("https://shop.example/", f"<!doctype html><body><h1>A</h1><p id=opensesame>9:0{minute}".encode())
        for minute in (1, 2)
    ]
    of = reading()
    assert remedy_of(of, *looks) == Remedy(key="exclude", entries=("#opensesame",))
    secrets = Secrets(values=(("KEY", "opensesame"),), url=of.request.url)
    assert remedy_of(replace(of, request=replace(of.request, secrets=secrets)), *looks) is None
