"""
The frame with the copy of a page: a document of an opaque origin, in which our own script runs and nothing else.

| what | by whom |
|---|---|
| its origin is no site's | `sandbox` without `allow-same-origin`, in its own policy and in the page around it |
| our script alone runs | it stands in the document, and the policy names it by its digest |
| nothing is fetched, sent or framed | `default-src 'none'`; `dressed`: pictures, sheets and fonts, without a referrer |
| nobody else shows it in a frame | `frame-ancestors` |
| what comes out of it | a number, by `postMessage`; the page around it takes nothing else, and from nobody else |
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from html import escape
from importlib import resources
from typing import Final

from aiohttp import web

from watcher.web.middleware.headers import framed

HEAD: Final = (
    "<meta charset=utf-8><meta name=viewport content='width=device-width'><style>"
    "html{overflow:auto!important}html body{min-height:100vh;visibility:visible!important;opacity:1!important;"
    "animation:none!important}"  # pages hide themselves until their scripts run
    "[data-n]{cursor:crosshair!important}a[data-n]{color:#0b5d57;text-decoration:underline}"
    "[data-box]{display:inline-block;min-width:1em;border:1px dashed #8f8b82;padding:0 4px;font-size:.9em}"
    "[data-box]::before{content:attr(data-box);overflow-wrap:anywhere}"
    "img:not([src]){display:inline-block;min-width:1.5em;min-height:1em;border:1px dashed #8f8b82}"
    "[data-aside]{display:none!important}"
    '[data-mark~="found"]{outline:2px solid #0f766e!important;outline-offset:1px}'
    '[data-mark~="left"]{opacity:.35!important;text-decoration:line-through!important}'
    '[data-mark~="near"]{outline:2px dashed #8f5400!important;outline-offset:1px}'
    '[data-mark~="here"]{outline:4px solid #b3261e!important;outline-offset:1px}'
    "</style>"
)
"""What stands first in the copy's head."""
_NOTE: Final = (
    '<watcher-note style="all:initial;position:fixed;inset:auto 0 0;padding:6px 12px;background:#fbf0dc;color:#6b3f00;'
    'font:600 13px/1.4 system-ui">{}</watcher-note>'
)
_BARE: Final = "style-src 'unsafe-inline'"
_DRESSED: Final = "style-src 'unsafe-inline' https: http:; img-src https: http: data:; font-src https: http: data:"


def frame_of(markup: str, note: str, *, is_dressed: bool) -> web.Response:
    """
    Return the document of a copy (`extract.page_copy`), to be shown in a frame of ours.

    Args:
        note: what is said at the foot of it; empty: nothing.
    """
    script, digest = _script()
    looks = _DRESSED if is_dressed else _BARE
    policy = (
        f"sandbox allow-scripts; default-src 'none'; script-src 'sha256-{digest}'; {looks}; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
    )
    foot = _NOTE.format(escape(note)) if note else ""
    return framed(f"{markup}{foot}<script>{script}</script></body></html>", policy)


@cache
def _script() -> tuple[str, str]:
    """Return our script, and the digest that names it in a policy."""
    text = resources.files("watcher.web").joinpath("static", "picked.js").read_text(encoding="utf-8")
    return text, base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
