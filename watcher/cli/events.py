"""The command `events`: what happened, and what happens."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import click
import msgspec

from watcher import runtime
from watcher.cli import options
from watcher.cli.declaring import Option, command
from watcher.cli.event_output import event_json, event_line
from watcher.cli.options import ClusterOption, ConfigOption, DataOption, JsonOption
from watcher.cli.output import print_json
from watcher.cli.watch_file import duration, load_sound_file
from watcher.core.check import NotedEvent
from watcher.core.event_streams import Cursor, Dropped, Event
from watcher.core.redaction import redacted_event
from watcher.core.settings import Settings
from watcher.core.watch import Secrets
from watcher.errors import StoreError, UsageError
from watcher.runtime.following import POLL_SECONDS
from watcher.runtime.process.signals import stop_event
from watcher.store.files import write_durably

_FIRST: Final = 100
"""Events that are shown where nothing says from when on."""
_LONGEST_PAUSE_SECONDS: Final = 30.0
"""Between two tries, while what happens cannot be read."""


@command
def events(
    follow: Annotated[bool, Option("--follow", "-f", help="Go on, and show what happens as it does.")] = False,
    since: Annotated[
        str | None,
        Option(
            "--since", metavar="TIME", help="From this time on, such as 1h, or 2026-01-31T08:00. Default: the last 100."
        ),
    ] = None,
    cursor_file: Annotated[
        Path | None,
        Option("--cursor-file", metavar="FILE", help="Go on where the last call with this file ended."),
    ] = None,
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    database: ClusterOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what happened: changes, failing watches, messages and deliveries.

    The oldest are shown first. These are kept:

    \b
    of watches      the newest 10,000 events
    of deliveries   the newest 10,000 events
    of messages     one for each message that is kept

    With --cursor-file, the first call starts at the oldest event and notes in the file how far it came.
    Each later call continues from there.
    """
    start = None if since is None else _moment(since)
    cursor = None if cursor_file is None else _known_cursor(cursor_file)
    settings = options.watch_settings(data, database)
    file = load_sound_file(config, settings)
    secrets = {watch.id: watch.request.secrets for watch in file.watches.values()} if file is not None else {}
    runtime.on_loop(_show(settings, _Wish(follow, start, cursor_file, cursor, as_json, secrets)))


class _Wish(msgspec.Struct, frozen=True):
    """
    What is to be shown.

    Attributes:
        cursor: what the file says; None: there is no file, or nothing in it.
        secrets: of each watch; what happened before they were known as such is kept with them.
    """

    is_following: bool
    since: datetime | None
    cursor_file: Path | None
    cursor: Cursor | None
    as_json: bool
    secrets: Mapping[str, Secrets | None]


async def _show(settings: Settings, wish: _Wish) -> None:
    stopped, pause = stop_event(), POLL_SECONDS
    async with runtime.EventFollower(settings, now=runtime.utc_now) as follower:
        cursor, is_first = _start_of(wish), False
        while not stopped.is_set():
            try:
                if cursor is None:
                    cursor, is_first = await follower.before(_FIRST), True
                found, after = await follower.read(cursor)
            except StoreError as error:
                if not wish.is_following:
                    raise
                if pause == POLL_SECONDS:
                    click.echo(f"what happens cannot be read now, and is read later: {error}", err=True)
                pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
                await _wait(stopped, pause)
                continue
            wanted = [event for event in found if not isinstance(event, Dropped)][-_FIRST:] if is_first else found
            _print([event for event in wanted if _is_wanted(event, wish)], wish)
            if wish.cursor_file is not None and after != cursor:
                _remember(wish.cursor_file, after)
            cursor, is_first, pause = after, False, POLL_SECONDS
            if found:
                continue
            if not wish.is_following:
                if cursor == Cursor() or not any(position.number for position in cursor.positions.values()):
                    click.echo("nothing happened yet", err=True)
                return
            await _wait(stopped, POLL_SECONDS)


def _start_of(wish: _Wish) -> Cursor | None:
    """Return after what to read; None: the newest are wanted alone."""
    is_newest = wish.cursor is None and wish.since is None and wish.cursor_file is None
    return None if is_newest else wish.cursor or Cursor()


async def _wait(stopped: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stopped.wait()
    except TimeoutError:
        return


def _is_wanted(event: Event, wish: _Wish) -> bool:
    return wish.since is None or wish.cursor is not None or isinstance(event, Dropped) or event.at >= wish.since


def _print(found: Sequence[Event], wish: _Wish) -> None:
    for event in found:
        shown = redacted_event(event, wish.secrets.get(event.event.watch)) if isinstance(event, NotedEvent) else event
        if wish.as_json:
            print_json(event_json(shown))
        else:
            click.echo(event_line(shown, now=runtime.utc_now()))


def _moment(text: str) -> datetime:
    """Return a point in time that is written, or so long ago. Raises UsageError."""
    try:
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError):
        pass
    try:
        return runtime.utc_now() - duration("--since", text)
    except (UsageError, OverflowError) as error:
        wanted = "a length of time, such as 1h, or a time, such as 2026-01-31T08:00"
        raise UsageError(f"--since: {text} is not {wanted}") from error


# The cursor


def _known_cursor(file: Path) -> Cursor | None:
    """Return what a file says; an empty one is made where there is none, so that it is known to be writable."""
    try:
        text = file.read_bytes()
    except FileNotFoundError:
        _remember(file, Cursor())
        return None
    except OSError as error:
        raise UsageError(f"--cursor-file {file}: cannot be read: {error.strerror}") from error
    try:
        cursor = msgspec.json.decode(text, type=Cursor)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"--cursor-file {file}: is no cursor of this command; remove it to begin anew") from error
    return cursor if cursor.positions else None


def _remember(file: Path, cursor: Cursor) -> None:
    """Note how far the output is written: after a kill before this, the same events come once more."""
    try:
        write_durably(file, f"{msgspec.json.encode(cursor).decode()}\n")
    except OSError as error:
        raise UsageError(f"--cursor-file {file}: cannot be written: {error.strerror}") from error
