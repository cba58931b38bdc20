"""
How many noisy pages are loud, and what silences them: `python -m tests.extract.noise` prints the table.

A page is loud when a version differs from the one before it, though none has anything new. The line that silences it
is what `watcher try` offers after two looks: it is found in the first two versions, and tried on all.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from tests.extract.builders import css, page, watch
from tests.extract.noisy_pages import PAGES, VERSIONS, NoisyPage
from watcher.core.cpu_budget import UNLIMITED
from watcher.core.likeness import Likeness
from watcher.core.watch import Query, Scope, Values, Watch
from watcher.extract.noise import Remedy, remedy
from watcher.extract.observe import look


class Finding(Struct, frozen=True, kw_only=True):
    """What a watch of one page came to. `is_silenced`: of a loud one, by the line that is offered."""

    name: str
    extract: str | None
    is_loud: bool
    remedy: Remedy | None = None
    is_silenced: bool = True


def findings(pages: Sequence[NoisyPage] = PAGES, *, whole: bool = False) -> Iterator[Finding]:
    """Yield what the four-line watch of each page comes to; `whole`: one of the text of the page."""
    for each in pages:
        yield _finding(each, None if whole else each.extract)


def _finding(noisy: NoisyPage, extract: str | None) -> Finding:
    of = watch(Values(selectors={"value": css(extract)}))
    versions = [noisy.version(number) for number in range(VERSIONS)]
    if not is_loud(of, versions):
        return Finding(name=noisy.name, extract=extract, is_loud=False)
    found = tried(of, versions)
    is_silenced = found is not None and not is_loud(silenced(of, found), versions)
    return Finding(name=noisy.name, extract=extract, is_loud=True, remedy=found, is_silenced=is_silenced)


def tried(of: Watch, versions: Sequence[str]) -> Remedy | None:
    """Return what is offered in the end, when `try` is called again while something still moves."""
    found = None
    for one, other in pairwise(versions):
        further = remedy(silenced(of, found) if found else of, page(one), page(other), UNLIMITED)
        if further is not None and found is not None and further.key != found.key:
            return None  # one line is not enough
        found = further or found
    return found


def silenced(of: Watch, by: Remedy) -> Watch:
    """Return the watch with the line."""
    if by.key == "ignore_text":
        return replace(of, ignore_text=by.entries)
    return replace(of, scope=Scope(exclude=tuple(map(Query.css, by.entries))))


def is_loud(of: Watch, versions: Sequence[str]) -> bool:
    """Return whether any version is told as a change of the one before."""
    likeness = Likeness(of, UNLIMITED)
    seen = [look(page(version), of, UNLIMITED).rows for version in versions]
    return any(likeness.rows(old, new) is not new for old, new in pairwise(seen))


def report() -> str:
    """Return the tables as Markdown."""
    parts = []
    for whole, title in ((False, "four-line watch"), (True, "text of the whole page")):
        found = list(findings(whole=whole))
        loud = [each for each in found if each.is_loud]
        silent = sum(each.is_silenced for each in loud)
        parts.append(f"{title}: {len(loud)} of {len(found)} pages loud; what `try` offers silences {silent} of these\n")
        parts.append("| page | watched | line |\n|---|---|---|")
        for each in loud:
            line = f"`{each.remedy.key}: {list(each.remedy.entries)}`" if each.remedy else "none"
            parts.append(
                f"| {each.name} | {each.extract or 'page text'} | {line}{'' if each.is_silenced else ' (not enough)'} |"
            )
        parts.append("")
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(report())
