"""The work: who does it, which watches fail, and what is not told yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from watcher.core.check import WatchState
from watcher.core.findings import Check, Finding, doubtful, fine, wrong
from watcher.core.settings import Settings
from watcher.core.watch import ADMIN_TOPIC, Topic, WatchFile
from watcher.runtime.serving.service import look_for_listeners
from watcher.runtime.settings import reader
from watcher.store.lock import holder_of

if TYPE_CHECKING:  # the push service's entities take 10 ms to import
    from watcher.push.listeners import Listeners, Unheard

_NAMES: Final = 5
"""Watches or topics that a line names."""
_ADMIN_ALONE: Final = WatchFile(topics={ADMIN_TOPIC: Topic(key=ADMIN_TOPIC, name=ADMIN_TOPIC)}, watches={})


def check_running(settings: Settings, file: WatchFile | None) -> Sequence[Finding]:
    """Return who serves and who watches, of a data directory. Raises StoreError."""
    server, watcher = (holder_of(settings.data, role) for role in ("server", "watcher"))
    found = [_server(settings, server, watcher)]
    pages = sum(watch.is_enabled for watch in file.watches.values()) if file else 0
    if watcher is not None:
        found.append(fine(Check.WATCHER, f"the pages are watched by {watcher}"))
    elif pages:
        advice = "start `watcher run`, or let cron call `watcher check`"
        found.append(doubtful(Check.WATCHER, f"nobody watches the pages at this moment ({pages} of them)", advice))
    return found


def _server(settings: Settings, server: str | None, watcher: str | None) -> Finding:
    if server is not None:
        return fine(Check.SERVER, f"it runs: {server}")
    if watcher is not None:
        return fine(Check.SERVER, f"none of its own: {watcher} pushes to a server elsewhere")
    advice = "start `watcher run` or `watcher serve`; under systemd `systemctl status watcher` says why it stopped"
    return wrong(Check.SERVER, f"no server runs on {settings.data}", advice)


def check_watches(settings: Settings, file: WatchFile | None) -> Sequence[Finding]:
    """Return which watches fail, of those in the file. Raises StoreError."""
    if file is None:
        return []
    states = dict(reader(settings).each_state())
    enabled = [watch.id for watch in file.watches.values() if watch.is_enabled]
    failing = {watch: states[watch] for watch in enabled if watch in states and states[watch].failures}
    if not failing:
        return [fine(Check.WATCHES, _none_fails(len(enabled), sum(watch not in states for watch in enabled)))]
    text = f"{len(failing)} of {len(enabled)} fail: {_named(failing)}"
    return [doubtful(Check.WATCHES, text, "`watcher status` shows each, `watcher try ID` explains one")]


def _none_fails(count: int, unchecked: int) -> str:
    if unchecked == count:
        return f"{count} {'was' if count == 1 else 'were'} never checked" if count else "there is none"
    never = f"; {unchecked} {'was' if unchecked == 1 else 'were'} never checked" if unchecked else ""
    return f"{'the watch is not' if count == 1 else f'none of the {count} watches is'} failing{never}"


def check_listeners(settings: Settings, file: WatchFile | None, *, seconds: float) -> Sequence[Finding]:
    """
    Return whether alarms, and what the watches tell, reach somebody, and which subscribers no watch tells.

    `seconds`: how long it waits for a PostgreSQL that stands still.

    Raises ConfigError, StoreError.
    """
    if holder_of(settings.data, "server") is None and holder_of(settings.data, "watcher") is not None:
        return [fine(Check.TOPICS, "their subscribers are those of a server elsewhere")]
    found = look_for_listeners(settings, file or _ADMIN_ALONE, answer_seconds=seconds)
    untold = _untold(found) if file is not None else []
    return [*_unheard(found.unheard), *untold] or [fine(Check.TOPICS, "somebody listens to each")]


def _untold(found: Listeners) -> Sequence[Finding]:
    renamed = [doubtful(Check.TOPICS, str(each), "`watcher topics` shows them all") for each in found.unmet]
    advice = "if it was renamed, say `was: …` in watches.yaml; `watcher topics merge` moves its subscribers elsewhere"
    silent = [doubtful(Check.TOPICS, line.partition(";")[0], advice) for line in found.untold_lines[:_NAMES]]
    return [*renamed, *silent]


def _unheard(unheard: Sequence[Unheard]) -> Sequence[Finding]:
    if not unheard:
        return []
    names = [each.key for each in unheard]
    text = f"nobody listens to {', '.join([*names[:_NAMES], *(['…'] if len(names) > _NAMES else [])])}"
    why = "; admin tells you when a watch stops working" if unheard[0].is_admin else ""
    return [doubtful(Check.TOPICS, text, f"scan the code that `watcher qr {unheard[0].key}` prints{why}")]


def _named(failing: Mapping[str, WatchState]) -> str:
    shown = [
        f"{watch} ({state.failures} × {state.failure.kind})" if state.failure else watch
        for watch, state in failing.items()
    ]
    return ", ".join([*shown[:_NAMES], *(["…"] if len(shown) > _NAMES else [])])


def check_outbox(settings: Settings, file: WatchFile | None) -> Sequence[Finding]:
    """Return what the watches have to tell and could not. Raises StoreError."""
    del file  # what waits says itself whom it is for
    entries = reader(settings).outbox()
    dead = [entry for entry in entries if entry.dead]
    late = [entry for entry in entries if not entry.dead and entry.attempts]
    found = []
    if dead:
        text = f"{len(dead)} given up, the last for: {dead[-1].dead}"
        found.append(wrong(Check.OUTBOX, text, "`watcher outbox` shows them; they are not tried again"))
    if late:
        text = f"{len(late)} could not be delivered so far, and will be tried again"
        found.append(doubtful(Check.OUTBOX, text, "`watcher outbox` shows them; look at the push server"))
    return found or [fine(Check.OUTBOX, f"nothing is stuck; {len(entries)} on the way")]
