"""
The generator of selectors beside two of npm: what becomes of what each makes when a page changes, how long it is, and
how long it takes to make.

All three make a selector for each watched element of the pages of `tests/extract/mutated`, the peers in a real browser,
which also says what each selector finds first on the mutated pages. That is right where it is the element itself, or
one around or within it that says the same; where the thing is gone, nothing is right.
"""

from __future__ import annotations

import asyncio
import shutil
import statistics
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final

from msgspec import Struct
from playwright.async_api import Page

from benchmarks import pages
from benchmarks.report import Bench, Section, Table, UnverifiedError, verdict
from tests.browser import open_browser
from tests.extract.mutated.cases import Case, cases
from tests.extract.mutated.frames import Place, Template
from tests.extract.mutated.held_out import HELD_OUT
from tests.extract.mutated.pages import TAUGHT
from tests.extract.mutated.tree import TRUTH, read, written
from watcher.extract.document import Document
from watcher.extract.selector_of import selector_of

_OURS: Final = "watcher"
_FINDER: Final = "@medv/finder"
_GENERATOR: Final = "css-selector-generator"
_CASES: Final = 5_000
_QUICK_CASES: Final = 100
_LARGE_PAGE: Final = b"".join(pages.page(9, noise=1, price=1_299)).decode()
_LARGE_ELEMENTS: Final = 24
_SECONDS: Final = 300
_MOST_CHARS: Final = 40
_MOST_MS: Final = 20.0
_BATCH: Final = 100

_MADE: Final = """
(places) => places.map((place) => {
  const element = document.querySelectorAll('*')[place];
  return Object.entries(globalThis.makers).map(([name, make]) => {
    const began = performance.now();
    const css = make(element);
    return [name, css, performance.now() - began];
  });
})
"""
_FOUND: Final = """
(cases) => cases.map(([html, selectors]) => {
  const page = new DOMParser().parseFromString(html, 'text/html');
  const all = Array.from(page.querySelectorAll('*'));
  return selectors.map((css) => all.indexOf(page.querySelector(css)));
})
"""


class Outcome(StrEnum):
    """What becomes of a selector."""

    RIGHT = "right"
    ANOTHER = "silently another"
    NOTHING = "nothing"


class Made(Struct, frozen=True):
    """A selector, and how long it took to make: ours in milliseconds of processor time, a peer's in the browser."""

    css: str
    ms: float


class Watched(Struct, frozen=True, kw_only=True):
    """A watched element of a page, and what each generator makes for it, by its name."""

    template: str
    place: str
    made: Mapping[str, Made]


async def measure(bench: Bench) -> Section:
    """Return what becomes of the selectors of each generator. Raises UnverifiedError."""
    if shutil.which("chromium") is None:
        raise UnverifiedError("there is no chromium; `make system` installs it")
    peers = {} if bench.is_quick else scripts(bench.peers / "npm" / "node_modules")
    count = _QUICK_CASES if bench.is_quick else _CASES
    sets = {"Pages that it was made with": TAUGHT, "Pages that were held out": HELD_OUT}
    tables: list[Table] = []
    figures: dict[str, float] = {}
    async with open_browser() as browser, asyncio.timeout(_SECONDS):
        page = await (await browser.new_context(offline=True)).new_page()
        for title, templates in sets.items():
            watched = await _watched(page, templates, peers)
            counted = await _outcomes(page, watched, list(cases(templates, count)))
            tables.append(_outcome_table(title, counted, watched))
            figures |= {
                f"{title}, {name}, {what} share": _share(each, what)
                for name, each in counted.items()
                for what in Outcome
            }
            bench.tell(f"  {title}: {_share(counted[_OURS], Outcome.RIGHT):.1%} right")
        large = await _of_large_page(page, peers)
    tables.append(_large_table(large))
    return Section(title="Selectors", tables=tables, figures=figures)


def scripts(modules: Path) -> Mapping[str, str]:
    """Return what makes each peer's generator one of `makers` in a page, by its name. Raises UnverifiedError."""
    finder, generator = modules / _FINDER / "finder.js", modules / _GENERATOR / "build" / "index.js"
    for name, path in ((_FINDER, finder), (_GENERATOR, generator)):
        if not path.exists():
            raise UnverifiedError(f"there is no {name} in {modules}; `make bench` installs it there")
    # The one is a module of JavaScript, the other assigns to a global.
    as_script = finder.read_text(encoding="utf-8").replace("export function", "function")
    return {
        _FINDER: f"{as_script}; globalThis.makers['{_FINDER}'] = (one) => finder(one)",
        _GENERATOR: f"{generator.read_text(encoding='utf-8')};"
        f"globalThis.makers['{_GENERATOR}'] = (one) => CssSelectorGenerator.getCssSelector(one)",
    }


async def _watched(page: Page, templates: Sequence[Template], peers: Mapping[str, str]) -> list[Watched]:
    """Return the watched elements of these pages; those of lists are left out."""
    found = []
    for template in templates:
        tree = read(template.source)
        source, marked = written(tree), Document(written(tree, has_truth=True))
        names = [name for name, place in template.places.items() if isinstance(place, Place)]
        order = marked.order()
        places = [order[marked.select(_mark(name))[0]] for name in names]
        for name, made in zip(names, await _made(page, source, places, peers), strict=True):
            found.append(Watched(template=template.name, place=name, made=made))
    return found


async def _made(page: Page, source: str, places: Sequence[int], peers: Mapping[str, str]) -> list[Mapping[str, Made]]:
    """Return what each generator makes for the elements at these places of a page."""
    await page.set_content(source)
    await page.evaluate("() => { globalThis.makers = {}; }")
    for script in peers.values():
        await page.evaluate(f"() => {{ {script} }}")
    theirs = await page.evaluate(_MADE, places)
    return [
        {_OURS: _made_by_us(source, place), **{name: Made(css, ms) for name, css, ms in made}}
        for place, made in zip(places, theirs, strict=True)
    ]


def _made_by_us(source: str, place: int) -> Made:
    document = Document(source)
    element = list(document.elements())[place]
    began = time.thread_time()
    css = selector_of(document, element)
    return Made(css, 1_000 * (time.thread_time() - began))


async def _outcomes(page: Page, watched: Sequence[Watched], tried: Sequence[Case]) -> Mapping[str, Counter[Outcome]]:
    """Return how often what each generator made comes to what on the mutated pages."""
    made = {(each.template, each.place): each.made for each in watched}
    single = [case for case in tried if (case.template.name, case.place) in made]
    counted: dict[str, Counter[Outcome]] = {name: Counter() for name in watched[0].made}
    for start in range(0, len(single), _BATCH):
        batch = single[start : start + _BATCH]
        asked = [[each.after, [one.css for one in made[each.template.name, each.place].values()]] for each in batch]
        for case, found in zip(batch, await page.evaluate(_FOUND, asked), strict=True):
            for counter, place in zip(counted.values(), found, strict=True):
                counter[outcome(case, place)] += 1
    return counted


def outcome(case: Case, place: int) -> Outcome:
    """
    Return what it comes to that a selector finds an element on the mutated page.

    Args:
        place: of the element among all of the page; below 0 for none.
    """
    document = Document(case.marked_after)
    true = document.select(_mark(case.place))
    if place < 0:
        return Outcome.NOTHING if true else Outcome.RIGHT
    found = list(document.elements())[place]
    says_the_same = (one for one in true if one.text.strip() == found.text.strip())
    if found in true or any(one in found.ancestors or found in one.ancestors for one in says_the_same):
        return Outcome.RIGHT
    return Outcome.ANOTHER


def _mark(place: str) -> str:
    return f'[{TRUTH}="{place}"]'


async def _of_large_page(page: Page, peers: Mapping[str, str]) -> list[Mapping[str, Made]]:
    """Return what is made for elements all over a page of 500 KB."""
    count = len(list(Document(_LARGE_PAGE).elements()))
    step = count // _LARGE_ELEMENTS
    return await _made(page, _LARGE_PAGE, range(step, count, step), peers)


def _share(counter: Counter[Outcome], what: Outcome) -> float:
    return counter[what] / counter.total()


def _outcome_table(title: str, counted: Mapping[str, Counter[Outcome]], watched: Sequence[Watched]) -> Table:
    rows = []
    for name, counter in counted.items():
        chars = sorted(len(each.made[name].css) for each in watched)
        shares = [f"{_share(counter, what):.1%}" for what in Outcome]
        rows.append([name, *shares, f"{statistics.median(chars):.0f}", f"{chars[-1]}"])
    cases = counted[_OURS].total()
    return Table(
        title=f"{title}: {len(watched)} elements, {cases:,} mutated pages",
        header=["", *Outcome, "characters, median", "most"],
        rows=rows,
    )


def _large_table(made: Sequence[Mapping[str, Made]]) -> Table:
    rows = []
    for name in made[0]:
        times = sorted(each[name].ms for each in made)
        reached = verdict(is_reached=times[-1] < _MOST_MS) if name == _OURS else ""
        chars = statistics.median(len(each[name].css) for each in made)
        rows.append([name, f"{statistics.median(times):.1f}", f"{times[-1]:.1f}", reached, f"{chars:.0f}"])
    return Table(
        title=f"{len(made)} elements of a page of 500 KB",
        header=["", "ms, median", "ms, most", f"below {_MOST_MS:.0f} ms", "characters, median"],
        rows=rows,
    )
