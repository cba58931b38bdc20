"""
Forty pages that people watch, in versions of which none has anything new: only noise moves.

Each is one of a few kinds of page (shop, tickets, article, forum, notice, wiki) with one or more pieces of noise. The
seed is fixed: the same pages come out everywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from random import Random
from typing import Final

from msgspec import Struct

VERSIONS: Final = 8

Noise = Callable[[Random, int], str]
"""Markup for a version of a page, by a chance of its own and the version's number from 0."""

_GOODS = ("Lamp", "Kettle", "Desk", "Chair", "Rug", "Mirror", "Clock", "Shelf", "Vase", "Stool", "Bench", "Frame")
_ADS = (
    "Fly to Rome for less",
    "New phones are here",
    "Learn to code",
    "Win a bicycle",
    "Cheap insurance",
    "Order pizza",
)
_QUOTES = ("Less is more.", "Know thyself.", "Festina lente.", "Per aspera ad astra.", "Carpe diem.", "Panta rhei.")
_AGO = ("just now", "2 minutes ago", "1 hour ago", "yesterday")
_BANNERS = ("Free delivery!", "Winter sale", "Join the club")
_HEADLINES = ("Bridge opens", "Rain expected", "Team wins cup", "Museum reopens", "Prices settle", "Harvest begins")


def _hex(rng: Random, digits: int = 16) -> str:
    return f"{rng.getrandbits(4 * digits):0{digits}x}"


def _clock(version: int) -> str:
    return f"{9 + version // 3:02}:{(version * 17) % 60:02}:{(version * 23) % 60:02}"


def _cards(rng: Random) -> str:
    return "".join(
        f"<li><a href=/p/{name.lower()}>{name}</a> <b>€{rng.randint(5, 90)}.00</b>" for name in rng.sample(_GOODS, 3)
    )


def _headlines(rng: Random) -> str:
    return "".join(f"<p>{each}</p>" for each in rng.sample(_HEADLINES, 3))


def _rate(rng: Random, name: str) -> str:
    return f"<li>{name} {rng.uniform(10, 200):.2f}"


NOISE: Final[dict[str, Noise]] = {
    "view counter": lambda rng, i: f"<p class=meta>By Ann Lee · {12_031 + 7 * i + rng.randint(0, 5):,} views</p>",
    "views alone": lambda rng, i: f"<span class=view-count>{1_204 + 3 * i + rng.randint(0, 2)}</span>",
    "minutes ago": lambda _, i: f"<p>Posted by Max {3 + 5 * i} minutes ago in Travel</p>",
    "time ago, alone": lambda _, i: f"<time class=timeago>{_AGO[i % 4]}</time>",
    "Chinese time ago": lambda _, i: f"<p>张三 发布于 {i * 7 + 1} 分钟前</p>",
    "advertisement": lambda rng, _: f"<div class=ad-slot><a href=/ads/{_hex(rng)}>{rng.choice(_ADS)}</a></div>",
    "recommendations": lambda rng, _: f"<div id=recommended><h3>You may like</h3><ul>{_cards(rng)}</ul></div>",
    "headlines elsewhere": lambda rng, _: f"<aside><h4>More news</h4>{_headlines(rng)}</aside>",
    "CSRF token": lambda rng, _: f"<form><input type=hidden name=csrf value={_hex(rng)}><button>Search</button></form>",
    "nonce and build": lambda rng, _: f"<script nonce={_hex(rng)} src=/{_hex(rng)}></script><link href=/{_hex(rng)}>",
    "inline state": lambda rng, _: f"<script type=application/json>[{_hex(rng)!r}, {rng.random()}]</script>",
    "random ids": lambda rng, _: f"<div id=w{_hex(rng, 8)} class='box css-{_hex(rng, 6)}'>Opening hours: 9 to 17</div>",
    "session in links": lambda rng, _: f"<a href='/help?sid={_hex(rng)}'>Help</a>",
    "comment in source": lambda rng, i: f"<!-- served by node{rng.randint(1, 9)} at {_clock(i)} -->",
    "request id": lambda rng, _: f"<p>Request ID: {_hex(rng)}</p>",
    "render time": lambda rng, _: f"<small>Page rendered in {rng.uniform(0.1, 0.9):.3f} s</small>",
    "cart": lambda rng, _: f"<a class=cart href=/cart>Cart ({rng.randint(0, 4)})</a>",
    "clock": lambda _, i: f"<div id=clock>{_clock(i)}</div>",
    "clock in a line": lambda _, i: f"<p>Server time: {_clock(i)}</p>",
    "date and clock": lambda _, i: f"<footer>Printed on 2026-11-{10 + i:02} {_clock(i)}</footer>",
    "comments": lambda rng, i: f"<a href=#comments>{34 + 2 * i + rng.randint(0, 1)} comments</a>",
    "shares": lambda rng, i: f"<p class=share-bar>{210 + 9 * i} likes, {15 + rng.randint(0, 9)} shares</p>",
    "looking now": lambda rng, _: f"<p class=urgency>{rng.randint(3, 40)} people are looking at this</p>",
    "countdown": lambda _, i: f"<p>Order within {8 - i} h {(59 - 7 * i) % 60} min for delivery tomorrow</p>",
    "users online": lambda rng, _: f"<p>Users online: {rng.randint(20, 400)} ({rng.randint(1, 9)} members)</p>",
    "visitor number": lambda rng, i: f"<p>You are visitor number {88_120 + 11 * i + rng.randint(0, 9)}</p>",
    "random quote": lambda rng, _: f"<blockquote class=quote>{rng.choice(_QUOTES)}</blockquote>",
    "ticker": lambda rng, _: f"<ul class=ticker>{_rate(rng, 'ACME')}{_rate(rng, 'GLOBEX')}</ul>",
    "weather": lambda rng, _: f"<div data-role=weather>Lyon {rng.randint(-2, 31)} °C</div>",
    "banner": lambda rng, _: f"<div role=banner>{rng.choice(_BANNERS)}</div>",
    "reviews": lambda rng, i: f"<div itemprop=aggregateRating>4.{rng.randint(1, 9)} of 5 ({120 + i} reviews)</div>",
    "stock of others": lambda rng, _: f"<div class=near-you>Nearest shop has {rng.randint(1, 30)}</div>",
    "server": lambda rng, _: f"<footer class=site-footer>© Shop Ltd · web-{rng.randint(1, 12)}</footer>",
    "poll": lambda rng, i: f"<div id=poll>Yes {50 + rng.randint(-3, 3)} %, {1_500 + 4 * i} votes</div>",
}  # fmt: skip


class NoisyPage(Struct, frozen=True, kw_only=True):
    """
    A page, and how people watch it.

    Attributes:
        extract: the selector of the four-line watch; None: the text of the page.
        noise: the names of what moves.
        within: the noise stands within what is selected.
    """

    name: str
    frame: str
    extract: str | None
    noise: tuple[str, ...]

    def version(self, number: int) -> str:
        """Return a version; all of them say the same."""
        seed = hashlib.blake2b(f"{self.name}/{number}".encode(), digest_size=8).digest()
        rng = Random(seed)
        pieces = {name: NOISE[name](rng, number) for name in self.noise}
        first, *others = pieces.values()
        return self.frame.format(first=first, others="\n".join(others))


_SHOP = """<!doctype html><html><head><title>Dune – Books</title></head><body><header><a href=/>Books</a></header>
<main><h1>Dune</h1><p class=price>€ 12.00</p><p class=stock>In stock</p><p>A desert, a family and a war.</p>
{first}</main>{others}</body></html>"""
_TICKETS = """<!doctype html><html><body><nav><a href=/>Tickets</a></nav><h1>Opera</h1><p id=status>Sold out</p>
<p>Sunday, 12 December 2026, 19:30</p>{first}{others}</body></html>"""
_ARTICLE = """<!doctype html><html><body><article><h1>Bridge to open in spring</h1>{first}
<p>The bridge over the river opens in March. It has two lanes and a path for bicycles.</p>
<p>Work began four years ago.</p></article>{others}</body></html>"""
_FORUM = """<!doctype html><html><body><h1>Which lens for birds?</h1>
<div class=post><p class=text>I look for one under 500.</p>
</div><div class=post><p class=text>Take the 400.</p></div>{first}{others}</body></html>"""
_NOTICE = """<!doctype html><html><body><h1>Office of admissions</h1>
<div id=notice><p>Applications are open until 15 March.</p>
<p>Bring a passport and two photographs.</p></div>{first}{others}</body></html>"""

_DECLARED: Final = (
    ("book, views", _SHOP, ".price", "view counter", "CSRF token"),
    ("book, recommendations", _SHOP, ".price", "recommendations", "nonce and build"),
    ("book, cart", _SHOP, ".price", "session in links", "cart"),
    ("book, urgency", _SHOP, ".stock", "looking now", "inline state"),
    ("book, countdown", _SHOP, ".price", "countdown"),
    ("book, advertisement", _SHOP, ".price", "advertisement", "server"),
    ("book, random ids", _SHOP, ".stock", "random ids", "nonce and build"),
    ("book, banner", _SHOP, ".price", "reviews", "banner"),
    ("book, nearby", _SHOP, ".stock", "stock of others", "recommendations"),
    ("book, title", _SHOP, "h1", "view counter", "ticker"),
    ("book, all of the product", _SHOP, "main", "looking now", "banner"),
    ("opera, countdown", _TICKETS, "#status", "countdown", "clock"),
    ("opera, queue", _TICKETS, "#status", "looking now", "request id"),
    ("opera, weather", _TICKETS, "#status", "weather", "advertisement"),
    ("opera, token", _TICKETS, "#status", "CSRF token", "inline state"),
    ("opera, page text and tokens", _TICKETS, None, "CSRF token", "nonce and build", "random ids"),
    ("article, time", _ARTICLE, "h1", "minutes ago", "headlines elsewhere"),
    ("article, comments", _ARTICLE, "h1", "comments", "shares"),
    ("article, related", _ARTICLE, "article", "random ids", "headlines elsewhere"),
    ("article, newsletter", _ARTICLE, "article", "session in links", "banner", "weather"),
    ("article, text with its time", _ARTICLE, "article", "minutes ago", "advertisement"),
    ("article, Chinese time", _ARTICLE, "h1", "Chinese time ago", "shares"),
    ("forum, online", _FORUM, ".text", "users online", "clock in a line"),
    ("forum, views", _FORUM, "h1", "views alone", "time ago, alone"),
    ("forum, quote", _FORUM, ".post", "random quote", "render time"),
    ("forum, poll", _FORUM, ".post", "poll", "ticker"),
    ("forum, page text", _FORUM, None, "users online", "render time"),
    ("notice, token", _NOTICE, None, "CSRF token", "comment in source"),
    ("notice, build", _NOTICE, None, "nonce and build", "inline state"),
    ("notice, ids", _NOTICE, None, "random ids", "session in links"),
    ("notice, clock", _NOTICE, "#notice", "clock", "visitor number"),
    ("notice, request", _NOTICE, "#notice", "request id", "server"),
    ("notice, printed", _NOTICE, "#notice", "date and clock", "comments"),
    ("notice, page text and clock", _NOTICE, None, "clock in a line", "nonce and build"),
    ("notice, page text and visitors", _NOTICE, None, "visitor number", "CSRF token"),
    ("wiki, quote", _NOTICE, "#notice", "random quote", "view counter"),
    ("wiki, ticker", _NOTICE, "h1", "ticker", "time ago, alone"),
    ("wiki, weather", _NOTICE, "#notice", "weather", "poll"),
    ("wiki, Chinese", _NOTICE, "#notice", "Chinese time ago", "users online"),
    ("wiki, all of it", _NOTICE, "#notice", "shares", "views alone", "recommendations"),
)
PAGES: Final = tuple(
    NoisyPage(name=name, frame=frame, extract=extract, noise=noise)
    for name, frame, extract, *rest in _DECLARED
    for noise in [tuple(rest)]
)
"""Forty of them."""
