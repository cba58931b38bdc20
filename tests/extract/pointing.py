"""
Whether what was pointed at is found again: `python -m tests.extract.pointing [DIR…]` prints the figures.

`--every N` takes one page in N.

Of each page three things that show a short text are pointed at, and each is looked for after ten changes of the page,
as sites do them (`mutated/mutators.py`). The pages are those of people who had not seen the code (the archives beside
this module), Debian's documents where they are installed, and the HTML of the folders that are named, as `make
redesigns` and `make shop` leave it. A page that a browser would mend (an end tag without a start) is written anew by
the parser first.

| figure | meaning |
|---|---|
| found | the watch believes the right thing, or the right place is proposed first, of all in which it is there |
| wrong | another thing is believed that does not read as the right one does |

Things that a name tells from all others, or the link of their row, are counted apart from those whose selector counts
places, as of one entry of a list: when a site puts another one first, the witness has to see that.
"""

from __future__ import annotations

import argparse
import gzip
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from random import Random
from time import thread_time
from typing import Final
from zipfile import ZipFile

import turbohtml
from msgspec import Struct, field
from turbohtml import Element, Text

from tests.extract.builders import page
from tests.extract.harmless import assert_harmless, numbers_in
from tests.extract.mutated.cases import Case, cases
from tests.extract.mutated.frames import Place, Template
from tests.extract.mutated.tree import read, written
from tests.extract.mutated.trial import How, Outcome, Result, result
from tests.extract.mutations import told
from watcher.core.cpu_budget import CpuBudget
from watcher.core.values import ValueType
from watcher.extract.document import Document
from watcher.extract.page_copy import page_copy
from watcher.extract.suggesting.pointed import Pointed, pointed_at
from watcher.extract.text import text_of

ARCHIVES: Final = tuple(sorted(Path(__file__).parent.glob("suggested_*.zip")))
DEBIAN: Final = Path("/usr/share/doc")
_THINGS: Final = 3
_CHANGES: Final = 10
_MOST_BYTES: Final = 300_000
_MOST_DEPTH: Final = 100
"""The tree of the mutators is walked by recursion."""
_SHORT: Final = range(2, 60)
_NO_THINGS: Final = frozenset({"html", "head", "body", "script", "style", "title", "option", "noscript", "svg", "math"})


class Sum(Struct, kw_only=True):
    """What the watches of some things came to."""

    things: int = 0
    there: int = 0
    found: int = 0
    wrong: list[str] = []

    def __str__(self) -> str:
        share = 100 * self.found / self.there if self.there else 0
        return f"{self.things} things, {self.there} changes with them: {share:.1f} % found, {len(self.wrong)} wrong"


class Figures(Struct, kw_only=True):
    """
    What pointing at things on some pages came to.

    Attributes:
        named: things that a name tells from all others.
        counted: things whose selector counts places, as one entry of a list: the picker says so.
    """

    pages: int = 0
    named: Sum = field(default_factory=Sum)
    counted: Sum = field(default_factory=Sum)


def pages_of_others() -> Iterator[tuple[str, str]]:
    """Yield the pages of the archives, each with a name."""
    for archive in ARCHIVES:
        with ZipFile(archive) as opened:
            for name in opened.namelist():
                if name.endswith(".html"):
                    yield f"{archive.stem}/{name}", opened.read(name).decode("utf-8", "replace")


def pages_in(*folders: Path) -> Iterator[tuple[str, str]]:
    """Yield the HTML of folders, each page with its path."""
    for folder in folders:
        found = (*folder.rglob("*.html"), *folder.rglob("*.html.gz"))
        for path in sorted(each for each in found if each.is_file()):  # a folder may be called `policy.html`
            content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            yield str(path), content.decode("utf-8", "replace")


def figures(found: Iterable[tuple[str, str]]) -> Figures:
    """Return what comes of pointing at things on these pages. Raises AssertionError for a copy that is not harmless."""
    sums = Figures()
    for name, source in found:
        mended = turbohtml.parse(source).html[:_MOST_BYTES] if len(source) <= _MOST_BYTES else ""
        if not mended or _depth(mended) > _MOST_DEPTH:
            continue
        sums.pages += 1
        _look_at_copy(mended)
        for number in _things(mended, Random(name)):
            template = _template(name, mended, number)
            if template is not None:
                part = sums.counted if ":nth-" in template.name else sums.named
                part.things += 1
                for case in _changed(template):
                    _count(part, result(case, How.GENERATED, is_alone=False))
    return sums


def _changed(template: Template) -> Iterator[Case]:
    """Yield ten changes of a page, less those that take the thing off it before the mutators are done."""
    for seed in range(_CHANGES):
        with suppress(AssertionError):
            yield from cases([template], 1, seed)


def _count(part: Sum, one: Result) -> None:
    if one.outcome is Outcome.WRONG and not one.is_same:
        part.wrong.append(told(one))
    if not one.is_gone:
        part.there += 1
        part.found += one.outcome is Outcome.RIGHT or one.is_proposed


def _look_at_copy(source: str) -> None:
    """Check that the copy of a page does nothing, and shows each of its elements by its own number."""
    copy = page_copy(Document(source), "https://page.example/")
    assert_harmless(copy)
    numbers = numbers_in(copy)
    assert numbers == sorted(set(numbers))


def _things(source: str, rng: Random) -> list[int]:
    """Return the places of some elements that show a short text of their own."""
    places = [place for place, each in enumerate(Document(source).elements()) if _is_thing(each)]
    return sorted(rng.sample(places, min(_THINGS, len(places))))


def _is_thing(element: Element) -> bool:
    own = "".join(node.data for node in element.children if isinstance(node, Text)).strip()
    chain = {element.tag, *(each.tag for each in element.ancestors if isinstance(each, Element))} - {"html", "body"}
    return len(own) in _SHORT and not chain & _NO_THINGS


def _template(name: str, source: str, number: int) -> Template | None:
    """Return the page with the thing marked; None where it is no page, or cannot be read as what it seems."""
    seen = pointed_at(page(source), CpuBudget(thread_time, seconds=5), number)
    if seen is None or seen.value is None:
        return None
    tree = turbohtml.parse(source)
    list(tree.iter_elements())[number].attrs["x-t"] = "it"
    for outer in tree.select("html, head, body"):
        outer.attrs["x-fix"] = ""
    try:
        marked = read(tree.html.partition(">")[2] if tree.html[:2] == "<!" else tree.html)
    except (AssertionError, ValueError):  # SVG that closes itself, or another notation that the mutators do not know
        return None
    again, whole = list(Document(written(marked)).elements()), list(Document(source).elements())
    if len(list(marked.elements())) != len(again) or text_of(again[number]) != text_of(whole[number]):
        return None
    return Template(name=f"{name} {seen.selector}", source=tree.html, places={"it": Place(seen.selector, _type(seen))})


def _type(seen: Pointed) -> ValueType:
    extract = seen.value.watch["extract"] if seen.value else {}
    written_so = next(iter(extract.values()), None) if isinstance(extract, dict) else None
    return ValueType(str(written_so.get("type", "text"))) if isinstance(written_so, dict) else ValueType.TEXT


def _depth(source: str) -> int:
    deepest = 0
    for element in Document(source).elements():
        if not any(isinstance(each, Element) for each in element.children):
            deepest = max(deepest, sum(1 for _ in element.ancestors))
    return deepest


def main() -> None:
    """Print the figures of each kind of page, and what is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.extract.pointing")
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--every", type=int, default=1)
    options = parser.parse_args()
    kinds = {
        "pages of others": pages_of_others(),
        "Debian's documents": pages_in(DEBIAN),
        **{str(folder): pages_in(folder) for folder in options.folders},
    }
    for kind, found in kinds.items():
        sums = figures(islice(found, 0, None, options.every))
        print(f"{kind}: {sums.pages} pages")
        print(f"  by a name: {sums.named}", *sums.named.wrong, sep="\n    ")
        print(f"  by counting places: {sums.counted}", *sums.counted.wrong, sep="\n    ")


if __name__ == "__main__":
    main()
