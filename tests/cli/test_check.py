"""`watcher check`: the shapes that scripts rely on, and the stories of the README."""

from __future__ import annotations

import asyncio
import signal

import pytest

from tests.cli.command import Command
from tests.site import Site

DUNE = """
watches:
  dune:
    name: Dune
    url: {site}/dune
    topic: deals
    allow_private: true
    per_host: {{min_delay: 0s}}
    extract:
      price: {{css: .price, type: money}}
    notify_when:
      - price: {{below: 10}}
"""


def book(price: str) -> str:
    """A book's page."""
    return f"<html><body><h1>Dune</h1><p class=price>€ {price}</p></body></html>"


@pytest.mark.faults
async def test_a_price_that_falls_below_is_told_once_and_again_after_it_rose(watcher: Command, site: Site) -> None:
    watcher.write(DUNE.format(site=site.url))
    outcomes, messages = [], []
    for price in ("12.00", "8.50", "8.00", "11.00", "9.00"):
        site.show("/dune", book(price))
        checked = await watcher("check", "--json")
        assert checked.status == 0, checked.err
        outcomes.append(checked.record["outcome"])
        messages.append(len(checked.record["messages"]))
    assert outcomes == ["baseline", "changed", "changed", "changed", "changed"]
    assert messages == [0, 1, 0, 0, 1]
    told = (await watcher("messages", "--json")).records
    assert [message["summary"] for message in told] == [
        "Dune €12.00 → €8.50 (−29.2%)",
        "Dune €11.00 → €9.00 (−18.2%)",
    ]
    assert told[0]["topic"] == "deals"
    assert told[0]["deliveries"] == {"queued": 0, "sent": 0, "shown": 0, "opened": 0, "failed": 0}


async def test_the_record_of_a_check(watcher: Command, site: Site) -> None:
    watcher.write(DUNE.format(site=site.url))
    site.show("/dune", book("12.00"))
    first = (await watcher("check", "--json")).record
    assert first == {
        "watch": "dune",
        "outcome": "baseline",
        "values": {"price": {"amount": "12.00", "currency": "€", "code": "EUR"}},
        "messages": [],
        "error": None,
    }
    assert (await watcher("check", "--json")).record["outcome"] == "not_modified"
    assert site.not_modified["/dune"] == 1


async def test_a_failed_check_is_recorded_and_ends_with_1(watcher: Command, site: Site) -> None:
    watcher.write(DUNE.format(site=site.url))
    checked = await watcher("check", "--json")
    assert checked.status == 1
    assert checked.record["outcome"] == "failed"
    assert checked.record["values"] is None
    assert checked.record["error"]["kind"] == "status"
    assert "404" in checked.record["error"]["text"]
    status = (await watcher("status", "--json")).record
    assert (status["failures"], status["error"]["kind"]) == (1, "status")


@pytest.mark.faults
async def test_history_shows_what_was_before_and_after_oldest_first(watcher: Command, site: Site) -> None:
    watcher.write(DUNE.format(site=site.url))
    for price in ("12.00", "8.50", "11.00"):
        site.show("/dune", book(price))
        await watcher("check")
    history = (await watcher("history", "dune", "--json")).records
    assert [(change["old"]["price"]["amount"], change["new"]["price"]["amount"]) for change in history] == [
        ("12.00", "8.50"),
        ("8.50", "11.00"),
    ]
    assert [len(change["messages"]) for change in history] == [1, 0]
    assert "12.00" in (await watcher("history", "dune")).out


async def test_history_says_that_somebody_was_told_only_when_somebody_was(watcher: Command, site: Site) -> None:
    watcher.write(DUNE.format(site=site.url))
    for price in ("12.00", "8.50", "11.00"):
        site.show("/dune", book(price))
        await watcher("check")
    await watcher("subscribers", "add", "--topic", "deals")
    site.show("/dune", book("9.00"))
    await watcher("check")
    history = (await watcher("history", "dune", "--json")).records
    assert [change["told"] for change in history] == ["nobody", None, "yes"]
    shown = (await watcher("history", "dune")).out
    assert (shown.count("yes"), shown.count("nobody")) == (1, 1)


COURSES = """
watches:
  courses:
    url: {site}/courses
    topic: news
    allow_private: true
    per_host: {{min_delay: 0s}}
    items: {{css: li, key: b}}
    notify_when: [added]
"""


@pytest.mark.faults
async def test_the_history_says_of_each_row_whether_it_was_told(watcher: Command, site: Site) -> None:
    watcher.write(COURSES.format(site=site.url))
    for courses in ("AB", "BC"):
        site.show("/courses", "<ul>" + "".join(f"<li><b>{course}</b></li>" for course in courses) + "</ul>")
        await watcher("check")
    [change] = (await watcher("history", "courses", "--json")).records
    assert (list(change["old"]), list(change["new"]), change["untold"]) == (["A"], ["C"], ["A"])
    gone, came = (await watcher("history", "courses")).out.splitlines()[-2:]
    assert ("− A" in gone, "+ C" in came) == (True, True)
    assert (gone.endswith("nobody"), came.endswith("nobody")) == (False, True)


async def test_the_history_of_a_watch_without_a_check_is_empty_as_its_replay_is(watcher: Command, site: Site) -> None:
    watcher.write(DUNE.format(site=site.url))
    site.show("/dune", book("12.00"))
    never = await watcher("history", "dune")
    assert (never.status, never.out, never.err) == (0, "no change of dune was seen yet: it was never checked\n", "")
    assert ((await watcher("replay", "dune")).status, (await watcher("history", "dune", "--json")).out) == (0, "")
    unknown = await watcher("history", "emma")
    assert (unknown.status, "has no watch that was ever checked" in unknown.err) == (2, True)
    await watcher("check")
    assert (await watcher("history", "dune")).out == "no change of dune was seen yet\n"
    other = await watcher("history", "emma")
    assert (other.status, other.err) == (
        2,
        "watcher: no check of a watch emma is known yet; checked watches: dune\n",
    )


async def test_an_amount_is_listed_as_it_is_told_and_a_record_has_it_plain(watcher: Command, site: Site) -> None:
    watcher.write(DUNE.format(site=site.url))
    site.show("/dune", book("1,299.00"))
    assert "€1,299.00" in (await watcher("check")).out
    assert "€1,299.00" in (await watcher("status")).out
    assert '"1299.00"' in (await watcher("status", "--json")).out


@pytest.mark.faults
async def test_status_names_the_topics_that_nobody_listens_to(watcher: Command, site: Site) -> None:
    watcher.write(DUNE.format(site=site.url))
    site.show("/dune", book("12.00"))
    await watcher("check")
    shown = await watcher("status", "--base-url", "https://watch.example.org")
    said = "nobody listens to deals; scan the code that `watcher qr deals` prints"
    assert f"{said}\n" in shown.out  # no link yet, for a look makes nothing
    await watcher("topics")
    shown = await watcher("status", "--base-url", "https://watch.example.org")
    assert f"{said}: https://watch.example.org/t/" in shown.out
    assert "nobody listens to admin, where you are told when a watch stops working" in shown.out
    topic = next(topic for topic in (await watcher("topics", "--json")).records if topic["key"] == "deals")
    await watcher("subscribers", "add", "--topic", str(topic["topic_id"]))
    status = await watcher("status")
    assert "nobody listens to deals" not in status.out
    assert "nothing checks these watches now; start `watcher run`\n" in status.out
    assert not {"tags", "wrong"} & set(status.out.split())  # columns that are empty in all rows
    assert "nobody listens to deals" not in (await watcher("validate")).out


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        pytest.param(["check", "dnue"], 2, "there is no watch dnue; did you mean dune?", id="a watch misspelt"),
        pytest.param(["history", "dnue"], 2, "`watcher check` checks them", id="no history yet"),
        pytest.param(["check", "--config", "none.yaml"], 2, "there is no none.yaml", id="no configuration"),
        pytest.param(["qr", "deals"], 2, "there is no data in .watcher; `watcher run`", id="no data for a code"),
        pytest.param(["run", "--push", "http://127.0.0.1:1"], 2, "--push needs --app-token", id="no token"),
        pytest.param(
            ["run", "--push", "http://127.0.0.1:1", "--app-token", "AT_x"], 2, "deals: {id: 103}", id="no topic id"
        ),
        pytest.param(
            ["run", "--push", "nowhere", "--app-token", "AT_x"], 2, "--push: write the server's address", id="no server"
        ),
        pytest.param(["demo", "--host", "192.0.2.1"], 2, "choose an address of this machine", id="another's address"),
        pytest.param(["apps", "edit", "99", "--name", "x"], 2, "there is no data in .watcher; ", id="no data"),
        pytest.param(
            ["serve", "--base-url", "watch.example"], 2, "write it as https://", id="a base URL without scheme"
        ),
        pytest.param(
            ["serve", "--base-url", "https://me:s3cret@watch.example"], 2, "has no login", id="a base URL with a login"
        ),
        pytest.param(
            ["serve", "--base-url", "https://me:s3cret@watch.example:99999"],
            *(2, "--base-url: write it as https://watch.example.org"),
            id="a base URL with a login and a wrong port",
        ),
        pytest.param(
            ["serve", "--base-url", "https://me:s3cret @watch.example"],
            *(2, "--base-url: write it as https://watch.example.org"),
            id="a base URL with a login and a blank",
        ),
    ],
)
async def test_wrong_use_is_one_line_that_says_what_to_do(
    watcher: Command, arguments: list[str], status: int, says: str
) -> None:
    watcher.write(DUNE.format(site="http://127.0.0.1:1"))
    ended = await watcher(*arguments)
    assert (ended.status, ended.out) == (status, "")
    assert says in ended.err
    assert "s3cret" not in ended.err
    assert len(ended.err.splitlines()) == 1


@pytest.mark.faults
async def test_a_second_watcher_is_told_who_holds_the_directory(watcher: Command, site: Site) -> None:
    watcher.write(DUNE.format(site=site.url))
    site.show("/dune", book("12.00"))
    async with watcher.running("run", "--port", "0") as (process, _):
        for second in (["run", "--port", "0"], ["serve", "--port", "0"]):
            refused = await watcher(*second)
            assert refused.status == 2
            assert f"`watcher run`, process {process.pid}" in refused.err
        for beside in (["status"], ["history", "dune"], ["messages"], ["topics"], ["outbox"], ["send", "deals", "hi"]):
            assert (await watcher(*beside)).status in (0, 2), beside


async def test_a_taken_port_is_a_clear_error(watcher: Command, site: Site) -> None:
    watcher.write(DUNE.format(site=site.url))
    port = site.url.rpartition(":")[2]
    refused = await watcher("run", "--port", port)
    assert refused.status == 2
    assert f"port {port} on 127.0.0.1 is taken; choose another with --port" in refused.err


@pytest.mark.faults
async def test_check_works_beside_serve_and_the_message_is_there(watcher: Command, site: Site) -> None:
    watcher.write(DUNE.format(site=site.url))
    async with watcher.running("serve", "--port", "0"):
        for price in ("12.00", "8.50"):
            site.show("/dune", book(price))
            assert (await watcher("check")).status == 0
    assert len((await watcher("messages", "--json")).records) == 1


@pytest.mark.faults
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP], ids=lambda number: number.name)
async def test_the_demo_leaves_nothing_behind_however_it_is_stopped(watcher: Command, number: signal.Signals) -> None:
    async with watcher.running("demo", "--host", "127.0.0.1", "--port", "0") as (process, _):
        assert list(watcher.directory.glob("watcher-demo-*"))
        process.send_signal(number)
        async with asyncio.timeout(15):
            _, err = await process.communicate()
        assert process.returncode == 0, err.decode()
    assert list(watcher.directory.iterdir()) == []


async def test_run_ends_in_order_on_sigterm(watcher: Command, site: Site) -> None:
    watcher.write(DUNE.format(site=site.url))
    site.show("/dune", book("12.00"))
    async with watcher.running("run", "--port", "0") as (process, first):
        assert first.startswith("watching 1 page from watches.yaml; inbox at http://127.0.0.1:")
        process.terminate()
        async with asyncio.timeout(15):
            _, err = await process.communicate()
        assert process.returncode == 0, err.decode()


@pytest.mark.faults
async def test_links_lead_to_the_server_that_runs_on_the_directory(watcher: Command, site: Site) -> None:
    watcher.write(DUNE.format(site=site.url))
    async with watcher.running("run", "--port", "0") as (_, first):
        served = first.rpartition(" at ")[2].removesuffix("/inbox")
        for command in (["status"], ["topics"], ["validate"], ["qr", "deals"]):
            assert f"{served}/t/" in (await watcher(*command)).out, command


UNREADABLE = """
defaults:
  topic: deals
  allow_private: true
  per_host: {{min_delay: 0s}}
watches:
  gone: {{url: "{site}/gone"}}
  binary: {{url: "{site}/binary"}}
  klingon: {{url: "{site}/klingon"}}
  empty: {{url: "{site}/good", extract: .nothing}}
  good: {{url: "{site}/good", extract: h1}}
"""


async def test_pages_that_cannot_be_read_are_one_line_each_and_the_others_go_on(watcher: Command, site: Site) -> None:
    watcher.write(UNREADABLE.format(site=site.url))
    site.show("/binary", b"\x7fELF\x00\x00\x01")
    site.show("/klingon", "<h1>nuqneH</h1>")
    site.show("/good", "<h1>fine</h1>")
    site.content_types["/klingon"] = "text/html; charset=klingon"
    checked = await watcher("check", "--json")
    assert checked.status == 1
    outcomes = {record["watch"]: record["outcome"] for record in checked.records}
    assert outcomes == {"good": "baseline", **dict.fromkeys(("gone", "binary", "klingon", "empty"), "failed")}
    errors = {record["watch"]: record["error"] for record in checked.records if record["error"]}
    assert {watch: error["kind"] for watch, error in errors.items()} == {
        "gone": "status",
        "binary": "body",
        "klingon": "body",
        "empty": "missing",
    }
    assert all(error["text"] and "\n" not in error["text"] for error in errors.values())
    assert "klingon" in errors["klingon"]["text"]
