"""Watches paused, muted and resumed by a command: in the watcher that runs, or here where none does."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from watcher.core.pausing import PauseAct
from watcher.core.settings import Settings
from watcher.core.watch import WatchFile
from watcher.runtime.asking import ask_running, running_watcher
from watcher.runtime.process.meanwhile import meanwhile
from watcher.runtime.watching import watching
from watcher.watching.questions import AskToPause

PAUSE_SECONDS: Final = 60.0
"""How long the watcher that runs may take, with 100,000 watches too."""


def pause(
    settings: Settings, file: WatchFile, watches: Sequence[str], act: PauseAct, until: datetime | None
) -> Sequence[str]:
    """
    Pause or mute watches until then, or resume them; return those with which something was done.

    The watcher that runs is asked to do it, for it alone writes states; where none runs, it is done here.

    Raises:
        UnansweredError: the watcher that runs did not answer.
        LockedError: a pass is under way.
        StoreError: the state cannot be read or written.
    """
    if running_watcher(settings) is None:
        return asyncio.run(_pause_here(settings, file, watches, act, until))
    question = AskToPause(act=act, watches=tuple(watches), until=until)
    return ask_running(settings, question, limit_seconds=PAUSE_SECONDS).done


async def _pause_here(
    settings: Settings, file: WatchFile, watches: Sequence[str], act: PauseAct, until: datetime | None
) -> Sequence[str]:
    async with watching(settings, file, f"watcher {act}") as (parts, _), meanwhile(parts.checker.committer.run()):
        return await parts.checker.runner.pause(watches, act, until=until)
