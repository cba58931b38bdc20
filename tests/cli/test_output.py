"""What people read: one line a fact, nothing cut, nothing said twice."""

from __future__ import annotations

import asyncio
import os
import pty
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click import unstyle

import watcher as watcher_package
from tests.cli.command import SECONDS, Command
from tests.cli.terminal import read_to_the_end
from tests.site import Site
from watcher.cli.app import app
from watcher.cli.choosing import chosen
from watcher.cli.output import counted, print_table, time_text
from watcher.cli.watch_file import duration
from watcher.config import parse
from watcher.errors import UsageError

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
      fields:
        title: i
        seats: {{css: u, type: integer}}
"""
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LINK = "https://watch.example.org/t/" + "x" * 100


def courses(*rows: tuple[str, str, int]) -> str:
    """A page with a list of courses."""
    items = (f"<li><b>{key}</b><i>{title}</i><u>{seats}</u></li>" for key, title, seats in rows)
    return f"<ul>{''.join(items)}</ul>"


async def on_a_terminal(watcher: Command, *arguments: str) -> str:
    """Run the command with both its outputs on one terminal; return all that was written there."""
    ours, theirs = pty.openpty()
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "watcher", *arguments),
            cwd=watcher.directory,
            env={**os.environ, "COLUMNS": "80", "TERM": "xterm"},
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)
        async with asyncio.timeout(SECONDS):
            written = await asyncio.to_thread(read_to_the_end, ours)
            await process.wait()
    finally:
        os.close(ours)
    return written


async def test_the_history_of_a_list_says_what_differs_in_each_row(watcher: Command, site: Site) -> None:
    watcher.write(COURSES.format(site=site.url))
    site.show("/courses", courses(("CS101", "Compilers", 0), ("CS3", "Sets", 1), ("CS4", "Logic", 1)))
    await watcher("check")
    site.show("/courses", courses(("CS101", "Compilers", 4), ("CS2", "Graphs", 9), ("CS4", "Logic", 1)))
    await watcher("check")
    shown = (await watcher("history", "courses")).out
    assert "CS101 Compilers: seats 0 → 4" in shown
    assert "+ CS2 Graphs" in shown
    assert "− CS3 Sets" in shown
    assert "CS4" not in shown


async def test_a_failure_is_one_line(watcher: Command, site: Site) -> None:
    watcher.write(COURSES.format(site=site.url))
    checked = await watcher("check")
    assert (checked.status, checked.err) == (1, "")
    assert checked.out.count("404") == 1
    assert (await watcher("check", "--json")).err == ""
    assert "WARNING" in (await watcher("-v", "check")).err


@pytest.mark.faults
async def test_lines_are_apart_from_the_progress_bar(watcher: Command, site: Site) -> None:
    watcher.write(COURSES.format(site=site.url))
    written = await on_a_terminal(watcher, "check")
    assert "checking" in written
    # Without the terminal's orders, which draw the bar and take it away again.
    lines = re.split(r"[\r\n]+", re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", written))
    assert [line for line in lines if line.startswith("courses: status: ")]
    assert written.count("404") == 1


@pytest.mark.faults
async def test_an_output_that_is_a_file_gets_its_lines_though_there_is_a_bar(watcher: Command, site: Site) -> None:
    watcher.write(COURSES.format(site=site.url))
    ours, theirs = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "watcher", "check"),
        cwd=watcher.directory,
        stdout=asyncio.subprocess.PIPE,
        stderr=theirs,
    )
    async with asyncio.timeout(SECONDS):
        out, _ = await process.communicate()
    os.close(ours)
    os.close(theirs)
    assert out.decode().startswith("courses: status: ")


def test_a_table_in_a_pipe_is_one_line_a_row_with_nothing_cut(capsys: pytest.CaptureFixture[str]) -> None:
    text = "word " * 60 + "end"
    print_table(("id", "text", "link"), [("1", text, LINK), ("2", "[b]\x1b[31m\n", LINK)], folding=("text",), empty="")
    first, second = [line for line in capsys.readouterr().out.splitlines() if LINK in line]
    assert text in first
    assert "[b] [31m " in second


def test_a_table_on_a_terminal_folds_only_its_text(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("COLUMNS", str(len(LINK) + 30))
    print_table(("id", "text", "link"), [("1", "word " * 20, LINK)], folding=("text",), empty="")
    lines = capsys.readouterr().out.splitlines()
    assert any(LINK in line for line in lines)
    assert sum("word" in line for line in lines) > 1


def test_a_table_that_is_too_wide_for_a_terminal_has_a_paragraph_for_each_row(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("COLUMNS", "40")
    print_table(("id", "page", "wrong"), [("1", LINK, ""), ("2", LINK, "word " * 12)], empty="")
    assert capsys.readouterr().out == f"id     1\npage   {LINK}\n\nid     2\npage   {LINK}\nwrong  {'word ' * 12}\n"


def test_a_table_of_messages_fits_a_terminal_of_80_columns(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("COLUMNS", "80")
    headings = ("id", "time", "topic", "summary", "queued", "sent", "shown", "opened", "failed")
    row = ("1", "08:39:28", "Price drops (deals)", "Dune 12.00 → 8.50 (−29.2%)", *"00000")
    print_table(headings, [row], folding=("topic", "summary"), empty="")
    assert max(map(len, unstyle(capsys.readouterr().out).splitlines())) <= 80


def test_a_column_that_is_empty_in_all_rows_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("id", "tags", "wrong"), [("1", "", ""), ("2", "", "late")], empty="")
    assert capsys.readouterr().out.splitlines()[0].split() == ["id", "wrong"]


def test_an_empty_table_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("id",), [], empty="nothing yet")
    assert capsys.readouterr().out == "nothing yet\n"


def test_a_time_of_today_has_no_date() -> None:
    assert re.fullmatch(r"\d\d:\d\d:\d\d", time_text(NOW, now=NOW))
    assert re.fullmatch(r"2026-02-2\d \d\d:\d\d:\d\d", time_text(NOW - timedelta(days=2), now=NOW))
    assert time_text(None, now=NOW) == "–"


def test_things_are_counted_in_english() -> None:
    assert [counted(count, "watch") for count in (0, 1, 2)] == ["0 watches", "1 watch", "2 watches"]
    assert counted(2, "topic") == "2 topics"


async def test_validate_counts_what_is_told_or_declared(watcher: Command) -> None:
    watcher.write(COURSES.format(site="http://127.0.0.1:1"))
    assert "1 watch, 1 topic, no mistakes" in (await watcher("validate")).out


async def test_a_tried_page_is_explained_without_what_is_for_watches(watcher: Command, site: Site) -> None:
    site.show("/", "<h1>Dune</h1>")
    tried = await watcher("try", site.url, "h1", "--once")
    assert tried.status == 0, tried.err
    assert "= Dune" in tried.out
    assert "rule:" not in tried.out
    assert "tell" not in tried.out
    assert "127.0.0.1 is not a public address: a watch of this needs `allow_private: true`" in tried.out


@pytest.mark.faults
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["try", "http://127.0.0.1:1", "div["], 'selector "div[": ', id="a selector that is none"),
        pytest.param(["try", "example.com"], "write http://example.com or https://example.com", id="a bare host"),
        pytest.param(["try", "nosuch"], "there is no watch nosuch; watches: courses", id="no such watch"),
        pytest.param(["subscribers", "add", "--topic", "x"], "there is no topic x; topics: admin, news", id="topic"),
        pytest.param(["check", "--drain-timeout", "3x"], "--drain-timeout must be a duration such as 30s", id="3x"),
    ],
)
async def test_wrong_use_is_one_line(watcher: Command, arguments: list[str], says: str) -> None:
    watcher.write(COURSES.format(site="http://127.0.0.1:1"))
    ended = await watcher(*arguments)
    assert (ended.status, ended.out, len(ended.err.splitlines())) == (2, "", 1)
    assert says in ended.err


def test_a_wrong_name_shows_a_few_right_ones() -> None:
    watches = ", ".join(f"w{number}: {{url: 'https://example.org', topic: t}}" for number in range(7))
    file = parse(f"watches: {{{watches}}}", file="x", environ={})
    with pytest.raises(UsageError, match=r"there is no watch nosuch; watches: w0, w1, w2, w3, w4, …$"):
        chosen(file, ["nosuch"])


async def test_a_subscriber_is_added_by_a_topics_key(watcher: Command) -> None:
    watcher.write(COURSES.format(site="http://127.0.0.1:1"))
    await watcher("subscribers", "add", "--topic", "news")
    (record,) = (await watcher("subscribers", "--json")).records
    assert len(record["topics"]) == 1


@pytest.mark.faults
async def test_a_topic_of_another_application_is_named_by_its_name(watcher: Command) -> None:
    ops, shop = [(await watcher("apps", "add", name, "--json")).record["app_id"] for name in ("ops", "shop")]
    for name, owner in (("alerts", ops), ("twice", ops), ("twice", shop)):
        await watcher("topics", "add", name, "--app", str(owner))
    sent = await watcher("send", "alerts", "hello")
    assert sent.out == "sent to alerts: 0 subscribers\n"
    assert sent.err == "`watcher qr 1` shows the code by which people subscribe\n"
    refused = await watcher("send", "twice", "hello")
    assert (refused.status, refused.err) == (2, "watcher: 2 topics are called twice: 2, 3\n")


@pytest.mark.parametrize(("text", "seconds"), [("30s", 30), ("2m", 120), ("45", 45), ("0", 0)])
def test_a_duration_is_written_as_in_the_file_or_in_seconds(text: str, seconds: int) -> None:
    assert duration("--drain-timeout", text) == timedelta(seconds=seconds)


def test_the_commands_are_listed_in_the_readmes_order() -> None:
    names = [*app.commands]
    table = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8").partition("## Commands")[2]
    assert names[:3] == ["demo", "init", "suggest"]
    assert [name for name in names if f"`watcher {name}" not in table] == []


async def test_the_list_of_commands_says_what_the_help_of_each_begins_with(watcher: Command) -> None:
    listed = " ".join((await watcher("--help")).out.partition("Commands:")[2].split())
    for name in app.commands:
        assert f" {name} {' '.join((app.commands[name].help or '').partition('.')[0].split())}." in f" {listed}"


@pytest.mark.parametrize("command", [["check"], ["run"], ["try"], ["history"], ["send"], ["apps", "add"]], ids=" ".join)
async def test_help_names_values_and_not_pythons_types(watcher: Command, command: list[str]) -> None:
    shown = (await watcher(*command, "--help")).out
    assert not re.search(r"<\w", shown.replace("<=x<=", ""))
    assert ("--host ADDRESS" in shown) == (command == ["run"])
    assert ("ID…" in shown) == (command == ["check"])


async def test_the_version_is_shown_without_a_command(watcher: Command) -> None:
    shown = await watcher("--version")
    assert (shown.status, shown.out) == (0, f"watcher {watcher_package.__version__}\n")


async def test_an_option_before_its_command_is_told_where_it_goes(watcher: Command) -> None:
    ended = await watcher("--config=x", "check")
    assert ended.status == 2
    assert "options go after the command: watcher COMMAND --config …" in ended.err
