"""QR codes of the follow pages, as pictures for posters, chats and other pages."""

from __future__ import annotations

from aiohttp import web

from watcher.push.qr import qr_png, qr_svg
from watcher.web.pages.follow import find_target
from watcher.web.settings import SETTINGS


async def show_qr(request: web.Request) -> web.Response:
    """`GET /t/{slug}/qr.svg`, `.png`, and the same of `/a/{slug}`: the link from the configured base URL."""
    target = await find_target(request)
    link = request.app[SETTINGS].link(target.scanned_path)
    caching = {"Cache-Control": "no-cache"}
    if request.match_info["format"] == "svg":
        return web.Response(text=qr_svg(link), content_type="image/svg+xml", headers=caching)
    return web.Response(body=qr_png(link), content_type="image/png", headers=caching)
