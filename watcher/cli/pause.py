"""The command `pause`."""

from __future__ import annotations

from watcher.cli import options
from watcher.cli.declaring import command
from watcher.cli.options import ClusterOption, ConfigOption, DataOption, JsonOption, TagOption
from watcher.cli.pauses import ForOption, WatchesArgument, do
from watcher.core.pausing import PauseAct


@command
def pause(
    watches: WatchesArgument = None,
    lasting: ForOption = "1h",
    tag: TagOption = None,
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    database: ClusterOption = None,
    as_json: JsonOption = False,
) -> None:
    """Stop checking watches for a while.

    The next check is at the end, and judges what changed meanwhile; `watcher resume` ends it sooner.
    """
    do(
        PauseAct.PAUSE,
        watches,
        tag,
        config=config,
        settings=options.watch_settings(data, database),
        as_json=as_json,
        lasting=lasting,
    )
