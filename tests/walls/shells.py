"""The sites that stand behind walls, and the pages that walls come in."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A site with a page that is watched. `coupon`: what may be absent."""

    name: str
    language: str
    title: str
    header: str
    main: str
    footer: str
    coupon: str

    def page(self) -> str:
        """Return the page that is watched."""
        return document(self.title, f"{self.header}{self.main.format(coupon=self.coupon)}{self.footer}", self.language)

    def changed(self) -> str:
        """Return the page with another heading, price, state and list, and without its coupon."""
        main = re.sub(r'class="price">[^<]*', 'class="price">€ 1.00', self.main.format(coupon=""))
        main = re.sub(r'class="status">[^<]*', 'class="status">Sold out', main)
        main = re.sub(r"<h1>", "<h1>+ ", main)
        main = re.sub(r'<li class="row">.*?</li>', "", main, count=1)
        return document(self.title, f"{self.header}{main}{self.footer}", self.language)


def document(title: str, body: str, language: str = "en", head: str = "") -> str:
    """Return a page."""
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body>{body}</body></html>"
    )


def links(*names: str) -> str:
    """Return a navigation."""
    return "".join(f'<li><a href="/{number}-{name}">{name}</a></li>' for number, name in enumerate(names))


def rows(*names: str) -> str:
    """Return the rows of a list."""
    return "".join(f'<li class="row"><b>{name}</b> <i>{number + 3}</i></li>' for number, name in enumerate(names))


SHOP = Site(
    name="a shop",
    language="en",
    title="Dune desk lamp – Lumen & Sons",
    header=f"<header><a href=/>Lumen &amp; Sons</a><ul>{links('Lamps', 'Desks', 'Chairs', 'Sale', 'Stores', 'Help')}"
    '</ul><a href="/login">Sign in</a> <a href="/cart">Basket</a></header>',
    main='<main><h1>Dune desk lamp</h1><p class="price">€ 129.00</p>{coupon}<p class="status">In stock</p>'
    "<p>A lamp for the desk with a warm light, a brass arm that stays where you put it, and a switch in the cable.</p>"
    "<p>Made in Porto of recycled aluminium. Height 48 cm, weight 2.1 kg, cable 1.8 m. Bulb E14, at most 8 W.</p>"
    f"<h2>Customers also bought</h2><ul>{rows('Atlas lamp', 'Brass bulb', 'Cable, red', 'Desk pad', 'Emil shade')}</ul>"
    "</main>",
    footer=f"<footer><ul>{links('Delivery', 'Returns', 'Contact', 'Imprint', 'Privacy', 'Careers')}</ul>"
    "<p>Free delivery from € 50. Returns within 30 days. © Lumen &amp; Sons</p></footer>",
    coupon='<b class="coupon">10 % off with WINTER10</b>',
)
TICKETS = Site(
    name="a short ticket page",
    language="zh-CN",
    title="五月天演唱会 上海站 - 票星",
    header="<div class=top><a href=/>票星</a><a href=/city>上海</a><a href=/user>登录</a></div>",
    main='<h1>五月天 2026 巡回演唱会 上海站</h1><p class="price">¥680.00</p>{coupon}<p class="status">即将开售</p>'
    f"<p>时间：12月24日 19:30　地点：上海体育场</p><ul>{rows('内场', '看台 A', '看台 B', '看台 C')}</ul>",
    footer="<p>客服电话 400-000-0000　沪ICP备00000000号</p>",
    coupon='<b class="coupon">会员提前购</b>',
)
COURSES = Site(
    name="a course list",
    language="de",
    title="Kurse im Wintersemester | Hochschule am See",
    header=f"<nav><ul>{links('Studium', 'Kurse', 'Prüfungen', 'Bibliothek', 'Mensa', 'Kontakt')}</ul></nav>",
    main='<h1>Kurse im Wintersemester</h1><p class="price">45,00 €</p>{coupon}<p class="status">Anmeldung offen</p>'
    "<p>Die Plätze werden in der Reihenfolge der Anmeldung vergeben. Beachten Sie die Fristen der Prüfungsordnung.</p>"
    f"<ul>{rows('Algebra I', 'Analysis II', 'Chemie für Anfänger', 'Datenbanken', 'Ethik', 'Französisch B1')}</ul>",
    footer=f"<footer><ul>{links('Impressum', 'Datenschutz', 'Barrierefreiheit', 'Presse')}</ul></footer>",
    coupon='<b class="coupon">Noch 3 Plätze für Gasthörer</b>',
)
TINY = Site(
    name="a page of a few lines",
    language="en",
    title="River Gauge",
    header="",
    main='<h1>River gauge</h1><p class="price">£ 3.10</p>{coupon}<p class="status">Open</p><ul>'
    '<li class="row"><b>North</b></li><li class="row"><b>South</b></li></ul>',
    footer="",
    coupon='<b class="coupon">Free today</b>',
)
SITES = (SHOP, TICKETS, COURSES, TINY)

HEADER, FOOTER = "{{header}}", "{{footer}}"
"""Where a wall shows the site's own head and foot."""


def within(site: Site, wall: str) -> str:
    """Return a wall as it stands before this site."""
    return wall.replace(HEADER, site.header).replace(FOOTER, site.footer)


def bare(title: str, heading: str, text: str, language: str = "en") -> str:
    """A page of the server's own."""
    return document(title, f"<center><h1>{heading}</h1></center><p>{text}</p><hr>", language)


def card(title: str, heading: str, text: str, language: str = "en") -> str:
    """A designed page without the site's navigation."""
    return document(
        title,
        f'<div class="wrap"><div class="card"><img src="/logo.svg" alt="logo"><h1 class="title">{heading}</h1>'
        f'<p class="lead">{text}</p><p class="small">Ref: 8f2a-11c9</p></div></div>',
        language,
        "<style>body{font:16px sans-serif}.card{margin:10vh auto;max-width:30em}</style>",
    )


def own(title: str, heading: str, text: str, language: str = "en") -> str:
    """A page in the site's own look, with its navigation."""
    return document(title, f"{HEADER}<main><h1>{heading}</h1><p>{text}</p></main>{FOOTER}", language)


def login(title: str, heading: str, user: str, password: str, button: str, language: str = "en", hint: str = "") -> str:
    """A login form in the site's own look."""
    return document(
        title,
        f'{HEADER}<main><h1>{heading}</h1><p>{hint}</p><form action="/session" method="post"><label>{user}'
        f'<input name="u"></label><label>{password}<input type="password" name="p"></label><button>{button}</button>'
        f"</form></main>{FOOTER}",
        language,
    )
