"""Templates to pages: the words of the reader's language, escaped text, the headers of a page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, partial
from itertools import islice
from typing import Final
from urllib.parse import quote, urlencode

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from watcher.core.handovers import NOT_TAKEN, reason_for_owner
from watcher.core.phrases import phrases_in
from watcher.core.push import OVER_LIMIT, ContentType, Draft
from watcher.core.wording import wording_of
from watcher.core.words import clean, cut, one_line
from watcher.translations import Locale, grouped, pattern, reworded, text, written
from watcher.web.assets import ASSETS, asset_url
from watcher.web.keys import CHANNELS, SETTINGS
from watcher.web.pages.language import LANGUAGE_COOKIE, language_of

_SHORT_CHARACTERS: Final = 80
_LONGEST_QUERY: Final = 2_000
_LANGUAGE_KEPT_SECONDS: Final = 400 * 86_400
_UID: Final = re.compile(r"\bUID_[A-Za-z0-9]{28}\b")
_CODE: Final = re.compile(r"`([^`]+)`")


@cache
def templates() -> Environment:
    """Return the environment of the pages: everything is escaped, an undefined name is an error."""
    environment = Environment(
        loader=PackageLoader("watcher.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["OVER_LIMIT"] = OVER_LIMIT
    environment.globals["NOT_TAKEN"] = NOT_TAKEN
    environment.filters["reason_for_owner"] = reason_for_owner
    environment.filters["iso"] = _iso
    environment.filters["minute"] = _minute
    environment.filters["time"] = _time
    environment.filters["clock"] = _clock
    environment.filters["marked"] = _marked
    environment.filters["number"] = grouped
    environment.filters["preview"] = preview
    environment.filters["uids"] = _uids
    environment.filters["plain"] = _plain
    environment.filters["short"] = _short
    environment.filters["said"] = _said
    return environment


def render(
    request: web.Request, template: str, *, status: int = 200, speaks: Locale | None = None, **context: object
) -> web.Response:
    """
    Return a page; `?lang=` on its address is kept for the next ones.

    Args:
        speaks: the page's own language, unless its address names one; None: its reader's.
    """
    language = language_of(request, own=speaks)
    response = web.Response(
        text=templates()
        .get_template(template)
        .render(
            t=words_in(language),
            called=phrases_in(language).called,
            language=language,
            settings=request.app[SETTINGS],
            channels=request.app[CHANNELS],
            asset=partial(asset_url, request.app[ASSETS]),
            path=request.path,
            switch=_address_in(request, language.other),
            **context,
        ),
        status=status,
        content_type="text/html",
        charset="utf-8",
        headers={"Cache-Control": "no-store", "Content-Language": language.value, "Vary": "Accept-Language, Cookie"},
    )
    if request.query.get("lang") == language:
        response.set_cookie(LANGUAGE_COOKIE, language.value, max_age=_LANGUAGE_KEPT_SECONDS, samesite="Lax")
    return response


def _address_in(request: web.Request, language: Locale) -> str:
    """Return this page in another language, with what is asked on it if that is short; never on another host."""
    asked = [(name, value) for name, value in request.query.items() if name != "lang"]
    kept = asked if len(request.query_string) <= _LONGEST_QUERY else []
    path = quote("/" + request.path.lstrip("/\\"))
    return f"{path}?{urlencode([*kept, ('lang', language.value)])}"


def see_other(location: str) -> web.Response:
    """Return the redirect after a form, which may set a cookie: the browser fetches the other page by GET."""
    return web.Response(status=303, headers={"Location": location, "Cache-Control": "no-store"})


def words_in(language: Locale) -> Callable[..., str]:
    """Return what templates call `t`: the words under a key, in which markup that is filled in stays markup."""
    return partial(_words, language)


def _words(language: Locale, key: str, **values: object) -> str:
    if any(isinstance(value, Markup) for value in values.values()):
        return escape(pattern(language, key, **values)).format(**written(values))
    return text(language, key, **values)


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _minute(at: datetime) -> str:
    """Show a time to readers without scripts; with scripts the page turns it into local time."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _time(at: datetime) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(_iso(at), _minute(at))


@pass_context
def _said(context: Context, words: str) -> Markup:
    """Return what a module said that knows no language: in the reader's, or else as English."""
    language = context["language"]
    said = reworded(language, words)
    is_foreign = wording_of(words) is None
    return Markup('<span lang="en">{}</span>').format(said) if is_foreign else _marked(said)


def _clock(at: datetime) -> Markup:
    """As `time`, of one ahead: the time itself, with scripts too."""
    return Markup('<time datetime="{}" data-clock>{}</time>').format(_iso(at), _minute(at))


def _marked(words: str) -> Markup:
    """Return words with what stands between backticks as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(words))))  # noqa: S704 - escaped before it is marked


def _uids(words: str) -> Markup:
    """Return words in which each UID stays in one piece: it is as long as a line of a phone, or nearly so."""
    return Markup(_UID.sub(r'<code class="whole">\g<0></code>', str(escape(words))))  # noqa: S704 - as above


def preview(draft: Draft) -> str:
    """Return up to three lines of a text that say more than its summary; of HTML and markdown none."""
    if draft.content_type is not ContentType.TEXT:
        return ""
    lines = (line.strip() for line in draft.content[:2_000].splitlines())
    return "\n".join(islice((line for line in lines if line and line not in (draft.summary, draft.url)), 3))


def _plain(words: str) -> str:
    """Return words in one line, without marks that turn the direction of what stands beside them."""
    return one_line(clean(words))


def _short(words: str) -> str:
    """Return words as a row of a list has room for them."""
    return cut(_plain(words), _SHORT_CHARACTERS)
