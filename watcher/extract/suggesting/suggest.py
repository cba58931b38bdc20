"""What a page suggests to watch, the best first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import urlsplit

from msgspec.structs import replace

from watcher.core.cpu_budget import CpuBudget
from watcher.core.page import Page
from watcher.core.values import ValueType
from watcher.core.watch import Items, Language, NextPages, Query, Selector, Values
from watcher.core.wording import said_by, worded
from watcher.errors import CheckError
from watcher.extract.body import Body, HtmlBody, JsonBody, XmlBody, open_body
from watcher.extract.suggesting import scores
from watcher.extract.suggesting.by_value import Wanted, shown_values
from watcher.extract.suggesting.candidate import Candidate, CandidateDraft, Kind, Suggestions
from watcher.extract.suggesting.feeds import feeds_of
from watcher.extract.suggesting.json_found import json_candidates
from watcher.extract.suggesting.lists import lists_of
from watcher.extract.suggesting.moments import is_closed, is_report
from watcher.extract.suggesting.next_pages import next_page_of
from watcher.extract.suggesting.page_kinds import is_article, is_index, is_over, kind_of
from watcher.extract.suggesting.page_titles import PageKind
from watcher.extract.suggesting.problems import problem_of, wall_before
from watcher.extract.suggesting.products import products_of
from watcher.extract.suggesting.reading import MOST_CANDIDATES, candidates_of
from watcher.extract.suggesting.scripts import scripts_of
from watcher.extract.suggesting.single_values import last_values_of, values_of
from watcher.extract.suggesting.survey import Survey
from watcher.extract.suggesting.tables import tables_of

_GOOD = 50
_TYPES = {
    PageKind.LEGAL: frozenset({ValueType.MONEY, ValueType.DATE}),
    PageKind.MANUAL: frozenset({ValueType.MONEY, ValueType.DATE}),
    PageKind.CALCULATOR: frozenset(ValueType) - {ValueType.TEXT, ValueType.URL},
}
"""What a list has to have on such a page, as old versions of a policy have dates, and rates of banks figures."""
_TYPES_OF_PAST = frozenset({ValueType.MONEY, ValueType.STOCK, ValueType.URL})
"""A list goes on by what it sells or leads to, however old the page."""


def suggest(page: Page, budget: CpuBudget, *, year: int, value: str | None = None) -> Suggestions:
    """
    Return what the page suggests to watch: at most 8 candidates, the best first, none of which two find the same.

    Each was read as a check reads it, within the budget, and finds what it says; but a feed at another address, which
    whoever fetches it may look at in the same way. Of a page with more than 40,000 elements the first are looked at.

    Args:
        year: in which it was fetched; what is of years long before is over.
        value: only what shows this text is wanted; `1299` is shown by `1,299.00 €` too.
    """
    try:
        body = open_body(page)
        problem = wall_before(page, body)
    except CheckError as error:
        return Suggestions(problem=said_by(error))
    if problem is not None:
        return Suggestions(problem=problem)
    survey = Survey(body.document, lambda: budget.is_spent, year=year) if isinstance(body, HtmlBody) else None
    wanted = None if value is None else Wanted(value)
    read = list(candidates_of(page, _drafts(body, survey, wanted), budget, wanted))
    named: Sequence[Candidate] = ()
    if survey is not None and wanted is None:
        named = _feeds(survey, page.url, read, lambda: budget.is_spent)
    found = sorted((*named, *read), key=lambda one: -one.score)[:MOST_CANDIDATES]
    return Suggestions(candidates=tuple(found), problem=None if read else _problem(page, body, survey))


def _feeds(survey: Survey, url: str, read: Sequence[Candidate], is_spent: Callable[[], bool]) -> Sequence[Candidate]:
    """
    Return the feeds of the page; its own alone of a page that nobody watches, or that shows nothing to watch itself.

    A site names its feed in the head of each page, be it an error or an essay: that says nothing of this one.
    What a front page shows alone, such as whether the rink is open, comes before the news that it does not list.
    """
    found = list(feeds_of(survey.document, url, is_spent))
    is_lasting = kind_of(survey) in (PageKind.FIXED, PageKind.LEGAL) or is_over(survey)
    is_front = not urlsplit(url).path.strip("/")
    is_watched = not is_lasting and (bool(read) or (is_index(survey) and not is_article(survey)))
    if not is_watched:
        return [feed for feed in found if feed.score > scores.FEED_OF_SITE]
    if is_front and read and all(one.kind is Kind.VALUE for one in read):
        return [replace(feed, score=min(feed.score, scores.FEED_OF_SITE)) for feed in found]
    return found


def _drafts(body: Body, survey: Survey | None, wanted: Wanted | None) -> Iterator[CandidateDraft]:
    match body:
        case HtmlBody() if survey is not None and wanted is not None:
            yield from _shown(survey, wanted)
        case HtmlBody() if survey is not None:
            yield from _watched(survey)
        case JsonBody():
            yield from json_candidates(body.root, wanted)
        case XmlBody():
            yield _FEED


def _shown(survey: Survey, wanted: Wanted) -> Iterator[CandidateDraft]:
    """Yield all that may show what somebody looks for, whatever page it is."""
    yield from products_of(survey)
    yield from scripts_of(survey, wanted)
    lists = _lists(survey)
    yield from lists
    yield from (_behind(draft, lists) for draft in shown_values(survey, wanted))


def _watched(survey: Survey) -> Iterator[CandidateDraft]:
    kind = kind_of(survey)
    products = list(products_of(survey))
    yield from products
    if kind is PageKind.FIXED or is_over(survey):
        return
    is_reported, is_closed_now = is_report(survey), is_closed(survey)  # before tables are left out
    scripts = list(scripts_of(survey, None))
    yield from scripts
    types = _TYPES.get(kind, frozenset(ValueType)) & (_TYPES_OF_PAST if is_closed_now else frozenset(ValueType))
    lists = [draft for draft in _lists(survey) if types & _types(draft)]
    yield from lists
    if kind not in (PageKind.LEGAL, PageKind.CALCULATOR) and not is_reported and not is_closed_now:
        yield from _values(survey, lists, may_be_fixed=bool(products or scripts or lists))


def _values(survey: Survey, lists: Sequence[CandidateDraft], *, may_be_fixed: bool) -> Iterator[CandidateDraft]:
    """Yield single values, and what stands for itself where they are none. `may_be_fixed`: they need not change."""
    values = [draft for draft in values_of(survey) if not _counts_rows(survey, draft, lists)]
    is_listed = any(draft.score >= _GOOD for draft in lists)
    if not is_listed and all(draft.score <= scores.FIXED for draft in values):
        values += last_values_of(survey, has_lists=bool(lists))
    if may_be_fixed or any(draft.score > scores.FIXED for draft in values):
        yield from (_behind(draft, lists) for draft in values)


def _lists(survey: Survey) -> list[CandidateDraft]:
    pages = next_page_of(survey)
    tables = list(tables_of(survey))
    lists = (*(draft for _, draft in tables), *lists_of(survey, [spot for spot, _ in tables]))
    return [_with_pages(draft, pages) for draft in lists]


def _behind(value: CandidateDraft, lists: Sequence[CandidateDraft]) -> CandidateDraft:
    """
    Return a single value, behind a list of prices, and a day behind a list of days.

    What is one amount beside many is seldom what a page is about, and the day of a release is that of the newest one.
    """
    if not isinstance(value.extraction, Values) or len(value.extraction.selectors) > 1:
        return value
    is_day = any(each.type is ValueType.DATE for each in value.extraction.selectors.values())
    days = [draft.score for draft in lists if is_day and ValueType.DATE in _types(draft)]
    prices = [draft.score for draft in lists if draft.score >= _GOOD and ValueType.MONEY in _types(draft)]
    best = max((*days, *prices), default=value.score + 1)
    return replace(value, score=best - 1) if value.score >= best else value


def _counts_rows(survey: Survey, value: CandidateDraft, lists: Sequence[CandidateDraft]) -> bool:
    """Return whether a value is how many rows a list of the page has: the list says more."""
    if value.score != scores.COUNT or not isinstance(value.extraction, Values):
        return False
    counted = [each.query.expression for each in value.extraction.selectors.values() if each.query]
    texts = [one.text for css in counted for one in survey.document.select(css)[:1]]
    numbers = {re.sub(r"\D", "", text) for text in texts}
    queries = [draft.extraction.query for draft in lists if isinstance(draft.extraction, Items)]
    return any(str(len(survey.document.select(query.expression))) in numbers for query in queries)


def _types(draft: CandidateDraft) -> set[ValueType]:
    """Return of which types what is listed has something."""
    fields = draft.extraction.fields.values() if isinstance(draft.extraction, Items) else ()
    return {field.type for field in fields}


def _with_pages(draft: CandidateDraft, pages: NextPages | None) -> CandidateDraft:
    """Return the list with its other pages; as it was where it cannot be read so."""
    if pages is None or not isinstance(draft.extraction, Items):
        return draft
    plain = draft.plainer if isinstance(draft.plainer, Items) else draft.extraction
    why = worded("suggest_pages", "{why} The page links to the next one.", why=draft.why)
    return replace(
        draft,
        why=why,
        extraction=replace(draft.extraction, pages=pages),
        plainer=replace(plain, pages=pages),
    )


def _entries(title: str) -> Items:
    """Return the entries of a feed, and their links; `title`: the part that tells people what each is."""
    return Items(
        query=Query(Language.FEED, ""),
        key=Selector(query=Query(Language.FEED, "id")),
        fields={
            "title": Selector(query=Query(Language.FEED, title)),
            "link": Selector(query=Query(Language.FEED, "link"), type=ValueType.URL),
        },
        rolling=True,
    )


_FEED = CandidateDraft(
    kind=Kind.FEED,
    why=worded("suggest_feed", "The page is a feed, whose entries keep their identity."),
    extraction=_entries("title"),
    plainer=_entries("summary"),  # of short posts, as Mastodon's, which have no titles
    score=scores.FEED,
)


def _problem(page: Page, body: Body, survey: Survey | None) -> str | None:
    return problem_of(survey, body, page.url) if survey is not None and isinstance(body, HtmlBody) else None
