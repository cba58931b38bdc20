"""What this device's subscriber follows, and the way out of each."""

from __future__ import annotations

from aiohttp import web

from watcher.web.pages.view import render
from watcher.web.settings import SERVICE, SUBSCRIBER


async def show_subscriptions(request: web.Request) -> web.Response:
    """`GET /subscriptions`."""
    subscriber = request[SUBSCRIBER]
    service = request.app[SERVICE]
    topics, apps = await service.following(subscriber)
    settings = {app.id: service.settings_link(app, subscriber) for app in apps}
    return render(request, "subscriptions.html", topics=topics, apps=apps, settings=settings, uid=subscriber.uid)
