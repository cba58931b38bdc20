"""The one writer of files of watches: what it writes is right and whole, and what others wrote stays."""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Thread
from time import thread_time
from typing import Any

import pytest

from watcher.config import load
from watcher.config.edits import FileEdit
from watcher.config.load import Loader
from watcher.config.request import StandIns
from watcher.config.writing import HEADER, Writer
from watcher.core.values import SINGLE_VALUE
from watcher.core.watch import Values, Watch
from watcher.errors import ConfigError, Problem, UsageError

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
    assert edit.is_by_hand
    assert edit.difference.splitlines()[-2:] == [
        "-watches: {a: {url: https://a.example/, extract: h1}}",
        '+watches: {a: {url: https://a.example/, extract: "#new"}}',
    ]
    assert writer(main).with_selectors("a", {}).difference == ""


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        pytest.param("a\nb\nc\n", "a\nB\nc\n", ["-b\n", "+B\n"], id="a line is another"),
        pytest.param("a\na\n", "a\na\na\n", ["+a\n"], id="one more of the same"),
        pytest.param("a\nb\n", "a\n", ["-b\n"], id="one goes"),
        pytest.param("a\nb\n", "a\nb\n", [], id="none"),
        pytest.param(None, "a\n", ["+a\n"], id="the first"),
        pytest.param("a\nx\nb\n", "a\ny\nx\nz\nb\n", ["+y\n", "+z\n"], id="two places"),
        pytest.param("a\n" * 9 + "x\n" * 600, "y\nx\n" * 600, ["-a\n"] * 9, id="more than is compared"),
    ],
)
def test_only_what_changes_is_shown(before: str | None, after: str, changed: list[str]) -> None:
    edit = FileEdit(path=Path("watches.yaml"), before=before, after=after)
    assert [*edit.changed_lines][: len(changed) or 1] == changed


def test_a_change_of_a_long_file_is_found_at_once() -> None:
    """Of lines that repeat, for those that are rare difflib takes the square."""
    comments = "".join(f"# a remark of kind {line % 120}\n" for line in range(15_000))
    edit = FileEdit(
        path=Path("watches.yaml"), before=f"{comments}a: 1\n{comments}", after=f"{comments}a: 2\n{comments}"
    )
    begun = thread_time()
    assert edit.changed_lines == ["-a: 1\n", "+a: 2\n"]
    assert thread_time() - begun < 1


def test_the_difference_has_the_lines_around_each_place_and_their_numbers() -> None:
    lines = [f"line {number}" for number in range(1, 10_001)]
    changed = [*lines[:5_000], "more", *lines[5_000:5_010], *lines[5_011:]]
    edit = FileEdit(path=Path("f"), before="\n".join(lines), after="\n".join(changed))
    assert edit.difference.splitlines() == [
        *("--- f", "+++ f", "@@ -4998,6 +4998,7 @@", " line 4998", " line 4999", " line 5000", "+more"),
        *(" line 5001", " line 5002", " line 5003"),
        *("@@ -5008,7 +5009,6 @@", " line 5008", " line 5009", " line 5010", "-line 5011"),
        *(" line 5012", " line 5013", " line 5014"),
    ]


def test_of_what_is_more_than_is_compared_all_goes_and_all_comes() -> None:
    before, after = "a\n" * 2 + "x\n" * 600 + "b\n", "a\n" * 2 + "y\nx\n" * 600 + "b\n"
    shown = FileEdit(path=Path("f"), before=before, after=after).difference.splitlines()
    assert shown[:5] == ["--- f", "+++ f", "@@ -1,603 +1,1203 @@", " a", " a"]
    assert (len(shown), shown[-1]) == (3 + 2 + 599 + 1199 + 2, " b")


@pytest.mark.parametrize(
    "first", [HEADER, "# Imported from urls.yaml (urlwatch) by `watcher import`. Edit it as you like.\n"]
)
def test_a_file_of_the_tools_says_so_in_its_first_line(first: str) -> None:
    assert FileEdit(path=Path("f"), before=first + "watches: {}\n", after="").is_of_tools
    assert not FileEdit(path=Path("f"), before=f"# mine\n{first}", after="").is_of_tools


def test_one_of_many_is_changed_where_they_are_made(main: Path) -> None:
    main.write_text("watches: {a: {for_each: [x, y], url: 'https://a.example/{each}', topic: t, extract: h1}}\n")
    with pytest.raises(UsageError, match=r"a\.x is made by `for_each` of a; change a in its file"):
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


_ADDED = f"{HEADER}\nwatches:\n  dune:  # mine\n    url: https://shop.example/dune\n    extract: .price\n"
_DUNE = "dune:\n  url: https://shop.example/dune\n  extract: .cost\n"


@pytest.fixture
def added(main: Path) -> Path:
    """A file of the tools' with a watch, in which somebody has written."""
    path = main.parent / "watches.d/added.yaml"
    path.parent.mkdir()
    path.write_text(_ADDED)
    return path


def test_a_watch_as_somebody_wrote_it_is_added(main: Path) -> None:
    edit = writer(main).adding("dune", _DUNE)
    assert (edit.line, edit.before, edit.after, edit.is_by_hand) == (
        4,
        None,
        {"url": "https://shop.example/dune", "extract": ".cost"},
        False,
    )
    assert next(line for line in edit.difference.splitlines() if line.startswith("+  ")) == "+  dune:"
    assert writer(main).judge(edit) is not None
    writer(main).write(edit)
    assert [*load(main, {}).watches] == ["a", "dune"]


def test_a_watch_is_changed_and_changed_back(main: Path, added: Path) -> None:
    written = writer(main).written("dune")
    assert (written.path, written.line, written.is_of_tools) == (added, 4, True)
    assert written.text == "dune:  # mine\n  url: https://shop.example/dune\n  extract: .price\n"
    edit = writer(main).changing("dune", _DUNE)
    assert edit.digest == written.digest
    writer(main).write(edit)
    assert added.read_text() == _ADDED.replace("  # mine", "").replace(".price", ".cost")
    assert writer(main).written("dune").digest != written.digest
    with pytest.raises(UsageError, match="was changed meanwhile"):
        writer(main).write(edit)
    writer(main).write(writer(main).undoing(edit))
    assert added.read_text() == _ADDED
    with pytest.raises(UsageError, match="was changed meanwhile"):
        writer(main).write(writer(main).undoing(edit))


def test_what_was_read_to_write_it_is_not_read_again(main: Path, added: Path) -> None:
    (added.parent / "others.yaml").write_text("watches: {emma: {url: https://shop.example/emma}}\n")
    loader = Loader(main, {})
    before = loader.load().watches
    writing = Writer(main, {}, loader=loader)
    writing.write(writing.changing("dune", _DUNE))
    after = loader.load().watches
    assert {name for name, watch in after.items() if before[name] is watch} == {"a", "emma"}
    assert loader.load().watches["dune"] is after["dune"]
    assert after["dune"] == load(main, {}).watches["dune"]


def test_a_watch_is_removed_and_brought_back(main: Path, added: Path) -> None:
    edit = writer(main).removing("dune")
    writer(main).write(edit)
    assert added.read_text() == f"{HEADER}\nwatches: {{}}\n"
    assert [*load(main, {}).watches] == ["a"]
    writer(main).write(writer(main).undoing(edit))
    assert added.read_text() == _ADDED


def test_the_first_watch_of_all_is_taken_back_and_the_files_stay(tmp_path: Path) -> None:
    main = tmp_path / "watches.yaml"
    writing = Writer(main, {}, beginning=lambda: {main: "include: watches.d/*.yaml\ndefaults: {topic: t}\n"})
    edit = writing.adding("dune", _DUNE)
    assert [each.path.name for each in edit.files] == ["watches.yaml", "added.yaml"]
    assert "+defaults: {topic: t}" in edit.difference
    writing.write(edit)
    assert [*load(main, {}).watches] == ["dune"]
    writing.write(writing.undoing(edit))
    assert [*load(main, {}).watches] == []


def test_an_include_that_was_added_goes_with_the_watch(main: Path) -> None:
    main.write_text(MAIN.replace("watches.d/*", "others/*"))
    edit = writer(main).adding("dune", _DUNE)
    assert [each.path.name for each in edit.files] == ["watches.yaml", "added.yaml"]
    writer(main).write(edit)
    writer(main).write(writer(main).undoing(edit))
    assert main.read_text() == MAIN.replace("watches.d/*", "others/*")


def test_what_would_be_wrong_is_told_at_its_line(main: Path, added: Path) -> None:
    edit = writer(main).changing("dune", "dune:\n  url: https://shop.example/\n  evry: 1h\n")
    with pytest.raises(ConfigError) as caught:
        writer(main).judge(edit)
    [problem] = caught.value.problems
    assert (problem.file, problem.line - edit.line + 1, problem.key) == (str(added), 3, "watches.dune.evry")


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("dune:\n  url: https://b.example/\n  evry: 1h\n", id="a key that is none"),
        pytest.param("dune:\n  url: https://b.example/\n  topic: [no topic]\n  every: soon\n", id="two mistakes"),
        pytest.param("dune:\n  extract: h1\n", id="no url"),
        pytest.param("dune: [a, b]\n", id="no mapping"),
        pytest.param("# why\ndune:\n  url: ${SHOP}\n", id="a variable that is not there"),
        pytest.param("dune:\n  url: https://b.example/{each}\n  for_each: [x, x]\n", id="a value twice"),
        pytest.param("dune:\n  url: https://b.example/{each}\n  for_each: [x, z]\n", id="more watches"),
        pytest.param("dune:\n  url: https://b.example/\n", id="nothing"),
    ],
)
@pytest.mark.parametrize(
    "others",
    [
        pytest.param("", id="alone"),
        pytest.param("  dune.x: {url: https://a.example/}\n", id="with an id that for_each makes"),
        pytest.param("  b: {ulr: https://a.example/}\n", id="with a mistake below"),
    ],
)
def test_what_is_wrong_with_a_watch_is_what_the_loader_says_of_all(
    main: Path, added: Path, others: str, written: str
) -> None:
    main.write_text(MAIN.replace("news", "news, every: 1h, ignore_text: [x], on_error: {after: 2}"))
    added.write_text(f"{_ADDED}\n{others}")
    writing = writer(main)
    edit = writing.changing("dune", written)
    assert edit.lines
    draft = {added.resolve(): edit.files[-1].after}
    assert _said(lambda: writing.judge(edit)) == _said(
        lambda: load(main, StandIns({}), drafts=draft).watches.get("dune")
    )


@pytest.mark.parametrize(
    ("watch", "was", "told"),
    [
        pytest.param("emma", "a", "`a` still stands here", id="what it was is there"),
        pytest.param("emma", "old", "two watches say that they were `old`", id="another one was the same"),
        pytest.param("old", "older", "`old` still stands here", id="it is what another one was"),
    ],
)
def test_a_former_id_is_judged_among_all_watches(main: Path, added: Path, watch: str, was: str, told: str) -> None:
    added.write_text(_ADDED.replace("url:", "was: old\n    url:", 1))
    writing = writer(main)
    with pytest.raises(ConfigError, match=told):
        writing.judge(writing.adding(watch, f"{watch}: {{url: https://b.example/, was: {was}}}"))


def _said(judge: Callable[[], Watch | None]) -> Watch | Sequence[Problem] | None:
    try:
        return judge()
    except ConfigError as error:
        return error.problems


@pytest.mark.usefixtures("added")
def test_an_id_of_another_file_is_told_with_its_place(main: Path) -> None:
    writing = writer(main)
    assert writing.judge(edit := writing.adding("emma", "emma: {url: https://b.example/}")) is not None
    assert edit.lines == "  emma: {url: https://b.example/}\n"
    with pytest.raises(ConfigError, match=r"watches\.a: stands in .*watches\.yaml:4:11 already"):
        writing.judge(writing.adding("a", "a: {url: https://b.example/}"))


def test_an_edit_that_mends_the_file_is_no_mistake(main: Path, added: Path) -> None:
    added.write_text(_ADDED.replace("extract", "extrct"))
    assert writer(main).judge(writer(main).changing("dune", _DUNE)) is not None


def test_a_file_of_somebody_else_is_shown_and_left_to_them(main: Path) -> None:
    main.write_text("include: watches.d/*.yaml\ndefaults: {topic: t}\nwatches:\n  a: {url: https://a.example/}\n")
    assert not writer(main).written("a").is_of_tools
    assert writer(main).changing("a", "a: {url: https://b.example/}").is_by_hand
    assert writer(main).removing("a").is_by_hand


def test_what_is_out_of_reach_is_known_of_what_is_and_of_what_comes(main: Path, added: Path) -> None:
    added.write_text(f"{_ADDED}    allow_private: true\n")
    assert [each.key for each in writer(main).changing("dune", _DUNE).out_of_reach] == ["allow_private"]
    assert [each.key for each in writer(main).removing("dune").out_of_reach] == ["allow_private"]
    added.write_text(_ADDED)
    assert [each.key for each in writer(main).changing("dune", f"{_DUNE}  proxy: x").out_of_reach] == ["proxy"]
    main.write_text(MAIN.replace("topic: news", "topic: news, verify: false"))
    assert [(each.key, each.is_default) for each in writer(main).changing("dune", _DUNE).out_of_reach] == [
        ("verify", True)
    ]
    assert writer(main).removing("dune").out_of_reach == []


def test_a_watch_that_no_file_has_is_told(main: Path) -> None:
    with pytest.raises(UsageError, match="there is no watch b in the files"):
        writer(main).written("b")
    main.write_text(f"{MAIN}x: *y\n")
    with pytest.raises(ConfigError):
        writer(main).written("b")


def test_a_watch_is_found_again_without_reading_all_anew(main: Path, added: Path) -> None:
    writing = writer(main)
    for change in ("", "# more\n", ""):
        added.write_text(_ADDED.replace("watches:\n", f"{change}watches:\n"))
        written = writing.written("dune")
        assert written.line == (5 if change else 4)
        assert written.text.splitlines()[0] == "dune:  # mine"


def test_a_watch_that_needs_an_anchor_of_others_is_read_with_them(main: Path, added: Path) -> None:
    added.write_text(f"{HEADER}watches:\n  a: {{url: https://a.example/, tags: &t [x]}}\n  b:\n    tags: *t\n")
    assert writer(main).written("b").body == {"tags": ["x"]}


def test_a_file_that_is_broken_hides_no_watch_of_another_one(main: Path, added: Path) -> None:
    (added.parent / "aaa.yaml").write_text("watches: [")
    assert writer(main).written("dune").path == added
    with pytest.raises(ConfigError, match=r"aaa\.yaml"):
        writer(main).written("nowhere")


_WRITE = """
import sys
from pathlib import Path
from watcher.config.writing import Writer
from watcher.errors import UsageError
writing = Writer(Path("watches.yaml"), {})
try:
    writing.write(writing.adding("emma", "emma:\\n  url: https://shop.example/emma\\n" + "  # x\\n" * 5_000))
except UsageError as error:
    print(error)
"""
_MOUNT = """
mount -t tmpfs -o size=128k none "$1" && cd "$1" && mkdir watches.d &&
printf %s "$2" > watches.yaml && printf %s "$3" > watches.d/added.yaml
"""


def _may_mount() -> bool:
    tried = ("unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt")
    return bool(shutil.which("unshare")) and subprocess.run(tried, check=False, capture_output=True).returncode == 0


@pytest.mark.skipif(not _may_mount(), reason="another file system needs Linux, `unshare`, `mount` and root")
@pytest.mark.parametrize(
    ("then", "says"),
    [
        pytest.param(
            "head -c 200k /dev/zero > full 2>&-",
            "cannot write watches.d/added.yaml: No space left on device; it is as it was",
            id="a full disk",
        ),
        pytest.param(
            'mount -o remount,ro "$1"',
            "watches.d/added.yaml stands where watcher may write nothing, and stays as it is",
            id="nothing may be written",
        ),
    ],
)
def test_a_disk_that_takes_nothing_is_told_in_a_sentence(tmp_path: Path, then: str, says: str) -> None:
    script = f'{_MOUNT}{then}\n"$4" -c "$5" && ls -A watches.d'
    inside = ("unshare", "--mount", "sh", "-c", script, "sh", str(tmp_path), MAIN, _ADDED, sys.executable, _WRITE)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    ended = subprocess.run(inside, check=False, capture_output=True, text=True, env=environment, timeout=60)
    said, left = ended.stdout.splitlines()
    assert said.endswith(says), ended.stderr
    assert left == "added.yaml"
