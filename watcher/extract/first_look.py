"""
Whether a page that nobody has seen before is a wall: one judgement for a first check, and for what is suggested.

No usual looks are known yet, so two signs must agree. The title, the heading, a sentence and what the page asks of its
reader each are one. A figure that is no error's number is one against, for a wall shows nothing that moves. A page that
sells, or has much to tell, is no wall; menus, links and footers tell nothing. A request for consent may be long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from watcher.core.page import Page
from watcher.errors import MissingError
from watcher.extract import walls
from watcher.extract.body import Body, HtmlBody
from watcher.extract.charset import decode
from watcher.extract.profile import heads_of
from watcher.extract.wall_words import ACCEPT, OFFERED, PLEA

_APART = re.compile(r"<(/?)(a|button|footer|header|label|nav|option)\b[^<>]*+>", re.IGNORECASE)
_FIGURE = re.compile(r"(?<![\w.:#/-])(?![345]\d\d\b|(?:19|20)\d\d\b)\d{1,3}(?:[.,]\d+)*(?![\w:-]|\.\d)")
"""A number that is no status of HTTP, no year, and no part of an address or of a reference."""
_SENTENCES = re.compile(r"[.!?…] |[。！？]")
_SENTENCES_READ = 5
_REQUEST_CHARACTERS = 2_500
_ENOUGH_SIGNS = 2


def doubt_first(page: Page, body: Body) -> walls.NoPage | None:
    """Return the error for a page that is a wall, or gone, as far as one look can tell. Raises CheckError."""
    if len(page.body) > walls.MOST_BYTES:
        return None
    if not isinstance(body, HtmlBody):
        return walls.doubt(page.body, body.text) or _told_by(body.text())
    (title, heading), text = heads_of(body), body.text()
    request = walls.told_by(heading, title, table=walls.CONSENT_HEADS) if len(text) <= _REQUEST_CHARACTERS else None
    if request and walls.is_said(ACCEPT, text):
        return request
    asks, heading = walls.has_password(page.body), heading or _first_heading(body)
    table = walls.LOGIN_HEADS if asks else walls.FIRST_HEADS
    told = [error for head in (title, heading) if (error := walls.told_by(head, table=table))]
    if len([error for error in told if isinstance(error, MissingError)]) == _ENOUGH_SIGNS:
        return told[0]  # whatever else a shop shows there
    return _doubt_prose(page, body, title, heading, told, asks=asks)


def _doubt_prose(
    page: Page, body: HtmlBody, title: str, heading: str, told: list[walls.NoPage], *, asks: bool
) -> walls.NoPage | None:
    """
    Return the error for a page by what it says besides.

    Args:
        told: what its title and its heading say.
        asks: it asks for a password.
    """
    if not told and len(body.text()) > walls.LITTLE_TEXT_CHARACTERS:
        return None
    prose = walls.words_of("".join(_prose(decode(page).text)))
    if len(prose) > walls.LITTLE_TEXT_CHARACTERS or walls.is_said(OFFERED, prose):
        return None
    rest = prose.replace(heading, ". ").strip(" .")
    said = walls.doubt(page.body, body.text) or _told_by(*_SENTENCES.split(rest)[:_SENTENCES_READ])
    signs = len(told) + bool(said) + (asks or not rest or walls.is_said(PLEA, prose)) + (not title)
    error = told[0] if told else said
    return error if signs - (_FIGURE.search(prose) is not None) >= _ENOUGH_SIGNS else None


def _told_by(*texts: str) -> walls.NoPage | None:
    return walls.told_by(*texts, table=walls.FIRST_HEADS)


def _first_heading(body: HtmlBody) -> str:
    """Return the first heading of a page without an `h1`, or its first line."""
    found = body.document.select("h2, h3")[:1]
    return " ".join(found[0].text.split()) if found else body.text().partition("\n")[0]


def _prose(source: str) -> Iterator[str]:
    """Yield the parts of a page's source that lead nowhere else."""
    at, within = 0, ""
    for tag in _APART.finditer(source):
        if not within:
            yield source[at : tag.start()]
            within = "" if tag[1] else tag[2].lower()
        elif tag[1] and tag[2].lower() == within:
            within = ""
        at = tag.end()
    yield "" if within else source[at:]
