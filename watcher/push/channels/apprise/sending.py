"""
A program that hands one notification to Apprise, started anew for each: what hangs in Apprise is ended with it.

It reads `{"url": …, "scheme": …, "title": …, "body": …, "is_markdown": …, "seconds": …}` and tells by its exit status
how it went. It ends itself after the seconds, should the server that started it be there no more to do so. Neither
the address nor what Apprise says of it is ever written anywhere.

A scheme whose templates name no host reaches the hosts of its service: where the host that is about to be opened is
made of what the address says, as of `zulip://bot@127.0.0.1/…`, the program ends, as for an unknown address.
"""

from __future__ import annotations

import inspect
import json
import os
import re
import resource
import signal
import sys
import unicodedata
from typing import Any, Final
from urllib.parse import unquote, urlsplit

SENT: Final = 0
NOT_TAKEN: Final = 10
UNKNOWN: Final = 11
"""Apprise knows no such address of the scheme."""
_MEMORY_BYTES: Final = 512 * 2**20
"""Of addresses. Apprise takes some 60 MB, and reads a service's answer whole and decompressed, whatever its size."""


def main() -> int:
    """Send what standard input says; return the exit status. Whatever Apprise raises ends it with another status."""
    order = json.load(sys.stdin)
    signal.alarm(order["seconds"])
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    import apprise  # the server, which imports this module for its name, never loads it

    asset = apprise.AppriseAsset(app_id="watcher", app_desc="watcher", http_redirects=False)
    # `Apprise.add` would take a text for as many addresses as it finds in it.
    plugin: Any = apprise.Apprise.instantiate(order["url"], asset=asset)
    if plugin is None or order["scheme"] not in _schemes(plugin):
        return UNKNOWN
    if not any("{host" in template for template in plugin.templates):
        _keep_to_service(order["url"], inspect.getsource(sys.modules[type(plugin).__module__]))
    notifier = apprise.Apprise(plugin, asset=asset)
    form = apprise.NotifyFormat.MARKDOWN if order["is_markdown"] else apprise.NotifyFormat.TEXT
    is_taken = notifier.notify(body=order["body"], title=order["title"], body_format=form)
    return SENT if is_taken else NOT_TAKEN


def is_named(host: str, url: str, source: str = "") -> bool:
    """Return whether an address says, in whatever encoding, the last two labels of a host that this source does not."""
    said = url.partition("://")[2]
    while (decoded := unquote(said)) != said:
        said = decoded
    words = re.findall(r"[\w-]+", unicodedata.normalize("NFKC", said).casefold())
    labels = host.casefold().split(".")[-2:]
    is_known = labels[-1].isalpha() and ".".join(labels) in source  # as bsky.social is, of a handle of theirs
    return {*labels} <= {*words} and not is_known


def _keep_to_service(url: str, source: str) -> None:
    import requests

    send = requests.Session.send

    def checked(session: Any, request: Any, **options: Any) -> Any:
        if is_named(urlsplit(request.url).hostname or "", url, source):
            os._exit(UNKNOWN)
        return send(session, request, **options)

    requests.Session.send = checked  # type: ignore[method-assign,assignment]


def _schemes(plugin: Any) -> set[str]:
    schemes = set[str]()
    for named in (plugin.protocol, plugin.secure_protocol):
        schemes.update((named,) if isinstance(named, str) else named or ())
    return schemes


if __name__ == "__main__":
    sys.exit(main())
