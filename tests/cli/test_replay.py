"""`watcher replay`: the history judged again, with these rules or others."""

from __future__ import annotations

import re
import shutil
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from time import thread_time

import pytest

from tests.bounded import bounded
from tests.cli.command import Command
from tests.core.builders import NOON, seen
from tests.core.builders import watch as a_watch
from tests.site import Site
from watcher.core.check import Change, WatchState
from watcher.core.rehearsal import rehearse, replayed, rows_before
from watcher.core.values import Rows
from watcher.core.watch import Condition, Operator, Rule
from watcher.errors import SlowExpressionError

WATCHES = """
defaults:
  topic: deals
  allow_private: true
  per_host: {{min_delay: 0s}}
watches:
  dune:
    name: Dune
    url: {site}/dune
    confirm: 2
    extract:
      price: {{css: .price, type: money}}
    notify_when:
      - price: {{below: 10}}
  courses:
    url: {site}/courses
    items:
      css: li
      key: b
      fields:
        seats: {{css: u, type: integer}}
    notify_when: [removed]
"""


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the history is made, once for all tests."""
    return tmp_path_factory.mktemp("made") / "history"


@pytest.fixture
async def kept(watcher: Command, site: Site, history: Path) -> Command:
    """A watcher with a history of a price and of a list; nothing is fetched any more."""
    if not history.exists():
        await _live(watcher, site)
        shutil.copytree(watcher.directory, history)
    shutil.copytree(history, watcher.directory, dirs_exist_ok=True)
    return watcher


async def _live(watcher: Command, site: Site) -> None:
    watcher.write(WATCHES.format(site=site.url))
    prices = ("12.00", "9.00", "11.00", "7.00")
    lists = ({"A": 0, "B": 1, "Z": 5}, {"A": 2, "Z": 5}, {"A": 2, "C": 0, "Z": 5}, {"C": 4, "Z": 5})
    for price, rows in zip(prices, lists, strict=True):
        site.show("/dune", f"<p class=price>€ {price}</p>")
        items = "".join(f"<li><b>{key}</b><u>{seats}</u>" for key, seats in rows.items())
        site.show("/courses", f"<ul>{items}</ul>")
        assert (await watcher("check")).status == 0


@pytest.mark.faults
async def test_each_message_that_would_have_been_sent_is_a_line(kept: Command) -> None:
    replay = await kept("replay", "dune")
    assert replay.status == 0, replay.err
    first, second, last = replay.out.splitlines()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d  Dune €12.00 → €9.00.* — price below 10", first)
    assert re.search(r"Dune €1\d.00 → €7.00", second)
    assert re.fullmatch(r"2 messages in 3 changes since \d{4}-\d\d-\d\d \d\d:\d\d", last)
    assert replay.err == "note: `confirm: 2` is taken as 1: checks in which nothing changed are not stored\n"


async def test_nothing_is_kept_and_nothing_sent(kept: Command) -> None:
    before = [(await kept(command, "--json")).out for command in ("status", "messages", "outbox")]
    await kept("replay", "dune")
    assert [(await kept(command, "--json")).out for command in ("status", "messages", "outbox")] == before


async def test_a_list_is_rebuilt_row_by_row(kept: Command) -> None:
    (kept.directory / "rules.yaml").write_text("notify_when: [added, {seats: {above: 3}}]\n", encoding="utf-8")
    records = (await kept("replay", "courses", "--rules", "rules.yaml", "--json")).records
    assert [record["rules"] for record in records] == [["added"], ["seats above 3"]]
    assert all("Z" not in record["summary"] for record in records)
    assert [record["topics"] for record in records] == [["deals"], ["deals"]]


async def test_other_rules_may_be_in_a_whole_file(kept: Command, site: Site) -> None:
    text = WATCHES.format(site=site.url).replace("below: 10", "above: 10")
    (kept.directory / "other.yaml").write_text(text, encoding="utf-8")
    lines = (await kept("replay", "dune", "--rules", "other.yaml")).out.splitlines()
    assert [line.rpartition(" — ")[2] for line in lines[:-1]] == ["price above 10", "price above 10"]
    assert lines[-1].startswith("2 messages in 3 changes since ")


async def test_only_the_last_days_are_told(kept: Command) -> None:
    assert (await kept("replay", "dune", "--since", "1h")).out.splitlines()[-1].startswith("2 messages in 3 changes")
    none = (await kept("replay", "dune", "--since", "0")).out
    assert re.fullmatch(r"0 messages in 0 changes since \d{4}-\d\d-\d\d \d\d:\d\d\n", none)


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        pytest.param("notify_when: [price: {below: ten}]", "rules.yaml: notify_when", id="a mistake"),
        pytest.param("notify_when: changes\nnotify_when: changes", "rules.yaml:2:1: notify_when", id="one key twice"),
        pytest.param("- price", "rules.yaml: must hold `notify_when:`", id="no mapping"),
        pytest.param("watches: {x: {url: 'http://x.example', topic: t}}", "rules.yaml has no watch dune", id="another"),
    ],
)
async def test_rules_that_cannot_be_played_are_one_line(kept: Command, rules: str, says: str) -> None:
    (kept.directory / "rules.yaml").write_text(rules, encoding="utf-8")
    ended = await kept("replay", "dune", "--rules", "rules.yaml")
    assert (ended.status, ended.out, len(ended.err.splitlines())) == (2, "", 1)
    assert says in ended.err


async def test_a_watch_that_never_changed_has_nothing_to_replay(watcher: Command) -> None:
    watcher.write(WATCHES.format(site="http://127.0.0.1:1"))
    replay = await watcher("replay", "dune")
    assert (replay.status, replay.out) == (0, "")
    assert "there is nothing to replay" in replay.err


def test_expressions_have_the_time_that_they_have_in_a_check() -> None:
    slow = Condition(operator=Operator.MATCHES, subject="text", operand=("(x|xx)+[yz]",))
    watch = a_watch(Rule(conditions=(slow,)), is_list=True)
    rows: Rows = {f"{number}": {"text": "x" * 22} for number in range(1_000)}
    old, new = (seen({"0": {"text": ""}}, digest="1"), seen(rows, digest="2"))
    state = rehearse(watch, WatchState(), old, now=NOON, clock=thread_time).decision.state
    with bounded(5), pytest.raises(SlowExpressionError):
        rehearse(watch, state, new, now=NOON, clock=thread_time)


SIGHTS: list[Rows] = [
    {"A": {"seats": 0}, "B": {"seats": 1}, "Z": {"seats": 5}},
    {"A": {"seats": 2}, "Z": {"seats": 5}},
    {"A": {"seats": 2}, "B": {"seats": 1}, "C": {"seats": 0}, "Z": {"seats": 5}},
    {"C": {"seats": 4}, "Z": {"seats": 5}},
]


def test_the_rows_of_every_moment_come_back_from_the_changes_and_the_last_sight() -> None:
    changes = []
    for number, (old, new) in enumerate(pairwise(SIGHTS)):
        went = {key: row for key, row in old.items() if new.get(key) != row}
        came = {key: row for key, row in new.items() if old.get(key) != row}
        at = NOON + timedelta(hours=number)
        changes.append(Change(watch="x", sequence=number, changed_at=at, old=went, new=came))
    first = rows_before(changes, SIGHTS[-1])
    assert first == SIGHTS[0]
    assert list(replayed(changes, first)) == SIGHTS[1:]
