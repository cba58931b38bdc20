"""
Whether a page that nobody has seen before is a wall: one judgement for a first check, and for what is suggested.

No usual looks are known yet, so two signs must agree. The title, the heading, a sentence, and what the page asks of its
reader each are one. A figure that is no error's number is one against, for a wall shows nothing that moves. A page that
sells, or has much to tell, is no wall; menus, links and footers tell nothing. A request for consent may be long.
"""

from __future__ import annotations

import re

from turbohtml import Node

from watcher.core.page import Page
from watcher.errors import MissingError
from watcher.extract import walls
from watcher.extract.body import Body, HtmlBody
from watcher.extract.profile import heads_of
from watcher.extract.wall_words import ACCEPT, OFFERED, PLEA

_APART = frozenset({"a", "button", "footer", "head", "header", "label", "nav", "noscript", "option", "script", "style"})
_ASKING = re.compile(rb"""<[^<>]{0,300}?(?:captcha|turnstile|challenge|\stype\s?=\s?["']?password)""", re.IGNORECASE)
_FIGURE = re.compile(r"(?<![\w.:#/-])(?![345]\d\d\b|(?:19|20)\d\d\b)\d{1,3}(?:[.,]\d+)*(?![\w:-]|\.\d)", re.ASCII)
"""A number that is no status of HTTP, no year, and no part of an address or of a reference."""
_SENTENCES = re.compile(r"[.!?…] |[。！？]")
_SENTENCES_READ, _BUTTONS_READ = 5, 20
_REQUEST_CHARACTERS, _MOST_CHARACTERS = 2_500, 6_000
"""More than a request for consent shows, and than any wall does, the menus of its site included."""


def doubt_first(page: Page, body: Body) -> walls.NoPage | None:
    """Return the error for a page that is a wall, or gone, as far as one look can tell. Raises CheckError."""
    text = body.text()
    if not isinstance(body, HtmlBody):
        return walls.doubt(page.body, body.text) or walls.told_by(text, table=walls.FIRST_HEADS)
    if len(text) > _MOST_CHARACTERS or len(page.body) > walls.MOST_BYTES:
        return None
    title, heading = heads_of(body)
    request = walls.told_by(heading, title, table=walls.CONSENT_HEADS) if len(text) <= _REQUEST_CHARACTERS else None
    if request and walls.phrases(ACCEPT).search(text):
        return request
    next_best = next((one.text for one in body.document.select("h2, h3")), text.partition("\n")[0])
    heads = (title, heading or " ".join(next_best.split()))
    told = [error for head in heads if (error := _told_by_head(body, head))]
    is_gone = [type(error) for error in told] == [MissingError] * len(heads)
    if is_gone and any(map(str.isalpha, heads[1])):  # whatever else a shop shows there; a band may be called `404`
        return told[0]
    return _doubt_prose(page, body, heads, told) if told or len(text) <= walls.LITTLE_TEXT_CHARACTERS else None


def _told_by_head(body: HtmlBody, head: str) -> walls.NoPage | None:
    """Return what a title or a heading says. Beside a password it may be called as the button that sends it is."""
    if not body.document.select("input[type=password i]"):
        return walls.told_by(head, table=walls.FIRST_HEADS)
    buttons = body.document.select("button, input[type=submit i]")[:_BUTTONS_READ]
    labels = {" ".join((one.text or one.attr("value") or "").split()).casefold() for one in buttons} - {""}
    named = next((part for part in walls.parts_of(head) if part.casefold() in labels), None)
    return walls.told_by(head, table=walls.LOGIN_HEADS) or (walls.before_login(named) if named else None)


def _doubt_prose(page: Page, body: HtmlBody, heads: tuple[str, str], told: list[walls.NoPage]) -> walls.NoPage | None:
    """Return the error for a page by what it says besides its heads, which told so much."""
    prose = _prose(body)
    if len(prose) > walls.LITTLE_TEXT_CHARACTERS or walls.phrases(OFFERED).search(prose):
        return None
    rest = prose.replace(heads[1], ". ").strip(" .")
    said = None if told else walls.doubt(page.body, body.text)
    said = said or walls.told_by(*_SENTENCES.split(rest)[:_SENTENCES_READ], table=walls.FIRST_HEADS)
    asks = not rest or walls.phrases(PLEA).search(prose) or _ASKING.search(page.body)
    signs = len(told) + bool(said) + bool(asks) + bool(told and not heads[0]) - bool(_FIGURE.search(prose))
    return (told[0] if told else said) if signs >= 2 else None


def _prose(body: HtmlBody) -> str:
    """Return the text of a page in one line, without what leads elsewhere."""
    apart = set[Node]()
    for one in body.elements():
        if one.tag in _APART or one.parent in apart:
            apart.add(one)
    return " ".join(" ".join(text.data for text in body.document.texts() if text.parent not in apart).split())
