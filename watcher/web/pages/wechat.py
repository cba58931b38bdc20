"""WeChat for a subscriber who is here already."""

from __future__ import annotations

from datetime import timedelta

from aiohttp import web
from markupsafe import Markup

from watcher.core.caps import Made
from watcher.push.channels.wechat.scenes import Scene, SceneKind
from watcher.push.claims import CLAIM_LIFE
from watcher.push.qr import qr_svg
from watcher.web.keys import CHANNELS, SERVICE, SUBSCRIBER
from watcher.web.middleware.limits import count_making
from watcher.web.pages.view import render


async def show_link_code(request: web.Request) -> web.Response:
    """`POST /devices/wechat`: a code, good for 10 minutes; who scans it with WeChat gets these messages there too."""
    account = request.app[CHANNELS].wechat
    if account is None:
        raise web.HTTPNotFound
    count_making(request, Made.CODES)
    await request.app[SERVICE].strangers.count(Made.CODES)
    claim = await request.app[SERVICE].claims.add_scene(request[SUBSCRIBER])
    link = await account.codes.link_once(Scene(kind=SceneKind.CLAIM, slug=claim), lasts=CLAIM_LIFE)
    return render(
        request,
        "wechat.html",
        status=503 if link is None else 200,
        code=None if link is None else Markup(qr_svg(link)),  # noqa: S704 our own drawing
        minutes=CLAIM_LIFE // timedelta(minutes=1),
    )
