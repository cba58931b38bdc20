"""
What one wall, or one good page, comes to with each typical watch: a baseline before it, then it, four times over.

| watch | of a wall | of a good page |
|---|---|---|
| body | `css: body` | the same |
| h1 | `css: h1` | must stay good |
| page | without `extract` | the same |
| disappears | an optional value that is there before | the value that changes goes away |
| text, status | – | the value that changes, `css: .v` |
| price | `type: money` | – |
| list | rows with a key | – |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.walls.good import Good
from tests.walls.shells import Site, within
from watcher.core.check import CheckFailure, CheckOutcome, Decision, Seen, Verdict, WatchState
from watcher.core.cpu_budget import UNLIMITED
from watcher.core.judge import judge
from watcher.core.page import Page, Validators
from watcher.core.page_profile import Usual
from watcher.core.suspicion import is_place_refused
from watcher.core.values import ValueType
from watcher.core.watch import Condition, Items, OnError, Operator, Query, Request, Rule, Selector, Values, Watch
from watcher.errors import CheckError
from watcher.extract.observe import merge
from watcher.extract.plan import plan
from watcher.watching.check import is_to_examine
from watcher.watching.reading import examine_page, see_page

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
_CHANGES = Rule(conditions=(Condition(operator=Operator.CHANGES),))
_AGAIN = 4
"""A wall agrees with itself: more often than `accept_after`."""


def _watch(extraction: Values | Items, operator: Operator = Operator.CHANGES) -> Watch:
    subject = "value" if operator is Operator.DISAPPEARS else None
    return Watch(
        id="w",
        name="w",
        request=Request(url="https://shop.example/dune"),
        topics=("t",),
        extraction=extraction,
        on_error=OnError(after=None),
        rules=(Rule(conditions=(Condition(operator=operator, subject=subject),)),),
    )


def _value(css: str | None, *, is_optional: bool = False, type: ValueType = ValueType.TEXT) -> Values:  # noqa: A002
    query = Query.css(css) if css else None
    return Values(selectors={"value": Selector(query=query, optional=is_optional, type=type)})


WALL_WATCHES: Mapping[str, Watch] = {
    "body": _watch(_value("body")),
    "h1": _watch(_value("h1")),
    "page": _watch(_value(None)),
    "disappears": _watch(_value(".coupon", is_optional=True), Operator.DISAPPEARS),
    "status": _watch(_value(".status")),
    "price": _watch(_value(".price", type=ValueType.MONEY)),
    "list": _watch(Items(query=Query.css("li.row"), key=Selector(query=Query.css("b")), fields={}), Operator.REMOVED),
}
STOCK_OF_HEADING = _watch(_value("h1", type=ValueType.STOCK))
"""A wall's heading says `unavailable`, too."""
GOOD_WATCHES: Mapping[str, Watch] = {
    "body": _watch(_value("body")),
    "h1": _watch(_value("h1", is_optional=True)),
    "page": _watch(_value(None)),
    "text": _watch(_value(".v")),
    "disappears": _watch(_value(".v", is_optional=True), Operator.DISAPPEARS),
}


@dataclass
class Trial:
    """A watch that checks given bodies, as `watching.check` does, without a network."""

    watch: Watch
    state: WatchState = field(default_factory=WatchState)
    now: datetime = NOON

    def check(self, source: str, *, is_json: bool = False) -> Decision:
        """Return what one more check comes to."""
        self.now += timedelta(minutes=10)
        decision = judge(
            self.watch, self.state, self._outcome(source, is_json), epoch="e", now=self.now, budget=UNLIMITED
        )
        self.state = decision.state
        return decision

    def _outcome(self, source: str, is_json: bool) -> CheckOutcome:
        media_type = "application/json" if is_json else "text/html"
        page = Page(url=self.watch.request.url, body=source.encode(), media_type=media_type)
        try:
            return self._seen(page)
        except CheckError as error:
            return CheckFailure(kind=error.kind, text=str(error))

    def _seen(self, page: Page) -> Seen:
        observation = merge([see_page(self.watch, page, 1, UNLIMITED)])
        examined = None
        if is_to_examine(self.state, observation.rows, self.now):
            usual = Usual(
                rows=self.state.rows,
                profile=self.state.profile,
                witnesses=self.state.witnesses,
                is_refused=is_place_refused(self.state),
            )
            examined = examine_page(self.watch, page, observation.rows, usual, UNLIMITED)
        return Seen(
            observation=observation,
            digest=str(hash(page.body)),
            validators=Validators(),
            plan=plan(self.watch.extraction, None),
            examined=examined,
        )


def told_of_wall(watch: Watch, site: Site, wall: str) -> str | None:
    """Return what was told, or believed, of a wall that comes after the page and stays; None when nothing was."""
    trial = Trial(watch)
    first = trial.check(site.page())
    assert first.verdict is Verdict.BASELINE, first.state.failure
    for _ in range(_AGAIN):
        decision = trial.check(within(site, wall))
        if decision.verdict is not Verdict.FAILED:
            return str(decision.verdict)
    back = trial.check(site.page())
    return None if back.verdict is Verdict.UNCHANGED and not back.messages else f"back: {back.state.failure}"


def is_taken(watch: Watch, site: Site, wall: str) -> bool:
    """Return whether a wall that is all that was ever seen of a page is taken as the page."""
    return Trial(watch).check(within(site, wall)).verdict is Verdict.BASELINE


def accused_at_first(page: Good) -> Sequence[str]:
    """Return the watches that do not take a good page at their first look."""
    watches = {name: watch for name, watch in GOOD_WATCHES.items() if name == "page" or not page.is_json}
    source = page.page("12")
    return [
        name
        for name, watch in watches.items()
        if (name != "h1" or "<h1" in source)
        and Trial(watch).check(source, is_json=page.is_json).verdict is not Verdict.BASELINE
    ]


def failure_of_good(name: str, page: Good) -> str | None:
    """Return what goes wrong with a good page that changes, with one of GOOD_WATCHES; None when nothing does."""
    if page.is_json and name != "page":
        return None
    if name == "h1" and "<h1" not in page.page(""):
        return None
    trial = Trial(GOOD_WATCHES[name])
    versions = [page.page("12"), page.page("9"), page.without() if name == "disappears" else page.page("7")]
    decisions = [trial.check(version, is_json=page.is_json) for version in versions]
    failed = next((each.state.failure for each in decisions if each.state.failure), None)
    if failed:
        return f"accused: {failed.kind}: {failed.text}"
    if name != "h1" and not decisions[2].messages:
        return "not told"
    return None


def wall_table(walls: Mapping[str, str], sites: Sequence[Site]) -> Mapping[str, Sequence[str]]:
    """Return, for each watch, the walls of which something was told, with the site that they stood before."""
    return {
        name: [
            f"{wall} / {site.name}: {told}"
            for site in sites
            for wall, source in walls.items()
            if (told := told_of_wall(watch, site, source))
        ]
        for name, watch in WALL_WATCHES.items()
    }


def good_table(pages: Mapping[str, Good]) -> Mapping[str, Sequence[str]]:
    """Return, for each watch, the good pages with which something went wrong."""
    return {
        name: [f"{page}: {why}" for page, good in pages.items() if (why := failure_of_good(name, good))]
        for name in GOOD_WATCHES
    }
