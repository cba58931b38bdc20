"""Files of watches that are read again say what they say to whom reads them for the first time, mistakes included."""

from __future__ import annotations

from pathlib import Path

import pytest

from watcher.config import load
from watcher.config.load import Loader
from watcher.core.watch import WatchFile
from watcher.errors import ConfigError

_FILES = {
    "watches.yaml": """
include: watches.d/*.yaml
defaults: {topic: news, every: 1h}
watches:
  own: {url: "https://a.example/"}
""",
    "watches.d/a.yaml": """
watches:
  a-1: {url: "https://a.example/1"}
  a-2: {url: "https://a.example/2", topic: cheap}
  a-3: {url: "https://a.example/3", was: old}
""",
    "watches.d/b.yaml": """
topics: {cheap: {name: Cheap}}
watches:
  b: {url: "https://b.example/{each}", for_each: [x, z]}
""",
}
_CHANGES = [
    pytest.param("watches.d/a.yaml", "example/1", "example/one", id="one watch"),
    pytest.param("watches.d/a.yaml", "  a-1:", "  a-0:", id="another id"),
    pytest.param("watches.d/a.yaml", "topic: cheap", "topic: dear", id="a topic"),
    pytest.param("watches.d/b.yaml", "name: Cheap", "name: Cheap, language: zh", id="the language of a topic"),
    pytest.param("watches.d/b.yaml", "[x, z]", "[x, z, q]", id="another value of for_each"),
    pytest.param("watches.yaml", "every: 1h", "every: 2h", id="a default"),
    pytest.param("watches.yaml", "every: 1h", "confirm: 1", id="another default"),
    pytest.param("watches.yaml", "every: 1h", "confirm: true", id="a default that is wrong"),
    pytest.param("watches.yaml", "every: 1h", "language: zh", id="a language for all"),
    pytest.param("watches.yaml", "  own:", "  b.x:", id="an id that for_each makes"),
    pytest.param("watches.yaml", "  own:", "  b:", id="an id that another file has with for_each"),
    pytest.param("watches.yaml", "*.yaml", "b.yaml", id="fewer files"),
    pytest.param("watches.d/a.yaml", "  a-1:", "  own:", id="an id of the main file"),
    pytest.param("watches.d/a.yaml", "url", "ulr", id="a mistake"),
    pytest.param("watches.d/a.yaml", "{url", "[url", id="no YAML"),
    pytest.param("watches.d/b.yaml", "Cheap}", "Cheap, was: cheap}", id="a mistake in a topic"),
    pytest.param("watches.d/a.yaml", "topic: cheap", "was: own", id="a watch that was one of the main file"),
    pytest.param("watches.yaml", "  own:", "  old:", id="a watch that is what one of a known file was"),
    pytest.param("watches.yaml", "watches:", "watchs:", id="a main file with a mistake"),
]


@pytest.fixture
def main(tmp_path: Path) -> Path:
    (tmp_path / "watches.d").mkdir()
    for name, text in _FILES.items():
        (tmp_path / name).write_text(text)
    return tmp_path / "watches.yaml"


def _said(read: Loader) -> object:
    try:
        return read.load()
    except ConfigError as error:
        return [*error.problems]


@pytest.mark.parametrize(("name", "old", "new"), _CHANGES)
def test_what_is_read_again_is_what_is_read_for_the_first_time(main: Path, name: str, old: str, new: str) -> None:
    loader = Loader(main, {})
    before = loader.load()
    file = main.parent / name
    assert old in _FILES[name]
    file.write_text(_FILES[name].replace(old, new))
    assert _said(loader) == _said(Loader(main, {}))
    file.write_text(_FILES[name])
    assert loader.load() == before == load(main, {})


def test_an_id_that_is_there_twice_is_told_with_both_places(main: Path) -> None:
    loader = Loader(main, {})
    loader.load()
    (main.parent / "watches.d/c.yaml").write_text('watches:\n  a-1: {url: "https://c.example/"}\n')
    with pytest.raises(ConfigError, match=r"c\.yaml:2:3: .*a\.yaml:3:3 already"):
        loader.load()


def test_the_watches_of_a_file_that_is_the_same_are_the_same(main: Path) -> None:
    loader = Loader(main, {})
    before = loader.load()
    (main.parent / "watches.d/a.yaml").write_text(_FILES["watches.d/a.yaml"].replace("/1", "/one"))
    assert _kept(before, loader.load()) == {"own", "b.x", "b.z"}
    main.write_text(_FILES["watches.yaml"].replace("1h", "2h"))
    assert _kept(before, loader.load()) == set()


def test_a_draft_is_read_in_the_place_of_its_file(main: Path) -> None:
    loader, draft = Loader(main, {}), main.parent / "watches.d/a.yaml"
    before = loader.load()
    assert "a-2" not in loader.load({draft: 'watches: {a-1: {url: "https://a.example/"}}'}).watches
    assert loader.load() == before


def _kept(before: WatchFile, after: WatchFile) -> set[str]:
    return {id_ for id_, watch in after.watches.items() if before.watches.get(id_) is watch}
