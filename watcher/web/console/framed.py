"""The document in a frame of the console: a copy of somebody else's page, which tells nobody anything of itself."""

from __future__ import annotations

from aiohttp import web


def framed(markup: str, policy: str) -> web.Response:
    """Return a document that pages of ours alone show in a frame. `policy`: what may happen in it."""
    return web.Response(
        text=markup,
        content_type="text/html",
        charset="utf-8",
        headers={
            "Cache-Control": "no-store",
            "Content-Security-Policy": policy,
            "Referrer-Policy": "no-referrer",
            "X-Frame-Options": "SAMEORIGIN",
        },
    )
