"""The project's Markdown, taken apart as far as tests ask: code blocks, links, and what a link may point to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
DOCS: Final = ROOT / "docs"
DOCUMENTS: Final = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])

_FENCE: Final = re.compile(r'^```([a-z]+)(?: title="([^"]*)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
_INLINE: Final = re.compile(r"`[^`\n]+`")
_LINK: Final = re.compile(r"\]\(([^)\s]+)\)")
_SOURCE: Final = re.compile(r'<img[^>]* src="([^"]+)"')
_HEADING: Final = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """A block of code; `title` is the file or the URL that it shows."""

    language: str
    title: str
    text: str


def name_of(document: Path) -> str:
    """Return what a test's id calls it."""
    return document.relative_to(ROOT).as_posix()


def fences(text: str) -> list[Fence]:
    """Return the blocks of code, in order."""
    return [Fence(language=one[1], title=one[2] or "", text=one[3]) for one in _FENCE.finditer(text)]


def prose(text: str) -> str:
    """Return the text without its code, in which brackets are no links and `#` begins no heading."""
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def links(text: str) -> list[str]:
    """Return where links and pictures point to, as written."""
    outside_code = _INLINE.sub("``", prose(text))
    return [*_LINK.findall(outside_code), *_SOURCE.findall(outside_code)]


def anchors(text: str) -> set[str]:
    """Return the headings that `#…` may name: as forges and the site make them, which agree where one is unique."""
    found = Counter(map(_slug, _HEADING.findall(prose(text))))
    return {slug for slug, times in found.items() if times == 1}


def _slug(heading: str) -> str:
    words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", words).replace(" ", "-")


def commands(text: str) -> Iterator[str]:
    """Yield the lines of shell that are shown, with what `\\` continues in one."""
    for fence in fences(text):
        if fence.language in ("sh", "bash"):
            yield from fence.text.replace("\\\n", " ").splitlines()
