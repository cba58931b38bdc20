"""
Let schemathesis attack the API: `make fuzz`.

It cannot be installed beside what we are tested with (see `schemas`), so it has an environment of its own, and asks a
server that is started here over a real database, without limits on calls.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

from tests.web.api.v1.api import ALL
from tests.web.api.v1.conftest import PLENTY
from watcher.core.push import AppProfile
from watcher.core.settings import Settings
from watcher.push.draft import make_draft
from watcher.push.opening import open_push_service
from watcher.push.service import PushService
from watcher.store.watch_reader import WatchReader
from watcher.web.app import build_app
from watcher.web.transport.server import open_socket, start_server

_CONFIG = Path(__file__).with_name("schemathesis.toml")


async def attack(schemathesis: Path) -> int:
    """Run it against a server with one of everything; return its exit status."""
    async with AsyncExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        push = await open_push_service(directory / "push.sqlite3", now=lambda: datetime.now(UTC))
        stack.push_async_callback(push.close)
        token = await _fill(push)
        listening = open_socket("127.0.0.1", 0)
        base = f"http://127.0.0.1:{listening.getsockname()[1]}"
        settings = Settings(data=directory, base_url=base, app_calls=PLENTY, address_calls=PLENTY)
        server = await start_server(build_app(push, settings, WatchReader(settings.watches)), listening)
        stack.push_async_callback(server.stop)
        # The inbox has another kind of key, and an envelope of its own.
        asked = ["run", f"{base}/api/v1/openapi.json", "--exclude-path", "/api/v1/inbox"]
        header = ["--header", f"Authorization: Bearer {token}"]
        running = await asyncio.create_subprocess_exec(
            schemathesis, "--config-file", _CONFIG, *asked, *header, cwd=directory
        )
        return await running.wait()


async def _fill(push: PushService) -> str:
    """Let there be one of everything; return a token that may do all."""
    app, _ = await push.apps.add(AppProfile(name="Shop"))
    topic = await push.topics.add("News", app_id=app.id)
    await push.subscribers.add(topic_ids=[topic.id], app_ids=[app.id])
    await push.messages.send(app, make_draft("Hello"), topic_ids=[topic.id])
    return (await push.tokens.add("fuzz", ALL))[1]


if __name__ == "__main__":
    sys.exit(asyncio.run(attack(Path(sys.argv[1]))))
