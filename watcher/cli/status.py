"""The command `status`: each watch with its values, next check and errors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from watcher import runtime
from watcher.cli import options
from watcher.cli.asking import known_listeners, print_unheard
from watcher.cli.choosing import tagged
from watcher.cli.declaring import command
from watcher.cli.options import BaseUrlOption, ConfigOption, DataOption, JsonOption, TagOption
from watcher.cli.output import failure_json, print_listing, time_json, time_text, values_json, values_text
from watcher.cli.watch_file import load_sound_file, refuse_missing_file
from watcher.core.check import WatchState
from watcher.core.redaction import redacted_state
from watcher.core.suspicion import is_suspicious
from watcher.core.values import Json
from watcher.core.watch import Watch, WatchFile

_EMPTY = WatchState()


class _Row(Struct, frozen=True, kw_only=True):
    """
    A watch, and what is known of it.

    Attributes:
        watch: None: the file that says more of it is broken.
    """

    id: str
    watch: Watch | None
    state: WatchState


@command
def status(
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    base_url: BaseUrlOption = None,
    tag: TagOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show each watch's values, next check and errors."""
    refuse_missing_file(config)
    options.require_data(data)
    file = load_sound_file(config)
    settings = options.link_settings(data, base_url)
    states = runtime.reader(settings).states()
    now = runtime.utc_now()
    print_listing(
        _rows(file, states, tag),
        as_json=as_json,
        record=_status_json,
        headings=("watch", "page", "values", "checked", "next", "last good", "wrong", "tags"),
        cells=lambda row: _status_cells(row, now),
        folding=("page", "values", "wrong", "tags"),
        empty="no watches",
    )
    if not as_json and file is not None and (found := known_listeners(data, file)) is not None:
        print_unheard(settings, found.unheard)


def _rows(file: WatchFile | None, states: dict[str, WatchState], tag: str | None) -> Sequence[_Row]:
    """Return the watches of the file; without one all that were ever checked."""
    if file is None:
        return [_Row(id=watch, watch=None, state=state) for watch, state in states.items()]
    return [
        _Row(
            id=watch.id,
            watch=watch,
            state=redacted_state(states.get(watch.id, _EMPTY), watch.request.secrets),
        )
        for watch in tagged(file.watches.values(), tag)
    ]


def _status_json(row: _Row) -> dict[str, Json]:
    watch, state = row.watch, row.state
    return {
        "watch": row.id,
        "name": watch.name if watch else None,
        "url": watch.request.shown_url if watch else None,
        "enabled": watch.is_enabled if watch else None,
        "tags": [*watch.tags] if watch else [],
        "checked_at": time_json(state.checked_at),
        "next_check_at": time_json(state.next_check_at) if _is_planned(row) else None,
        "good_at": time_json(state.good_at),
        "values": values_json(state.rows) if state.snapshot else None,
        "failures": state.failures,
        "failing_since": time_json(state.failing_since),
        "error": failure_json(state.failure),
        "suspicious": is_suspicious(state),
    }


def _status_cells(row: _Row, now: datetime) -> tuple[str, ...]:
    state = row.state
    return (
        row.id,
        _page_text(row.watch) if row.watch else "–",
        values_text(state.rows) if state.snapshot else "–",
        time_text(state.checked_at, now=now),
        time_text(state.next_check_at, now=now) if _is_planned(row) else "disabled",
        time_text(state.good_at, now=now),
        _wrong_text(state, now),
        ", ".join(row.watch.tags) if row.watch else "",
    )


def _is_planned(row: _Row) -> bool:
    return row.watch is None or row.watch.is_enabled


def _page_text(watch: Watch) -> str:
    """Return `Dune · https://shop.example/dune`; the name only where it is not the id."""
    url = watch.request.shown_url
    return url if watch.name == watch.id else f"{watch.name} · {url}"


def _wrong_text(state: WatchState, now: datetime) -> str:
    """Return `3 × status: HTTP 404, since 09:30:00`; the text of what is suspicious says how to accept it."""
    if state.failure is None:
        return ""
    since = f", since {time_text(state.failing_since, now=now)}" if state.failing_since else ""
    return f"{state.failures} × {state.failure.kind}: {state.failure.text}{since}"
