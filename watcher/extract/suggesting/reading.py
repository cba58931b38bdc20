"""Reads candidates as a check does: what cannot be read, or finds what a better one finds, is left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice

from msgspec.structs import replace

from watcher.core.cpu_budget import CpuBudget
from watcher.core.page import Page
from watcher.core.shown import shown_briefly
from watcher.core.values import Money, Row, Rows, Value, show
from watcher.core.watch import WHOLE_PAGE, Extraction, Items, Query, Request, Rule, Scope, Values, Watch
from watcher.core.words import cut
from watcher.errors import CheckError
from watcher.extract.currencies import decimals_of
from watcher.extract.observe import look
from watcher.extract.suggesting.by_value import Wanted
from watcher.extract.suggesting.candidate import Candidate, CandidateDraft, body_of

MOST_CANDIDATES = 8
_SHOWN_ROWS = 3
_SHOWN_CHARACTERS = 80
_NEWS = 0.1
"""A candidate that finds less than this which a better one does not find is the same."""
_MOST_READ = 20
"""So many drafts are read at most; pages that have something have few."""


def candidates_of(
    page: Page,
    drafts: Iterable[CandidateDraft],
    budget: CpuBudget,
    wanted: Wanted | None = None,
    *,
    exclude: tuple[Query, ...] = (),
) -> Iterator[Candidate]:
    """
    Yield the best drafts that can be read, and show what is wanted, at most MOST_CANDIDATES, the best first.

    Args:
        exclude: what they leave out of the page.
    """
    known: list[tuple[bool, frozenset[str]]] = []
    ranked = sorted(drafts, key=lambda draft: -draft.score)
    for draft in ranked[:_MOST_READ]:
        if len(known) == MOST_CANDIDATES or budget.is_spent:
            return
        extraction, rows = _read(page, draft, budget, exclude)
        if not rows or not (wanted is None or draft.is_wanted or _has(rows, wanted)):
            continue
        is_list, marks = isinstance(extraction, Items), _marks_of(rows)
        if any(is_list == other and _is_within(marks, found) for other, found in known):
            continue
        known.append((is_list, marks))
        body = body_of(page.url, extraction, draft.json_in, exclude)
        texts = tuple(_texts(extraction, rows))
        yield Candidate(kind=draft.kind, why=draft.why, texts=texts, watch=body, score=round(draft.score, 1))


def _has(rows: Rows, wanted: Wanted) -> bool:
    return any(wanted.is_value(value) for row in rows.values() for value in row.values())


def _read(page: Page, draft: CandidateDraft, budget: CpuBudget, exclude: tuple[Query, ...]) -> tuple[Extraction, Rows]:
    """Return what a check would see, of the draft or of what is plainer; nothing when it would fail."""
    extractions = (draft.extraction,) if draft.plainer is None else (draft.extraction, draft.plainer)
    for extraction in extractions:
        try:
            return extraction, look(page, _watch(page.url, extraction, draft.json_in, exclude), budget).rows
        except (CheckError, ValueError):  # of the latter is a path that the engine refuses
            continue
    return draft.extraction, {}


def _watch(url: str, extraction: Extraction, json_in: Query | None, exclude: tuple[Query, ...]) -> Watch:
    return Watch(
        id="page",
        name="page",
        request=Request(url=url),
        topics=(),
        extraction=extraction,
        rules=(Rule(conditions=()),),
        scope=Scope(exclude=exclude, json_in=json_in) if exclude or json_in else WHOLE_PAGE,
    )


def _texts(extraction: Extraction, rows: Rows) -> Iterator[str]:
    match extraction:
        case Values():
            row = next(iter(rows.values()))
            yield from (f"{name}: {_shown(value)}" for name, value in row.items())
        case Items():
            yield from (_line(key, row) for key, row in islice(rows.items(), _SHOWN_ROWS))


def _line(key: str, row: Row) -> str:
    values = [value for value in row.values() if value not in (None, "")]
    return " · ".join(map(_shown, values)) if values else _shown(key)


def _shown(value: Value) -> str:
    whole = _with_cents(value) if isinstance(value, Money) else value
    return cut(" ".join(shown_briefly(whole).split()), _SHOWN_CHARACTERS)


def _with_cents(value: Money) -> Money:
    """Return an amount of `379.9` with all decimals of its currency, as people write it: `379.90`."""
    missing = decimals_of(value.code) + min(0, int(value.amount.as_tuple().exponent))
    return value if missing <= 0 else replace(value, amount=value.amount + Decimal((0, (0,), -decimals_of(value.code))))


def _marks_of(rows: Rows) -> frozenset[str]:
    """Return what tells what was found: an amount, however it is written, and other values as they are shown."""
    return frozenset(
        f"{value.amount.normalize():f}" if isinstance(value, Money) else show(value)
        for row in rows.values()
        for value in row.values()
        if value is not None
    ) or frozenset(rows)


def _is_within(own: frozenset[str], known: frozenset[str]) -> bool:
    return len(own - known) <= len(own) * _NEWS
