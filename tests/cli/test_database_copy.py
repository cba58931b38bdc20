"""`watcher database copy`: a service that goes on at another place, and what a kill leaves."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests import postgresql
from tests.cli.command import Command, eventually
from tests.cli.test_database import WATCHES
from tests.cli.test_serve import device, session, url_of
from tests.site import Site
from watcher.watching.control_requests import ControlRequests

_WAITS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


class Shop:
    """An application with a reader, and how both are known to the service."""

    def __init__(self, app: dict[str, Any], topic: dict[str, Any], cookie: str) -> None:
        self.cookie = cookie
        self._app = app
        self._topic = topic

    async def told(self, url: str, content: str) -> str:
        """Send something with the application's token; return the reader's inbox."""
        body = {"appToken": self._app["app_token"], "content": content, "topicIds": [self._topic["topic_id"]]}
        async with session() as client:
            async with client.post(f"{url}/api/send/message", json=body) as answer:
                assert (await answer.json())["success"]
            async with client.get(f"{url}/inbox", headers={"Cookie": self.cookie}) as page:
                return await page.text()


async def a_shop(watcher: Command) -> Shop:
    """Serve from the data directory until there is a shop with a reader."""
    async with watcher.running("serve", "--port", "0") as (_, first), session() as client:
        app = (await watcher("apps", "add", "Shop", "--json")).record
        topic = (await watcher("topics", "add", "News", "--app", str(app["app_id"]), "--json")).record
        cookie = await device(client, f"{url_of(first)}/t/{topic['link'].rpartition('/t/')[2]}")
        shop = Shop(app, topic, cookie)
        assert "first" in await shop.told(url_of(first), "first")
    return shop


@pytest.mark.faults
async def test_a_cookie_and_a_token_go_on_there_and_back(watcher: Command, postgresql_url: str) -> None:
    shop = await a_shop(watcher)
    there = await watcher("database", "copy", "--to", postgresql_url)
    assert there.status == 0, there.err
    assert f".watcher to {postgresql_url}, and compared each" in there.out
    async with watcher.running("serve", "--port", "0", "--database", postgresql_url) as (_, first):
        inbox = await shop.told(url_of(first), "second")
        assert "first" in inbox
        assert "second" in inbox
    back = await watcher("database", "copy", "--to", ".watcher", "--json", WATCHER_DATABASE=postgresql_url)
    assert back.status == 0, back.err
    assert {**back.record, "rows": {}} == {
        "from": postgresql_url,
        "to": str(watcher.directory / ".watcher"),
        "is_dry_run": False,
        "rows": {},
        "console": {"watches": 0, "files": []},
        "left": [],
    }
    assert back.record["rows"]["messages"] == 2
    async with watcher.running("serve", "--port", "0") as (_, first):
        inbox = await shop.told(url_of(first), "third")
        assert all(word in inbox for word in ("first", "second", "third"))
    for command in (("serve", "--port", "0"), ("apps",), ("database",), ("messages",)):
        refused = await watcher(*command, WATCHER_DATABASE=postgresql_url)
        assert refused.status == 2
        assert f"were moved to {watcher.directory / '.watcher'}: name it with --data, and no --database" in refused.err
        assert len(refused.err.splitlines()) == 1


@pytest.mark.faults
async def test_the_old_place_refuses_in_one_line(watcher: Command, site: Site, postgresql_url: str) -> None:
    await a_shop(watcher)
    watcher.write(WATCHES.format(url=f"{site.url}/shop"))
    site.show("/shop", "<p class=price>€12.00</p>")
    assert (await watcher("database", "copy", "--to", postgresql_url)).status == 0
    for command in (("run", "--port", "0"), ("serve", "--port", "0"), ("check",), ("apps",), ("database",)):
        refused = await watcher(*command)
        assert refused.status == 2, (command, refused)
        assert f"were moved to {postgresql_url}: name it with --database" in refused.err
        assert len(refused.err.splitlines()) == 1


@pytest.mark.faults
async def test_watches_go_on_where_they_were(watcher: Command, site: Site, postgresql_url: str) -> None:
    watcher.write(WATCHES.format(url=f"{site.url}/shop"))
    site.show("/shop", "<p class=price>€12.00</p>")
    assert (await watcher("check")).status == 0
    site.show("/shop", "<p class=price>€8.50</p>")
    assert (await watcher("check")).status == 0
    asked = ControlRequests(watcher.directory / ".watcher")
    asked.post("shop")  # to accept what is suspicious of it
    assert (await watcher("database", "copy", "--to", postgresql_url)).status == 0
    assert asked.requests() == []
    environment = {"WATCHER_DATABASE": postgresql_url}
    before = (await watcher("history", "shop", "--json")).err
    assert "were moved to" in before
    [change] = (await watcher("history", "shop", "--json", **environment)).records
    assert "8.50" in str(change)
    assert (await watcher("apply", **environment)).status == 0
    assert (await watcher("database", "copy", "--to", ".watcher", **environment)).status == 0
    assert asked.requests() == ["shop"]
    site.show("/shop", "<p class=price>€8.00</p>")
    assert (await watcher("check")).status == 0
    assert asked.requests() == []
    [told] = (await watcher("messages", "--json")).records
    assert "8.50" in told["summary"], "nobody is told twice that it is below 10"
    assert len((await watcher("history", "shop", "--json")).records) == 2


@pytest.mark.faults
async def test_a_copy_that_is_said_again_says_that_all_was_copied_and_what_comes_next(
    watcher: Command, postgresql_url: str
) -> None:
    """It may have been killed at its very end, before it said so."""
    await a_shop(watcher)
    data = str(watcher.directory / ".watcher")
    there: tuple[tuple[str, ...], dict[str, str]] = ("--to", postgresql_url), {}
    back: tuple[tuple[str, ...], dict[str, str]] = ("--to", ".watcher"), {"WATCHER_DATABASE": postgresql_url}
    for (arguments, environment), old, new, next_ in (
        (there, data, postgresql_url, "name it with --database or WATCHER_DATABASE; `watcher apply` declares"),
        (back, postgresql_url, data, "name it with --data, and no --database"),
    ):
        assert (await watcher("database", "copy", *arguments, **environment)).status == 0
        for dry in ((), ("--dry-run",)):
            again = await watcher("database", "copy", *arguments, *dry, **environment)
            assert (again.status, len(again.err.splitlines())) == (2, 1)
            assert f"everything of {old} was copied to {new} before, and compared" in again.err
            assert f"nothing is left to copy, and the old place refuses. For the new one, {next_}" in again.err


@pytest.mark.faults
async def test_a_dry_run_counts_and_changes_nothing(watcher: Command, postgresql_url: str) -> None:
    await a_shop(watcher)
    counted = await watcher("database", "copy", "--to", postgresql_url, "--dry-run", "--json")
    assert counted.record["is_dry_run"]
    assert counted.record["rows"]["subscribers"] == 1
    assert "has no tables yet" in (await watcher("database", WATCHER_DATABASE=postgresql_url)).out
    assert (await watcher("apps")).status == 0


@pytest.mark.faults
async def test_a_kill_amid_it_leaves_both_as_they_were(
    watcher: Command, postgresql_server: postgresql.Server, postgresql_url: str
) -> None:
    shop = await a_shop(watcher)
    environment = {"WATCHER_DATABASE": postgresql_url}
    assert (await watcher("database", "upgrade", **environment)).status == 0

    async def is_waiting() -> bool:
        return postgresql_server.ask(_WAITS, database=postgresql_url.rpartition("/")[2]) == [(1,)]

    with psycopg.connect(postgresql_url) as another:
        # The copy waits to know what becomes of a row with the id of one that it inserts.
        another.execute("INSERT INTO push.operators (id, password_hash, changed_at) VALUES (1, '', 0)")
        process = await watcher.start("database", "copy", "--to", postgresql_url)
        await eventually(is_waiting)
        process.kill()
        await process.communicate()
        another.rollback()
    [own] = (await watcher("apps", "--json", **environment)).records
    assert own["name"] != "Shop", "the target has what a first start makes"
    assert not (watcher.directory / ".watcher" / "push.moved").exists()
    async with watcher.running("serve", "--port", "0") as (_, first):
        assert "second" in await shop.told(url_of(first), "second")
    assert (await watcher("database", "copy", "--to", postgresql_url)).status == 0
    assert len((await watcher("messages", "--json", **environment)).records) == 2


@pytest.mark.faults
async def test_what_stays_behind_is_named(watcher: Command, postgresql_url: str) -> None:
    await a_shop(watcher)
    (watcher.directory / ".watcher" / "vapid.pem").touch()
    assert (await watcher("database", "copy", "--to", postgresql_url)).status == 0
    moved = await watcher("database", "copy", "--to", "elsewhere", WATCHER_DATABASE=postgresql_url)
    assert "not copied, do that by hand: .watcher/vapid.pem, .watcher/public_url" in moved.out
    assert (await watcher("apps", "--data", "elsewhere")).status == 0


async def test_what_cannot_be_copied_is_refused_in_one_line(watcher: Command, postgresql_url: str) -> None:
    refusals = [
        (("--to", postgresql_url), {}, "there is nothing to copy in .watcher: it has no push.db"),
        (("--to", "elsewhere"), {}, "--to names a directory, and what is copied is one"),
        (("--to", "mysql://host/name"), {}, "--to names a PostgreSQL"),
        (("--to", postgresql_url), {"WATCHER_DATABASE": postgresql_url}, "which is copied from"),
    ]
    for arguments, environment, said in refusals:
        refused = await watcher("database", "copy", *arguments, **environment)
        assert refused.status == 2
        assert said in refused.err
        assert len(refused.err.splitlines()) == 1
    assert list(Path(watcher.directory).glob("elsewhere")) == []
    (watcher.directory / ".watcher" / "watches").mkdir(parents=True)
    refused = await watcher("database", "copy", "--to", postgresql_url)
    assert (refused.status, refused.err) == (2, "watcher: there is nothing to copy in .watcher: it has no push.db\n")


@pytest.mark.faults
async def test_the_place_it_came_from_keeps_its_rows(watcher: Command, postgresql_url: str) -> None:
    await a_shop(watcher)
    assert (await watcher("database", "copy", "--to", postgresql_url)).status == 0
    with closing(sqlite3.connect(watcher.directory / ".watcher" / "push.db")) as kept:
        assert kept.execute("SELECT count(*) FROM messages").fetchone() == (1,)


async def a_checked_shop(watcher: Command, site: Site) -> None:
    """Check a shop twice, so that there is a state, a change and events; and have the push service's tables."""
    watcher.write(WATCHES.format(url=f"{site.url}/shop"))
    for shown in ("12.00", "8.50"):
        site.show("/shop", f"<p class=price>€{shown}</p>")
        assert (await watcher("check")).status == 0


@pytest.mark.faults
async def test_a_kill_amid_the_watches_changes_nothing(
    watcher: Command, site: Site, postgresql_server: postgresql.Server, postgresql_url: str
) -> None:
    await a_checked_shop(watcher, site)
    environment = {"WATCHER_DATABASE": postgresql_url}
    assert (await watcher("database", "upgrade", **environment)).status == 0
    database = postgresql_url.rpartition("/")[2]

    async def is_waiting() -> bool:
        return postgresql_server.ask(_WAITS, database=database) == [(1,)]

    with psycopg.connect(postgresql_url) as another:
        another.execute("SELECT count(*) FROM watcher.page")  # the copy waits to begin this table anew
        process = await watcher.start("database", "copy", "--to", postgresql_url)
        await eventually(is_waiting)
        process.kill()
        await process.communicate()
        another.rollback()
    assert postgresql_server.ask("SELECT count(*) FROM push.messages", database=database) == [(0,)]
    assert (await watcher("history", "shop")).status == 0
    assert (await watcher("database", "copy", "--to", postgresql_url)).status == 0
    assert len((await watcher("history", "shop", "--json", **environment)).records) == 1


@pytest.mark.faults
async def test_a_kill_before_the_old_place_knows_is_a_copy_again(
    watcher: Command, site: Site, postgresql_server: postgresql.Server, postgresql_url: str
) -> None:
    await a_checked_shop(watcher, site)
    environment = {"WATCHER_DATABASE": postgresql_url}
    assert (await watcher("database", "copy", "--to", postgresql_url)).status == 0
    history = (await watcher("history", "shop", "--json", **environment)).records
    database = postgresql_url.rpartition("/")[2]

    async def is_waiting() -> bool:
        return postgresql_server.ask(_WAITS, database=database) == [(1,)]

    with psycopg.connect(postgresql_url) as another:
        another.execute("CREATE TABLE push.moved (single integer)")  # the copy is about to make it, at its very end
        process = await watcher.start("database", "copy", "--to", "elsewhere", **environment)
        await eventually(is_waiting)
        process.kill()
        await process.communicate()
        another.rollback()
    assert (await watcher("history", "shop", "--json", **environment)).records == history
    assert (await watcher("database", "copy", "--to", "elsewhere", **environment)).status == 0
    assert (await watcher("history", "shop", "--json", "--data", "elsewhere")).records == history
    refused = await watcher("history", "shop", **environment)
    assert f"were moved to {watcher.directory / 'elsewhere'}" in refused.err


OF_THE_CONSOLE = """\
# Written by `watcher add`. Edit it as you like: what you write here stays as it is.

watches:
  ticket:
    url: {url}
    topic: deals
    extract:
      price: {{css: .price, type: money}}
    notify_when:
      - changes
"""


@pytest.mark.faults
async def test_watches_of_the_console_are_its_own_there_and_files_again_here(
    watcher: Command, site: Site, postgresql_url: str
) -> None:
    await a_checked_shop(watcher, site)
    main = (watcher.directory / "watches.yaml").read_text(encoding="utf-8")
    (watcher.directory / "watches.yaml").write_text(f"include: watches.d/*.yaml\n{main}", encoding="utf-8")
    (watcher.directory / "watches.d").mkdir()
    added = watcher.directory / "watches.d" / "added.yaml"
    added.write_text(OF_THE_CONSOLE.format(url=f"{site.url}/ticket"), encoding="utf-8")
    site.show("/ticket", "<p class=price>€5.00</p>")
    assert (await watcher("check")).status == 0
    environment = {"WATCHER_DATABASE": postgresql_url}
    dry = await watcher("database", "copy", "--to", postgresql_url, "--dry-run", "--json")
    assert dry.record["console"] == {"watches": 1, "files": ["watches.d/added.yaml"]}
    there = await watcher("database", "copy", "--to", postgresql_url)
    assert "watches of the console: 1 are its own there" in there.out
    assert not added.exists()
    await end_a_copy_that_was_killed_amid_two_files(watcher, added, postgresql_url)
    applied = await watcher("apply", **environment)
    assert applied.status == 0, applied.err
    assert "1 added" in applied.out
    status = (await watcher("status", "--json", "--config", "nowhere.yaml", **environment)).records
    assert {each["watch"] for each in status} == {"shop", "ticket", "other"}
    back = await watcher("database", "copy", "--to", ".watcher", **environment)
    assert "watches of the console: 2 stand in watches.d/added.yaml" in back.out
    site.show("/ticket", "<p class=price>€6.00</p>")
    assert (await watcher("check")).status == 0
    assert [each["new"] for each in (await watcher("history", "ticket", "--json")).records]
    added.unlink()
    assert (await watcher("database", "copy", "--to", postgresql_url)).status == 0
    status = (await watcher("status", "--json", "--config", "nowhere.yaml", **environment)).records
    assert {each["watch"] for each in status} == {"shop"}, "what was removed here is not declared there again"


@pytest.mark.faults
async def test_files_by_hand_are_not_read_where_the_tools_wrote_none(
    watcher: Command, site: Site, postgresql_url: str
) -> None:
    """All of 100,000 watches stayed in memory while all else was copied."""
    await a_checked_shop(watcher, site)
    watcher.write("watches: {shop: {url: a mistake}}")
    there = await watcher("database", "copy", "--to", postgresql_url)
    assert (there.status, there.err) == (0, "")


async def end_a_copy_that_was_killed_amid_two_files(watcher: Command, added: Path, url: str) -> None:
    """Have two files of the console declared, of which a kill let one be renamed alone, and ask for the copy again."""
    second = added.with_name("added-2.yaml")
    moved, second_moved = (file.with_name(f"{file.name}.moved") for file in (added, second))
    text = moved.read_text(encoding="utf-8")
    second.write_text(text.replace("  ticket:", "  other:"), encoding="utf-8")
    moved.rename(added)
    for _ in range(2):
        for marker in ("push.moved", "watches.moved"):
            (watcher.directory / ".watcher" / marker).unlink()
        ended = await watcher("database", "copy", "--to", url)
        assert ended.status == 0, ended.err
        assert (added.exists(), second.exists()) == (False, False)
        second_moved.rename(second)
    second.unlink()


@pytest.mark.faults
async def test_nobody_works_at_the_old_place(watcher: Command, site: Site, postgresql_url: str) -> None:
    await a_checked_shop(watcher, site)
    environment = {"WATCHER_DATABASE": postgresql_url}
    assert (await watcher("database", "copy", "--to", postgresql_url)).status == 0
    assert (await watcher("database", "copy", "--to", "elsewhere", **environment)).status == 0
    for command in (("worker",), ("run", "--port", "0"), ("apply",), ("status",), ("check",), ("cluster",)):
        refused = await watcher(*command, **environment)
        assert refused.status != 0, (command, refused)
        assert "were moved to" in refused.err, (command, refused)
        assert len(refused.err.splitlines()) == 1, (command, refused)


@pytest.mark.faults
async def test_workers_go_on_without_a_baseline_and_tell_nothing_twice(
    watcher: Command, site: Site, postgresql_url: str
) -> None:
    await a_checked_shop(watcher, site)
    environment = {"WATCHER_DATABASE": postgresql_url}
    before = [each["kind"] for each in (await watcher("events", "--json")).records]
    assert (await watcher("database", "copy", "--to", postgresql_url)).status == 0
    site.show("/shop", "<p class=price>€8.00</p>")

    async def has_gone_on() -> bool:
        await watcher("check", **environment)
        return len((await watcher("history", "shop", "--json", **environment)).records) == 2

    async with watcher.running("run", "--port", "0", **environment):
        await eventually(has_gone_on)
        [told] = (await watcher("messages", "--json", **environment)).records
    assert "8.50" in told["summary"]
    kinds = [each["kind"] for each in (await watcher("events", "--json", **environment)).records]
    assert kinds[: len(before)] == before
    assert "baseline" not in kinds[len(before) :]
