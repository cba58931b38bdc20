"""`watcher suggest URL`: what a page offers to watch, each with lines that a file takes as they are."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.cli.command import Command
from tests.site import Site
from watcher.config import parse

SHOP = """
<html><head><title>Lamp</title><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head>
<body><main><h1>Lamp</h1><div class="offer"><span class="price">€ 1,299.00</span></div>
<p>It gives a warm light, and stands on any table.</p></main></body></html>
"""
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Shop</title>
<item><guid>1</guid><title>A lamp</title><link>https://shop.example/1</link></item>
<item><guid>2</guid><title>A chair</title><link>https://shop.example/2</link></item></channel></rss>"""


@pytest.mark.faults
async def test_a_page_offers_what_can_be_watched_and_writes_nothing(watcher: Command, site: Site) -> None:
    site.show("/lamp", SHOP)
    site.show("/feed.xml", FEED)
    site.content_types["/feed.xml"] = "application/rss+xml"
    done = await watcher("suggest", f"{site.url}/lamp")
    assert done.status == 0, done.err
    assert "price: €1,299.00" in done.out
    assert "A lamp" in done.out
    assert "allow_private: true" in done.out
    assert f"`watcher add {site.url}/lamp` writes one of these" in done.out
    blocks = [dedent(part) for part in done.out.split("\n\n") if part.startswith("     lamp:")]
    for block in blocks:
        assert parse("watches:\n" + "".join(f"  {line}\n" for line in block.splitlines()), file="f", environ={}).watches
    assert len(blocks) > 1
    assert not [*watcher.directory.glob("[!p]*")]  # of Python's workers: pymp-…
    assert site.requests["/lamp"] == 1


@pytest.mark.faults
async def test_the_command_that_writes_an_offer_names_the_value_too(watcher: Command, site: Site) -> None:
    site.show("/lamp", SHOP)
    done = await watcher("suggest", f"{site.url}/lamp", "--value", "1299 €")
    assert f"`watcher add {site.url}/lamp --value '1299 €'` writes one of these" in done.out


@pytest.mark.faults
async def test_the_record_of_an_offer(watcher: Command, site: Site) -> None:
    site.show("/lamp", SHOP)
    watcher.write(f"watches: {{a: {{url: '{site.url}', topic: deals}}}}")
    records = (await watcher("suggest", f"{site.url}/lamp", "--value", "1299", "--json")).records
    assert [record["rank"] for record in records] == [*range(1, len(records) + 1)]
    first = records[0]
    assert (first["kind"], first["id"], first["watch"]["topic"]) == ("value", "lamp", "deals")
    assert (first["texts"], first["watch"]["extract"]["price"]["type"]) == (["price: €1,299.00"], "money")
    for record in records:
        assert parse(record["yaml"], file="f", environ={}).watches["lamp"].topics == ("deals",)


@pytest.mark.parametrize("value", ["", " ", "\u3000"])
async def test_a_blank_value_is_refused_and_nothing_is_asked_or_written(
    watcher: Command, site: Site, value: str
) -> None:
    """Every text shows it: a script with an empty variable would watch something else."""
    site.show("/lamp", SHOP)
    for arguments in (("suggest",), ("add", "--yes")):
        refused = await watcher(*arguments, f"{site.url}/lamp", "--value", value)
        assert (refused.status, refused.out) == (2, "")
        assert refused.err == "watcher: --value takes a text that the page shows; got none\n"
    assert not [*watcher.directory.glob("watches*")]
    assert not site.requests["/lamp"]


@pytest.mark.faults
async def test_a_value_that_nothing_shows_is_said_in_one_line(watcher: Command, site: Site) -> None:
    site.show("/lamp", SHOP)
    done = await watcher("suggest", f"{site.url}/lamp", "--value", "4711")
    assert (done.status, done.out, done.err.count("\n")) == (1, "", 1)
    assert "4711" in done.err


@pytest.mark.faults
async def test_what_is_no_page_is_said_in_one_line(watcher: Command, site: Site) -> None:
    site.show("/shell", "<html><body><div id=root></div><script src=/app.js></script></body></html>")
    site.show(
        "/login", "<html><head><title>Log in</title></head><body><form><input type=password></form></body></html>"
    )
    gone = await watcher("suggest", f"{site.url}/gone")
    assert (gone.status, gone.out, gone.err) == (1, "", "status: 404 Not Found: the page is gone\n")
    shell = await watcher("suggest", f"{site.url}/shell")
    assert (shell.status, shell.out, shell.err.count("\n")) == (1, "", 1)
    assert "JavaScript" in shell.err
    login = await watcher("suggest", f"{site.url}/login", "--json")
    assert (login.status, login.err) == (1, "")
    assert login.record["error"]["text"]


async def test_a_host_is_told_from_a_watch(watcher: Command) -> None:
    done = await watcher("suggest", "shop.example")
    assert (done.status, done.err) == (
        2,
        "watcher: to name a page, write http://shop.example or https://shop.example\n",
    )


@pytest.mark.parametrize("url", ["ftp://shop.example/list", "file:///etc/passwd"])
async def test_a_url_of_another_scheme_is_told_from_a_host(watcher: Command, url: str) -> None:
    done = await watcher("add", url)
    assert (done.status, done.err) == (2, f"watcher: {url}: a page is fetched by http:// or https://\n")
