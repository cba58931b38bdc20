"""
A program that hands one notification to Apprise, started anew for each: what hangs in Apprise is ended with it.

It reads `{"url": …, "scheme": …, "title": …, "body": …, "is_markdown": …, "seconds": …}` and tells by its exit status
how it went. It ends itself after the seconds, should the server that started it be there no more to do so. Neither
the address nor what Apprise says of it is ever written anywhere.
"""

from __future__ import annotations

import json
import signal
import sys
from typing import Any, Final

SENT: Final = 0
NOT_TAKEN: Final = 10
UNKNOWN: Final = 11
"""Apprise knows no such address of the scheme."""


def main() -> int:
    """Send what standard input says; return the exit status. Whatever Apprise raises ends it with another status."""
    order = json.load(sys.stdin)
    signal.alarm(order["seconds"])
    import apprise  # the server, which imports this module for its name, never loads it

    asset = apprise.AppriseAsset(app_id="watcher", app_desc="watcher", http_redirects=False)
    # `Apprise.add` would take a text for as many addresses as it finds in it.
    plugin = apprise.Apprise.instantiate(order["url"], asset=asset)
    if plugin is None or order["scheme"] not in _schemes(plugin):
        return UNKNOWN
    notifier = apprise.Apprise(plugin, asset=asset)
    form = apprise.NotifyFormat.MARKDOWN if order["is_markdown"] else apprise.NotifyFormat.TEXT
    is_taken = notifier.notify(body=order["body"], title=order["title"], body_format=form)
    return SENT if is_taken else NOT_TAKEN


def _schemes(plugin: Any) -> set[str]:
    schemes = set[str]()
    for named in (plugin.protocol, plugin.secure_protocol):
        schemes.update((named,) if isinstance(named, str) else named or ())
    return schemes


if __name__ == "__main__":
    sys.exit(main())
