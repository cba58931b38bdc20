"""That following watches through the versions of a page finds what goes wrong (`tests.extract.histories`)."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from tests.extract.histories.__main__ import Followed, Version, followed, results, row
from tests.extract.histories.fetch import write

FIRST = "<title>T</title><h1>Options</h1><ul>{}</ul><p>Nothing else of them is known here, or anywhere.</p>"
NAMES = ("alpha particle", "beta decay", "gamma ray", "delta wave")


def entries(*names: str) -> str:
    return FIRST.format("".join(f"<li><b>{name}</b> costs {len(name)} more</li>" for name in names))


def history(directory: Path, *versions: str) -> Path:
    """Return a folder that holds these versions of a page."""
    directory.mkdir(parents=True, exist_ok=True)
    for number, source in enumerate(versions):
        (directory / f"{number:02}-{number}.0.html").write_text(source)
    return directory


def ended(directory: Path, *versions: str) -> list[Followed]:
    folder = history(directory, *versions)
    return list(followed(folder, [Version(path) for path in sorted(folder.iterdir())]))


def test_a_page_that_stays_is_read_to_the_end(tmp_path: Path) -> None:
    found = ended(tmp_path / "a.b", entries(*NAMES), entries(*NAMES).replace("Options", "Settings"))
    assert len(found) >= 8
    assert not [each.told for each in found if each.is_wrong or each.refused]
    assert sum(each.is_read for each in found) >= len(found) - 1


def test_a_row_that_comes_first_makes_selectors_alone_find_another_thing(tmp_path: Path) -> None:
    found = ended(tmp_path / "a.b", entries(*NAMES), entries("omega meson", *NAMES))
    assert [each.told for each in found if each.is_alone_wrong]
    assert not [each.told for each in found if each.is_wrong]


@pytest.mark.parametrize("of", ["tuned", "spent", "unseen"])
def test_versions_without_the_classes_before_are_a_new_design(tmp_path: Path, of: str) -> None:
    old = entries(*NAMES).replace("<ul>", "<ul class=old-list id=options>").replace("<b>", "<b class=old-name>")
    new = old.replace("old-list", "menu").replace("old-name", "entry").replace("options", "choices")
    history(tmp_path / f"a.page.{of}", old, new)
    kinds = {kind for kind, _ in results(tmp_path)}
    assert kinds == {f"{of}, whole", f"{of}, redesign"}
    assert row("all", [each for _, each in results(tmp_path)]).startswith("| all | ")


def test_a_page_is_written_once_for_as_long_as_it_stays(tmp_path: Path) -> None:
    package = {"name": "manual", "pages": {"index": "(html|docs)/index.html"}}
    for number, (folder, text) in enumerate((("html", "one"), ("docs", "one"), ("docs", "two"))):
        page = tmp_path / "index.html"
        page.write_text(text)
        archive = tmp_path / f"manual-{number}.tgz"
        with tarfile.open(archive, "w:gz") as files:
            files.add(page, f"manual-{number}/{folder}/index.html")
        write(package, number, f"{number}.0", archive, tmp_path / "pages")
    assert [path.name for path in sorted((tmp_path / "pages/manual.index.tuned").iterdir())] == [
        "00-0.0.html",
        "02-2.0.html",
    ]
