"""The headers that every answer carries, that to a malformed request included."""

from __future__ import annotations

from typing import Final

from aiohttp import web

_HTTPS_SECONDS: Final = 180 * 86_400
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""What our own pages may do."""
FRAMING_POLICY: Final = f"{POLICY}; frame-src 'self'"
"""Of a page with a frame in it, whose document is ours, too."""
ADVICE: Final = ("Accept-Encoding", "Allow", "Retry-After")
"""The headers of a refusal that every form of its answer keeps."""
_HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # `no-referrer` would make the Origin of our own forms `null`: see guard._refuse_foreign_sites.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def framed(markup: str, policy: str) -> web.Response:
    """
    Return a copy of somebody else's page, which pages of ours alone show in a frame, and which tells nobody of itself.

    Args:
        policy: what may happen in it.
    """
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


def secure(response: web.StreamResponse, *, is_strictly_https: bool = False) -> None:
    """
    Add what the response does not say for itself.

    Args:
        is_strictly_https: browsers shall come by https alone (RFC 6797), for half a year after each visit. Other
            hosts of the domain are not ours to speak for.
    """
    if is_strictly_https:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={_HTTPS_SECONDS}")
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Server"] = "watcher"
