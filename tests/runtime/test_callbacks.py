from __future__ import annotations

import asyncio
from pathlib import Path

from watcher.core.callbacks import Callback, Source
from watcher.core.push import AppProfile
from watcher.core.settings import Settings
from watcher.push.service import PushService
from watcher.runtime.process.health import Health
from watcher.runtime.process.meanwhile import meanwhile
from watcher.runtime.process.systemd import Systemd
from watcher.runtime.serving.errands import run_duties
from watcher.runtime.serving.server import listen, serving
from watcher.runtime.serving.service import push_service


async def test_a_server_sends_callbacks_and_only_to_public_addresses(tmp_path: Path) -> None:
    listening, settings = listen(Settings(data=tmp_path, port=0))
    async with push_service(settings) as service:
        app, _ = await service.apps.add(AppProfile(name="shop", callback_url=f"{settings.public_url}/callback"))
        await service.subscriptions.follow_app(None, app.id, Source.LINK)
        health = Health(settings.data, Systemd(None, None))
        async with (
            serving(settings, service, listening, health=health) as duties,
            meanwhile(run_duties(settings, duties)),
        ):
            found = await tried(service, app.id)
    assert "not a public address" in found.reason


async def tried(service: PushService, app_id: int) -> Callback:
    """Return the application's callback once it was tried."""
    async with asyncio.timeout(20):
        while True:
            [callback] = await service.callbacks.newest(app_id)
            if callback.attempts:
                return callback
            await asyncio.sleep(0.01)
