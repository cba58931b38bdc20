"""Every link of a document leads somewhere: to a file that is there, and to one heading of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.markdown import DOCS, DOCUMENTS, anchors, links, name_of


def broken(document: Path) -> list[str]:
    """Return the links that lead nowhere."""
    return [link for link in links(document.read_text(encoding="utf-8")) if not _leads(document, link)]


def _leads(document: Path, link: str) -> bool:
    if link.startswith(("https://", "http://")):
        return True
    path, _, anchor = link.partition("#")
    target = (document.parent / path).resolve() if path else document
    if not target.is_file():
        return False
    return not anchor or anchor in anchors(target.read_text(encoding="utf-8"))


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_a_link_leads_to_a_file_and_a_heading_that_are_there(document: Path) -> None:
    assert broken(document) == []


@pytest.mark.parametrize("document", [one for one in DOCUMENTS if one.is_relative_to(DOCS)], ids=name_of)
def test_a_page_of_the_site_links_to_nothing_outside_of_it(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    inside = [link.partition("#")[0] for link in links(text) if not link.startswith("http")]
    assert [path for path in inside if not (document.parent / path).resolve().is_relative_to(DOCS)] == []


@pytest.mark.parametrize(
    "link",
    ["away.md", "there.md#away", "#away", "there.md#twice", "images/away.png"],
    ids=["no file", "no heading there", "no heading here", "a heading that is there twice", "no picture"],
)
def test_a_link_that_leads_nowhere_is_found(tmp_path: Path, link: str) -> None:
    (tmp_path / "there.md").write_text("# There\n\n## Twice\n\n## Twice\n", encoding="utf-8")
    document = tmp_path / "here.md"
    document.write_text(f"# Here\n\nSee [this]({link}), and [that](there.md#there).\n", encoding="utf-8")
    assert broken(document) == [link]
