"""`watcher try`: one look explained, and a change played from two files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.command import Command
from tests.site import Site

WATCHES = """
defaults:
  topic: deals
  allow_private: true
  per_host: {{min_delay: 0s}}
watches:
  dune:
    name: Dune
    url: {site}/dune
    extract:
      price: {{css: .price, type: money}}
    notify_when:
      - price: {{below: 10}}
      - price: changes
  courses:
    url: {site}/courses
    items:
      css: li
      key: b
      fields:
        seats: {{css: u, type: integer}}
    notify_when: [added, {{seats: {{above: 0}}}}]
  api:
    url: {site}/api
    extract:
      stock: {{jsonpath: $.stock}}
  patient:
    url: {site}/dune
    confirm: 2
    extract: h1
"""


def book(price: str) -> str:
    """A book's page."""
    return f"<html><body><h1>Dune</h1><p class=price>€ {price}</p></body></html>"


@pytest.fixture
def shop(watcher: Command, site: Site) -> Site:
    """A site that shows a book, and watches of it."""
    watcher.write(WATCHES.format(site=site.url))
    site.show("/dune", book("12.00"))
    return site


@pytest.mark.faults
async def test_a_first_look_explains_all_and_tells_nobody(watcher: Command, shop: Site) -> None:
    tried = await watcher("try", "dune")
    assert tried.status == 0, tried.err
    lines = tried.out.splitlines()
    assert lines[0] == f"{shop.url}/dune: 67 bytes of text/html"
    assert lines[1].startswith("read as UTF-8 (")
    assert "price: .price (css): 1 found, by turbohtml" in lines
    assert "  = €12.00" in lines
    assert "a check now: baseline: €12.00" in lines
    assert "price below 10: does not hold" in lines
    assert "price changes: fires when that happens" in lines
    assert "would tell nobody: first look" in lines
    place = lines.index("a message would read like this:")
    assert lines[place + 1] == "  Dune €12.00"
    assert "Price is below €10." in tried.out
    for look in ("status", "outbox"):
        assert "there is no data in .watcher" in (await watcher(look)).err


@pytest.mark.faults
async def test_what_would_fire_says_what_it_would_tell(watcher: Command, shop: Site) -> None:
    await watcher("check", "dune")
    shop.show("/dune", book("8.00"))
    tried = await watcher("try", "dune")
    assert "a check now: changed: €8.00" in tried.out
    assert "price below 10: fires" in tried.out
    assert "price changes: fires" in tried.out
    assert "would tell deals: Dune €12.00 → €8.00" in tried.out
    assert "read like this" not in tried.out

    await watcher("check", "dune")
    again = await watcher("try", "dune")
    assert "price below 10: holds" in again.out
    assert "would tell nobody anything" in again.out


@pytest.mark.faults
async def test_a_list_says_in_how_many_rows_an_entry_holds(watcher: Command, shop: Site) -> None:
    shop.show("/courses", "<ul><li><b>A</b><u>0</u><li><b>B</b><u>3</u><li><b>C</b><u>1</u></ul>")
    tried = await watcher("try", "courses")
    assert "seats above 0: holds in 2 of 3 rows" in tried.out
    assert "added: fires when a row is added" in tried.out


@pytest.mark.faults
async def test_an_event_of_fields_is_told_as_a_clause(watcher: Command, shop: Site) -> None:
    watcher.write(WATCHES.format(site=shop.url).replace("[added, {", "[added, {changed: seats}, {"))
    shop.show("/courses", "<ul><li><b>A</b><u>0</u></ul>")
    tried = await watcher("try", "courses")
    assert "changed seats: fires when seats of a row changes" in tried.out


@pytest.mark.faults
async def test_the_record_of_a_look(watcher: Command, shop: Site) -> None:
    await watcher("check", "dune")
    shop.show("/dune", book("8.00"))
    record = (await watcher("try", "dune", "--json")).record
    (finding,) = record["findings"]
    assert (finding["name"], finding["selector"], finding["language"]) == ("price", ".price", "css")
    assert (finding["engine"], finding["matched"], finding["error"]) == ("turbohtml", 1, None)
    assert finding["value"] == record["values"]["price"] == {"amount": "8.00", "currency": "€", "code": "EUR"}
    assert (record["watch"], record["outcome"], record["encoding"]) == ("dune", "changed", "UTF-8")
    assert record["rules"] == [
        {"rule": "price below 10", "event": False, "rows": 1, "fires": True},
        {"rule": "price changes", "event": True, "rows": None, "fires": True},
    ]
    (message,) = record["messages"]
    assert message["topics"] == ["deals"]
    assert message["summary"].startswith("Dune €12.00 → €8.00")
    assert "Price fell below €10." in message["content"]


@pytest.mark.faults
@pytest.mark.parametrize(
    ("selector", "language", "value"),
    [("h1", "css", "Dune"), ("//p", "xpath", "€ 12.00"), ("(//p)[1]", "xpath", "€ 12.00")],
)
async def test_a_selector_may_be_xpath(watcher: Command, shop: Site, selector: str, language: str, value: str) -> None:
    record = (await watcher("try", f"{shop.url}/dune", selector, "--once", "--json")).record
    assert (record["findings"][0]["language"], record["values"]) == (language, {"value": value})


@pytest.mark.faults
async def test_a_selector_may_be_jsonpath(watcher: Command, shop: Site) -> None:
    shop.show("/api", '{"stock": "some"}')
    shop.content_types["/api"] = "application/json"
    tried = await watcher("try", f"{shop.url}/api", "$.stock", "--once")
    assert "value: $.stock (jsonpath): 1 found, by python-jsonpath" in tried.out
    assert "  = some" in tried.out


@pytest.mark.faults
async def test_a_selector_reads_a_type(watcher: Command, shop: Site) -> None:
    record = (await watcher("try", f"{shop.url}/dune", ".price", "--type", "money", "--once", "--json")).record
    assert record["values"] == {"value": {"amount": "12.00", "currency": "€", "code": "EUR"}}
    assert record["findings"][0]["matches"] == [record["values"]["value"]]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["dune", "--type", "money"], "--type goes with a URL", id="a watch"),
        pytest.param(
            ["http://x.example", "--type", "money"], "name one: watcher try http://x.example SEL", id="no value"
        ),
        pytest.param(["http://x.example", "h1", "--type", "mony"], "'mony' is not one of 'text', 'integer'", id="mony"),
    ],
)
async def test_a_type_that_says_nothing_is_refused(
    watcher: Command, shop: Site, arguments: list[str], says: str
) -> None:
    assert shop.pages
    ended = await watcher("try", *arguments)
    assert (ended.status, ended.out) == (2, "")
    assert says in ended.err


@pytest.mark.faults
async def test_the_record_of_a_page_that_is_named_by_hand(watcher: Command, shop: Site) -> None:
    record = (await watcher("try", f"{shop.url}/dune", "h1", "--once", "--json")).record
    assert (record["watch"], record["values"], record["error"]) == (None, {"value": "Dune"}, None)
    assert "outcome" not in record


async def test_a_page_that_does_not_come_is_one_line_or_a_record(watcher: Command, shop: Site) -> None:
    assert "/courses" not in shop.pages
    tried = await watcher("try", "courses")
    assert (tried.status, tried.out, len(tried.err.splitlines())) == (1, "", 1)
    assert tried.err.startswith("status: ")
    failed = await watcher("try", "courses", "--json")
    assert failed.status == 1
    assert failed.record["error"]["kind"] == "status"


@pytest.mark.faults
async def test_a_selector_that_finds_nothing_ends_with_1(watcher: Command, shop: Site) -> None:
    shop.show("/dune", "<h1>Dune</h1>")
    tried = await watcher("try", "dune")
    assert tried.status == 1
    assert "a check would fail: missing: price: '.price' is not on the page" in tried.err
    assert (tried.out + tried.err).count(".price") == 1
    failed = await watcher("try", "dune", "--json")
    assert (failed.status, failed.record["values"]) == (1, None)
    assert "is not on the page" in failed.record["error"]["text"]


@pytest.mark.faults
async def test_all_pages_of_a_list_are_looked_at(watcher: Command, shop: Site) -> None:
    watcher.write(WATCHES.format(site=shop.url).replace("    items:", "    pages: {next: a, max: 5}\n    items:"))
    shop.show("/courses", "<ul><li><b>A</b><u>0</u></ul><a href=/more>next</a>")
    shop.show("/more", "<ul><li><b>B</b><u>3</u></ul>")
    tried = await watcher("try", "courses")
    assert tried.status == 0, tried.err
    assert f"the list goes on at {shop.url}/more" in tried.out
    assert "a check now: baseline: 2 rows" in tried.out
    assert "seats above 0: holds in 1 of 2 rows" in tried.out


@pytest.mark.faults
async def test_what_finds_several_is_told(watcher: Command, shop: Site) -> None:
    shop.show("/dune", book("12.00") + "<p class=price>€ 3</p>")
    tried = await watcher("try", "dune")
    assert "price: .price (css): 2 found, by turbohtml" in tried.out
    assert tried.out.splitlines()[3:7] == ["  = €12.00", "  all 2:", "     1. €12.00", "     2. €3"]
    assert len([line for line in tried.out.splitlines() if line.startswith("note: ")]) == 1


async def test_a_watch_whose_url_holds_a_date_is_asked_with_it(watcher: Command, shop: Site) -> None:
    watcher.write(WATCHES.format(site=shop.url).replace("/dune", "/{today:%Y}"))
    tried = await watcher("try", "dune")
    assert (tried.status, tried.out) == (1, "")
    assert [path for path in shop.requests if re.fullmatch(r"/20\d\d", path)]


# A change from two files


@pytest.fixture
def pages(watcher: Command) -> Path:
    """Watches of a site that is not there, and two pages in files."""
    watcher.write(WATCHES.format(site="http://127.0.0.1:1"))
    (watcher.directory / "a.html").write_text(book("12.00"), encoding="utf-8")
    (watcher.directory / "b.html").write_text(book("8.00"), encoding="utf-8")
    return watcher.directory


@pytest.mark.faults
async def test_a_change_is_played_without_a_network(watcher: Command, pages: Path) -> None:
    tried = await watcher("try", "dune", "--from", "a.html", "--to", "b.html")
    assert tried.status == 0, tried.err
    lines = tried.out.splitlines()
    assert lines[:4] == [
        "a.html: baseline: €12.00",
        "b.html: changed: €8.00",
        "price below 10: fires",
        "price changes: fires",
    ]
    assert lines[4].startswith("would tell deals: Dune €12.00 → €8.00")
    assert list(pages.glob(".watcher")) == []


@pytest.mark.faults
async def test_a_change_that_nobody_is_told(watcher: Command, pages: Path) -> None:
    assert (pages / "a.html").exists()
    tried = await watcher("try", "dune", "--from", "a.html", "--to", "a.html")
    assert tried.out == "a.html: baseline: €12.00\na.html: unchanged: €12.00\nwould tell nobody anything\n"


@pytest.mark.faults
async def test_the_record_of_a_played_change(watcher: Command, pages: Path) -> None:
    before, after = str(pages / "a.html"), str(pages / "b.html")
    record = (await watcher("try", "dune", "--from", before, "--to", after, "--json")).record
    assert (record["outcome"], record["rules"]) == ("changed", ["price below 10", "price changes"])
    assert (record["from"]["price"]["amount"], record["to"]["price"]["amount"]) == ("12.00", "8.00")
    assert [message["topics"] for message in record["messages"]] == [["deals"]]
    assert record["already"] == []


@pytest.mark.faults
async def test_a_confirmation_is_played_too(watcher: Command, pages: Path) -> None:
    (pages / "c.html").write_text("<h1>Emma</h1>", encoding="utf-8")
    tried = await watcher("try", "patient", "--from", "a.html", "--to", "c.html")
    assert "`confirm: 2`: the second page is looked at 2 times" in tried.out
    assert tried.out.count("would tell deals: patient: Dune → Emma") == 1


@pytest.mark.faults
async def test_the_name_of_the_file_says_what_it_holds(watcher: Command, pages: Path) -> None:
    (pages / "a.json").write_text('{"stock": "none"}', encoding="utf-8")
    (pages / "b.json").write_text('{"stock": "some"}', encoding="utf-8")
    tried = await watcher("try", "api", "--from", "a.json", "--to", "b.json")
    assert tried.status == 0, tried.err
    assert "would tell deals: api: none → some" in tried.out


@pytest.mark.faults
@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        pytest.param(["dune", "--from", "a.html"], 2, "--from and --to go together", id="one page"),
        pytest.param(["dune", "--from", "a.html", "--to", "x.html"], 2, "x.html: cannot be read", id="no such file"),
        pytest.param(["dune", "--from", "a.html", "--to", "b"], 2, "b: what kind of page is it? Name it .html", id="b"),
        pytest.param(["http://x.example", "--from", "a.html", "--to", "b.html"], 2, "name one", id="a URL"),
        pytest.param(["courses", "--from", "a.html", "--to", "b.html"], 1, "missing: a.html: ", id="a page that fails"),
    ],
)
async def test_what_cannot_be_played_is_one_line(
    watcher: Command, pages: Path, arguments: list[str], status: int, says: str
) -> None:
    assert (pages / "a.html").exists()
    ended = await watcher("try", *arguments)
    assert (ended.status, ended.out, len(ended.err.splitlines())) == (status, "", 1)
    assert says in ended.err


# What moves by itself


def thread(views: int, advertisement: str) -> str:
    """A page on which two things move by themselves."""
    return (
        f"<h1>Lenses</h1><p>Take the 400.</p><p class=views>{views} views</p><div class=ad-slot>{advertisement}</div>"
    )


@pytest.mark.faults
async def test_a_second_look_shows_what_moved_and_the_line_that_leaves_it_out(watcher: Command, shop: Site) -> None:
    watcher.write(WATCHES.format(site=shop.url) + f"  lens:\n    url: {shop.url}/lens\n")
    shop.take_turns("/lens", thread(1, "Fly to Rome"), thread(2, "Order pizza"))
    tried = await watcher("try", "lens")
    assert tried.status == 0, tried.err
    moved = tried.out[tried.out.index("looked again") :].splitlines()
    assert moved[:7] == [
        "looked again: this moved by itself",
        "  value: - 1 views",
        "  value: - Fly to Rome",
        "  value: + 2 views",
        "  value: + Order pizza",
        "this line of the watch leaves it out:",
        "  exclude: [.views, .ad-slot]",
    ]
    watcher.write(WATCHES.format(site=shop.url) + f"  lens:\n    url: {shop.url}/lens\n    {moved[6].strip()}\n")
    assert "looked again: nothing moved" in (await watcher("try", "lens")).out


@pytest.mark.faults
async def test_the_record_of_a_second_look(watcher: Command, shop: Site) -> None:
    shop.take_turns("/dune", *(f"<h1>Dune</h1><p class=price>€ 1{number}</p>" for number in (1, 2)))
    looked = (await watcher("try", "dune", "--json")).record["second_look"]
    assert looked == {"moved": [{"name": "price", "went": ["€11"], "came": ["€12"]}], "line": None, "problem": None}
    assert (await watcher("try", "dune", "--once", "--json")).record["second_look"] is None
    assert shop.requests["/dune"] == 3


@pytest.mark.faults
async def test_where_no_line_leaves_out_what_moves_another_selector_is_advised(watcher: Command, shop: Site) -> None:
    shop.take_turns("/dune", *(f"<h1>{word}</h1><p class=price>€ 12</p>" for word in ("One", "Two")))
    assert "no single line leaves that out; choose a selector" in (await watcher("try", "patient")).out


@pytest.mark.faults
async def test_a_second_look_that_fails_is_said_and_the_first_one_counts(watcher: Command, shop: Site) -> None:
    shop.take_turns("/dune", book("12.00"), "<h1>Dune</h1>")
    tried = await watcher("try", "dune")
    assert tried.status == 0
    assert "looked again, without success: missing: price: '.price' is not on the page" in tried.out


@pytest.mark.faults
async def test_a_host_that_is_asked_seldom_is_not_looked_at_twice(watcher: Command, shop: Site) -> None:
    watcher.write(WATCHES.format(site=shop.url).replace("min_delay: 0s", "min_delay: 5m"))
    assert "without success: its host is asked every 5m only" in (await watcher("try", "dune")).out
    assert shop.requests["/dune"] == 1
