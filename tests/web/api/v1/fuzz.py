"""
Let others read the API's document, and use it: `make fuzz`.

| who | does |
|---|---|
| Redocly, Spectral | read the document, and find nothing to object to |
| openapi-python-client | makes a client of it, by which `send_with_client` sends a message |
| schemathesis | attacks whatever the document names |

They cannot be installed beside what we are tested with (see `schemas`), so they have an environment of their own, and
ask a server that is started here over a real database, without limits on calls. The linters are npm's: where there is
none they are left out, and a line says so.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from msgspec import Struct

from tests.web.api.v1.api import ALL
from tests.web.api.v1.conftest import PLENTY
from watcher.core.push import AppProfile
from watcher.core.settings import Settings
from watcher.push.draft import make_draft
from watcher.push.opening import open_push_service
from watcher.push.service import PushService
from watcher.store.watch_reader import DiskWatchReader
from watcher.web.app import build_app
from watcher.web.transport.server import open_socket, start_server

_HERE: Final = Path(__file__).parent
_LINTERS: Final = _HERE / "linters"


class Served(Struct, frozen=True, kw_only=True):
    """A server with one of everything, a token that may do all, and a directory for what is made of it."""

    directory: Path
    base: str
    token: str
    app_id: int
    topic_id: int

    @property
    def document(self) -> str:
        return f"{self.base}/api/v1/openapi.json"


async def main(environment: Path) -> int:
    """Let each of them at a server; return 1 if any of them found something, else 0."""
    async with _serving() as served:
        statuses = [await look(served, environment) for look in (_lint, _send_with_client, _attack)]
    return int(any(statuses))


async def _lint(served: Served, environment: Path) -> int:
    programs = environment / "npm" / "node_modules" / ".bin"
    if not programs.is_dir():
        print("skipped: Redocly and Spectral, for there is no npm here; nobody has linted the document", flush=True)
        return 0
    quiet = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    redocly: list[Path | str] = [programs / "redocly", "lint", "--config", _LINTERS / "redocly.yaml", served.document]
    spectral: list[Path | str] = [
        programs / "spectral",
        "lint",
        "--fail-severity=hint",
        "--ruleset",
        _LINTERS / "spectral.yaml",
    ]
    return await _run(served, *redocly, **quiet) + await _run(served, *spectral, served.document)


async def _send_with_client(served: Served, environment: Path) -> int:
    programs = environment / "bin"
    made = served.directory / "push_client"
    # It formats what it has made with the ruff that it finds.
    path = {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    make: list[Path | str] = [
        programs / "openapi-python-client",
        "generate",
        "--url",
        served.document,
        "--meta",
        "none",
    ]
    if status := await _run(served, *make, "--fail-on-warning", "--output-path", made, **path):
        return status
    asked = (served.base, served.token, str(served.app_id), str(served.topic_id))
    return await _run(
        served, programs / "python", _HERE / "send_with_client.py", *asked, PYTHONPATH=str(served.directory)
    )


async def _attack(served: Served, environment: Path) -> int:
    # The inbox has another kind of key, and an envelope of its own.
    asked = ["run", served.document, "--exclude-path", "/api/v1/inbox"]
    header = ["--header", f"Authorization: Bearer {served.token}"]
    schemathesis: list[Path | str] = [
        environment / "bin" / "schemathesis",
        "--config-file",
        _HERE / "schemathesis.toml",
    ]
    return await _run(served, *schemathesis, *asked, *header)


async def _run(served: Served, *command: Path | str, **environment: str) -> int:
    print(f"\n{Path(command[0]).name}", flush=True)
    running = await asyncio.create_subprocess_exec(*command, cwd=served.directory, env={**os.environ, **environment})
    return await running.wait()


@asynccontextmanager
async def _serving() -> AsyncIterator[Served]:
    with tempfile.TemporaryDirectory() as made:
        directory = Path(made)
        push = await open_push_service(directory / "push.sqlite3", now=lambda: datetime.now(UTC))
        listening = open_socket("127.0.0.1", 0)
        base = f"http://127.0.0.1:{listening.getsockname()[1]}"
        settings = Settings(data=directory, base_url=base, app_calls=PLENTY, address_calls=PLENTY)
        server = await start_server(build_app(push, settings, DiskWatchReader(settings.watches)), listening)
        try:
            yield await _filled(push, directory, base)
        finally:
            await server.stop()
            await push.close()


async def _filled(push: PushService, directory: Path, base: str) -> Served:
    """Let there be one of everything."""
    app, _ = await push.apps.add(AppProfile(name="Shop"))
    topic = await push.topics.add("News", app_id=app.id)
    await push.subscribers.add(topic_ids=[topic.id], app_ids=[app.id])
    await push.messages.send(app, make_draft("Hello"), topic_ids=[topic.id])
    token = (await push.tokens.add("fuzz", ALL))[1]
    return Served(directory=directory, base=base, token=token, app_id=app.id, topic_id=topic.id)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(Path(sys.argv[1]))))
