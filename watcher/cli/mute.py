"""The command `mute`."""

from __future__ import annotations

from watcher.cli import options
from watcher.cli.declaring import command
from watcher.cli.options import ClusterOption, ConfigOption, DataOption, JsonOption, TagOption
from watcher.cli.pauses import ForOption, WatchesArgument, do
from watcher.core.pausing import PauseAct


@command
def mute(
    watches: WatchesArgument = None,
    lasting: ForOption = "1h",
    tag: TagOption = None,
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    database: ClusterOption = None,
    as_json: JsonOption = False,
) -> None:
    """Send no messages about watches for a while.

    They are checked as ever, and failures are shown; what changes meanwhile is judged, and told, at the end.
    """
    do(
        PauseAct.MUTE,
        watches,
        tag,
        config=config,
        settings=options.watch_settings(data, database),
        as_json=as_json,
        lasting=lasting,
    )
