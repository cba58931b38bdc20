"""
A site that changes from step to step, each page in a way of its own: what matters, what does not, and markup alone.

A page is `/{kind}/{number}`; what it shows at a step follows from the three alone.

| kind    | what changes, and how often                                                                   |
|---------|-----------------------------------------------------------------------------------------------|
| price   | the price at a quarter of the steps; an advertisement and a count of views at each            |
| list    | a row comes at a quarter of the steps, one goes at an eighth                                  |
| shuffle | the same, and at each tenth step the rows change places                                       |
| notice  | a line with `Exam` at a fifth of the steps, other lines at two fifths                         |
| version | the version at a fifth of the steps, another line at two fifths                               |
| api     | JSON: the price at a quarter of the steps, a time at each                                     |
| product | what shops tell search engines: the price and the stock, each at a quarter of the steps       |
| prose   | a paragraph at a fifth of the steps; a class, which no reader sees, at a tenth                |
| state   | `sold out` or `available` at a quarter of the steps, another line at a third                  |
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Final

_HTML: Final = "text/html; charset=utf-8"
_PARTS: Final = 3  # of a page's path: nothing, its kind, its number


class Site:
    """The site, at one step."""

    def __init__(self) -> None:
        self.step = 0
        self.url = ""
        self.requests = 0
        self.was_asked = asyncio.Event()

    def page(self, path: str) -> tuple[str, str] | None:
        """Return the type and the body of a page."""
        parts = path.partition("?")[0].split("/")
        if len(parts) != _PARTS or parts[1] not in _PAGES or not parts[2].isdecimal():
            return None
        return _pages(parts[1], int(parts[2]), self.step)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            self.requests += 1
            self.was_asked.set()
            found = self.page(head.split(b" ", 2)[1].decode())
            kind, text = found or (_HTML, "not here")
            body = text.encode()
            status = "200 OK" if found else "404 Not Found"
            headers = f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close"
            writer.write(f"HTTP/1.1 {status}\r\n{headers}\r\n\r\n".encode())
            writer.write(body)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def serving() -> AsyncIterator[Site]:
    """Serve the site on loopback."""
    site = Site()
    server = await asyncio.start_server(site._answer, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()[:2]
    site.url = f"http://{host}:{port}"
    async with server:
        yield site


@lru_cache(maxsize=100_000)
def _pages(kind: str, number: int, step: int) -> tuple[str, str]:
    return _PAGES[kind](number, step)


def _chances(kind: str, number: int, step: int) -> Iterator[random.Random]:
    """Yield the source of chance of each step up to this one: what a page was is part of what it is."""
    for each in range(step + 1):
        yield random.Random(f"{kind} {number} {each}")


def _document(title: str, body: str, head: str = "") -> tuple[str, str]:
    text = f"<!doctype html><html><head><title>{title}</title>{head}</head><body>\n<nav><a href='/'>Home</a></nav>\n"
    return _HTML, f"{text}<h1>{title}</h1>\n{body}\n<footer>Imprint of the site</footer>\n</body></html>\n"


def _price(number: int, step: int) -> tuple[str, str]:
    price, views = 40 + number % 9, 0
    for chance in _chances("price", number, step):
        price += chance.choice((1, 2, -1)) if chance.random() < 0.25 else 0
        views += chance.randrange(1, 90)
    body = f"<div class='ad'>Advertisement {step * 7 + number}</div>\n<p class='price'>€ {price}.00</p>\n"
    return _document(f"Thing {number}", f"{body}<p class='views'>{views} views</p>")


def _rows(kind: str, number: int, step: int) -> list[str]:
    rows, last = [f"Row {each}" for each in range(8)], 8
    for chance in _chances(kind, number, step):
        if chance.random() < 0.25:
            rows.insert(0, f"Row {last}")
            last += 1
        elif chance.random() < 0.16 and len(rows) > 5:
            del rows[chance.randrange(len(rows))]
        if kind == "shuffle" and chance.random() < 0.1:
            chance.shuffle(rows)
    return rows


def _list(number: int, step: int) -> tuple[str, str]:
    return _listing("list", number, step)


def _shuffle(number: int, step: int) -> tuple[str, str]:
    return _listing("shuffle", number, step)


def _listing(kind: str, number: int, step: int) -> tuple[str, str]:
    rows = "\n".join(f"<li>{row} of {number}</li>" for row in _rows(kind, number, step))
    return _document(f"List {number}", f"<p class='stamp'>Seen {step} times</p>\n<ul id='list'>\n{rows}\n</ul>")


def _notice(number: int, step: int) -> tuple[str, str]:
    exam, other, views = 1, 1, 0
    for chance in _chances("notice", number, step):
        exam += chance.random() < 0.2
        other += chance.random() < 0.4
        views += chance.randrange(1, 90)
    lines = (f"Exam {exam} begins at nine", f"Canteen: menu {other}", "Doors open at eight", f"{views} views")
    return _document(f"Notice {number}", "\n".join(f"<p>{line}</p>" for line in lines))


def _version(number: int, step: int) -> tuple[str, str]:
    version, other = 1, 1
    for chance in _chances("version", number, step):
        version += chance.random() < 0.2
        other += chance.random() < 0.4
    lines = (f"Version 4.{version} is out", f"Downloaded {other} times", "Version 3.9 is no longer mended")
    return _document(f"Program {number}", "\n".join(f"<p>{line}</p>" for line in lines))


def _api(number: int, step: int) -> tuple[str, str]:
    price = 100 + number % 7
    for chance in _chances("api", number, step):
        price += chance.choice((1, -1, 3)) if chance.random() < 0.25 else 0
    value = {"offer": {"price": price, "name": f"Thing {number}"}, "served": step}
    return "application/json", json.dumps(value, indent=1)


def _product(number: int, step: int) -> tuple[str, str]:
    price, is_in_stock = 50 + number % 5, True
    for chance in _chances("product", number, step):
        price += chance.choice((5, -5, 10)) if chance.random() < 0.25 and price > 10 else 0
        is_in_stock ^= chance.random() < 0.25
    state = "InStock" if is_in_stock else "OutOfStock"
    offer = {
        "@type": "Offer",
        "price": f"{price}.00",
        "priceCurrency": "EUR",
        "availability": f"https://schema.org/{state}",
    }
    data = {"@context": "https://schema.org", "@type": "Product", "name": f"Thing {number}", "offers": offer}
    head = f"<script type='application/ld+json'>{json.dumps(data)}</script>"
    return _document(f"Product {number}", f"<p>Buy thing {number}</p>", head)


def _prose(number: int, step: int) -> tuple[str, str]:
    said, look = 1, 1
    for chance in _chances("prose", number, step):
        said += chance.random() < 0.2
        look += chance.random() < 0.1
    return _document(
        f"Page {number}", f"<div class='look-{look}'>\n<p>What was said {said}</p>\n<p>The rest stays</p>\n</div>"
    )


def _state(number: int, step: int) -> tuple[str, str]:
    is_there, other = False, 1
    for chance in _chances("state", number, step):
        is_there ^= chance.random() < 0.25
        other += chance.random() < 0.33
    state = "Tickets are available" if is_there else "Tickets are sold out"
    return _document(f"Concert {number}", f"<p id='state'>{state}</p>\n<p class='queue'>Queue {other}</p>")


_PAGES: Final[Mapping[str, Callable[[int, int], tuple[str, str]]]] = {
    "price": _price,
    "list": _list,
    "shuffle": _shuffle,
    "notice": _notice,
    "version": _version,
    "api": _api,
    "product": _product,
    "prose": _prose,
    "state": _state,
}
