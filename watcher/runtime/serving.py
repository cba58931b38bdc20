"""The server: the push service, answering HTTP."""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from watcher.runtime.service import push_service
from watcher.runtime.settings import Settings
from watcher.runtime.signals import stop_event
from watcher.store.lock import RoleLock

if TYPE_CHECKING:
    from aiohttp import web

    from watcher.push.service import PushService
    from watcher.web.settings import WebSettings


async def serve(settings: Settings, *, on_ready: Callable[[Settings], None]) -> None:
    """Run the push service alone until a signal comes. Raises LockedError, UsageError."""
    stopped = stop_event()
    with RoleLock(settings.data, "server", "watcher serve"):
        listening, settings = listen(settings)
        async with push_service(settings) as service, serving(settings, service, listening):
            on_ready(settings)
            await stopped.wait()


def listen(settings: Settings) -> tuple[socket.socket, Settings]:
    """
    Return a listening socket, and the settings with its real port.

    Raises:
        UsageError: the port is taken, or the address is not this machine's.
    """
    from watcher.web.server import open_socket

    listening = open_socket(settings.host, settings.port)
    return listening, replace(settings, port=listening.getsockname()[1])


@asynccontextmanager
async def serving(
    settings: Settings, service: PushService, listening: socket.socket, demo_site: web.Application | None = None
) -> AsyncIterator[None]:
    """Answer HTTP on the socket while the context lasts; the demo's pages, if given, below `/demo`."""
    from watcher.web.app import build_app
    from watcher.web.server import start_server

    app = build_app(service, _web_settings(settings))
    if demo_site is not None:
        app.add_subapp("/demo", demo_site)
    server = await start_server(app, listening)
    (settings.data / "public_url").write_text(settings.public_url + "\n", encoding="utf-8")
    try:
        async with _calling_back(service):
            yield
    finally:
        await server.stop()


def _web_settings(settings: Settings) -> WebSettings:
    from watcher.web.limits import APP_CALLS
    from watcher.web.settings import WebSettings

    return WebSettings(
        base_url=settings.public_url,
        app_calls=replace(APP_CALLS, calls=settings.call_limit),
        keep_messages=settings.keep_messages,
        watches=settings.data / "watches",
    )


@asynccontextmanager
async def _calling_back(service: PushService) -> AsyncIterator[None]:
    """Tell the owners of applications what happens while the context lasts: at public addresses, for they name them."""
    from watcher.net.sessions import Sessions

    async with Sessions() as sessions:
        sending = asyncio.create_task(service.callback_sender(sessions, chance=random.random).run(), name="callbacks")
        try:
            yield
        finally:
            sending.cancel()
            await asyncio.wait([sending])
