"""The command `status`: each watch with its values, next check and errors."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from watcher import runtime
from watcher.cli import options
from watcher.cli.asking import print_unheard
from watcher.cli.choosing import tagged
from watcher.cli.declaring import command
from watcher.cli.options import BaseUrlOption, ConfigOption, DataOption, JsonOption, TagOption
from watcher.cli.output import failure_json, print_listing, time_json, time_text, values_json, values_text
from watcher.cli.watch_file import load_file
from watcher.core.check import WatchState
from watcher.core.push import PushTopic
from watcher.core.redaction import redacted_state
from watcher.core.settings import Settings
from watcher.core.suspicion import is_suspicious
from watcher.core.values import Json
from watcher.core.watch import Watch, WatchFile

_EMPTY = WatchState()


@command
def status(
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    base_url: BaseUrlOption = None,
    tag: TagOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show each watch's values, next check and errors."""
    file = load_file(config)
    settings = options.link_settings(data, base_url)
    states = runtime.reader(settings).states()
    now = runtime.utc_now()
    print_listing(
        [
            (watch, redacted_state(states.get(watch.id, _EMPTY), watch.request.secrets))
            for watch in tagged(file.watches.values(), tag)
        ],
        as_json=as_json,
        record=lambda row: _status_json(*row),
        headings=("watch", "values", "checked", "next", "last good", "wrong", "tags"),
        cells=lambda row: _status_cells(*row, now),
        folding=("values", "wrong", "tags"),
        empty="no watches",
    )
    if not as_json:
        print_unheard(settings, asyncio.run(_unheard(settings, file)))


def _status_json(watch: Watch, state: WatchState) -> dict[str, Json]:
    return {
        "watch": watch.id,
        "enabled": watch.is_enabled,
        "tags": [*watch.tags],
        "checked_at": time_json(state.checked_at),
        "next_check_at": time_json(state.next_check_at) if watch.is_enabled else None,
        "good_at": time_json(state.good_at),
        "values": values_json(state.rows) if state.snapshot else None,
        "failures": state.failures,
        "failing_since": time_json(state.failing_since),
        "error": failure_json(state.failure),
        "suspicious": is_suspicious(state),
    }


def _status_cells(watch: Watch, state: WatchState, now: datetime) -> tuple[str, ...]:
    return (
        watch.id,
        values_text(state.rows) if state.snapshot else "–",
        time_text(state.checked_at, now=now),
        time_text(state.next_check_at, now=now) if watch.is_enabled else "disabled",
        time_text(state.good_at, now=now),
        _wrong_text(state, now),
        ", ".join(watch.tags),
    )


def _wrong_text(state: WatchState, now: datetime) -> str:
    """Return `3 × status: HTTP 404, since 09:30:00`; the text of what is suspicious says how to accept it."""
    if state.failure is None:
        return ""
    since = f", since {time_text(state.failing_since, now=now)}" if state.failing_since else ""
    return f"{state.failures} × {state.failure.kind}: {state.failure.text}{since}"


async def _unheard(settings: Settings, file: WatchFile) -> Sequence[PushTopic]:
    async with runtime.push_service(settings, file.topics.values()) as service:
        return await runtime.unheard_topics(service, file)
