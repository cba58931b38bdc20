"""A `watcher serve` whose application may send as fast as it can: `python -m tests.figures.server DATA`."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

from watcher.runtime.serving import listen
from watcher.runtime.service import push_service
from watcher.runtime.settings import Settings
from watcher.runtime.signals import stop_event
from watcher.web.app import WebSettings, build_app
from watcher.web.limits import RateLimit
from watcher.web.server import start_server

_LIMIT = RateLimit(calls=100_000, per=timedelta(seconds=10))


async def _serve(data: Path) -> None:
    stopped = stop_event()
    listening, settings = listen(Settings(data=data, port=0))
    async with push_service(settings) as service:
        server = await start_server(
            build_app(service, WebSettings(base_url=settings.public_url, app_calls=_LIMIT)), listening
        )
        print(f"serving {settings.public_url};", flush=True)  # noqa: T201 as the command says it
        await stopped.wait()
        await server.stop()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
