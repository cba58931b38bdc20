"""The command `losses`: what was lost of the data directory."""

from __future__ import annotations

from typing import Annotated

from watcher import runtime
from watcher.cli import options
from watcher.cli.declaring import Option, command
from watcher.cli.options import DataOption, JsonOption
from watcher.cli.output import print_listing, time_json, time_text
from watcher.core.settings import Settings


@command
def losses(
    accept: Annotated[bool, Option("--accept", help="Go on with what is left, and stop warning of the loss.")] = False,
    data: DataOption = options.DATA,
    as_json: JsonOption = False,
) -> None:
    """Show which data was lost.

    When a database is damaged or missing, or lacks changes because its write-ahead log was lost, the service goes on
    with what is left or with the newest backup. The admin topic is told, and the loss is shown here and by `watcher
    doctor` until you accept it. The damaged files are kept; `watcher restore FILE` restores any backup.
    If neither `run` nor `serve` was started since, --accept does what their start would do.
    """
    options.require_data(data)
    print_listing(
        runtime.accept_losses(Settings(data=data), is_accepted=accept),
        as_json=as_json,
        record=lambda loss: {
            "created_at": time_json(loss.created_at),
            "summary": loss.summary,
            "content": loss.content,
            "accepted": accept,
        },
        headings=("found", "accepted" if accept else "lost"),
        cells=lambda loss: (time_text(loss.created_at, now=runtime.utc_now()), loss.content),
        folding=("accepted" if accept else "lost",),
        empty="nothing was lost",
    )
