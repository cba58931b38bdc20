"""The command `history`: what changed on a page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from watcher import runtime
from watcher.cli import options
from watcher.cli.choosing import refuse_unchecked
from watcher.cli.declaring import command
from watcher.cli.options import ClusterOption, ConfigOption, DataOption, IdArgument, JsonOption
from watcher.cli.output import print_json, print_table, time_json, time_text, values_json
from watcher.cli.told import Told, told_by
from watcher.cli.watch_file import load_sound_file
from watcher.core.check import Change
from watcher.core.message import change_lines
from watcher.core.protocols import WatchReader
from watcher.core.redaction import redacted_change
from watcher.core.values import Json
from watcher.errors import UsageError


@command
def history(
    watch: IdArgument,
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    database: ClusterOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what changed on a watch's page, oldest first, and whether anybody was told.

    Under "told" stands:

    \b
    yes       somebody has it in the inbox
    nobody    nobody followed the topic
    waiting   it is still in the outbox, or on its way to the inboxes
    given up  it could not be delivered; `watcher outbox` says why
    sent      to another server, or together with others as one message
    (empty)   no rule asked for a message
    baseline  nobody: the watch reads its page in another way since then

    A watch without changes yet, or without a check, has none to show: exit status 0.
    """
    settings = options.watch_settings(data, database)
    file = load_sound_file(config, settings)
    reader = runtime.reader(settings)
    known_watch = file.watches.get(watch) if file is not None else None
    is_checked = reader.state(watch) is not None
    if not is_checked and known_watch is None:
        _refuse_unknown(reader, watch, data)
    secrets = known_watch.request.secrets if known_watch is not None else None
    changes = [redacted_change(change, secrets) for change in reader.changes(watch)]
    told = told_by(settings, changes, reader.outbox() if changes else ())
    if as_json:
        for change in changes:
            print_json(_change_json(watch, change, told(change)))
        return
    now = runtime.utc_now()
    print_table(
        ("changed", "what", "told"),
        [row for change in changes for row in _rows(change, told(change), now=now)],
        folding=("what",),
        empty=f"no change of {watch} was seen yet" + ("" if is_checked else ": it was never checked"),
    )


def _refuse_unknown(reader: WatchReader, watch: str, data: Path) -> None:
    """Raise UsageError for a watch of which neither a file nor a check is known, with what was meant perhaps."""
    if not (known := [one for one, _ in reader.each_state()]):
        raise UsageError(
            f"{data} has no watch that was ever checked; `watcher check` checks them, --data names another"
        )
    refuse_unchecked(watch, known)


def _change_json(watch: str, change: Change, told: Told | None) -> dict[str, Json]:
    return {
        "watch": watch,
        "changed_at": time_json(change.changed_at),
        "old": values_json(change.old),
        "new": values_json(change.new),
        "messages": list(change.messages),
        "untold": list(change.untold),
        "baseline": change.is_baseline,
        "told": told,
    }


def _rows(change: Change, told: Told | None, *, now: datetime) -> Iterator[tuple[str, str, str]]:
    """Yield a row for each value that changed."""
    word = told or ("baseline" if change.is_baseline else "")
    keys = {**change.old, **change.new}
    for key, line in zip(keys, change_lines(change.old, change.new), strict=True):
        yield time_text(change.changed_at, now=now), line, "" if key in change.untold else word
