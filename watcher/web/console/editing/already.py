"""
What a watch tells as soon as it is saved: entries that hold already.

| the watch                       | is judged by                                                             |
|---------------------------------|--------------------------------------------------------------------------|
| was checked, and reads the same | what its last check read                                                 |
| was checked, and reads another  | nothing: its next check takes a new baseline, and nobody is told         |
| is new, or was never checked    | the page that this session looked at last, as the first check will do it |
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from time import thread_time
from typing import Final

from aiohttp import web
from msgspec import Struct
from msgspec.structs import replace

from watcher.core.check import CheckOutcome, Observation, Same, Seen, WatchState
from watcher.core.conditions import holds
from watcher.core.cpu_budget import OF_RULES_SECONDS, CpuBudget
from watcher.core.locale import Locale
from watcher.core.page import Validators
from watcher.core.redaction import redacted
from watcher.core.rehearsal import rehearse
from watcher.core.running import progress_name
from watcher.core.values import Rows
from watcher.core.watch import Items, Rule, Watch
from watcher.core.wording import said_by
from watcher.errors import CheckError, PageError
from watcher.extract.observe import observed
from watcher.extract.plan import plan
from watcher.web.console.fetched import FETCHED
from watcher.web.console.watch.because import words_of
from watcher.web.keys import LocalWatcher
from watcher.web.pages.language import language_of

_MESSAGES: Final = 5


class AlreadyTrue(Struct, frozen=True, kw_only=True):
    """
    What holds already.

    Attributes:
        told: messages of the next check.
        entries: those that make them, as sentences.
        awaited: entries that hold, and are told once `confirm` checks in a row have seen that.
        confirm: of the watch.
        untold: entries that hold, and are told once they have ended and hold again.
        is_of_rows: they hold of some rows of a list; of the others they are told.
        problem: why the first check would fail, as the page was looked at; empty where it would not.
        is_unknown: something may hold, and there is no page to see it on.
    """

    told: Sequence[str] = ()
    entries: Sequence[str] = ()
    awaited: Sequence[str] = ()
    confirm: int = 1
    untold: Sequence[str] = ()
    is_of_rows: bool = False
    problem: str = ""
    is_unknown: bool = False

    @property
    def is_said(self) -> bool:
        """Whether somebody should hear of it before the watch is saved."""
        return bool(self.told or self.awaited or self.untold or self.problem)


async def already_true(request: web.Request, local: LocalWatcher, watch: str, after: Watch | None) -> AlreadyTrue:
    """
    Return what holds already of a watch that is made or changed.

    Args:
        watch: its id.
        after: as it will be; None of one that is not judged.
    """
    before, state = local.watches.get(watch), local.state(watch)
    if after is None:
        return AlreadyTrue()
    if before is None or state.snapshot is None:
        return await _at_first(request, local, after, state)
    if _reading(before) != _reading(after):
        return AlreadyTrue()
    same = Same(validators=state.snapshot.validators, by_server=True)
    asked = [rule for rule in after.rules if rule not in before.rules]
    return await asyncio.to_thread(_held, after, asked, state, same, state.rows, language_of(request))


async def _at_first(request: web.Request, local: LocalWatcher, watch: Watch, state: WatchState) -> AlreadyTrue:
    page = request.app[FETCHED].newest(request, watch.request.url)
    if page is None:
        return AlreadyTrue(is_unknown=any(not rule.is_event for rule in watch.rules))
    try:
        seen = await local.made(watch, page.response, observed, watch)
    except CheckError as error:
        return AlreadyTrue(problem=said_by(error))
    return await asyncio.to_thread(
        _held, watch, watch.rules, state, _seen(watch, seen), seen.rows, language_of(request)
    )


def _seen(watch: Watch, observation: Observation) -> Seen:
    fingerprint = plan(watch.extraction, watch.link, watch.scope)
    return Seen(observation=observation, digest="", validators=Validators(), plan=fingerprint)


def _held(
    watch: Watch, asked: Sequence[Rule], state: WatchState, outcome: CheckOutcome, rows: Rows, language: Locale
) -> AlreadyTrue:
    """
    Return what holds of these entries. Blocks, for as long as a check's rules may take.

    Args:
        outcome: of the next check.
        rows: what the page shows then.
    """
    heard = replace(state, muted_until=None, suspect=None)
    try:
        rehearsed = rehearse(watch, heard, outcome, now=datetime.now(UTC), clock=thread_time)
        held = [rule for rule in asked if rule not in rehearsed.fired and _holds(rule, rows)]
    except PageError:  # an expression of `matches` takes too long: the check says so
        return AlreadyTrue()
    awaited = [rule for rule in held if _is_awaited(rule, rehearsed.decision.state)]
    return AlreadyTrue(
        told=[redacted(each.summary, watch.request.secrets) for each in rehearsed.told[:_MESSAGES]],
        entries=words_of(watch, rehearsed.fired, language),
        awaited=words_of(watch, awaited, language),
        confirm=watch.confirm,
        untold=words_of(watch, [rule for rule in held if rule not in awaited], language),
        is_of_rows=isinstance(watch.extraction, Items),
    )


def _is_awaited(rule: Rule, state: WatchState) -> bool:
    """Return whether the entry will be told once it was seen often enough."""
    return any(not step.has_fired for step in state.progress.get(progress_name(rule), {}).values())


def _reading(watch: Watch) -> tuple[object, ...]:
    return watch.request.url, watch.extraction, watch.link, watch.scope


def _holds(rule: Rule, rows: Rows) -> bool:
    budget = CpuBudget(thread_time, regex_seconds=OF_RULES_SECONDS)
    return not rule.is_event and any(all(holds(each, row, budget) for each in rule.conditions) for row in rows.values())
