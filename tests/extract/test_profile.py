from __future__ import annotations

import time

import pytest

from watcher.core.page import Page
from watcher.core.page_profile import Profile, is_other, is_whole, kept
from watcher.extract.body import open_body
from watcher.extract.profile import heads_of, profile_of

MARKS = "35122c38654a3c7465501d845ea4546e8e4991f3da9519879595f2a1ff41a7ad47b22d98e3466df617a4fd9906"
"""Of `shop("12 left", "€ 9")`: states hold such marks, and are compared with those of today."""


def looks(source: str, media_type: str = "text/html") -> Profile:
    profile = profile_of(open_body(Page(url="https://x.example/", body=source.encode(), media_type=media_type)))
    assert profile is not None
    return profile


def shop(*lines: str, title: str = "Lamp") -> str:
    links = "".join(f'<a class="nav-{name}" href="/{name}?s=1">{name}</a>' for name in ("home", "shop", "sale", "help"))
    return (
        f"<title>{title}</title>{links}<h1>Lamp</h1>{''.join(f'<p>{line}' for line in lines)}<script>var a=1</script>"
    )


def test_a_page_has_its_text_its_links_and_its_heads() -> None:
    profile = looks(shop("In stock"))
    assert (profile.characters, profile.links, len(profile.heads)) == (len("homeshopsalehelpLampIn stock"), 4, 8)


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(shop("12 left", "€ 9"), id="counters"),
        pytest.param(shop("9 left", "€ 18").replace("s=1", "s=2"), id="sessions in links"),
        pytest.param(shop("99 left", "€ 8").replace("a=1", "a=2"), id="scripts"),
    ],
)
def test_what_only_counts_is_the_same_page(now: str) -> None:
    assert looks(now).marks == looks(shop("34 left", "€ 7")).marks


def test_the_marks_of_a_page_are_those_that_older_versions_stored() -> None:
    assert looks(shop("12 left", "€ 9")).marks.hex() == MARKS


def test_a_wall_is_another_page_and_a_new_title_is_a_new_head() -> None:
    usual = looks(shop("In stock"))
    wall = looks("<title>Sorry</title><h1>503</h1><p>Come back later")
    assert (kept(usual, wall), is_other(usual, wall), is_whole(usual, wall)) == (0, True, False)
    renamed = looks(shop("In stock", title="Lamp, sold out"))
    assert renamed.heads != usual.heads
    assert not is_other(usual, renamed)


def test_of_json_its_keys_count() -> None:
    usual = '{"code": 0, "data": {"id": 1, "name": "Lamp", "stock": 3, "7": 1, "sale": "-10%", "a": 1}, "msg": "ok"}'
    other = usual.replace("Lamp", "Desk").replace("3", "4").replace('"7"', '"8"')
    assert looks(usual, "application/json").marks == looks(other, "application/json").marks


@pytest.mark.parametrize(("media_type", "source"), [("application/rss+xml", "<rss><a/></rss>"), ("text/plain", "x")])
def test_a_feed_and_a_text_have_no_looks(media_type: str, source: str) -> None:
    body = open_body(Page(url="https://x.example/", body=source.encode(), media_type=media_type))
    assert profile_of(body) is None
    assert heads_of(body) == ("", "")


def test_an_empty_page_has_looks_too() -> None:
    assert looks("") == Profile(characters=0, links=0, heads=b"", marks=b"")


@pytest.mark.parametrize(
    "source",
    ["<b>x" * 60_000, '<a href=x class="y">' * 30_000, "<title>" + "x" * 900_000, '{"' * 200_000, "<h1>" * 100_000],
    ids=["pieces", "links", "a title", "quotes", "headings"],
)
def test_a_hostile_page_takes_no_time(source: str) -> None:
    started = time.process_time()
    profile = looks(source)
    assert time.process_time() - started < 3  # a quadratic one takes minutes
    assert len(profile.marks) <= 96
