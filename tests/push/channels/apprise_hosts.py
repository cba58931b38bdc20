"""
A program that tells which hosts Apprise would open for hostile addresses of the services that are to name none.

It prints `[scheme, host, address]` of each host that the address chose, as JSON. Nothing is opened: the hook that hears
of each name that is looked up, and of each connection, refuses it.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final
from urllib.parse import quote

import apprise

from watcher.push.channels.apprise.address import _PARAMETERS, scheme_of

_CHOSEN: Final = ("evil.test", "a@evil.test", "127.0.0.1", "evil.test%2F")
_FILLINGS: Final = (
    *("abcdefghijklmnopqrstuvwxyz012345", "a@good.example", "15551234567", "a" * 40, "A1B2C3D4E", "a" * 64, "a.b"),
    *("123456789:" + "a" * 35, "AC" + "a" * 32, "1" * 18, "#general", "@user", "a" * 20, "abc", "us"),
)
_opened: list[str] = []


def _hear(event: str, given: tuple[Any, ...]) -> None:
    if event in ("socket.getaddrinfo", "socket.connect"):
        _opened.append(str(given[0 if event == "socket.getaddrinfo" else 1]))
        raise OSError("refused by a test")


def _filling(of: Mapping[str, Any]) -> str:
    if "email" in of["type"]:
        return "a@good.example"
    if of.get("values"):
        return str(next(iter(of["values"])))
    if of["type"].startswith(("int", "float")):
        return str(max(1, int(of.get("min") or 1)))
    pattern = (of.get("regex") or [""])[0]
    return next((each for each in _FILLINGS if re.match(pattern, each, re.IGNORECASE)), _FILLINGS[0])


def _addresses(scheme: str, details: Mapping[str, Any]) -> Iterator[str]:
    tokens = details["tokens"]
    for template in details["templates"]:
        names = [name for name in re.findall(r"{(\w+)}", template) if name != "schema"]
        if not {*names} <= {*tokens}:
            continue
        usual = {name: quote(_filling(tokens[name]), safe="@:#") for name in names} | {"schema": scheme}
        yield from (template.format(**usual | {name: chosen}) for name in names for chosen in _CHOSEN)
        given = template.format(**usual)
        yield from (f"{given}?{name}={chosen}" for name in sorted(_PARAMETERS) for chosen in _CHOSEN[:2])


def _hosts(url: str, asset: Any) -> list[str]:
    _opened.clear()
    plugin = apprise.Apprise.instantiate(url, asset=asset, suppress_exceptions=True)
    if plugin is not None:
        with suppress(Exception):  # some fail for such addresses
            apprise.Apprise(plugin, asset=asset).notify(body="x", title="y")
    return [host for host in _opened if "evil" in host or "127.0.0.1" in host]


def main() -> None:
    logging.disable()
    time.sleep = lambda _: None  # a plugin that sends twice waits between
    sys.addaudithook(_hear)
    asset = apprise.AppriseAsset(http_redirects=False)
    found = []
    for service in apprise.Apprise().details()["schemas"]:
        if any("{host" in template for template in service["details"]["templates"]):
            continue
        for scheme in (*(service["protocols"] or ()), *(service["secure_protocols"] or ())):
            urls = [url for url in _addresses(scheme, service["details"]) if scheme_of(url) == scheme]
            found += [(scheme, host, url) for url in urls for host in _hosts(url, asset)]
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
