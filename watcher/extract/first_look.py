"""
Whether a page that nobody has seen before is a wall: one judgement for a first check, and for what is suggested.

No usual looks are known yet, so two signs must agree, and three where no words of a wall are known, or there is much to
read. The title, the heading, a sentence, and what the page asks of its reader each are one by their words. The others
need none: what its parts are called (`class="maintenance"`), a heading that is the name of its own host, `noindex`, a
reload, links to other sites alone, the address or the number of a request. A figure that is no error's number is one
against, for a wall shows nothing that moves, and so is an element of a time. A page that sells, has much to tell, or
has an author is no wall; menus, links and footers tell nothing. A request for consent may be long. Where little is
said, a form for a password, a choice of countries or a spinner is enough, and so is what a program prints.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from turbohtml import Element, Node

from watcher.core.page import Page
from watcher.errors import MissingError
from watcher.extract import wall_words, walls
from watcher.extract.body import Body, HtmlBody
from watcher.extract.profile import heads_of
from watcher.extract.wall_words import ACCEPT, AGE, MARKUP, OFFERED, PLEA, QUOTES, REQUEST, TRACE

_APART = frozenset({"a", "button", "footer", "head", "header", "label", "nav", "noscript", "option", "script", "style"})
_ASKING = re.compile(rb"""<[^<>]{0,300}?(?:captcha|turnstile|challenge|\stype\s?=\s?["']?password)""", re.IGNORECASE)
_FIGURE = re.compile(r"(?<![\w.:#/-])(?![345]\d\d\b|(?:19|20)\d\d\b)\d{1,3}(?:[.,]\d+)*(?![\w:-]|\.\d)", re.ASCII)
"""A number that is no status of HTTP, no year, and no part of an address or of a reference."""
_CALLED = re.compile(rf"<(?!a\b|meta\b)[a-z][^<>]{{0,300}}?(?:{'|'.join(MARKUP)})".encode(), re.IGNORECASE)
_DOMAIN = re.compile(r"(?<![\w@.-])(?:www\.)?((?:[\w-]{1,63}\.){1,3}[^\W\d_]{2,24})(?![\w-])")
_ELSEWHERE = re.compile(r"(?:https?:)?//(?:www\.)?([^/?#:\s]+)", re.IGNORECASE)
_ONWARD = re.compile(r"(?![#?]|/?$|/[#?]|[a-z]{1,20}:)", re.IGNORECASE)
"""What leads to another page of the same site."""
_UNSEEN = "meta[name=robots i][content*=noindex i]", "meta[http-equiv=refresh i]", wall_words.PROGRESS, wall_words.WHOLE
_SENTENCES = re.compile(r"[.!?…] |[。！？]")
_SENTENCES_READ = 5
_REQUEST_CHARACTERS, _MOST_CHARACTERS = 2_500, 6_000
"""More than a request for consent shows, and than any wall does, the menus of its site included."""
_FORMS = tuple(zip(wall_words.FORMS, (walls.before_login, walls.before_robot_check, walls.asked_by), strict=True))
_LOCALE = re.compile(r"(?:https?://[^/]+)?/(?:[a-z]{2}[-_/])?[a-z]{2}/?(?:[?#]|$)", re.IGNORECASE)
_COUNTRIES, _LINKS_BESIDE, _HOLDERS_READ, _PARAGRAPHS, _PARAGRAPH_CHARACTERS = 8, 6, 5, 3, 60
_LONG_CHARACTERS = 1_500
"""Of prose: what explains itself has so much, as a server's default page does, and shows more signs."""


def doubt_first(page: Page, body: Body, *, is_valued: bool = False) -> walls.NoPage | None:
    """
    Return the error for a page that is a wall, or gone, as far as one look can tell.

    Args:
        is_valued: a price or a date was found, which vouches for all but a request and a domain that is for sale.

    Raises CheckError.
    """
    if not isinstance(body, HtmlBody):
        if is_valued:
            return None
        return walls.doubt(page.body, body.text) or walls.told_by(body.text(), table=walls.FIRST_HEADS)
    if len(page.body) > walls.MOST_BYTES or len(text := body.text()) > _MOST_CHARACTERS:
        return None
    title, heading = heads_of(body)
    next_best = next((one.text for one in body.document.select("h2, h3")), text.partition("\n")[0])
    heads = (title, heading or " ".join(next_best.split()))
    called, named = bool(_CALLED.search(page.body)), _names_host(heads[1], _host(page.url))
    if (is_valued and not called and not named) or _is_written(body):
        return None
    if len(text) <= _REQUEST_CHARACTERS and walls.phrases(ACCEPT).search(text) and (called or not is_valued):
        asking = heads[::-1] if heading or called else (title,)
        request = walls.told_by(*asking, table=walls.CONSENT_HEADS)
        if request or walls.phrases(AGE).search(asking[0]):
            return request or walls.asked_by(asking[0])
        is_about = not is_valued and walls.phrases(wall_words.COOKIES).search(text)
        if is_about and _holds_all(body, _prose(body, "")[0], wall_words.REQUESTS):
            return walls.asked_by(heads[1])
    told = [error for head in heads if (error := _told_by_head(body, head))]
    if (told and named) or is_valued:  # what such a page sells is its name
        return told[0] if told and named else None
    is_gone = [type(error) for error in told] == [MissingError] * len(heads)
    if is_gone and any(map(str.isalpha, heads[1])):  # whatever else a shop shows there; a band may be called `404`
        return told[0]
    return _doubt_prose(page, body, heads, told, is_called=called, is_named=named)


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _names_host(heading: str, host: str) -> bool:
    """Return whether a heading has the name of the host; one of numbers has none, and may be called anything."""
    is_number = host[-1:].isdecimal() or ":" in host
    return any(is_number or host == name.casefold() for name in _DOMAIN.findall(heading))


def _told_by_head(body: HtmlBody, head: str) -> walls.NoPage | None:
    """Return what a title or a heading says."""
    if head.startswith(QUOTES):
        return None
    head = walls.phrases(wall_words.INTERJECTION).sub("", head, 1) or head
    is_login = bool(body.document.select("input[type=password i]"))
    return walls.told_by(head, table=walls.LOGIN_HEADS if is_login else walls.FIRST_HEADS)


def _doubt_prose(
    page: Page, body: HtmlBody, heads: tuple[str, str], told: list[walls.NoPage], *, is_called: bool, is_named: bool
) -> walls.NoPage | None:
    """Return the error for a page by what it says and how it looks, its heads, its parts and its name apart."""
    pieces, leads_away = _prose(body, _host(page.url))
    prose = " ".join(pieces)
    sells = bool(walls.phrases(OFFERED).search(prose))  # perhaps its own name
    may_sell = (leads_away and is_named) or walls.told_by(*heads, table=walls.PAYWALL_HEADS)
    if len(prose) > _LONG_CHARACTERS or (sells and not may_sell):
        return None
    if printed := walls.phrases(wall_words.PRINTED).match(prose):
        return walls.seeming_as(printed[0])
    rest, traces = walls.phrases(TRACE).subn(" ", prose)
    made = is_called + is_named + sells + bool(walls.phrases(REQUEST).search(prose))
    looks = made + leads_away + bool(traces) + sum(bool(body.document.select(one)) for one in _UNSEEN)
    moves = 0 if sells else bool(_FIGURE.search(rest)) + bool(body.document.select("time"))
    is_long = len(prose) > walls.LITTLE_TEXT_CHARACTERS
    if not (is_long or moves or told) and (gate := _gate_of(body, heads[1], pieces)):
        return gate
    sentences = _SENTENCES.split(prose.replace(heads[1], ". ").strip(" ."))
    table = walls.LOOKED_AT_HEADS if looks else walls.FIRST_HEADS
    told = told or [error for head in heads if looks and (error := walls.told_by(head, table=table))]
    if not told and not looks and len(body.text()) > walls.LITTLE_TEXT_CHARACTERS:
        return None
    said = None if told else walls.doubt(page.body, body.text)
    said = said or walls.told_by(*sentences[:_SENTENCES_READ], table=table)
    asks = not any(sentences) or walls.phrases(PLEA).search(prose) or _ASKING.search(page.body)
    is_gone = isinstance(next(iter(told), None), MissingError) and body.document.select(wall_words.WAYS_OUT)
    moves *= not (told and body.document.select(wall_words.PROGRESS))  # a waiting room says how long
    words = len(told) + bool(said)
    is_nameless = bool(told) and not heads[0] and not is_long
    signs = words + looks + bool(asks or is_gone) + is_nameless - moves
    if signs < 2 + (is_long or not words) or not (told if is_long else words or made):
        return None
    return told[0] if told else said or walls.seeming_as(heads[1] or heads[0])


def _prose(body: HtmlBody, host: str) -> tuple[list[str], bool]:
    """Return the pieces of text of a page, without what leads on, and whether all that leads on leaves the site."""
    apart, links = set[Node](), list[str]()
    for one in body.elements():
        if one.tag == "a" and one.parent not in apart:
            links.append((one.attr("href") or "").strip() or "#")
        if one.tag in _APART or one.parent in apart:
            apart.add(one)
    texts = (text.data for text in body.document.texts() if text.parent not in apart)
    pieces = [" ".join(words) for text in texts if (words := text.split())]
    away = [found[1].casefold() != host for link in links if (found := _ELSEWHERE.match(link))]
    return pieces, any(away) and all(away) and not any(map(_ONWARD.match, links))


def _is_written(body: HtmlBody) -> bool:
    """Return whether a page has an author, comments, or an article of several paragraphs: it may speak of walls."""
    long = [one for one in body.document.select("article p") if len(one.text) >= _PARAGRAPH_CHARACTERS]
    return len(long) >= _PARAGRAPHS or bool(body.document.select(wall_words.AUTHORED))


def _gate_of(body: HtmlBody, heading: str, pieces: list[str]) -> walls.NoPage | None:
    """Return the error for a page whose little prose, given in pieces, stands before a form, links or a spinner."""
    links = _of_page(body, "a[href]")
    if len(links) <= _LINKS_BESIDE and (error := next((error for form, error in _FORMS if _of_page(body, form)), None)):
        return error(heading)
    if sum(bool(_LOCALE.match(link.attr("href") or "")) for link in links) >= max(_COUNTRIES, 0.8 * len(links)):
        return walls.seeming_as(heading)
    return walls.seeming_as(pieces[0]) if pieces and _holds_all(body, pieces, wall_words.SPINNERS) else None


def _holds_all(body: HtmlBody, pieces: list[str], names: str) -> bool:
    """Return whether an element that is called so holds all pieces of the prose and all links of the page."""
    links = len(_of_page(body, "a[href]"))
    holders = (one for one in body.document.select(names)[:_HOLDERS_READ] if len(one.select("a[href]")) >= links)
    return any(all(piece in text for piece in pieces) for text in (" ".join(holder.text.split()) for holder in holders))


def _of_page(body: HtmlBody, selector: str) -> list[Element]:
    """Return what is selected beside the menus, the footer and the dialogs of a site."""
    return [one for one in body.document.select(selector) if one.closest(wall_words.ASIDE) is None]
