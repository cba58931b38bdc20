"""
Whether each value stands in its usual place, told from the prefix of a page (`prefix`).

It is asked as on the whole page (`witness.verify`), but nothing is doubted here: what is not certain, or not as it was,
is left to the whole page. What the prefix cannot know is whether the place has become one of several *behind* it, as
after another label that says the same. So of `alike` and `others` there must be no more than there were, as far as the
prefix goes; how many the whole page has is asked by the next check that reads all of it, as the first of new bytes does
a day after the profile was taken. A doubt that comes of them alone comes then.

| of a witness                      | is certain where                                                |
|-----------------------------------|-----------------------------------------------------------------|
| `label`, `before`, `heading`      | the element is settled                                          |
| `path`, `above`, `own`            | the same                                                        |
| `after`, `around`, `twins`, `row` | its place is settled                                            |
| `header`                          | its table is closed, as that of each settled element is         |
| `alike`, `others`                 | never: they are looked at as far as the prefix goes             |
| `copies`                          | never: what a selector counts is left to the whole page         |
"""

from __future__ import annotations

from msgspec.structs import replace

from watcher.core.cpu_budget import CpuBudget
from watcher.core.page import Page
from watcher.core.values import SINGLE, Rows
from watcher.core.watch import Values, Watch
from watcher.core.witness import Witness, Witnesses
from watcher.errors import CheckError
from watcher.extract.prefix_reading import PrefixBody, open_prefix
from watcher.extract.profile import digest_of_heads
from watcher.extract.reader import Reader
from watcher.extract.signs import Place
from watcher.extract.witness import Observed, are_telling, is_counted, match_of, witness_of


def may_show_places(watch: Watch, usual: Witnesses) -> bool:
    """Return whether the prefix of a page may show that each value is in its place."""
    if not isinstance(watch.extraction, Values) or not are_telling(watch, usual):
        return False
    return not any(map(is_counted, watch.extraction.selectors.values()))


def shows_places(
    page: Page, watch: Watch, kib: int, usual: Witnesses, heads: bytes, rows: Rows, budget: CpuBudget
) -> bool:
    """
    Return whether so many KiB of a page show each value in its usual place, under the usual title and heading.

    Args:
        heads: digest of these two.
        rows: what the watch sees on the page, and its prefix decides.
    """
    if not heads or not may_show_places(watch, usual):
        return False
    try:
        body = open_prefix(page, kib)
        if body is None or digest_of_heads(body) != heads:
            return False
        return _are_in_place(body, Reader(body, page.url, budget), watch, usual, rows)
    except CheckError:  # what only the whole page can tell
        return False


def _are_in_place(body: PrefixBody, reader: Reader, watch: Watch, usual: Witnesses, rows: Rows) -> bool:
    if not isinstance(watch.extraction, Values):
        return False
    return all(
        _is_in_place(body, reader, Observed(name=name, selector=selector, then=None, now=rows[SINGLE][name]), usual)
        for name, selector in watch.extraction.selectors.items()
    )


def _is_in_place(body: PrefixBody, reader: Reader, observed: Observed, usual: Witnesses) -> bool:
    match, known = match_of(reader, observed.selector, is_known=True), usual.get(observed.name)
    if match is None or not isinstance(known, Witness) or not body.has_settled_place(match.element):
        return False
    now = witness_of(body, reader, observed, match, Place(match.element))
    is_no_less_unique = now.alike <= known.alike and now.others <= known.others
    return is_no_less_unique and replace(now, alike=known.alike, others=known.others) == known
