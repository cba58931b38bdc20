"""The one writer of files of watches: what it writes is right and whole, and what others wrote stays."""

from __future__ import annotations

import fcntl
import os
import stat
import subprocess
import sys
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from watcher.config import load
from watcher.config.writing import HEADER, FileEdit, Writer
from watcher.core.values import SINGLE_VALUE
from watcher.core.watch import Values
from watcher.errors import ConfigError, UsageError

MAIN = "# mine\ninclude: watches.d/*.yaml\ndefaults: {topic: news}   # all\nwatches: {a: {url: https://a.example/}}\n"
BODY: dict[str, Any] = {"url": "https://shop.example/dune", "extract": ".price"}


@pytest.fixture
def main(tmp_path: Path) -> Path:
    """A main file that includes what is added."""
    path = tmp_path / "watches.yaml"
    path.write_text(MAIN)
    return path


def writer(main: Path) -> Writer:
    return Writer(main, {})


def test_a_first_watch_makes_the_file(main: Path) -> None:
    main.chmod(0o600)
    added = writer(main).add("dune", BODY)
    assert (added.watch, added.path, added.included_by) == ("dune", main.parent / "watches.d/added.yaml", None)
    assert (
        added.path.read_text()
        == f"{HEADER}\nwatches:\n  dune:\n    url: https://shop.example/dune\n    extract: .price\n"
    )
    assert stat.S_IMODE(added.path.stat().st_mode) == 0o600
    assert main.read_text() == MAIN
    assert [*load(main, {}).watches] == ["a", "dune"]
    assert [path.name for path in added.path.parent.iterdir()] == ["added.yaml"]


def test_what_people_changed_in_it_stays(main: Path) -> None:
    path = writer(main).add("dune", BODY).path
    edited = path.read_text().replace("extract: .price", "extract: .price  # the new one\n    every: 1h") + "# end\n"
    path.write_text(edited)
    writer(main).add("emma", BODY)
    assert path.read_text() == edited.replace(
        "# end\n", "  emma:\n    url: https://shop.example/dune\n    extract: .price\n# end\n"
    )


def test_an_include_is_added_where_nothing_takes_the_file(tmp_path: Path) -> None:
    main = tmp_path / "watches.yaml"
    main.write_text(MAIN.replace("watches.d/*", "others/*"))
    assert writer(main).needs_include()
    assert writer(main).add("dune", BODY).included_by == main
    assert main.read_text() == MAIN.replace("watches.d/*.yaml", "[others/*.yaml, watches.d/*.yaml]")
    assert not writer(main).needs_include()
    assert writer(main).add("emma", BODY).included_by is None


def test_an_id_that_is_taken_gets_a_number(main: Path) -> None:
    assert [writer(main).add("dune", BODY).watch for _ in range(3)] == ["dune", "dune-2", "dune-3"]
    with pytest.raises(UsageError, match="there is a watch dune already"):
        writer(main).add("dune", BODY, is_exact=True)
    with pytest.raises(ConfigError, match=r"stands in .*watches\.yaml:4:11 already"):
        writer(main).add("a", BODY, is_exact=True)


def test_what_is_wrong_is_never_written(main: Path) -> None:
    with pytest.raises(ConfigError, match=r"added\.yaml:6:14: watches\.dune\.extract: "):
        writer(main).add("dune", BODY | {"extract": "li["})
    assert not (main.parent / "watches.d").exists()


def test_a_broken_file_is_left_as_it_is(main: Path) -> None:
    main.write_text(MAIN + "wathces: {}\n")
    with pytest.raises(ConfigError, match=r"watches\.yaml:5:1: wathces"):
        writer(main).add("dune", BODY)
    assert not (main.parent / "watches.d").exists()


def test_a_file_of_this_name_that_somebody_else_wrote_is_left(main: Path) -> None:
    (main.parent / "watches.d").mkdir()
    theirs = main.parent / "watches.d/added.yaml"
    theirs.write_text("watches: {b: {url: https://b.example/}}\n")
    assert writer(main).add("dune", BODY).path.name == "added-2.yaml"
    assert theirs.read_text() == "watches: {b: {url: https://b.example/}}\n"


def test_a_link_stays_a_link(main: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    target = tmp_path / "elsewhere/mine.yaml"
    target.write_text(HEADER + "watches: {b: {url: https://b.example/}}\n")
    (tmp_path / "watches.d").mkdir()
    link = tmp_path / "watches.d/added.yaml"
    link.symlink_to(target)
    writer(main).add("dune", BODY)
    assert link.is_symlink()
    assert "dune:" in target.read_text()
    assert [path.name for path in target.parent.iterdir()] == ["mine.yaml"]
    target.unlink()
    with pytest.raises(UsageError, match=r"added\.yaml is a link to a file that is not there"):
        writer(main).add("emma", BODY)


def test_a_read_only_file_stays_as_it_is(main: Path) -> None:
    path = writer(main).add("dune", BODY).path
    before = path.read_text()
    path.chmod(0o400)
    with pytest.raises(UsageError, match=r"added\.yaml is read-only, and stays as it is; `chmod u\+w "):
        writer(main).add("emma", BODY)
    assert path.read_text() == before
    assert [one.name for one in path.parent.iterdir()] == ["added.yaml"]


def test_a_file_that_was_saved_meanwhile_is_left(main: Path) -> None:
    path = writer(main).add("dune", BODY).path
    edit = writer(main).with_selectors("dune", {SINGLE_VALUE: ".new"})
    saved = path.read_text() + "  # of an editor\n"
    path.write_text(saved)
    with pytest.raises(UsageError, match="was changed meanwhile, and nothing was written"):
        writer(main).write(edit)
    assert path.read_text() == saved
    assert [one.name for one in path.parent.iterdir()] == ["added.yaml"]


def test_mode_mark_and_line_ends_stay(main: Path) -> None:
    path = writer(main).add("dune", BODY).path
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    path.chmod(0o640)
    writer(main).write(writer(main).with_selectors("dune", {SINGLE_VALUE: ".new"}))
    written = path.read_bytes()
    assert written.startswith(b"\xef\xbb\xbf# Written by")
    assert written.endswith(b"    extract: .new\r\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    extraction = load(main, {}).watches["dune"].extraction
    assert isinstance(extraction, Values)
    assert extraction.selectors[SINGLE_VALUE].query is not None


def test_the_difference_is_shown_of_a_file_that_people_wrote(main: Path) -> None:
    main.write_text(MAIN.replace("a.example/}", "a.example/, extract: h1}"))
    edit = writer(main).with_selectors("a", {SINGLE_VALUE: "#new"})
    assert not edit.is_of_tools
    assert edit.difference.splitlines()[-2:] == [
        "-watches: {a: {url: https://a.example/, extract: h1}}",
        '+watches: {a: {url: https://a.example/, extract: "#new"}}',
    ]
    assert writer(main).with_selectors("a", {}).difference == ""


@pytest.mark.parametrize(
    "first", [HEADER, "# Imported from urls.yaml (urlwatch) by `watcher import`. Edit it as you like.\n"]
)
def test_a_file_of_the_tools_says_so_in_its_first_line(first: str) -> None:
    assert FileEdit(path=Path("f"), before=first + "watches: {}\n", after="").is_of_tools
    assert not FileEdit(path=Path("f"), before=f"# mine\n{first}", after="").is_of_tools


def test_one_of_many_is_changed_where_they_are_made(main: Path) -> None:
    main.write_text("watches: {a: {for_each: [x, y], url: 'https://a.example/{each}', topic: t, extract: h1}}\n")
    with pytest.raises(UsageError, match=r"a\.x is made by `for_each` of a; change its selector there"):
        writer(main).with_selectors("a.x", {SINGLE_VALUE: "#new"})
    assert writer(main).add("a", BODY | {"topic": "t"}).watch == "a-2"


_ADDS = """
import sys
from pathlib import Path
from watcher.config.writing import Writer
for number in range(15):
    Writer(Path("watches.yaml"), {}).add("dune", {"url": "https://shop.example/", "topic": sys.argv[1]})
"""


def test_of_several_writers_at_once_nothing_is_lost(main: Path) -> None:
    main.write_text(MAIN.replace("include: watches.d/*.yaml\n", ""))
    writers = [
        subprocess.Popen((sys.executable, "-c", _ADDS, f"t{number}"), cwd=main.parent, env={**os.environ})
        for number in range(3)
    ]
    assert [each.wait(30) for each in writers] == [0, 0, 0]
    file = load(main, {})
    assert len(file.watches) == 1 + 3 * 15
    assert {topic for watch in file.watches.values() for topic in watch.topics} == {"news", "t0", "t1", "t2"}
    assert main.read_text().count("watches.d/*.yaml") == 1


def test_a_pipe_in_the_place_of_the_file_holds_nobody(main: Path) -> None:
    (main.parent / "watches.d").mkdir()
    os.mkfifo(main.parent / "watches.d/added.yaml")
    said: list[str] = []

    def add() -> None:
        with pytest.raises(UsageError) as caught:
            writer(main).add("dune", BODY)
        said.append(str(caught.value))

    adding = Thread(target=add, daemon=True)
    adding.start()
    adding.join(10)
    assert [text.partition("added.yaml")[2] for text in said] == [" is no plain file, and is not read"]


def test_a_reader_who_holds_the_lock_keeps_nobody_from_writing(main: Path) -> None:
    held = os.open(main.parent, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        added = Writer(main, {}, lock_seconds=0).add("dune", BODY)
    finally:
        os.close(held)
    assert added.path.exists()


def test_a_first_watch_makes_the_main_file_too(tmp_path: Path) -> None:
    main = tmp_path / "watches.yaml"
    beginning = {main: "include: watches.d/*.yaml\ndefaults: {topic: news}\n", tmp_path / "beside.json": "{}\n"}
    writing = Writer(main, {}, beginning=lambda: beginning)
    assert (writing.needs_include(), writing.default("topic")) == (False, "news")
    added = writing.add("dune", BODY)
    assert (added.path, added.included_by) == (tmp_path / "watches.d/added.yaml", None)
    assert {path: path.read_text() for path in beginning} == beginning
    assert [*load(main, {}).watches] == ["dune"]


def test_a_main_file_that_cannot_be_made_leaves_no_watch_behind(tmp_path: Path) -> None:
    main = tmp_path / "watches.yaml"
    main.symlink_to("gone.yaml")
    with pytest.raises(UsageError, match="is a link to a file that is not there"):
        Writer(main, {}, beginning=lambda: {main: "watches: {}\n"}).add("dune", BODY)
    with pytest.raises(ConfigError, match="cannot be read"):
        Writer(tmp_path / "others.yaml", {}).add("dune", BODY)
    assert [path.name for path in tmp_path.iterdir()] == ["watches.yaml"]
