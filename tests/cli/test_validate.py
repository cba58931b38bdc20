"""`validate`, `accept`, `init`, and what commands make of tags, disabled watches, topics and held messages."""

from __future__ import annotations

import json

import pytest

from tests.cli.command import Command
from tests.site import Site

WATCHES = """
topics:
  deals: {{name: Price drops}}
defaults:
  allow_private: true
  per_host: {{min_delay: 0s}}
watches:
  dune:
    url: {site}/dune
    topic: deals
    extract: h1
    tags: [books, shop]
  emma:
    url: {site}/emma
    topic: deals
    extract: h1
    enabled: false
    tags: books
"""


async def test_every_mistake_is_an_object_with_its_place(watcher: Command) -> None:
    watcher.write("watches:\n  a:\n    url: ftp://x\n    topic: t\n  b:\n    url: http://x.example\n    topik: t\n")
    ended = await watcher("validate", "--json")
    assert (ended.status, ended.err) == (2, "")
    record = ended.record
    assert record["watches"] is None
    places = [(problem["file"], problem["line"], problem["key"]) for problem in record["problems"]]
    assert places[0] == ("watches.yaml", 3, "watches.a.url")
    assert ("watches.yaml", 7, "watches.b.topik") in places
    assert all(problem["column"] and problem["text"] for problem in record["problems"])
    assert len((await watcher("validate")).err.splitlines()) == len(record["problems"])


async def test_a_file_that_is_not_there_is_a_problem_of_the_whole(watcher: Command) -> None:
    ended = await watcher("validate", "--json")
    assert ended.status == 2
    (problem,) = ended.record["problems"]
    assert (problem["file"], problem["line"]) == ("watches.yaml", None)
    assert "there is no watches.yaml" in problem["text"]


async def test_a_good_file_is_counted(watcher: Command) -> None:
    watcher.write(WATCHES.format(site="http://127.0.0.1:1"))
    assert "watches.yaml: 2 watches, 1 of them disabled, 1 topic, no mistakes" in (await watcher("validate")).out
    record = (await watcher("validate", "--json", "--base-url", "https://watch.example.org")).record
    assert (record["watches"], record["disabled"], record["topics"], record["problems"]) == (2, 1, 1, [])
    assert record["unheard"] == [{"topic": "admin", "link": None}, {"topic": "deals", "link": None}]
    await watcher("subscribers", "add")
    record = (await watcher("validate", "--json", "--base-url", "https://watch.example.org")).record
    unheard = {topic["topic"]: topic["link"] for topic in record["unheard"]}
    assert unheard["deals"].startswith("https://watch.example.org/t/")


@pytest.mark.faults
async def test_a_look_makes_nothing_and_a_misspelt_topic_is_not_kept(watcher: Command) -> None:
    watcher.write(WATCHES.format(site="http://127.0.0.1:1"))
    assert (await watcher("validate")).status == 0
    assert sorted(path.name for path in watcher.directory.iterdir()) == ["watches.yaml"]
    await watcher("subscribers", "add", "--topic", "deals")
    watcher.write(WATCHES.format(site="http://127.0.0.1:1").replace("topic: deals", "topic: daels"))
    for look in ("validate", "status", "doctor"):
        await watcher(look)
    watcher.write(WATCHES.format(site="http://127.0.0.1:1"))
    assert [topic["key"] for topic in (await watcher("topics", "--json")).records] == ["deals", "admin"]


async def test_a_topic_that_is_to_be_renamed_has_its_subscribers_before_it_is(watcher: Command) -> None:
    watcher.write(WATCHES.format(site="http://127.0.0.1:1"))
    await watcher("subscribers", "add", "--topic", "deals")
    renamed = WATCHES.format(site="http://127.0.0.1:1").replace("deals", "drops")
    watcher.write(renamed.replace("{name: Price drops}", "{was: deals}"))
    record = (await watcher("validate", "--json")).record
    assert ([each["topic"] for each in record["unheard"]], record["untold"]) == (["admin"], [])


@pytest.mark.faults
async def test_with_a_broken_file_what_is_known_is_shown_and_the_mistake_said(watcher: Command, site: Site) -> None:
    watcher.write(WATCHES.format(site=site.url))
    site.show("/dune", "<h1>Dune</h1>")
    await watcher("check")
    await watcher("subscribers", "add", "--topic", "deals")
    watcher.write(WATCHES.format(site=site.url).replace("extract: h1", "extract: h1\n    evry: 5m"))
    for line in (
        ["status"],
        ["topics"],
        ["qr", "deals", "--base-url", "https://watch.example.org"],
        ["send", "deals", "hello"],
        ["messages"],
        ["history", "dune"],
    ):
        ended = await watcher(*line)
        assert (ended.status, len(ended.err.splitlines())) == (0, 1), line
        assert ended.err.startswith("watches.yaml:12:5: watches.dune.evry: "), line
        assert "(and 1 more); continuing without watches.yaml" in ended.err, line
    status = (await watcher("status", "--json")).record
    assert (status["watch"], status["values"], status["url"]) == ("dune", {"value": "Dune"}, None)
    assert "watches.yaml:12:5" in (await watcher("doctor")).out


async def test_a_topic_with_subscribers_that_no_watch_tells_is_named(watcher: Command) -> None:
    watcher.write(WATCHES.format(site="http://127.0.0.1:1"))
    await watcher("subscribers", "add", "--topic", "deals")
    assert "no watch tells" not in (await watcher("validate")).out
    watcher.write(WATCHES.format(site="http://127.0.0.1:1").replace("deals", "drops"))
    said = (await watcher("validate")).out
    assert "no watch tells deals, which has 1 subscriber; was it renamed? Say `was: deals`" in said
    assert (await watcher("validate", "--json")).record["untold"] == [{"topic": "deals", "subscribers": 1}]


@pytest.mark.faults
async def test_the_advice_to_say_was_ends_what_it_is_given_for(watcher: Command) -> None:
    watcher.write(WATCHES.format(site="http://127.0.0.1:1"))
    await watcher("subscribers", "add", "--topic", "deals")
    renamed = WATCHES.format(site="http://127.0.0.1:1").replace("deals", "drops")
    watcher.write(renamed)
    await watcher("topics")  # as a watcher that runs, it makes the new topic
    assert "Say `was: deals`" in (await watcher("validate")).out
    assert "no watch tells deals, which has 1 subscriber" in (await watcher("doctor")).out
    watcher.write(renamed.replace("{name: Price drops}", "{was: deals}"))
    for _ in range(2):
        said = (await watcher("validate")).out
        assert "no watch tells" not in said
        assert "nobody listens to drops" not in said
        topics = (await watcher("topics", "--json")).records
        assert [(topic["key"], topic["subscribers"]) for topic in topics] == [("drops", 1), ("admin", 0)]


async def test_a_was_that_renames_nothing_is_a_warning(watcher: Command) -> None:
    watcher.write(WATCHES.format(site="http://127.0.0.1:1"))
    await watcher("subscribers", "add", "--topic", "deals")
    renamed = WATCHES.format(site="http://127.0.0.1:1").replace("deals", "drops")
    watcher.write(renamed)
    await watcher("subscribers", "add", "--topic", "drops")
    watcher.write(renamed.replace("{name: Price drops}", "{was: deals}"))
    ended = await watcher("validate")
    assert "`was: deals` has no effect: both topics are in use; `watcher topics merge deals drops`" in ended.err
    assert "Say `was" not in ended.out
    assert "`was: deals` has no effect" in (await watcher("doctor")).out


async def test_a_topic_of_another_application_must_be_there(watcher: Command) -> None:
    watcher.write(WATCHES.format(site="http://127.0.0.1:1").replace("{name: Price drops}", "{app: ops}"))
    ended = await watcher("validate")
    assert (ended.status, len(ended.err.splitlines())) == (2, 1)
    assert "topics: deals: there is no application ops; applications: none yet; `watcher apps add" in ended.err
    elsewhere = await watcher("check", "--push", "http://127.0.0.1:1", "--app-token", "AT_x")
    assert (elsewhere.status, len(elsewhere.err.splitlines())) == (2, 1)
    assert "with --push write the topic's number there, `deals: {id: 103}`" in elsewhere.err
    app = (await watcher("apps", "add", "ops", "--json")).record["app_id"]
    assert f'`watcher topics add "deals" --app {app}` makes one' in (await watcher("validate")).err
    await watcher("topics", "add", "deals", "--app", str(app))
    assert (await watcher("validate")).status == 0


@pytest.mark.faults
async def test_a_change_is_told_to_a_topic_of_another_application(watcher: Command, site: Site) -> None:
    watcher.write(WATCHES.format(site=site.url).replace("{name: Price drops}", "{app: ops}"))
    app = (await watcher("apps", "add", "ops", "--json")).record["app_id"]
    await watcher("topics", "add", "deals", "--app", str(app))
    for heading in ("before", "after"):
        site.show("/dune", f"<h1>{heading}</h1>")
        assert (await watcher("check")).status == 0
    (message,) = (await watcher("messages", "--json")).records
    assert (message["app"], message["topic"], message["summary"]) == ("ops", "deals", "dune: before → after")


@pytest.mark.faults
async def test_a_topic_that_another_application_removed_stops_no_watcher(watcher: Command, site: Site) -> None:
    watcher.write(WATCHES.format(site=site.url).replace("{name: Price drops}", "{app: ops}"))
    app = (await watcher("apps", "add", "ops", "--json")).record["app_id"]
    topic = (await watcher("topics", "add", "deals", "--app", str(app), "--json")).record["topic_id"]
    site.show("/dune", "<h1>before</h1>")
    assert (await watcher("check")).status == 0
    # Where no file of watches is seen, as by the application's own token.
    assert (await watcher("topics", "remove", str(topic), "--config", "none.yaml")).status == 0
    site.show("/dune", "<h1>after</h1>")
    checked = await watcher("check")
    assert "topics: deals: the application ops has no topic deals" in checked.err
    [lost] = (await watcher("outbox", "--json")).records
    assert "the application ops has no topic deals" in str(lost["dead"])
    [told] = (await watcher("messages", "--json")).records
    assert told["topic_key"] == "admin"
    async with watcher.running("run", "--port", "0") as (_, said):
        assert "watching 1 page" in said


async def test_a_disabled_watch_is_checked_only_by_its_name(watcher: Command, site: Site) -> None:
    watcher.write(WATCHES.format(site=site.url))
    site.show("/dune", "<h1>Dune</h1>")
    site.show("/emma", "<h1>Emma</h1>")
    assert [record["watch"] for record in (await watcher("check", "--json")).records] == ["dune"]
    assert [record["watch"] for record in (await watcher("check", "emma", "--json")).records] == ["emma"]


async def test_a_tag_chooses_watches(watcher: Command, site: Site) -> None:
    watcher.write(WATCHES.format(site=site.url))
    site.show("/dune", "<h1>Dune</h1>")
    assert [record["watch"] for record in (await watcher("check", "--tag", "shop", "--json")).records] == ["dune"]
    shown = (await watcher("status", "--tag", "books", "--json")).records
    assert [(record["watch"], record["enabled"], record["tags"]) for record in shown] == [
        ("dune", True, ["books", "shop"]),
        ("emma", False, ["books"]),
    ]
    refused = await watcher("status", "--tag", "nosuch")
    assert (refused.status, refused.out) == (2, "")
    assert refused.err == "watcher: no watch has the tag nosuch; tags: books, shop\n"


async def test_status_says_what_is_disabled_and_since_when_something_fails(watcher: Command, site: Site) -> None:
    watcher.write(WATCHES.format(site=site.url))
    await watcher("check")
    record = (await watcher("status", "--tag", "shop", "--json")).record
    assert (record["good_at"], record["suspicious"]) == (None, False)
    assert record["failing_since"] == record["checked_at"]
    shown = (await watcher("status")).out
    assert "disabled" in shown
    assert ", since " in shown
    assert "books, shop" in shown


@pytest.mark.faults
async def test_a_start_writes_the_schema_beside_the_file_and_overwrites_nothing(watcher: Command) -> None:
    made = await watcher("init")
    assert made.out.startswith("wrote watches.yaml and watches.schema.json; ")
    text = (watcher.directory / "watches.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=./watches.schema.json\n")
    schema = watcher.directory / "watches.schema.json"
    assert json.loads(schema.read_text(encoding="utf-8")) == json.loads((await watcher("schema")).out)
    assert (await watcher("validate")).status == 0

    schema.write_text("mine", encoding="utf-8")
    again = await watcher("init")
    assert (again.status, again.out) == (2, "")
    other = await watcher("init", "--config", "other.yaml")
    assert other.out.startswith("wrote other.yaml (kept watches.schema.json); ")
    assert schema.read_text(encoding="utf-8") == "mine"


async def test_a_start_in_a_chinese_locale_writes_a_file_whose_messages_are_in_chinese(watcher: Command) -> None:
    await watcher("init", LC_ALL="", LANG="zh_CN.UTF-8")
    text = (watcher.directory / "watches.yaml").read_text(encoding="utf-8")
    assert "defaults:\n  language: zh " in text
    assert (await watcher("validate")).status == 0


COURSES = """
watches:
  courses:
    url: {site}/courses
    topic: news
    allow_private: true
    per_host: {{min_delay: 0s}}
    items:
      css: li
      key: b
    notify_when: removed
"""


def courses(*keys: str) -> str:
    """A page with a list of courses."""
    return f"<ul>{''.join(f'<li><b>{key}</b></li>' for key in keys)}</ul>"


@pytest.mark.faults
async def test_what_is_suspicious_is_believed_by_hand(watcher: Command, site: Site) -> None:
    watcher.write(COURSES.format(site=site.url))
    site.show("/courses", courses("A", "B", "C", "D"))
    assert (await watcher("check")).status == 0
    site.show("/courses", courses("A"))
    assert (await watcher("check")).status == 1
    assert (await watcher("status", "--json")).record["suspicious"] is True
    assert "suspicious: " in (shown := (await watcher("status")).out)
    assert "watcher accept courses" in shown

    said = await watcher("accept", "courses")
    assert (said.status, len(said.out.splitlines())) == (0, 1)
    assert "accepted" in said.out
    record = (await watcher("status", "--json")).record
    assert (record["suspicious"], record["error"], [*record["values"]]) == (False, None, ["A"])
    assert len((await watcher("history", "courses", "--json")).records) == 1

    again = await watcher("accept", "courses", "--json")
    assert (again.status, again.out, len(again.err.splitlines())) == (2, "", 1)
    assert "nothing to accept" in again.err
    assert "there is no watch nosuch" in (await watcher("accept", "nosuch")).err


@pytest.mark.faults
async def test_a_pass_does_not_leave_held_messages_lying(watcher: Command, site: Site) -> None:
    text = WATCHES.format(site=site.url).replace("  allow_private", "  group_within: 1h\n  allow_private")
    watcher.write(text.replace("    enabled: false\n", ""))
    for heading in ("before", "after"):
        for path in ("/dune", "/emma"):
            site.show(path, f"<h1>{heading}</h1>")
        assert (await watcher("check")).status == 0
    (message,) = (await watcher("messages", "--json")).records
    assert message["summary"] == "2 changes: dune: before → after; emma: before → after"
    assert (await watcher("outbox", "--json")).records == []


@pytest.mark.faults
async def test_history_shows_dates_and_stock_as_they_read(watcher: Command, site: Site) -> None:
    extract = "extract: {open: {css: b, type: date}, stock: {css: i, type: stock}}"
    watcher.write(WATCHES.format(site=site.url).replace("extract: h1", extract))
    for page in ("<b>2026-12-12</b><i>sold out</i>", "<b>2026-12-24</b><i>in stock</i>"):
        site.show("/dune", page)
        assert (await watcher("check")).status == 0
    shown = (await watcher("history", "dune")).out
    assert "open 12 Dec 2026 → 24 Dec 2026, stock out of stock → in stock" in shown
    (change,) = (await watcher("history", "dune", "--json")).records
    assert change["new"] == {"open": "2026-12-24", "stock": "in_stock"}


async def test_a_topic_of_a_single_entry_is_told_too(watcher: Command) -> None:
    watcher.write(
        "watches: {a: {url: 'http://x.example', topic: deals, extract: h1,"
        " notify_when: [{value: {is: x}, topic: vip}]}}"
    )
    record = (await watcher("validate", "--json")).record
    assert [topic["topic"] for topic in record["unheard"]] == ["admin", "vip"]
    assert record["topics"] == 2
