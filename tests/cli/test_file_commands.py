"""`list`, `rename`, `edit`, `remove` and `export`: the watches of a file, without an editor open on all of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import Command
from tests.site import Site
from watcher.config import load

MAIN = """\
# mine
include: watches.d/*.yaml
defaults: {topic: news, allow_private: true, per_host: {min_delay: 0s}}
topics: {deals: {name: Deals}}
watches:
  # the blue one
  tent:
    url: %s/tent   # of the shop
    tags: [shop]
    extract: .price
"""
OTHERS = """\
watches:
  seats:
    url: "https://campus.example/{each}?key=${KEY}"
    for_each: [CS1, CS2]
    cron: "0 8 * * *"
    topic: deals
    enabled: false
"""


@pytest.fixture
def files(watcher: Command, site: Site) -> Command:
    """A main file, and one that it includes; `${KEY}` is set nowhere."""
    site.show("/tent", "<p class=price>249</p>")
    watcher.write(MAIN % site.url)
    (watcher.directory / "watches.d").mkdir()
    (watcher.directory / "watches.d/others.yaml").write_text(OTHERS)
    return watcher


def main(watcher: Command) -> str:
    return (watcher.directory / "watches.yaml").read_text()


def editor(watcher: Command, script: str) -> dict[str, str]:
    """Return the environment in which `$EDITOR` does this with the file `$1`."""
    path = watcher.directory / "editor"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return {"EDITOR": str(path), "VISUAL": "", "KEY": "0123456789"}


async def test_list_shows_each_watch_and_where_it_stands(files: Command, site: Site) -> None:
    tent, seat, _ = (await files("list", "--json")).records
    assert tent == {
        "watch": "tent",
        "url": f"{site.url}/tent",
        "checked": "10 minutes",
        "topics": ["news"],
        "tags": ["shop"],
        "place": "watches.yaml:7",
    }
    assert (seat["watch"], seat["checked"], seat["place"]) == ("seats.CS1", "disabled", "watches.d/others.yaml:2")
    assert seat["url"] == "https://campus.example/CS1?key=***"


@pytest.mark.faults
async def test_list_shows_a_table_to_people(files: Command) -> None:
    shown = (await files("list", "--tag", "shop")).out
    assert [line.split()[0] for line in shown.splitlines()[2:]] == ["tent"], shown
    assert "10 minutes" in shown


@pytest.mark.faults
async def test_a_watch_that_is_renamed_keeps_its_history_even_twice_before_anything_reads_it(
    files: Command, site: Site
) -> None:
    secret = {"KEY": "0123456789"}
    await files("check", "tent", **secret)
    site.show("/tent", "<p class=price>199</p>")
    await files("check", "tent", **secret)
    first = await files("rename", "tent", "tnet", **secret)
    assert (first.status, "its history goes along" in first.out) == (0, True), first.err
    again = await files("rename", "tnet", "big-tent", **secret)
    assert "big-tent now, in watches.yaml; its history goes along (`was: tent`)" in again.out
    assert main(files) == (MAIN % site.url).replace("  tent:\n", "  big-tent:\n    was: tent\n")
    await files("check", "big-tent", **secret)
    (change,) = (await files("history", "big-tent", "--json", **secret)).records
    assert [change[when]["value"] for when in ("old", "new")] == ["249", "199"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("tent", "seats", "stands in"),
        ("tent", "no name", "name"),
        ("hut", "tent", "there is no watch hut in the files"),
        ("seats.CS1", "one", "change seats"),
    ],
)
async def test_a_rename_that_would_break_the_files_writes_nothing(
    files: Command, site: Site, old: str, new: str, said: str
) -> None:
    refused = await files("rename", old, new, KEY="0123456789")
    assert (refused.status, said in refused.err) == (2, True), refused.err
    assert main(files) == MAIN % site.url


async def test_edit_writes_what_the_editor_saved(files: Command, site: Site) -> None:
    done = await files("edit", "tent", **editor(files, "sed -i 's/.price/.offer/' \"$1\""))
    assert (done.status, "+    extract: .offer" in done.out) == (0, True), done.err
    assert main(files) == (MAIN % site.url).replace(".price", ".offer")
    same = await files("edit", "tent", **editor(files, 'touch -d 2030-01-01 "$1"'))
    assert same.out == "nothing was changed\n"


async def test_edit_writes_no_mistake_and_gives_back_what_was_typed(files: Command, site: Site) -> None:
    refused = await files("edit", "tent", **editor(files, "sed -i 's/extract/extrakt/' \"$1\""))
    assert (refused.status, "did you mean" in refused.err) == (2, True), refused.err
    assert "extrakt: .price" in refused.out
    assert main(files) == MAIN % site.url


async def test_edit_overwrites_nothing_that_was_saved_meanwhile(files: Command) -> None:
    meanwhile = f"sed -i 's/.price/.other/' {files.directory}/watches.yaml; sed -i 's/.price/.offer/' \"$1\""
    refused = await files("edit", "tent", **editor(files, meanwhile))
    assert (refused.status, "changed meanwhile" in refused.err) == (2, True)
    assert ".offer" in refused.out
    assert "extract: .other" in main(files)


async def test_remove_shows_the_lines_and_asks(files: Command, site: Site) -> None:
    asked = await files("remove", "tent", KEY="0123456789")
    assert (asked.status, "-  tent:" in asked.out, main(files)) == (1, True, MAIN % site.url)
    removed = await files("remove", "tent", "--yes", KEY="0123456789")
    assert (removed.status, "removed tent from watches.yaml" in removed.out) == (0, True), removed.err
    assert "tent" not in main(files)
    assert "# mine" in main(files)


async def test_an_export_is_a_file_that_says_the_same_and_needs_no_other(files: Command, tmp_path: Path) -> None:
    whole = await files("export")
    assert "key=${KEY}" in whole.out
    (tmp_path / "all.yaml").write_text(whole.out)
    environ = {"KEY": "0123456789"}
    before, after = load(files.directory / "watches.yaml", environ), load(tmp_path / "all.yaml", environ)
    assert (after.watches, after.topics) == (before.watches, before.topics)


@pytest.mark.parametrize(
    ("body", "was"), [("[a, b]", "seats.{each}"), ("{a: {code: x}, b: {code: y}}", "seats.{each}"), ("{a: x}", None)]
)
async def test_each_watch_of_for_each_keeps_its_own_history_or_none_is_renamed(
    watcher: Command, body: str, was: str | None
) -> None:
    watcher.write(f"watches:\n  seats: {{url: 'https://x.example/{{each}}', for_each: {body}, topic: t}}\n")
    done = await watcher("rename", "seats", "places")
    if was is None:
        assert (done.status, "would lose its history" in done.err) == (2, True)
    else:
        assert f'was: "{was}"' in main(watcher), done.err
