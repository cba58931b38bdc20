"""The demo: our own changing pages, watched."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec.structs import replace

from watcher.config import parse
from watcher.core.event_streams import Event
from watcher.core.push import PushTopic
from watcher.core.settings import Settings
from watcher.push.listeners import Listeners
from watcher.runtime.following import tell_events
from watcher.runtime.running import run_embedded
from watcher.runtime.serving.server import OnPassword, listen
from watcher.web.demo.site import build_demo_site
from watcher.web.demo.timetable import TICK
from watcher.web.demo.watches import demo_watches


async def demo(
    settings: Settings,
    *,
    on_ready: Callable[[Settings, Sequence[PushTopic]], None],
    on_password: OnPassword,
    on_event: Callable[[Event], None],
) -> None:
    """
    Watch our own changing pages until a signal comes, in a temporary data directory.

    Args:
        on_ready: is told the settings with the real port, and the topics to follow.
        on_password: is told the password of the console.
        on_event: is told what happens, as it does.

    The watcher fetches them without leaving this machine, whatever the public address is; messages link to that one.
    """

    def invite(ready: Settings, found: Listeners) -> None:
        on_ready(ready, [each.topic for each in found.unheard if each.topic is not None and not each.is_admin])

    started = time.monotonic()
    site = build_demo_site(lambda: int((time.monotonic() - started) / TICK.total_seconds()))
    with tempfile.TemporaryDirectory(prefix="watcher-demo-") as directory:
        listening, settings = listen(replace(settings, data=Path(directory)))
        pages = f"{settings.local_url}/demo"
        file = parse(demo_watches(pages, link_base=f"{settings.public_url}/demo"), file="the demo", environ={})
        await run_embedded(
            settings,
            file,
            listening,
            invite,
            on_password=on_password,
            demo_site=site,
            beside=lambda: tell_events(settings, on_event),
        )
