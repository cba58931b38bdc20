"""
WxPusher's parametric QR codes: made here, scanned on a phone, asked for until someone has.

The picture is PNG at an address that ends in `.jpg`, as clients expect: they show it as `<img src>`, and browsers go by
the media type. (A JPEG of a QR code is bigger, blurred, and another dependency.)
"""

from __future__ import annotations

from aiohttp import web

from watcher.core.callbacks import QrCode
from watcher.core.instants import epoch_milliseconds
from watcher.core.settings import Settings
from watcher.core.values import Json
from watcher.errors import RefusedError
from watcher.push.actor import acting_for
from watcher.push.codes import DEFAULT_SECONDS
from watcher.web.api.envelope import succeeded
from watcher.web.api.fields import Fields, Integer, Text, body_of
from watcher.web.api.qr import picture_of
from watcher.web.api.query import text_of
from watcher.web.api.sender import asker_of
from watcher.web.keys import SERVICE, SETTINGS
from watcher.web.middleware.limits import count_address


class CodeFields(Fields):
    """What a parametric QR code is asked for with."""

    extra: Text = ""
    valid_time: Integer = DEFAULT_SECONDS


async def create_code(request: web.Request) -> web.Response:
    """`POST /api/fun/create/qrcode`."""
    body = await body_of(request)
    app = await asker_of(request, body.token("appToken"))
    fields = body.fields(CodeFields)
    with acting_for(app):
        code = await request.app[SERVICE].codes.add(app, fields.extra, seconds=fields.valid_time)
    return succeeded(_element(code, request.app[SETTINGS]))


def _element(code: QrCode, settings: Settings) -> Json:
    return {
        "expires": epoch_milliseconds(code.expires_at),
        "code": code.code,
        "shortUrl": settings.link(f"/q/{code.slug}/qr.png"),
        "url": settings.link(f"/api/qrcode/{code.code}.jpg"),
        "extra": code.extra,
    }


async def query_scan(request: web.Request) -> web.Response:
    """`GET /api/fun/scan-qrcode-uid?code=`: the UID of who scanned last. Clients ask again and again."""
    count_address(request, "scanned", request.app[SETTINGS].address_calls)
    code = await request.app[SERVICE].codes.of_code(text_of(request, "code"))
    if code is None or code.uid is None:
        raise RefusedError("暂无用户扫描，或二维码不存在、已过期 · nobody has scanned it yet, or it has expired")
    return succeeded(code.uid)


async def show_picture(request: web.Request) -> web.Response:
    """`GET /api/qrcode/{code}.jpg`, for whoever made the code."""
    return _picture(request, await request.app[SERVICE].codes.of_code(request.match_info["code"]), "png")


async def show_short_picture(request: web.Request) -> web.Response:
    """`GET /q/{slug}/qr.png`, `.svg`: the same picture, from a shorter address that does not say the code."""
    code = await request.app[SERVICE].codes.of_slug(request.match_info["slug"])
    return _picture(request, code, request.match_info["format"])


def _picture(request: web.Request, code: QrCode | None, kind: str) -> web.Response:
    if code is None:
        # Not an envelope: this is loaded as a picture, and nobody should keep it.
        return web.Response(status=404, text="no such QR code, or it has expired\n")
    return picture_of(request.app[SETTINGS].link(f"/q/{code.slug}"), kind)
