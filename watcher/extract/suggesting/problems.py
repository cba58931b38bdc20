"""Why a page suggests nothing: scripts fill it, a wall such as a login stands before it, or it says next to nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urljoin

from watcher.core.page import Page
from watcher.core.urls import is_web_url
from watcher.core.wording import said_by, worded
from watcher.core.words import cut
from watcher.errors import CheckError
from watcher.extract.body import Body, HtmlBody
from watcher.extract.document import Document
from watcher.extract.first_look import doubt_first
from watcher.extract.suggesting.survey import Survey
from watcher.extract.walls import read_wall, told_by

_ROOTS = "#root, #app, #__next, #__nuxt, #___gatsby, app-root, [ng-app], [data-reactroot], #main-app, #app-root"
_ROOT_CHARACTERS = 60
_MODAL = "dialog[open], [role=dialog], [role=alertdialog], [aria-modal=true]"
_LITTLE_CHARACTERS = 400
_ADDRESS = re.compile(r"""["'`]((?:https?://[^"'`\s<>]{1,200})?/[^"'`\s<>]{0,200})["'`]""")
_DATA = re.compile(r"/(?:api|graphql|rest|ajax|wp-json|v\d)(?:/|\b)|\.json\b", re.IGNORECASE)
_NO_DATA = re.compile(
    r"\.(?:js|css|map|png|jpe?g|svg|woff2?)\b|manifest|/track|/log\b|analytics|sentry|telemetry", re.IGNORECASE
)
_MOST_SCRIPT_CHARACTERS = 200_000
_MOST_REQUESTS = 3
_ADDRESS_CHARACTERS = 160


def wall_before(page: Page, body: Body) -> str | None:
    """Return what stands in front of the page, or that the page is gone; None for a page."""
    wall = read_wall(page.body)
    if wall is not None:
        return worded("unseen_wall", "{who} stands in front of the page; what is behind it cannot be seen.", who=wall)
    try:
        complaint = doubt_first(page, body)
    except CheckError as error:
        return said_by(error)
    return None if complaint is None else said_by(complaint)


def problem_of(survey: Survey, body: HtmlBody, url: str) -> str | None:
    """Return why a page suggests nothing, where that can be told."""
    document = survey.document
    content = survey.content_chars
    if _is_filled_by_scripts(document, body, content):
        requests = list(islice(_requests(document, url), _MOST_REQUESTS))
        if requests:
            return worded(
                "unseen_data",
                "The page is filled by JavaScript, and shows nothing without; it names these addresses of data: "
                "{addresses}.",
                addresses=", ".join(requests),
            )
        return worded(
            "unseen_scripts",
            "The page is filled by JavaScript, and shows nothing without; watch the JSON that it asks for, which the "
            "browser’s developer tools list.",
        )
    heads = [" ".join(one.text.split()) for one in document.select("title, h1")[:2]]
    told = told_by(*heads)
    if told is not None:
        return said_by(told)
    if document.select(_MODAL) and content <= _LITTLE_CHARACTERS:
        return worded(
            "unseen_dialog",
            "A dialog stands before the page, such as one that asks for consent; what is behind it cannot be seen.",
        )
    if document.select("input[type=password i]") and content <= _LITTLE_CHARACTERS:
        return worded("unseen_login", "The page asks for a login; what is behind it cannot be seen.")
    return None


def _is_filled_by_scripts(document: Document, body: HtmlBody, content: int) -> bool:
    if body.is_shell():
        return True
    roots = document.select(_ROOTS)
    is_empty = any(len(root.text.strip()) <= _ROOT_CHARACTERS for root in roots)
    return is_empty and content <= _LITTLE_CHARACTERS and bool(document.select("script"))


def _requests(document: Document, url: str) -> Iterator[str]:
    """Yield the addresses of data that the page names, each once."""
    known: set[str] = set()
    for target in _targets(document):
        try:
            joined = urljoin(document.base_url(url), target)
        except ValueError:
            continue
        if is_web_url(joined) and joined not in known:
            known.add(joined)
            yield cut(joined, _ADDRESS_CHARACTERS)


def _targets(document: Document) -> Iterator[str]:
    for link in document.select("link[rel~=preload][as=fetch][href]"):
        yield link.attr("href") or ""
    for element in document.select("[data-url], [data-api], [data-endpoint], [data-src], [data-source]")[:100]:
        for name in ("data-url", "data-api", "data-endpoint", "data-src", "data-source"):
            value = element.attr(name) or ""
            if _DATA.search(value) and not _NO_DATA.search(value):
                yield value
    left = _MOST_SCRIPT_CHARACTERS
    for script in document.select("script:not([src])"):
        text = script.text[:left]
        left -= len(text)
        for match in _ADDRESS.finditer(text):
            if _DATA.search(match[1]) and not _NO_DATA.search(match[1]):
                yield match[1]
