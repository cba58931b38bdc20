"""Links to an application's own settings page, signed for one subscriber."""

from __future__ import annotations

import hmac
from datetime import datetime
from urllib.parse import quote, urlsplit

from watcher.core.instants import epoch_milliseconds
from watcher.core.push import App, Subscriber


def settings_link(app: App, subscriber: Subscriber, *, now: datetime, nonce: str) -> str | None:
    """
    Return the address of the application's own settings page for one subscriber; None when it has none.

    With a signing key it carries `uid`, `ts` (ms), `nonce`, `sv=1` and `sign`, the lowercase hex HMAC-SHA256 of the
    other four in key order, `k=v` joined by `&`. The nonce is fresh each time.
    """
    if not app.profile.settings_url:
        return None
    given = {"uid": subscriber.uid}
    if app.signing_key is not None:
        given |= {"ts": str(epoch_milliseconds(now)), "nonce": nonce, "sv": "1"}
        signed = "&".join(f"{name}={given[name]}" for name in sorted(given))
        given["sign"] = hmac.digest(app.signing_key.encode(), signed.encode(), "sha256").hex()
    parts = urlsplit(app.profile.settings_url)
    query = "&".join(f"{name}={quote(value)}" for name, value in given.items())
    return parts._replace(query=f"{parts.query}&{query}" if parts.query else query).geturl()
