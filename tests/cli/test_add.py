"""`watcher add`: from an empty directory to a watch, by Enter alone; and what it leaves as it was."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest

from tests.cli.command import Command
from tests.cli.terminal import at_terminal, heard
from tests.site import Site
from watcher.cli.suggestions import MOST_ASKED, asked_for
from watcher.extract.suggesting import Suggestions

PAGE = """
<html><head><title>Dune | Shop</title></head><body><nav><a href="/">Home</a> <a href="/all">All</a></nav>
<main><h1>Dune</h1><div class="offer"><span class="price">€ {price}</span></div><p>A novel of the desert.</p></main>
</body></html>
"""
LIST = "<main><h1>Courses</h1><table><tr><th>Code</th><th>Seats</th></tr>{rows}</table></main>"
_ENDS_SECONDS: Final = 10
"""After a signal; a second one that came while the command still ends would be another end."""
_ASKED = b"that the page shows (empty: stop): "
BY_HAND = """\
# mine
defaults:
  allow_private: true   # at home
topics: {deals: {name: Deals}}
watches:
  other:
    url: %s/other
    topic: deals
"""


@pytest.fixture
def shop(site: Site) -> Site:
    """A site with a book."""
    site.show("/dune", PAGE.format(price="12.00"))
    site.show("/other", "<h1>Other</h1>")
    return site


def added(watcher: Command) -> str:
    """Return the file of added watches."""
    return (watcher.directory / "watches.d/added.yaml").read_text()


async def test_a_newcomer_presses_enter_and_is_told_of_the_change(watcher: Command, shop: Site) -> None:
    async with at_terminal(watcher, "add", f"{shop.url}/dune") as (process, terminal):
        said = b""
        while b"prints the QR code" not in said:
            said += await heard(terminal)
            if said.rstrip().endswith((b"]:", b"]")):
                os.write(terminal, b"\n")
                said += b"\n"
        assert await process.wait() == 0
    assert "€12.00" in said.decode()
    assert "private address" in said.decode()
    assert added(watcher).splitlines()[2:9] == [
        "watches:",
        "  dune:",
        "    name: Dune",
        f"    url: {shop.url}/dune",
        "    topic: news",
        "    allow_private: true",
        "    extract:",
    ]
    assert (await watcher("validate")).out.startswith("watches.yaml: 1 watch, 1 topic, no mistakes")

    assert (await watcher("check")).status == 0
    await watcher("subscribers", "add", "--topic", "news")
    shop.show("/dune", PAGE.format(price="8.50"))
    assert (await watcher("check")).status == 0
    (message,) = (await watcher("messages", "--json")).records
    assert message["summary"].startswith("Dune €12.00 → €8.50")


@pytest.mark.faults
async def test_a_page_that_suggests_nothing_is_watched_by_a_text_that_it_shows(watcher: Command, site: Site) -> None:
    site.show("/", "<h1>Example Domain</h1><p>This domain is for use in documentation examples.</p>")
    async with at_terminal(watcher, "add", site.url) as (process, terminal):
        said = b""
        while b"prints the QR code" not in said:
            said += await heard(terminal)
            if said.endswith(_ASKED):
                os.write(terminal, b"example domain\n")
                said = b""
            elif said.rstrip().endswith(b"]:"):
                os.write(terminal, b"\n")
                said = b""
        assert await process.wait() == 0
    assert "title: h1" in added(watcher)


@pytest.mark.faults
async def test_words_that_are_not_on_the_page_are_asked_for_again_until_an_empty_line(
    watcher: Command, site: Site
) -> None:
    site.show("/", "<h1>Example Domain</h1><p>This domain is for use in documentation examples.</p>")
    watcher.write(BY_HAND % site.url)
    typed, asked = [b"no such words\n", b" \n"], []
    async with at_terminal(watcher, "add", site.url) as (process, terminal):
        said = b""
        while typed:
            said += await heard(terminal)
            if said.endswith(_ASKED):
                asked.append(said)
                os.write(terminal, typed.pop(0))
                said = b""
        assert await process.wait() == 1
        assert (await heard(terminal)).endswith(b"nothing was written\r\n")
    assert b"no value or list of this page is likely" in asked[0]
    assert b"no text that can be watched has 'no such words' in whole words" in asked[1]
    assert not (watcher.directory / "watches.d").exists()


def test_words_that_are_not_on_the_page_are_asked_for_a_few_times_only() -> None:
    nothing = Suggestions()
    why: list[str] = []

    def ask(said: str) -> str:
        why.append(said)
        return f"words {len(why)}"

    assert asked_for(nothing, lambda _: nothing, ask) == (nothing, f"words {MOST_ASKED}")
    assert [said.partition(" in whole words")[0] for said in why[:3]] == [
        "no value or list of this page is likely to be what you want",
        "no text that can be watched has 'words 1'",
        "no text that can be watched has 'words 2'",
    ]


@pytest.mark.faults
async def test_without_a_terminal_a_page_that_suggests_nothing_is_an_error_that_says_what_to_name(
    watcher: Command, site: Site
) -> None:
    site.show("/", "<h1>Example Domain</h1><p>This domain is for use in documentation examples.</p>")
    watcher.write(BY_HAND % site.url)
    done = await watcher("add", site.url)
    assert (done.status, done.out) == (1, "")
    assert done.err == (
        "nothing: no value or list of this page is likely to be what you want; name what it shows: --value TEXT\n"
    )


@pytest.mark.faults
async def test_flags_answer_every_question(watcher: Command, site: Site) -> None:
    site.show("/courses", LIST.format(rows="".join(f"<tr><td>CS{n}</td><td>{n}</td></tr>" for n in range(9))))
    watcher.write(BY_HAND % site.url)
    flags = ("--yes", "--pick", "1", "--topic", "courses", "--every", "1h", "--id", "c", "--when", "seats above 0")
    done = await watcher("add", f"{site.url}/courses", *flags, "--json")
    assert done.status == 0, done.err
    assert (done.record["id"], done.record["included_by"], done.record["is_new"]) == ("c", "watches.yaml", False)
    assert done.record["watch"]["notify_when"] == {"seats": {"above": 0}}
    assert [line.strip() for line in added(watcher).splitlines()[3:]][:6] == [
        "c:",
        "name: Courses",
        f"url: {site.url}/courses",
        "topic: courses",
        "every: 1h",
        "allow_private: true",
    ]
    main = (watcher.directory / "watches.yaml").read_text()
    assert main == (BY_HAND % site.url).replace("# mine\n", "# mine\ninclude: watches.d/*.yaml\n\n")


@pytest.mark.faults
async def test_whoever_presses_ctrl_c_has_written_nothing(watcher: Command, shop: Site) -> None:
    async with at_terminal(watcher, "add", f"{shop.url}/dune") as (process, terminal):
        said = b""
        while b"there is no watches.yaml; write one? [Y/n]" not in said:
            said += await heard(terminal)
        while process.returncode is None:  # CPython forgets one that comes just before it waits for the line
            process.send_signal(signal.SIGINT)
            with suppress(TimeoutError):
                async with asyncio.timeout(_ENDS_SECONDS):
                    await process.wait()
        assert process.returncode == 1
        while b"nothing was written" not in said:
            said += await heard(terminal)
    assert not [*watcher.directory.glob("[!p]*")]  # of Python's workers: pymp-…


async def test_where_nobody_answers_nothing_is_written(watcher: Command, shop: Site) -> None:
    done = await watcher("add", f"{shop.url}/dune")
    assert done.status == 1
    assert done.err.endswith("nothing was written\n")
    assert not [*watcher.directory.glob("[!p]*")]  # of Python's workers: pymp-…


async def test_a_broken_file_is_said_before_anything_is_asked(watcher: Command, shop: Site) -> None:
    watcher.write("watches: {a: {url: x}}\n")
    done = await watcher("add", f"{shop.url}/dune", "--yes")
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("watches.yaml:1:")
    assert shop.requests["/dune"] == 0


@pytest.mark.faults
async def test_a_secret_in_the_address_stays_a_name(watcher: Command, shop: Site) -> None:
    done = await watcher("add", shop.url + "/dune?key=${KEY}", "--yes", KEY="0123456789abcdef")
    assert done.status == 0, done.err
    assert "/dune?key=${KEY}" in added(watcher)
    assert "0123456789abcdef" not in added(watcher) + done.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("add", "shop.example"), "watcher: to name a page, write http://shop.example or https://shop.example\n"),
        (("add", "dune"), "watcher: dune is no URL; write https://…\n"),
        (("add", "https://x.example/", "--json"), "watcher: --json asks nothing; it goes with --yes\n"),
    ],
)
async def test_what_is_asked_wrongly(watcher: Command, arguments: tuple[str, ...], told: str) -> None:
    done = await watcher(*arguments)
    assert (done.status, done.err) == (2, told)


def test_the_file_of_a_newcomer_is_right(tmp_path: Path) -> None:
    from watcher.config import load
    from watcher.config.starter import bare_starter_file
    from watcher.core.locale import Locale

    for language in Locale:
        (tmp_path / "watches.yaml").write_text(bare_starter_file(language), encoding="utf-8")
        assert load(tmp_path / "watches.yaml", {}).watches == {}


@pytest.mark.faults
async def test_a_page_cannot_have_a_secret_of_the_environment_sent_to_itself(watcher: Command, site: Site) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/feed/${STOLEN}/{today}">'
    entry = "<li><a href=/news/{0}>The story of the {0}th day of this month</a> <time>2026-11-{0}</time>"
    entries = "".join(entry.format(day) for day in range(11, 17))
    site.show("/", f"<html><head><title>Blog {{each}}</title>{link}</head><body><ul>{entries}</ul></body></html>")
    item = "<item><guid>{0}</guid><title>{0} lamps</title><link>https://x.example/{0}</link></item>"
    items = "".join(item.format(number) for number in range(3))
    rss = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Blog</title>{items}</channel></rss>'
    feed = "/feed/${STOLEN}/{today}"
    site.show(feed, rss)
    site.content_types[feed] = "application/rss+xml"
    done = await watcher("add", "-y", f"{site.url}/", STOLEN="correct-horse-battery")
    assert done.status == 0, done.err
    assert "feed: true" in added(watcher)
    assert (await watcher("check", STOLEN="correct-horse-battery")).status == 0
    assert site.requests == {"/": 1, feed: 4}


STORIES = (
    '<main><h1>News</h1><ul class="stories">'
    + "".join(
        f'<li class="story"><a href="/s/{number}?sid={{0}}">Story of the town, part {number}</a>'
        f' <span class="meta">{{0}}{number} minutes ago, {{0}}{number}7 readers</span></li>'
        for number in range(1, 6)
    )
    + "</ul></main>"
)


@pytest.mark.faults
async def test_what_moves_by_itself_is_left_out_of_what_is_written(watcher: Command, site: Site) -> None:
    site.take_turns("/news", *(STORIES.format(look) for look in range(1, 10)))
    done = await watcher("add", f"{site.url}/news", "--topic", "t", "--when", "changes", "--yes")
    assert done.status == 0, done.err
    assert "looked again: this moved by itself" in done.out
    assert (await watcher("check")).status == 0
    await watcher("check")
    assert not (await watcher("history", "--json", "news")).records
