"""QR codes of the follow pages, as pictures for posters, chats and other pages."""

from __future__ import annotations

from aiohttp import web

from watcher.core.caps import Made
from watcher.push.channels.wechat.scenes import Scene, SceneKind
from watcher.push.qr import qr_png, qr_svg
from watcher.web.addresses import known
from watcher.web.keys import CHANNELS, SERVICE, SETTINGS
from watcher.web.middleware.limits import count_making
from watcher.web.pages.follow import find_target


async def show_qr(request: web.Request) -> web.Response:
    """`GET /t/{slug}/qr.svg`, `.png`, and the same of `/a/{slug}`: the link from the configured base URL."""
    target = await find_target(request)
    link = request.app[SETTINGS].link(target.scanned_path)
    return picture_of(link, request.match_info["format"])


async def show_wechat_code(request: web.Request) -> web.Response:
    """`GET /t/{slug}/wechat.svg`, `/a/{slug}/wechat.svg`: the code to be scanned with WeChat, while that makes one."""
    account = known(request.app[CHANNELS].wechat)
    await find_target(request)
    scene = Scene(kind=SceneKind(request.match_info["kind"]), slug=request.match_info["slug"])
    link = account.codes.known(scene)
    if link is None:
        count_making(request, Made.CODES)
        await request.app[SERVICE].strangers.count(Made.CODES)
        link = await account.codes.link(scene)
    if link is None:
        raise web.HTTPNotFound
    return picture_of(link, "svg")


def picture_of(link: str, kind: str) -> web.Response:
    """Return the QR code of a link as an answer, `svg` or `png`; its address may come to mean another link."""
    caching = {"Cache-Control": "no-cache"}
    if kind == "svg":
        return web.Response(text=qr_svg(link), content_type="image/svg+xml", headers=caching)
    return web.Response(body=qr_png(link), content_type="image/png", headers=caching)
