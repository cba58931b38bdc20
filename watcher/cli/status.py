"""The command `status`: each watch with its values, next check and errors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import click
from msgspec import Struct
from msgspec.structs import replace

from watcher import runtime
from watcher.cli import options
from watcher.cli.advice import advice_for_lost
from watcher.cli.asking import known_listeners, print_unheard
from watcher.cli.choosing import tagged
from watcher.cli.declaring import command
from watcher.cli.options import BaseUrlOption, ClusterOption, ConfigOption, DataOption, JsonOption, TagOption
from watcher.cli.output import counted, failure_json, print_listing, time_json, time_text, values_json, values_text
from watcher.cli.watch_file import load_sound_file, refuse_missing_file
from watcher.core.check import WatchState
from watcher.core.live import Live, LiveWatch, with_live_times
from watcher.core.pausing import is_muted, is_paused
from watcher.core.redaction import redacted_state
from watcher.core.settings import Settings
from watcher.core.suspicion import is_suspicious
from watcher.core.values import Json
from watcher.core.watch import Watch, WatchFile
from watcher.errors import StoreError, UnansweredError

_EMPTY = WatchState()
_NAMED = 5
"""Watches that a line names."""
_OVERDUE = timedelta(minutes=2)
"""Workers save the times of checks within a minute."""


class _Row(Struct, frozen=True, kw_only=True):
    """
    A watch, and what is known of it.

    Attributes:
        watch: None: the file that says more of it is broken.
        live: what the process that checks it knows; None: none does.
        state: with the times of `live`.
    """

    id: str
    watch: Watch | None
    live: LiveWatch | None
    state: WatchState

    @property
    def name(self) -> str | None:
        """As the file has it, else the process."""
        return self.watch.name if self.watch else self.live.name if self.live else None

    @property
    def url(self) -> str | None:
        """Without secrets."""
        return self.watch.request.shown_url if self.watch else self.live.url if self.live else None


@command
def status(
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    database: ClusterOption = None,
    base_url: BaseUrlOption = None,
    tag: TagOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show each watch's values, next check and errors.

    The times are those of `watcher run` where it is up, and those of the workers with --database.
    """
    settings = replace(options.link_settings(data, base_url), database=options.check_database(database))
    if runtime.watches_database(settings) is None:
        refuse_missing_file(config)
    options.require_watches(settings)
    file = load_sound_file(config, settings)
    now = runtime.utc_now()
    rows = _rows(file, dict(runtime.reader(settings).each_state()), _live(settings), tag)
    print_listing(
        rows,
        as_json=as_json,
        record=_status_json,
        headings=("watch", "page", "values", "checked", "next", "last good", "wrong", "tags"),
        cells=lambda row: _status_cells(row, now),
        folding=("page", "values", "wrong", "tags"),
        empty="no watches",
    )
    if as_json:
        return
    if (advice := advice_for_lost(row.state.failure for row in rows if _is_planned(row))) is not None:
        click.echo(advice)
    if any(map(_is_planned, rows)):
        _print_unchecked(settings, rows, now)
    if file is not None and (found := known_listeners(settings, file)) is not None:
        print_unheard(settings, found.unheard)


def _print_unchecked(settings: Settings, rows: Sequence[_Row], now: datetime) -> None:
    """Say that nobody checks the watches, or, of a cluster, which of them nobody does, whoever has them."""
    is_in_cluster = runtime.watches_database(settings) is not None
    if not runtime.is_watched(settings):
        click.echo(f"nothing checks these watches now; start `{'watcher worker' if is_in_cluster else 'watcher run'}`")
    elif is_in_cluster and (overdue := [row.id for row in rows if _is_overdue(row, now)]):
        named = ", ".join([*overdue[:_NAMED], *(["…"] if len(overdue) > _NAMED else [])])
        click.echo(
            f"{counted(len(overdue), 'watch')} overdue ({named}); `watcher cluster status` shows who has "
            f"{'it' if len(overdue) == 1 else 'them'}, and that worker's log why"
        )


def _is_overdue(row: _Row, now: datetime) -> bool:
    """Return whether a watch should have been checked by now, as far as saved times show."""
    due_at = row.state.next_check_at
    return _is_planned(row) and not is_paused(row.state, now) and due_at is not None and now - due_at > _OVERDUE


def _live(settings: Settings) -> Live:
    """Return what the process that runs knows; nothing, with a word of warning, where it does not say."""
    try:
        return runtime.live_watches(settings)
    except (UnansweredError, StoreError) as error:
        click.echo(f"the times are those on the disk, up to a minute old: {error}", err=True)
        return {}


def _rows(file: WatchFile | None, states: dict[str, WatchState], live: Live, tag: str | None) -> Sequence[_Row]:
    """Return the watches of the file; without one all that were ever checked."""

    def row(one: str, watch: Watch | None) -> _Row:
        state = redacted_state(states.get(one, _EMPTY), watch.request.secrets if watch else None)
        return _Row(id=one, watch=watch, live=live.get(one), state=with_live_times(state, live.get(one)))

    if file is None:
        return [row(one, None) for one in states]
    return [row(watch.id, watch) for watch in tagged(file.watches.values(), tag)]


def _status_json(row: _Row) -> dict[str, Json]:
    watch, state = row.watch, row.state
    return {
        "watch": row.id,
        "name": row.name,
        "url": row.url,
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
        "paused_until": time_json(state.paused_until),
        "muted_until": time_json(state.muted_until),
    }


def _status_cells(row: _Row, now: datetime) -> tuple[str, ...]:
    state = row.state
    return (
        row.id,
        _page_text(row),
        values_text(state.rows) if state.snapshot else "–",
        time_text(state.checked_at, now=now),
        _next_text(row, now),
        time_text(state.good_at, now=now),
        _wrong_text(state, now),
        ", ".join(row.watch.tags) if row.watch else "",
    )


def _is_planned(row: _Row) -> bool:
    return row.watch is None or row.watch.is_enabled


def _next_text(row: _Row, now: datetime) -> str:
    if not _is_planned(row):
        return "disabled"
    if row.live is not None and row.live.is_under_way:
        return "now"
    planned = time_text(row.state.next_check_at, now=now)
    if is_paused(row.state, now):
        return f"paused until {time_text(row.state.paused_until, now=now)}"
    return (
        f"{planned}, muted until {time_text(row.state.muted_until, now=now)}" if is_muted(row.state, now) else planned
    )


def _page_text(row: _Row) -> str:
    """Return `Dune · https://shop.example/dune`; the name only where it is not the id."""
    return " · ".join(part for part in (row.name if row.name != row.id else None, row.url) if part) or "–"


def _wrong_text(state: WatchState, now: datetime) -> str:
    """Return `3 × status: HTTP 404, since 09:30:00`; the text of what is suspicious says how to accept it."""
    if state.failure is None:
        return ""
    since = f", since {time_text(state.failing_since, now=now)}" if state.failing_since else ""
    return f"{state.failures} × {state.failure.kind}: {state.failure.text}{since}"
