"""
Pages made to stop a watcher, by name: what is sent, and as what. Sizes are those that hurt most.

`python -m tests.faults.hostile_pages [NAME…]` serves them, or those of these names, one after the other: `/next` says
the name of the next one, or nothing after the last, `/page` is that page, and `/good` a good one. It prints its port
and ends with its stdin. In a process of its own, neither their making nor their size is taken for the watcher's.
"""

from __future__ import annotations

import asyncio
import gzip
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from aiohttp import web

_MB = 1_900_000
_HTML, _XML, _JSON, _TEXT = "text/html; charset=utf-8", "application/xml", "application/json", "text/plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hostile:
    """A page as a server sends it."""

    name: str
    body: bytes
    type: str = _HTML
    headers: dict[str, str] = field(default_factory=dict)


def hostile_pages() -> Iterator[Hostile]:
    """Yield them, one at a time: together they take hundreds of megabytes."""
    for name, (unit, size) in _REPEATED.items():
        yield Hostile(name=name, body=(unit * (size // len(unit) + 1)).encode(errors="surrogatepass"))
    yield from _formatting()
    yield from _attributes()
    yield from _texts()
    yield from _charsets()
    yield from _compressed()
    yield from _json()
    yield from _xml()
    yield from _feeds()
    yield from _products()
    yield from _lists()


_REPEATED = {
    "deep divs": ("<div>", _MB),
    "deep spans": ("<span>", 60_000),
    "unclosed formatting": ("<b><i><a>", _MB),
    "misnested formatting": ("<b><p></b>", _MB),
    "adoption agency": ("<a><b><div></a></b>", _MB),
    "fonts in paragraphs": ("<p><font size=1><b><i>", _MB),
    "nobr": ("<nobr><div>", _MB),
    "nested tables": ("<table><tr><td>", _MB),
    "foster parents": ("<table>x<b>", _MB),
    "tables in captions": ("<table><caption>", _MB),
    "columns": ("<table><col>", _MB),
    "selects": ("<select><option>", _MB),
    "buttons": ("<button><span>", _MB),
    "lists": ("<ul><li>", _MB),
    "rubies": ("<ruby><rt><rp>", _MB),
    "frames": ("<frameset><frame>", _MB),
    "svg in svg": ("<svg><desc>", _MB),
    "groups in svg": ("<svg><g>", _MB),
    "svg and mathml": ("<svg><foreignObject><math><mi>", _MB),
    "templates": ("<template>", _MB),
    "rows in templates": ("<template><tr><td>", _MB),
    "scripts": ("<script><!--<script>", _MB),
    "comments": ("<!-->", _MB),
    "bogus comments": ("<?", _MB),
    "doctypes": ("<!doctype html>", _MB),
    "cdata": ("<svg><![CDATA[]]", _MB),
    "entities": ("&amp;&notit;&#x110000;&CounterClockwiseContourIntegral;", _MB),
    "angles": ("<", _MB),
    "one line": ("x", _MB),
    "blanks": (" ", _MB),
    "lines": ("x\n", _MB),
    "NULs": ("<p>\0", _MB),
    "lone surrogates": ("<p>\ud800", _MB),
    "combining marks": ("\u0300\u0316", _MB // 4),
    "invisible characters": ("\u200b", _MB // 3),
    "digits": ("9", _MB),
    "prices": ("1.299,00 € ", _MB),
    "dates": ("12.11.2026, ", _MB),
    "siblings": ("<p class=a>x", _MB),
}


def _formatting() -> Iterator[Hostile]:
    fonts = "".join(f"<b a{number}>" for number in range(1_500))
    yield Hostile(name="formatting made anew", body=f"<p>{fonts}</p>{'<div>x</div>' * 3_500}".encode())
    yield Hostile(name="formatting made anew, big", body=f"<p>{fonts}<p>{'<p>x' * 100_000}".encode())
    yield Hostile(name="formatting before a table", body=f"{fonts}<table>{'x<tr>' * 9_000}".encode())
    hidden = f"<p>{fonts}</p>{'<div>x</div>' * 3_500}".encode("utf-16")
    yield Hostile(name="formatting in UTF-16", body=hidden, type="text/html")


def _attributes() -> Iterator[Hostile]:
    for tag in ("html", "body"):
        body = "".join(f"<{tag} a{number}=1>" for number in range(4_000))
        yield Hostile(name=f"attributes of {tag}", body=body.encode())
    yield Hostile(name="attributes", body=("<p " + " ".join(f"a{number}" for number in range(240_000))).encode())
    yield Hostile(name="a long attribute", body=f"<p a='{'&not' * 450_000}'>".encode())
    yield Hostile(name="a long name", body=f"<{'b' * _MB}>".encode())


def _texts() -> Iterator[Hostile]:
    yield Hostile(name="a huge comment", body=b"<!--" + b"-" * _MB)
    yield Hostile(name="a huge doctype", body=b"<!doctype " + b"a " * (_MB // 2))
    yield Hostile(name="a title without end", body=b"<title>" + b"</titl" * (_MB // 6))
    yield Hostile(name="laborious lines", body=b"<pre>\xe9" + b"&\xad\n" * 333_000, type="text/html; charset=latin-1")
    yield Hostile(name="plain text", body=b"12.5 EUR\n" * (_MB // 9), type=_TEXT)
    yield Hostile(name="a slow text for expressions", body=b"<p>" + b"x" * 60_000)


def _charsets() -> Iterator[Hostile]:
    for charset in ("utf-7", "klingon", "utf-16", "iso-2022-jp", "utf-32", "x" * 5_000):
        yield Hostile(name=f"charset {charset[:20]}", body=b"\x1b$B<p>x" * 9_000, type=f"text/html; charset={charset}")
    metas = b"".join(b"<meta charset=x%d>" % number for number in range(90_000))
    yield Hostile(name="many charsets", body=metas, type="text/html")
    yield Hostile(name="bytes of no encoding", body=bytes(range(128, 256)) * 15_000, type="text/html")


def _compressed() -> Iterator[Hostile]:
    coded = {"Content-Encoding": "gzip"}
    yield Hostile(name="inflates to 9 MB", body=gzip.compress(b"<p>x" * 2_250_000), headers=coded)
    wide = "".join(f"<html {' '.join(f'a{start + n}' for n in range(9_000))}>" for start in range(0, 90_000, 9_000))
    yield Hostile(name="many attributes of few html", body=gzip.compress(wide.encode()), headers=coded)
    yield Hostile(name="inflates beyond the cap", body=gzip.compress(b"<" * 30_000_000), headers=coded)
    cut = zlib.compress(b"<p>x" * 100_000)[:-9]
    yield Hostile(name="compressed and cut", body=cut, headers={"Content-Encoding": "deflate"})


def _json() -> Iterator[Hostile]:
    yield Hostile(name="deep JSON", body=b"[" * 100_000, type=_JSON)
    yield Hostile(name="blanks called JSON", body=b" " * 60_000, type=_JSON)
    yield Hostile(name="deep JSON that ends", body=b"[" * 900 + b"]" * 900, type=_JSON)
    yield Hostile(name="a huge integer", body=b'{"a":' + b"9" * _MB + b"}", type=_JSON)
    yield Hostile(name="integers of 5,000 digits", body=b"[" + (b"9" * 5_000 + b",") * 300 + b"1]", type=_JSON)
    yield Hostile(name="a huge exponent", body=b'{"a":1e999999999999}', type=_JSON)
    yield Hostile(name="the same key", body=b"{" + b'"a":1,' * 300_000 + b'"a":2}', type=_JSON)
    yield Hostile(name="numbers called HTML", body=b"[" + b"1.0," * 400_000 + b"1]")
    yield Hostile(name="escapes", body=b'"' + b"\\u4e00" * 300_000 + b'"', type=_JSON)
    nested = b'{"a":' * 80 + b"1" + b"}" * 80
    yield Hostile(name="JSON of many levels", body=b"[" + b",".join([nested] * 3_000) + b"]", type=_JSON)


def _xml() -> Iterator[Hostile]:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(12))
    yield Hostile(
        name="billion laughs", body=f"<?xml version='1.0'?><!DOCTYPE x [{laughs}]><x>&l11;</x>".encode(), type=_XML
    )
    blowup = f"<!DOCTYPE x [<!ENTITY a '{'a' * 50_000}'>]><x>{'&a;' * 50_000}</x>"
    yield Hostile(name="quadratic entities", body=blowup.encode(), type=_XML)
    outside = "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>"
    yield Hostile(name="an entity outside", body=outside.encode(), type=_XML)
    include = "<x xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='file:///etc/passwd' parse='text'/></x>"
    yield Hostile(name="XInclude", body=include.encode(), type=_XML)
    yield Hostile(name="deep XML", body=b"<a>" * 300_000, type=_XML)
    yield Hostile(
        name="XML attributes", body=b"<a " + b" ".join(b"a%d='1'" % n for n in range(90_000)) + b"/>", type=_XML
    )
    yield Hostile(name="XML prefixes", body=b"".join(b"<a xmlns:p%d='u'>" % n for n in range(60_000)), type=_XML)


def _feeds() -> Iterator[Hostile]:
    entry = "<item><guid>{}</guid><title>t</title><link>/x</link></item>"
    entries = "".join(entry.format(number) for number in range(100_000))
    yield Hostile(name="a feed of 100,000", body=f"<rss><channel>{entries}</channel></rss>".encode(), type=_XML)
    yield Hostile(name="a feed in feeds", body=b"<rss><channel><item><guid>" * 40_000, type=_XML)
    small = "".join(entry.format(number) for number in range(900))
    yield Hostile(name="a small feed", body=f"<rss><channel>{small}</channel></rss>".encode(), type=_XML)


def _products() -> Iterator[Hostile]:
    linked = '<script type="application/ld+json">{}</script>'
    offers = "[" + '{"offers":[{"x":1}]},' * 90_000 + "{}]"
    yield Hostile(name="offers", body=linked.format(offers).encode())
    yield Hostile(name="deep offers", body=linked.format('{"offers":' * 100_000).encode())
    yield Hostile(name="blanks in a script", body=linked.format(" " * 900_000 + "x").encode())
    yield Hostile(name="many scripts", body=(linked.format("{}") * 30_000).encode())
    yield Hostile(name="nested microdata", body=b"<div itemscope itemprop=price>9" * 20_000)


def _lists() -> Iterator[Hostile]:
    rows = "".join(f"<tr class=row><td>{number}<td>{'x' * 60}" for number in range(9_000))
    yield Hostile(name="9,000 rows", body=f"<table>{rows}".encode())
    small = "".join(f"<tr class=row><td>{number}<td>{'x' * 22}" for number in range(1_500))
    yield Hostile(name="rows for slow rules", body=f"<table>{small}".encode())
    nested = "<div class=row><td>" * 9_000
    yield Hostile(name="rows in rows", body=nested.encode())


class Site:
    """Shows one page after the other."""

    def __init__(self, names: frozenset[str]) -> None:
        self._pages = (page for page in hostile_pages() if not names or page.name in names)
        self._shown: Hostile | None = None

    async def answer(self, request: web.Request) -> web.Response:
        if request.path == "/next":
            self._shown = next(self._pages, None)
            return web.Response(text=self._shown.name if self._shown else "")
        if request.path == "/good" or self._shown is None:
            return web.Response(text="<p class=good>12</p>", content_type="text/html")
        return web.Response(body=self._shown.body, headers={"Content-Type": self._shown.type, **self._shown.headers})


async def main() -> None:
    """Serve until stdin ends."""
    site = Site(frozenset(sys.argv[1:]))
    server = await asyncio.get_running_loop().create_server(web.Server(site.answer), "127.0.0.1", 0)  # type: ignore[arg-type]
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
