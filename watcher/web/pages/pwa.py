"""What makes the pages an app of the device: the manifest, and the service worker that shows what is pushed to it."""

from __future__ import annotations

import json
from typing import Final

import xxhash
from aiohttp import web

from watcher.push.ids import is_secret
from watcher.translations import text
from watcher.web.assets import ASSETS, asset_url
from watcher.web.keys import CHANNELS
from watcher.web.pages.language import language_of

_OFFLINE: Final = ("app.css", "icon.svg", "inbox.js", "subscribe.js")
"""What the inbox is made of; `time.js` is imported by its plain name."""
_ICONS: Final = (("icon-192.png", "192x192", "any"), ("icon-512.png", "512x512", "any"))
_MASKABLE: Final = ("icon-maskable.png", "512x512", "maskable")


async def show_manifest(request: web.Request) -> web.Response:
    """
    `GET /manifest.webmanifest`, in the reader's language.

    With `?claim=` the icon on the home screen begins with that claim: on an iPhone it has cookies of its own.
    """
    language, assets = language_of(request), request.app[ASSETS]
    claim = request.query.get("claim", "")
    manifest = {
        "id": "/",
        "name": "watcher",
        "short_name": "watcher",
        "description": text(language, "landing_title"),
        "lang": language.tag,
        "dir": "ltr",
        "start_url": f"/claim/{claim}" if is_secret(claim) else "/inbox",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f7f6f3",
        "theme_color": "#f7f6f3",
        "icons": [
            {"src": asset_url(assets, name), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes, purpose in (*_ICONS, _MASKABLE)
        ],
    }
    return web.Response(
        text=json.dumps(manifest, ensure_ascii=False),
        content_type="application/manifest+json",
        headers={"Cache-Control": "no-store", "Vary": "Accept-Language, Cookie"},
    )


async def show_worker(request: web.Request) -> web.Response:
    """`GET /sw.js`: the worker, told what it cannot know. Another version of any file makes it another worker."""
    assets = request.app[ASSETS]
    version = xxhash.xxh3_64_hexdigest(b"".join(assets[name].body for name in sorted(assets)))
    files = [*(asset_url(assets, name) for name in _OFFLINE), "/static/time.js"]
    told = {"version": version, "key": request.app[CHANNELS].push_key, "files": files}
    return web.Response(
        body=b"const SERVER = %b;\n%b" % (json.dumps(told).encode(), assets["sw.js"].body),
        content_type="text/javascript",
        charset="utf-8",
        headers={"Cache-Control": "no-cache"},
    )
