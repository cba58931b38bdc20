"""
The page behind a parametric QR code. GET shows, POST follows its application and tells the owner of the scan.

Who follows already confirms too: the owner asked who scans this code, and a GET, which link previews do, says nothing.
"""

from __future__ import annotations

from aiohttp import web

from watcher.core.callbacks import QrCode
from watcher.core.caps import Made
from watcher.core.push import TRIAL_APP_KEY, App, NewSubscriber
from watcher.web.addresses import known
from watcher.web.keys import SERVICE, SETTINGS
from watcher.web.middleware.limits import count_address, count_making
from watcher.web.pages.trial import trial_draft
from watcher.web.pages.view import render, see_other
from watcher.web.sessions.device import device_draft, remember_device, subscriber_of


async def show_scan(request: web.Request) -> web.Response:
    """`GET /q/{slug}`: what is followed by it, and who runs that."""
    service = request.app[SERVICE]
    _, app = await _find(request)
    subscriber = await subscriber_of(request)
    is_following = False
    if subscriber is not None:
        _, apps = await service.subscriptions.following(subscriber)
        is_following = app.id in {followed.id for followed in apps}
    return render(request, "scan.html", app=app, is_following=is_following)


async def follow_scan(request: web.Request) -> web.Response:
    """`POST /q/{slug}`: subscribe this device, and make it known if it is new."""
    count_address(request, "scan", request.app[SETTINGS].address_calls)
    made = await _scan(request)
    response = see_other("/inbox")
    if made is not None:
        remember_device(request, response, made.device_token)
    return response


async def _scan(request: web.Request) -> NewSubscriber | None:
    code, app = await _find(request)
    service, subscriber = request.app[SERVICE], await subscriber_of(request)
    if subscriber is None:
        count_making(request, Made.SUBSCRIBERS)
    device = device_draft(request)
    if app.key == TRIAL_APP_KEY:
        return await service.trials.scan(code.slug, subscriber, trial_draft(request), device=device)
    return await service.codes.scan(code.slug, subscriber, device=device)


async def _find(request: web.Request) -> tuple[QrCode, App]:
    """Return the code and its application. Raises HTTPNotFound, the same for unknown and for expired."""
    service = request.app[SERVICE]
    code = known(await service.codes.of_slug(request.match_info["slug"]))
    return code, next(app for app in await service.apps.all() if app.id == code.app_id)
