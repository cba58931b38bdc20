"""What is done with many watches at once, from the table: check now, pause, mute, resume, and take that back."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from aiohttp import web

from watcher.core.acts import Act
from watcher.core.pausing import PauseAct, is_muted, is_paused
from watcher.errors import StoreError, UnansweredError
from watcher.push.actor import ACTOR
from watcher.web.console.kept import KEPT_ACTS, LeftAlone, LeftBefore
from watcher.web.console.shell import Said, done
from watcher.web.console.watch_list import PATH, Asked, asked_of, known_watches, listing, path_of, topic_names
from watcher.web.forms import form_lists, form_texts
from watcher.web.keys import LOCAL, SERVICE, LocalWatcher

_CHECK_SECONDS: Final = 5
"""For so long the page after the click waits for what the checks say; what comes later is on it by itself."""
_NAMED: Final = 10
_CHECK: Final = "check"
_UNDO: Final = "undo"
_log = logging.getLogger(__name__)


class Lasting(StrEnum):
    """For how long."""

    HOUR = "1h"
    HOURS = "8h"
    DAY = "1d"
    WEEK = "7d"

    @property
    def length(self) -> timedelta:
        """Return it as a length of time."""
        return _LENGTHS[self]


_LENGTHS: Final[Mapping[Lasting, timedelta]] = {
    Lasting.HOUR: timedelta(hours=1),
    Lasting.HOURS: timedelta(hours=8),
    Lasting.DAY: timedelta(days=1),
    Lasting.WEEK: timedelta(days=7),
}
_SAID: Final[Mapping[PauseAct, tuple[Said, Act]]] = {
    PauseAct.PAUSE: (Said.WATCHES_PAUSED, Act.WATCHES_PAUSED),
    PauseAct.MUTE: (Said.WATCHES_MUTED, Act.WATCHES_MUTED),
    PauseAct.RESUME: (Said.WATCHES_RESUMED, Act.WATCHES_RESUMED),
}


async def act_on_watches(request: web.Request) -> web.Response:
    """`POST /console/watches`: with those that are ticked, or with all that the filter leaves (`all`)."""
    form = await form_texts(request)
    asked, local, act = asked_of(form), request.app.get(LOCAL), form.get("act", "")
    back = path_of(form["one"]) if form.get("one") else asked.path(asked.page)
    if local is None:
        return done(back, Said.WATCH_ELSEWHERE)
    if act == _UNDO:
        return await _undo(request, local, form.get("done", ""), back)
    if act != _CHECK and act not in set(PauseAct):
        raise web.HTTPBadRequest
    chosen = await _chosen(request, form, asked, local)
    if not chosen:
        return done(back, Said.WATCHES_NONE_CHOSEN)
    try:
        await local.refresh(chosen)
        if act == _CHECK:
            return await _check(local, chosen, back)
        return await _pause(request, local, chosen, PauseAct(act), _until(form.get("lasting", "")), back)
    except UnansweredError as error:
        _log.warning("the console could not %s %d watches: %s", act, len(chosen), error)
        return done(back, Said.WATCHES_UNANSWERED)


async def _chosen(request: web.Request, form: Mapping[str, str], asked: Asked, local: LocalWatcher) -> Sequence[str]:
    if form.get("all"):
        found = listing(await known_watches(request.app, now=datetime.now(UTC)), asked, topic_names(request.app))
        return [known.id for known in found.known]
    named = [form["one"]] if form.get("one") else await form_lists(request, "watch")
    return [watch for watch in named if watch in local.watches]


def _until(given: str) -> datetime:
    """Return when it ends; after an hour for anything odd."""
    lasting = Lasting(given) if given in set(Lasting) else Lasting.HOUR
    return datetime.now(UTC) + lasting.length


async def _check(local: LocalWatcher, chosen: Sequence[str], back: str) -> web.Response:
    now = datetime.now(UTC)
    unpaused = [watch for watch in chosen if not is_paused(local.state(watch), now)]
    if not unpaused:
        return done(back, Said.WATCHES_ARE_PAUSED)
    decisions = await local.check(unpaused, limit_seconds=_CHECK_SECONDS)
    if len(decisions) < len(unpaused):
        return done(back, Said.WATCHES_CHECKING, len(unpaused) - len(decisions))
    return done(back, Said.WATCHES_CHECKED, len(decisions))


async def _pause(
    request: web.Request, local: LocalWatcher, chosen: Sequence[str], act: PauseAct, until: datetime, back: str
) -> web.Response:
    before = _left_alone(local, chosen)
    try:
        changed = await local.pause(chosen, act, until=None if act is PauseAct.RESUME else until, by=ACTOR.get().by)
    except StoreError as error:
        _log.warning("the console could not %s %d watches: %s", act, len(chosen), error)
        return done(back, Said.WATCHES_NOT_SAVED)
    if not changed:
        return done(back, Said.WATCHES_NOTHING_DONE)
    said, noted = _SAID[act]
    await request.app[SERVICE].acts.note(noted, _subject(changed))
    if act is not PauseAct.RESUME and not back.startswith(f"{PATH}/"):  # the page of a watch says Resume itself
        name = request.app[KEPT_ACTS].add(request, {watch: before[watch] for watch in changed})
        back = f"{back}{'&' if '?' in back else '?'}done={name}"
    return done(back, said, len(changed))


def _left_alone(local: LocalWatcher, watches: Sequence[str]) -> LeftBefore:
    now = datetime.now(UTC)
    states = {watch: local.state(watch) for watch in watches}
    return {
        watch: LeftAlone(
            paused_until=state.paused_until if is_paused(state, now) else None,
            muted_until=state.muted_until if is_muted(state, now) else None,
        )
        for watch, state in states.items()
    }


async def _undo(request: web.Request, local: LocalWatcher, name: str, back: str) -> web.Response:
    """Leave watches as they were before: resumed, but for those that were paused or muted until then."""
    before = request.app[KEPT_ACTS].get(request, name)
    if before is None:
        return done(back, Said.WATCHES_NOT_UNDONE)
    try:
        resumed = await local.pause([*before], PauseAct.RESUME, until=None, by=ACTOR.get().by)
        for watch in resumed:
            await _leave_alone(local, watch, before[watch])
    except UnansweredError as error:
        _log.warning("the console could not take back an act on %d watches: %s", len(before), error)
        return done(back, Said.WATCHES_UNANSWERED)
    except StoreError as error:
        _log.warning("the console could not take back an act on %d watches: %s", len(before), error)
        return done(back, Said.WATCHES_NOT_SAVED)
    request.app[KEPT_ACTS].pop(request, name)
    await request.app[SERVICE].acts.note(Act.WATCHES_RESUMED, _subject(resumed))
    return done(back, Said.WATCHES_UNDONE, len(resumed))


async def _leave_alone(local: LocalWatcher, watch: str, before: LeftAlone) -> None:
    for act, until in ((PauseAct.PAUSE, before.paused_until), (PauseAct.MUTE, before.muted_until)):
        if until is not None:
            await local.pause([watch], act, until=until, by=ACTOR.get().by)


def _subject(watches: Sequence[str]) -> str:
    return ", ".join([*watches[:_NAMED], *(["…"] if len(watches) > _NAMED else [])])
