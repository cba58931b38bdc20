"""The static files: read once at start, served from memory under addresses that name their content."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from pathlib import PurePosixPath

import xxhash
from aiohttp import web
from msgspec import Struct

from watcher.web.addresses import known

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png"}


class Asset(Struct, frozen=True, kw_only=True):
    """One static file; `version` is a digest of its bytes."""

    body: bytes
    content_type: str
    version: str


def load_assets() -> Mapping[str, Asset]:
    """Return all files of `static/` by name."""
    return {
        entry.name: _asset(entry.name, entry.read_bytes())
        for entry in resources.files("watcher.web").joinpath("static").iterdir()
        if PurePosixPath(entry.name).suffix in _TYPES
    }


def _asset(name: str, body: bytes) -> Asset:
    content_type = _TYPES[PurePosixPath(name).suffix]
    return Asset(body=body, content_type=content_type, version=xxhash.xxh3_64_hexdigest(body))


ASSETS = web.AppKey("assets", Mapping[str, Asset])


def asset_url(assets: Mapping[str, Asset], name: str) -> str:
    """Return the address of a static file, which changes with its content."""
    return f"/static/{name}?v={assets[name].version}"


async def serve_asset(request: web.Request) -> web.Response:
    """Answer `/static/{name}`; for ever cacheable when the address names the content."""
    asset = known(request.app[ASSETS].get(request.match_info["name"]))
    is_pinned = request.query.get("v") == asset.version
    caching = "public, max-age=31536000, immutable" if is_pinned else "no-cache"
    charset = None if asset.content_type == "image/png" else "utf-8"
    return web.Response(
        body=asset.body, content_type=asset.content_type, charset=charset, headers={"Cache-Control": caching}
    )
