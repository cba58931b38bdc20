"""What is suspicious of a watch, taken as true because the operator says so."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

from watcher.core.acts import BY_COMMAND
from watcher.core.check import WatchState
from watcher.core.pausing import is_left_alone
from watcher.core.settings import Settings
from watcher.core.suspicion import accepted
from watcher.core.watch import WatchFile
from watcher.errors import LockedError, UnansweredError, UsageError
from watcher.runtime.asking import ask_running
from watcher.runtime.process.meanwhile import meanwhile
from watcher.runtime.settings import reader, utc_now, watches_database
from watcher.runtime.watching import Watching, watching
from watcher.watching.control_requests import ControlRequests
from watcher.watching.questions import AskToAccept

ACCEPT_SECONDS = 30.0
"""How long `accept` waits for the watcher that runs."""


def accept(settings: Settings, file: WatchFile, watch: str, *, limit_seconds: float = ACCEPT_SECONDS) -> str:
    """
    Take what is suspicious of a watch as true, check it now, and return one line of what came of it.

    The watcher that runs is asked to do it, for it alone writes states; where none runs, it is done here. Messages wait
    in the outbox for the next `run` or `check`. Of a cluster a worker is asked; where none has it, the next one does.

    Raises:
        UsageError: nothing of it is suspicious.
        StoreError: the state cannot be read or written.
    """
    return asyncio.run(_accept(settings, file, watch, limit_seconds))


async def _accept(settings: Settings, file: WatchFile, watch: str, limit_seconds: float) -> str:
    state = reader(settings).state(watch)
    if state is None or accepted(state) is None:
        raise UsageError(f"{watch}: there is nothing to accept; its last check saw nothing suspicious")
    if watches_database(settings) is not None:
        return await asyncio.to_thread(_ask_workers, settings, watch, limit_seconds)
    try:
        async with watching(settings, file, "watcher accept") as (parts, _):
            await _accept_here(parts, watch)
    except LockedError:
        return await _ask_to_accept(settings, watch, limit_seconds)
    return _accepted_line(watch, reader(settings).state(watch))


async def _accept_here(parts: Watching, watch: str) -> None:
    async with meanwhile(parts.checker.committer.run()):
        await parts.checker.runner.states.accept(watch, by=BY_COMMAND, now=utc_now())
        async for _ in parts.checker.runner.check_once([watch]):
            pass


async def _ask_to_accept(settings: Settings, watch: str, limit_seconds: float) -> str:
    request = ControlRequests(settings.data).post(watch)
    deadline = time.monotonic() + limit_seconds
    while request.exists():
        if time.monotonic() > deadline:
            return f"{watch}: the watcher that runs was asked to accept it, and will when it can; see `watcher status`"
        await asyncio.sleep(0.1)
    return _accepted_line(watch, reader(settings).state(watch))


def _ask_workers(settings: Settings, watch: str, limit_seconds: float) -> str:
    try:
        answer = ask_running(settings, AskToAccept(watch=watch), limit_seconds=limit_seconds)
    except UnansweredError as error:
        return f"{watch}: whoever checks it next was asked to accept it; {error}"
    if not answer.done:
        raise UsageError(f"{watch}: there was nothing to accept any more, or nobody declares it")
    return _accepted_line(watch, reader(settings).state(watch))


def _accepted_line(watch: str, state: WatchState | None) -> str:
    if state and is_left_alone(state, datetime.now(UTC)):
        return f"{watch}: accepted; what its page shows is told once the watch is no longer paused or muted"
    failure = state.failure if state else None
    if failure:
        return f"{watch}: accepted, but its check failed ({failure.kind}: {failure.text}); the next good one takes it"
    return f"{watch}: accepted; the watch goes on from what its page shows now"


async def accept_what_is_asked(settings: Settings, parts: Watching) -> None:
    """Let this pass accept what commands asked a watcher to accept that has ended since."""
    control = ControlRequests(settings.data)
    for watch in control.requests():
        await parts.checker.runner.states.accept(watch, by=BY_COMMAND, now=utc_now())
        control.done(watch)
