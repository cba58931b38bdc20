"""
What commands ask of the watcher that runs, who alone knows the newest times and may check.

In a cluster that is its workers, over its database; the newest times stand there.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Final

from msgspec.structs import replace

from watcher.core.check import Decision, OutboxAct, OutboxEntry, WatchState
from watcher.core.live import Live
from watcher.core.pausing import is_paused
from watcher.core.settings import Settings
from watcher.errors import UnansweredError
from watcher.runtime.pass_report import PassReport
from watcher.runtime.settings import reader, utc_now, watches_database
from watcher.store.lock import holder_of
from watcher.watching.question_files import ask
from watcher.watching.questions import Answer, AskForLive, AskOfOutbox, AskToCheck, Outcome, Question

RUN: Final = "watcher run"
"""What holds the watcher's lock and answers; a pass does not."""
WORKERS: Final = "the workers of the cluster"
LIVE_SECONDS: Final = 3.0
OUTBOX_SECONDS: Final = 40.0
"""It waits for what is being published."""
CHECK_SECONDS: Final = 60.0
"""How long the checks that a command asked for may take; what takes longer goes on without it."""
_GRACE_SECONDS: Final = 15.0
_LOOK_SECONDS: Final = 0.1
_MANY: Final = 100
_log = logging.getLogger(__name__)


def running_watcher(settings: Settings) -> str | None:
    """Return who watches the pages for long, and can be asked; None when nobody does. Raises StoreError."""
    if watches_database(settings) is not None:
        return WORKERS
    holder = holder_of(settings.data, "watcher")
    return holder if holder is not None and holder.startswith(f"`{RUN}`") else None


def is_watched(settings: Settings) -> bool:
    """Return whether anybody checks watches now, for long or once. Raises ConfigError, StoreError."""
    if (url := watches_database(settings)) is None:
        return holder_of(settings.data, "watcher") is not None
    from watcher.runtime.cluster.asking import are_there_workers  # with SQLAlchemy and psycopg

    return are_there_workers(url)


def ask_running(settings: Settings, question: Question, *, limit_seconds: float) -> Answer:
    """
    Return what the watcher that runs answers, within so many seconds. Blocks.

    Of the workers of a cluster, those that answer count; that others do not is logged.

    Raises UnansweredError, StoreError: it ended, or cannot be asked.
    """
    if (url := watches_database(settings)) is None:
        holder = partial(running_watcher, settings)
        return ask(settings.data, question, limit_seconds=limit_seconds, holder=holder)
    from watcher.runtime.cluster.asking import ask_workers_once  # as above

    said = ask_workers_once(url, question, limit_seconds=limit_seconds)
    if said.trouble:
        _log.warning("%s", said.trouble)
    return said.answer


def live_watches(settings: Settings) -> Live:
    """
    Return the watches of the process that runs; nothing where none does, and of a cluster: all is in its database.

    Raises UnansweredError, StoreError: it runs, and cannot be asked.
    """
    if watches_database(settings) is not None or running_watcher(settings) is None:
        return {}
    return ask_running(settings, AskForLive(), limit_seconds=LIVE_SECONDS).live


def ask_of_outbox(settings: Settings, act: OutboxAct, messages: Sequence[str]) -> Sequence[str]:
    """
    Let the watcher that runs do this with messages of its outbox; return the ids of those that were there. Blocks.

    Raises UnansweredError, StoreError: none runs, or it cannot be asked.
    """
    if running_watcher(settings) is None:
        raise UnansweredError("no watcher runs here; `watcher run` is what tries messages again")
    question = AskOfOutbox(act=act, messages=tuple(messages))
    return ask_running(settings, question, limit_seconds=OUTBOX_SECONDS).done


def check_elsewhere(
    settings: Settings,
    ids: Sequence[str],
    *,
    drain_timeout: timedelta,
    on_decision: Callable[[Decision], None],
) -> PassReport:
    """
    Let the watcher that runs check these watches now, and deliver what they tell within the time given.

    Raises UnansweredError, StoreError.
    """
    question = AskToCheck(watches=tuple(ids), limit_seconds=CHECK_SECONDS)
    said = ask_running(settings, question, limit_seconds=CHECK_SECONDS + _GRACE_SECONDS)
    states = _states_of(settings, ids)
    for outcome in said.outcomes:
        on_decision(decision_of(outcome, states.get(outcome.watch, WatchState())))
    told = {message.id for outcome in said.outcomes for message in outcome.messages}
    came, now = {outcome.watch for outcome in said.outcomes}, utc_now()
    paused = [one for one in ids if one not in came and one in states and is_paused(states[one], now)]
    return PassReport(
        failed=sum(outcome.failure is not None for outcome in said.outcomes),
        undelivered=_undelivered(settings, told, drain_timeout),
        missing=[one for one in ids if one not in came and one not in paused],
        paused=paused,
    )


def _states_of(settings: Settings, ids: Sequence[str]) -> Mapping[str, WatchState]:
    """Return the states of these watches, those that have one; of many by one look at all."""
    watches = reader(settings)
    if len(ids) > _MANY:
        return dict(watches.each_state())
    return {one: state for one in ids if (state := watches.state(one)) is not None}


def decision_of(outcome: Outcome, state: WatchState) -> Decision:
    """Return the decision again, with the values that are on the disk."""
    seen = replace(state, failure=outcome.failure)
    return Decision(watch=outcome.watch, verdict=outcome.verdict, state=seen, messages=outcome.messages)


def _undelivered(settings: Settings, messages: Iterable[str], limit: timedelta) -> int:
    """Wait until these have left the outbox; return how many have not. Those that wait for others do not count."""
    told, until = set(messages), time.monotonic() + limit.total_seconds()
    while (waiting := [entry for entry in _outbox(settings, told) if entry.message.hold_until is None]) and (
        time.monotonic() < until
    ):
        time.sleep(_LOOK_SECONDS)
    return len(waiting)


def _outbox(settings: Settings, messages: set[str]) -> Sequence[OutboxEntry]:
    if not messages:
        return []
    return [entry for entry in reader(settings).outbox() if entry.message.id in messages]
