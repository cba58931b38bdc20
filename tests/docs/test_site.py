"""The site has every document, and asks nobody for its fonts; `make site` opens its pages in a browser."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

from tests.docs.markdown import ROOT
from tests.docs.site import pages

PROJECT = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))["project"]


def named(entries: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the documents of the navigation."""
    for entry in entries:
        for under in entry.values():
            yield from [under] if isinstance(under, str) else named(under)


def test_the_navigation_names_every_document_once() -> None:
    paths = sorted("" if name == "index.md" else name.replace(".md", "/") for name in named(PROJECT["nav"]))
    assert paths == sorted(pages())


def test_the_fonts_are_the_readers_own() -> None:
    assert PROJECT["theme"]["font"] is False
