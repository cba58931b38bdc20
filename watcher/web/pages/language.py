"""The language to answer a reader in."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from watcher.translations import Locale, preferred, spoken

LANGUAGE_COOKIE: Final = "watcher_lang"


def language_of(request: web.Request, *, own: Locale | None = None) -> Locale:
    """
    Return the language to answer in: `?lang=`, else the switch's cookie, else Accept-Language, else English.

    Args:
        own: of the page itself, which comes right after `?lang=`.
    """
    chosen = spoken(request.query.get("lang")) or own or spoken(request.cookies.get(LANGUAGE_COOKIE))
    return chosen or preferred(request.headers.get("Accept-Language", ""))
