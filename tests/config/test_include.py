"""`include`: many files as one."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.config.files import mistakes
from watcher.config import load
from watcher.config.reading import MAX_BYTES_IN_ALL
from watcher.core.watch import WatchFile
from watcher.errors import ConfigError


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, text: str) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(dedent(text), encoding="utf-8")


def one(key: str, more: str = "") -> str:
    return f"watches:\n  {key}: {{url: 'https://x.example/'{more}}}\n"


def loaded() -> WatchFile:
    return load(Path("main.yaml"), {})


def told() -> list[str]:
    with pytest.raises(ConfigError) as caught:
        loaded()
    return str(caught.value).splitlines()


pytestmark = pytest.mark.usefixtures("directory")


def test_included_files_are_read_in_order_each_once_with_the_defaults_of_the_main_one() -> None:
    write("main.yaml", "include: [b.yaml, 'd/*.yaml', '*.yaml']\ndefaults: {topic: news, every: 1h}\n" + one("m"))
    write("b.yaml", one("b") + "topics: {news: {name: The news}}\n")
    write("d/2.yaml", one("two"))
    write("d/1.yaml", one("one", ", topic: own"))
    write("d/.hidden.yaml", one("hidden"))
    found = loaded()
    assert list(found.watches) == ["m", "b", "one", "two"]
    assert [str(path) for path in found.files] == ["main.yaml", "b.yaml", "d/1.yaml", "d/2.yaml"]
    assert found.watches["one"].topics == ("own",)
    assert found.watches["two"].topics == ("news",)
    assert found.watches["two"].every.total_seconds() == 3600
    assert found.topics["news"].name == "The news"


def test_paths_are_those_beside_the_file() -> None:
    write("conf/main.yaml", "include: sub/a.yaml\ndefaults: {topic: t}")
    write("conf/sub/a.yaml", one("a"))
    assert list(load(Path("conf/main.yaml"), {}).watches) == ["a"]


def test_the_folders_of_patterns_are_told_whether_they_are_there_or_not() -> None:
    write("main.yaml", "include: [watches.d/*.yaml, 'a/*/b/*.yaml', a.d/one.yaml, '*.yml']\nwatches: {}")
    write("a.d/one.yaml", "watches: {}")
    assert loaded().folders == (Path("watches.d"), Path("a"), Path("a.d"), Path())


def test_a_file_that_includes_nothing_is_one_file() -> None:
    write("main.yaml", "watches: {}")
    assert loaded().files == (Path("main.yaml"),)


def test_a_pattern_that_matches_nothing_is_an_empty_folder() -> None:
    write("main.yaml", "include: watches.d/*.yaml\nwatches: {}")
    assert loaded().watches == {}


def test_every_mistake_names_its_file() -> None:
    write("main.yaml", "include: ['*.yaml']\ndefaults: {topic: t, every: 5}\n" + one("m", ", name: [a]"))
    write("a.yaml", one("a", ", every: 1"))
    write("b.yaml", "watches: [")
    write("c.yaml", one("c", ", extract: 'a['"))
    write("d.yaml", "topics: {a b: {}}\n" + one("d", ", url: ''"))
    assert [line.partition(" ")[0] for line in told()] == [
        "a.yaml:2:41:",
        "b.yaml:1:11:",
        "c.yaml:2:43:",
        "d.yaml:1:10:",
        "d.yaml:3:34:",
        "main.yaml:2:29:",
        "main.yaml:4:40:",
    ]


def test_an_id_that_two_files_have_is_told_with_both_places() -> None:
    write("main.yaml", "include: ['*.yaml']\ndefaults: {topic: t}\n" + one("m"))
    write("a.yaml", one("a"))
    write("b.yaml", "topics: {}\n" + one("a") + "  m: {url: 'https://x.example/'}\n")
    assert told() == [
        "b.yaml:3:3: watches.a: stands in a.yaml:2:3 already",
        "b.yaml:4:3: watches.m: stands in main.yaml:4:3 already",
    ]


WRONG = {
    "defaults of its own": ("defaults: {topic: t}", "a.yaml:1:1: defaults: is for the main file; an included one has"),
    "files of its own": ("include: b.yaml", "a.yaml:1:1: include: is for the main file"),
    "a misspelled key": ("watchs: {}", "a.yaml:1:1: watchs: is for the main file; an included one has `topics` and"),
    "a list": ("- a", "a.yaml:1:1: an included file must be a mapping with `topics` or `watches`"),
    "a list of watches": ("watches: [a]", "a.yaml:1:10: watches: must be a mapping"),
    "nothing": ("", "a.yaml:1:1: the file is empty"),
    "a key twice": ("topics: {a: {name: b, name: c}}", "a.yaml:1:23: topics.a.name: is already defined"),
    "a bomb": ("a: &a [*a]", "a.yaml:1:8: a[0]: the alias `*a` contains itself"),
}


@pytest.mark.parametrize(("text", "expected"), WRONG.values(), ids=WRONG)
def test_an_included_file_of_another_shape_is_told(text: str, expected: str) -> None:
    write("main.yaml", "include: a.yaml")
    write("a.yaml", text)
    [only] = told()
    assert expected in only


def test_a_file_that_is_not_there_is_told_where_it_is_named() -> None:
    write("main.yaml", "include:\n  - a.yaml\n  - b.yaml\n")
    write("a.yaml", "topics: {}")
    assert told() == ["main.yaml:3:5: include[1]: there is no file b.yaml"]


@pytest.mark.parametrize("name", ["a\\0b", "x" * 5_000, "a\\0/*/*"], ids=["NUL", "long", "NUL in a pattern"])
def test_a_name_that_no_file_can_have_is_not_there(name: str) -> None:
    write("main.yaml", f'include: ["{name}", missing.yaml]')
    assert told()[-1] == f"main.yaml:1:{len(name) + 15}: include[1]: there is no file missing.yaml"


def test_files_that_include_each_other_in_a_circle_of_links_are_not_read() -> None:
    write("main.yaml", "include: '*.yaml'\nwatches: {}")
    Path("a.yaml").symlink_to("b.yaml")
    Path("b.yaml").symlink_to("a.yaml")
    assert loaded().files == (Path("main.yaml"),)


def test_a_folder_cannot_be_read() -> None:
    write("main.yaml", "include: a.yaml")
    write("a.yaml/b", "")
    [only] = told()
    assert only.startswith("main.yaml:1:10: include: a.yaml: cannot be read: ")


def test_a_text_that_is_not_found_includes_nothing() -> None:
    assert mistakes("include: a.yaml\nwatches: {}") == [
        "1:1: include: other files are included by a file on the disk only"
    ]


def test_a_list_of_files_of_another_type_is_told() -> None:
    write("main.yaml", "include: [[a]]\nwatches: {}")
    [only] = told()
    assert only.startswith("main.yaml:1:11: include[0]: must be a text; got a list")


@pytest.mark.faults
def test_all_files_together_have_a_limit() -> None:
    write("main.yaml", "include: '*.yaml'\nwatches: {}")
    for number in range(MAX_BYTES_IN_ALL // 900_000 + 1):
        write(f"{number}.yaml", "topics: {}\n#" + "x" * 900_000)
    [only] = told()
    assert only == "main.yaml:1:10: include: all files together have more than 16 MB"


def test_many_small_bombs_are_one_large_one() -> None:
    levels = "".join(f"  l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]\n" for n in range(1, 5))
    write("main.yaml", "include: '*.yaml'\nwatches: {}")
    for number in range(90):
        write(f"{number:02}.yaml", f"topics:\n  l0: &l0 [ha]\n{levels}")
    assert any("all files together have more than" in line for line in told())
