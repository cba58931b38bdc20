"""
The story of a page that is redesigned: the watch says what it sees, `watcher suggest` proposes, one edit mends it, and
nobody is told anything false.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import Command
from tests.config.files import watch
from tests.site import Site
from watcher.cli.lost_values import lines_of_proposal, step_of
from watcher.core.proposal import Proposal
from watcher.core.values import SINGLE, Rows

BEFORE = """
<html><head><title>Dune</title></head><body><main><h1>Dune</h1>
<div class="offer"><dl><dt>Publisher</dt><dd class="publisher">Chilton</dd>
<dt>Our price</dt><dd class="price">€ {price}</dd><dt>Delivery</dt><dd class="delivery">three days</dd></dl></div>
<p>A novel of the desert, of water, and of those who dream.</p></main></body></html>
"""
AFTER = """
<html><head><title>Dune</title></head><body><div class="page"><main class="product"><h1>Dune</h1>
<section class="box"><dl class="facts"><div><dt>Publisher</dt><dd class="fact">Chilton</dd></div>
<div><dt>Our price</dt><dd class="amount">€ {price}</dd></div>
<div><dt>Delivery</dt><dd class="fact">three days</dd></div></dl>
</section><p>A novel of the desert, of water, and of those who dream.</p>
<aside><h2>Related</h2><p>Emma <span class="price">€ 4.00</span></p></aside></main></div></body></html>
"""
WATCHES = """
defaults: {{allow_private: true, per_host: {{min_delay: 0s}}, topic: deals}}
include: watches.d/*.yaml
watches:
  other: {{url: "{url}/other"}}
"""
ADDED = """\
# Written by `watcher add`. Edit it as you like: what you write here stays as it is.

watches:
  dune:  # the first edition
    url: {url}/dune
    extract:
      price: {{css: {selector}, type: money}}
"""


@pytest.fixture
async def shop(watcher: Command, site: Site) -> Site:
    """A site whose book was watched before it was redesigned."""
    watcher.write(WATCHES.format(url=site.url))
    (watcher.directory / "watches.d").mkdir()
    added(watcher).write_text(ADDED.format(url=site.url, selector="dd.price"))
    site.show("/dune", BEFORE.format(price="12.00"))
    site.show("/other", "<p>It stays as it is, and says nothing of any price.</p>")
    assert (await watcher("check")).status == 0
    return site


def added(watcher: Command) -> Path:
    return watcher.directory / "watches.d/added.yaml"


async def told(watcher: Command) -> list[str]:
    """Return what subscribers of the topic were told, oldest first."""
    return [str(each["summary"]) for each in (await watcher("messages", "--json")).records if each["topic"] == "deals"]


@pytest.mark.faults
async def test_a_redesigned_page_is_mended_by_one_line_and_the_history_goes_on(watcher: Command, shop: Site) -> None:
    await watcher("subscribers", "add", "--topic", "deals")
    shop.show("/dune", BEFORE.format(price="11.00"))
    assert (await watcher("check", "dune")).status == 0
    works = await watcher("suggest", "dune")
    assert (works.status, works.out) == (0, "dune: works; nothing to suggest\n")

    shop.show("/dune", AFTER.format(price="11.00"))
    failed = await watcher("check", "dune", "--json")
    assert failed.status == 1
    assert failed.records[0]["error"]["kind"] == "missing"

    looked = await watcher("suggest", "dune")
    assert looked.status == 0, looked.out + looked.err
    assert "price was after 'Our price', last '€11.00'" in looked.out
    assert "says '€ 11.00'" in looked.out
    assert "+      price: {css: " in looked.out
    assert "`watcher suggest dune --write` writes it" in looked.out
    assert added(watcher).read_text() == ADDED.format(url=shop.url, selector="dd.price")

    written = await watcher("suggest", "--failing", "--write", "--json")
    assert written.status == 0, written.out + written.err
    (proposal,) = written.record["proposals"]
    assert (written.record["watch"], written.record["written"]) == ("dune", True)
    selector = proposal["places"][0]["selector"]
    assert added(watcher).read_text() in (
        ADDED.format(url=shop.url, selector=selector),
        ADDED.format(url=shop.url, selector=f'"{selector}"'),
    )

    assert (await watcher("check", "dune")).status == 0
    assert await told(watcher) == ["dune €12.00 → €11.00 (−8.3%)"]
    shop.show("/dune", AFTER.format(price="9.00"))
    assert (await watcher("check", "dune")).status == 0
    assert await told(watcher) == ["dune €12.00 → €11.00 (−8.3%)", "dune €11.00 → €9.00 (−18.2%)"]
    history = (await watcher("history", "dune", "--json")).records
    assert len(history) == 2


@pytest.mark.faults
async def test_a_value_of_json_is_mended_by_its_new_path(watcher: Command, site: Site) -> None:
    added = (
        ADDED.partition("  dune:")[0] + "  lamp:\n    url: {url}/lamp\n    extract: {{cents: {{jsonpath: {path}}}}}\n"
    )
    site.content_types["/lamp"] = "application/json"
    watcher.write(WATCHES.format(url=site.url))
    (watcher.directory / "watches.d").mkdir()
    file = watcher.directory / "watches.d/added.yaml"
    file.write_text(added.format(url=site.url, path="$.cents"))
    site.show("/other", "<p>It stays as it is, and says nothing of any price.</p>")
    site.show("/lamp", '{"sku": "L-1", "cents": 3900}')
    assert (await watcher("check")).status == 0
    site.show("/lamp", '{"data": {"sku": "L-1", "cents": 3900}}')
    assert (await watcher("check", "lamp")).status == 1
    written = await watcher("suggest", "--failing", "--write")
    assert written.status == 0, written.out + written.err
    assert "cents was after 'cents', last '3900'" in written.out
    assert file.read_text() == added.format(url=site.url, path='"$.data.cents"')
    assert (await watcher("check", "lamp")).status == 0


@pytest.mark.faults
async def test_of_a_file_that_people_wrote_the_difference_is_shown(watcher: Command, shop: Site) -> None:
    text = added(watcher).read_text().replace("# Written by `watcher add`.", "# Mine.")
    added(watcher).write_text(text)
    shop.show("/dune", AFTER.format(price="10.00"))
    done = await watcher("suggest", "dune", "other", "--write")
    assert done.status == 0, done.out + done.err
    assert "--- watches.d/added.yaml\n+++ watches.d/added.yaml\n" in done.out
    assert "watches.d/added.yaml is yours: write it there" in done.out
    assert "price was €12.00 and is €10.00 now; the new selector takes a new baseline" in done.out
    assert "other: works" in done.out
    assert "2 watches: 1 found again (0 written), 0 not, 1 that work" in done.out
    assert added(watcher).read_text() == text


@pytest.mark.faults
async def test_several_watches_that_lost_a_value_get_one_line(watcher: Command, shop: Site) -> None:
    line = "2 watches lost a value: `watcher suggest --failing` shows where they are now\n"
    added(watcher).write_text(
        added(watcher).read_text() + f"  dune-2: {{url: '{shop.url}/dune', extract: {{price: dd.price}}}}\n"
    )
    assert (await watcher("check")).status == 0
    shop.show("/dune", AFTER.format(price="12.00"))
    assert "lost a value" not in (await watcher("check", "dune")).out
    assert line in (await watcher("check")).out
    assert line in (await watcher("status")).out


@pytest.mark.parametrize(
    ("label", "last", "said"),
    [
        ("Our price", "€11.00", "  price was after 'Our price', last '€11.00'"),
        ("", "€11.00", "  price was last '€11.00'"),
        ("Our price", "", "  price was after 'Our price'"),
        ("", "", "  price"),
    ],
)
def test_where_a_value_was_is_said_as_far_as_it_is_known(label: str, last: str, said: str) -> None:
    assert [*lines_of_proposal(Proposal(name="price", label=label, last=last, places=()))] == [said]


@pytest.mark.faults
async def test_what_is_gone_has_no_proposal(watcher: Command, shop: Site) -> None:
    shop.show("/dune", "<html><body><main><h1>Bicycles</h1><p>We sell bicycles now.</p></main></body></html>")
    done = await watcher("suggest", "dune", "--write")
    assert done.status == 1
    assert "nothing on the page is like the place of price" in done.out
    shop.pages.pop("/dune")
    record: dict[str, Any] = (await watcher("suggest", "dune", "--json")).record
    assert (record["error"]["kind"], record["difference"], record["written"]) == ("status", None, False)


STEPS: dict[str, tuple[str, Rows, Rows, str]] = {
    "a value": ("extract: h1", {SINGLE: {"value": "a"}}, {SINGLE: {"value": "b"}}, "value was a and is b now"),
    "one of two values": (
        "extract: {price: i, name: b}",
        {SINGLE: {"price": "3", "name": "a"}},
        {SINGLE: {"price": "4", "name": "a"}},
        "price was 3 and is 4 now",
    ),
    "the same value": ("extract: h1", {SINGLE: {"value": "a"}}, {SINGLE: {"value": "a"}}, ""),
    "rows": (
        "items: {css: li, key: b}",
        {"a": {}, "b": {}},
        {"b": {}, "c": {}, "d": {}},
        "2 rows came and 1 row went since the last good check",
    ),
    "values of rows": (
        "items: {css: li, key: b, fields: {n: i}}",
        {"a": {"n": "1"}},
        {"a": {"n": "2"}},
        "rows have changed since the last good check",
    ),
    "a list of which one page was read": (
        "items: {css: li, key: b}\npages: {next: a}",
        {"a": {}, "b": {}},
        {"a": {}},
        "",
    ),
}


@pytest.mark.parametrize("name", STEPS)
def test_what_nobody_would_be_told_of_is_said(name: str) -> None:
    body, before, seen, said = STEPS[name]
    assert step_of(watch(body), before, seen) == said


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "watcher: name a URL, or watches, or --failing for all that lost a value\n"),
        (
            ("a", "--failing"),
            "watcher: name a URL, or watches, or --failing for all that lost a value\n",
        ),
        (("https://x.example/", "a"), "watcher: a URL is asked for alone; leave the others out\n"),
        (
            ("https://x.example/", "--write"),
            "watcher: --failing and --write are for watches; `watcher add URL` writes a new one\n",
        ),
        (("a", "--value", "1"), "watcher: --value goes with a URL\n"),
        (("nothing",), "watcher: there is no watch nothing; watches: other\n"),
    ],
)
async def test_what_is_asked_wrongly(watcher: Command, arguments: tuple[str, ...], told: str) -> None:
    watcher.write("watches: {other: {url: 'https://x.example/', topic: t}}")
    done = await watcher("suggest", *arguments)
    assert (done.status, done.err) == (2, told)


@pytest.mark.faults
async def test_a_watch_that_was_never_checked_knows_no_place(watcher: Command, site: Site) -> None:
    watcher.write(f"watches: {{w: {{url: '{site.url}/x', topic: t, allow_private: true, extract: .price}}}}")
    site.show("/x", "<main><p>Something else stands here, and nothing else.</p></main>")
    done = await watcher("suggest", "w")
    assert done.status == 1
    assert f"`watcher suggest {site.url}/x` shows what can be watched there" in done.out
    failing = await watcher("suggest", "--failing")
    assert (failing.status, failing.out) == (0, "no watch has lost a value\n")
