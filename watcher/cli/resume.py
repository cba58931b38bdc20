"""The command `resume`."""

from __future__ import annotations

from watcher.cli import options
from watcher.cli.declaring import command
from watcher.cli.options import ClusterOption, ConfigOption, DataOption, JsonOption, TagOption
from watcher.cli.pauses import WatchesArgument, do
from watcher.core.pausing import PauseAct


@command
def resume(
    watches: WatchesArgument = None,
    tag: TagOption = None,
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    database: ClusterOption = None,
    as_json: JsonOption = False,
) -> None:
    """End a pause or a mute now.

    The watches are checked at once, and what changed meanwhile is judged.
    """
    do(PauseAct.RESUME, watches, tag, config=config, settings=options.watch_settings(data, database), as_json=as_json)
