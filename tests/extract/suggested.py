"""Pages of our own and what is right to watch on each: shops, tables, forums, notices, and pages that have nothing."""

# ruff: noqa: E501  markup is easier to read when it is not broken wherever a line is full

from __future__ import annotations

import json
from collections.abc import Sequence

from msgspec import Struct


class Accepted(Struct, frozen=True):
    """A kind of candidate that is right on a page, texts that it finds, and such as it must not find."""

    kind: str
    texts: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


class Truth(Struct, frozen=True, kw_only=True):
    """
    A page, and what is right to watch on it.

    Attributes:
        accepted: any of these is right; none: the page has nothing.
        value: what somebody looks for on it, for which they want this.
        shown: a text that it shows, which should be found by it, too.
    """

    name: str
    html: str
    url: str = "https://site.example/a/page"
    accepted: tuple[Accepted, ...] = ()
    value: str | None = None
    shown: str | None = None


def any_of(kinds: Sequence[str], *texts: str) -> tuple[Accepted, ...]:
    """Return that a candidate of one of these kinds is right which finds all of these texts."""
    return tuple(Accepted(kind, texts) for kind in kinds)


NAV = (
    "<header class='site-header'><a class=logo href=/>Site</a><nav class=main-nav><ul>"
    + "".join(
        f"<li><a href=/cat/{name}>{name.title()}</a></li>"
        for name in ["books", "music", "film", "games", "toys", "home", "garden"]
    )
    + "</ul></nav></header>"
)
FOOTER = (
    "<footer><div class=cols><ul>"
    + "".join(
        f"<li><a href=/help/{name}>{name.title()}</a></li>"
        for name in ["shipping", "returns", "contact", "imprint", "jobs", "press"]
    )
    + "</ul></div><p>© 2026 Site Ltd. Prices incl. VAT, shipping from € 4.95. Call 030 1234567.</p></footer>"
)
COOKIES = (
    "<div id=cookie-consent class=cookie-banner><h3>We use cookies</h3><ul>"
    + "".join(
        f"<li><label><input type=checkbox> {name}</label><a href=/c/{name}>Details of {name}</a></li>"
        for name in ("Necessary", "Statistics", "Marketing", "Comfort")
    )
    + "</ul><button>Accept all</button></div>"
)
BOOKS = [
    ("Dune", "12.99"),
    ("Emma", "7.50"),
    ("Ulysses", "19.00"),
    ("Momo", "9.95"),
    ("Krabat", "8.00"),
    ("Faust", "1,250.00"),
]
RELATED = (
    "<section class=related-products><h2>You may also like</h2><div class=grid>"
    + "".join(
        f"<div class=card><a href=/p/{name}>{name}</a><span class=price>€ {price}</span></div>" for name, price in BOOKS
    )
    + "</div></section>"
)


def page(body: str, *, head: str = "", title: str = "Site", lang: str = "en", frame: bool = True) -> str:
    around = (NAV, FOOTER) if frame else ("", "")
    return f"<!doctype html><html lang={lang}><head><meta charset=utf-8><title>{title}</title>{head}</head><body>{around[0]}{body}{around[1]}</body></html>"


def linked(kind: str, **members: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@context": "https://schema.org", "@type": kind, **members})}</script>'


OFFER = {"price": "12.99", "priceCurrency": "EUR", "availability": "https://schema.org/InStock"}


def table(header: Sequence[str], rows: Sequence[Sequence[object]], attributes: str = "") -> str:
    head = "".join(f"<th>{name}</th>" for name in header)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table {attributes}><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


COURSES = [
    (f"CS{number}", f"Introduction to topic {number}", "Dr. Ada", f"{number % 9}", "Mon 10:00")
    for number in (101, 110, 205, 233, 301, 340, 410)
]
NEWS = [
    (f"/news/{number}.html", f"关于做好2026年第{number}批项目申报工作的通知", f"2026-0{number % 9 + 1}-1{number % 9}")
    for number in range(1, 13)
]
LOREM = "The committee met again and spoke at length about what had been done, what was left, and who should do it. "


def _cards(card: str) -> str:
    return "".join(
        card.format(name=name, slug=name.lower(), price=price, id=abs(len(name) * 7919 + ord(name[0]) * 31))
        for name, price in BOOKS
    )


def _forum() -> str:
    rows = "".join(
        f"<div class='topic-row {'sticky' if number == 1 else ''}'><div class=topic-title><a href=/t/{number * 37}>How do I do thing number {number}?</a></div>"
        f"<div class=replies>{number * 3} replies</div><div class=views>{number * 111} views</div><div class=last>2026-05-{number:02} by <a href=/u/x{number}>x{number}</a></div></div>"
        for number in range(1, 16)
    )
    return page(
        f"<main><h1>Help</h1>{rows}<div class=pagination><a href=?p=1>1</a><a href=?p=2>2</a><a class=next href=?p=2>Next ›</a></div></main>"
    )


def _hacker_news() -> str:
    rows = "".join(
        f"<tr class=athing id={39000000 + number * 37}><td class=title><span class=rank>{number}.</span></td><td class=votelinks><a href=vote?id={number}></a></td>"
        f"<td class=title><span class=titleline><a href=https://ex{number}.example/x>A story about number {number}</a></span></td></tr>"
        f"<tr><td colspan=2></td><td class=subtext><span class=score>{number * 17} points</span> by <a class=hnuser href=user?id=u{number}>u{number}</a> | <a href=item?id={number}>{number * 3} comments</a></td></tr>"
        "<tr class=spacer style='height:5px'></tr>"
        for number in range(1, 31)
    )
    return f"<html><body><center><table id=hnmain><tr><td><table><tr><td><span class=pagetop><a href=news>News</a> | <a href=newest>new</a> | <a href=front>past</a></span></td></tr></table></td></tr><tr><td><table class=itemlist>{rows}</table></td></tr></table></center></body></html>"


def _old_layout() -> str:
    rows = "".join(
        f"<tr bgcolor=#eeeeee><td><font size=2><a href=show.asp?id={number * 13}>Lot {number}: an old clock from Lyon</a></font></td><td><font size=2>${number * 12}.00</font></td><td><font size=2>{number} bids</font></td></tr>"
        for number in range(3, 14)
    )
    return f"<html><body><table width=100%><tr><td width=150><table><tr><td><a href=a.asp>Home</a></td></tr><tr><td><a href=b.asp>Sell</a></td></tr><tr><td><a href=c.asp>Buy</a></td></tr><tr><td><a href=d.asp>Help</a></td></tr></table></td><td><table border=1>{rows}</table></td></tr></table></body></html>"


def _tailwind() -> str:
    return page(
        "<main class='mx-auto max-w-7xl px-4'><h1 class='text-3xl font-bold'>New arrivals</h1><div class='grid grid-cols-3 gap-6'>"
        + _cards(
            "<div class='rounded-lg border p-4 shadow-sm'><a class='block' href=/products/{slug}><h3 class='text-lg font-semibold text-gray-900'>{name}</h3></a><p class='mt-2 text-xl font-bold text-red-600'>${price}</p><button class='mt-4 bg-blue-600 text-white px-4 py-2'>Add to cart</button></div>"
        )
        + "</div></main>"
    )


def _modules() -> str:
    return page(
        "<div id=__next><div class=Layout_main__3kZpQ><ul class=ProductGrid_grid__aB3xY>"
        + _cards(
            "<li class=ProductCard_card__Zx81q data-product-id={id}><a class=ProductCard_link__9Qw2e href=/p/{slug}><span class=ProductCard_name__Qq1we>{name}</span></a><div class=Price_root__pLm42><span class=Price_value__Kd83j>{price} €</span></div></li>"
        )
        + "</ul></div></div>"
    )


def _notices() -> str:
    rows = "".join(f"<li><a href={path} title=x>{title}</a><span>{day}</span></li>" for path, title, day in NEWS)
    friends = "".join(f"<li><a href=https://g{number}.example>友情单位{number}</a></li>" for number in range(9))
    menu = "".join(f"<li><a href=/l/{number}>栏目{number}</a></li>" for number in range(14))
    return (
        f"<html lang=zh-CN><head><title>通知公告</title></head><body><div class=top><ul class=menu>{menu}</ul></div><div class=position>当前位置：<a href=/>首页</a> &gt; 通知公告</div>"
        f"<div class=conlist><ul>{rows}</ul><div class=page><a href=index_1.html>1</a><a href=index_2.html>2</a><a href=index_2.html>下一页</a><a href=index_9.html>尾页</a></div></div>"
        f"<div class=friendlink><h3>友情链接</h3><ul>{friends}</ul></div><p>版权所有 2026 京ICP备000000号</p></body></html>"
    )


def _github_releases() -> str:
    releases = "".join(
        f"<section><h2><a href=/o/r/releases/tag/v1.{number}>v1.{number}</a></h2><p>{LOREM}</p></section>"
        for number in range(6)
    )
    return page(
        f"<main>{releases}</main>",
        head='<link rel=alternate type="application/atom+xml" title="Release notes from r" href="https://github.com/o/r/releases.atom">',
    )


def _next_shop() -> str:
    items = [
        {"id": f"b{number}", "title": name, "price": float(price.replace(",", "")), "url": f"/p/{name}"}
        for number, (name, price) in enumerate(BOOKS)
    ]
    data = json.dumps({"props": {"pageProps": {"products": items}}, "buildId": "x1"})
    return (
        f"<html><body><div id=__next></div><script id=__NEXT_DATA__ type=application/json>{data}</script></body></html>"
    )


def _jobs() -> str:
    rows = "".join(
        f"<article class=job><h2><a href=/jobs/{number * 91}>Engineer for team {number}</a></h2><p class=company>Company {number} Ltd</p><p class=location>Lyon</p><time datetime=2026-04-{number:02}>{number} days ago</time></article>"
        for number in range(1, 12)
    )
    return page(
        f"{COOKIES}<div class=layout><aside class=sidebar><h3>Filter</h3><ul>{''.join(f'<li><a href=?f={n}>Town {n} ({n * 4})</a></li>' for n in range(20))}</ul></aside><div class=results>{rows}</div></div>"
    )


def _events() -> str:
    rows = "".join(
        f"<li class=event><span class=date>1{number} May 2026</span><h3>Concert {number}</h3><span class=venue>Hall {number}</span><span class=status>{'Sold out' if number % 3 == 0 else 'Tickets available'}</span><a class=btn href=/buy/{number * 17}>Details</a></li>"
        for number in range(1, 9)
    )
    return page(f"<main><h1>Programme</h1><ul class=events>{rows}</ul></main>")


def _departments() -> str:
    rows = "".join(
        f"<div class=doc><span>Dr. {name}</span><span>主任医师</span><span>¥{number * 10}.00</span><span>{'约满' if number % 2 else '有号'}</span><a href=/yy?doc={number * 7}>预约</a></div>"
        for number, name in enumerate(["王医生", "李医生", "张医生", "刘医生", "陈医生"], 3)
    )
    return page(f"<div class=content><h1>门诊排班</h1><div class=doclist>{rows}</div></div>", lang="zh")


def _shop_rows(count: int, extra: str = "") -> str:
    rows = "".join(
        f"<div class=row>{''.join(f'<div class=col-md-4><div class=product><h4><a href=/item/{row * 3 + column}-thing>Thing {row * 3 + column} of wool</a></h4><p class=price>${row * 10 + column}.50</p></div></div>' for column in range(3))}</div>"
        for row in range(1, count)
    )
    return page(f"<div id=content>{extra}{rows}</div>")


_W = '<span class="woocommerce-Price-amount amount"><bdi><span class="woocommerce-Price-currencySymbol">&euro;</span>{p}</bdi></span>'
_WOO_REL = (
    '<section class="related products"><h2>Related products</h2><ul class="products columns-4">'
    + "".join(
        f'<li class="product type-product post-{i * 11} status-publish instock product_cat-x has-post-thumbnail"><a href=/product/{n} class="woocommerce-LoopProduct-link"><h2 class="woocommerce-loop-product__title">{n}</h2><span class=price>{_W.format(p=p)}</span></a><a href="?add-to-cart={i * 11}" class="button add_to_cart_button">Add to cart</a></li>'
        for i, (n, p) in enumerate(BOOKS, 1)
    )
    + "</ul></section>"
)
_WOO = page(
    f'<main id=main><div id=product-99 class="product type-product post-99 status-publish instock"><h1 class="product_title entry-title">Jacket</h1><p class=price><del>{_W.format(p="25.00")}</del> <ins>{_W.format(p="20.00")}</ins></p><p class="stock in-stock">3 in stock</p><form class=cart><input type=number value=1><button class="single_add_to_cart_button button alt">Add to cart</button></form><div class="woocommerce-tabs"><ul class="tabs wc-tabs"><li><a href=#a>Description</a></li><li><a href=#b>Reviews (3)</a></li></ul></div>{_WOO_REL}</div></main>'
)
_WOO_CAT = page(
    '<main><h1>Shop</h1><p class=woocommerce-result-count>Showing all 6 results</p><ul class="products columns-4">'
    + "".join(
        f'<li class="product type-product post-{i * 11} {"outofstock" if i == 3 else "instock"}"><a href=/product/{n} class="woocommerce-LoopProduct-link"><h2 class="woocommerce-loop-product__title">{n}</h2><span class=price>{_W.format(p=p)}</span></a><a href="?add-to-cart={i * 11}" class="button">{"Read more" if i == 3 else "Add to cart"}</a></li>'
        for i, (n, p) in enumerate(BOOKS, 1)
    )
    + "</ul></main>"
)
_AMAZON = page(
    "<div id=search>"
    + "".join(
        f'<div data-asin=B0{i * 7919:06}X data-component-type=s-search-result class="s-result-item sg-col-4-of-24"><div class=a-section><h2 class="a-size-mini"><a class=a-link-normal href="/{n}/dp/B0{i * 7919}?ref=sr_1_{i}&qid=1"><span>{n} in hardcover, long title</span></a></h2><span class=a-price><span class=a-offscreen>${p}</span><span aria-hidden=true><span class=a-price-symbol>$</span><span class=a-price-whole>{p.split(".")[0]}<span class=a-price-decimal>.</span></span><span class=a-price-fraction>{p[-2:]}</span></span></span><span class=a-icon-alt>4.{i} out of 5 stars</span></div></div>'
        for i, (n, p) in enumerate(BOOKS, 1)
    )
    + "</div>"
)
_PHPBB = page(
    '<div class="forumbg"><ul class="topiclist"><li class=header><dl><dt>Topics</dt><dd>Replies</dd><dd>Views</dd><dd>Last post</dd></dl></li></ul><ul class="topiclist topics">'
    + "".join(
        f'<li class="row bg{i % 2 + 1}"><dl><dt><div class=list-inner><a href="./viewtopic.php?f=2&t={i * 31}&sid=abc" class=topictitle>Problem with part {i} of it</a><br>by <a class=username href=./u{i}>user{i}</a> » 03 May 2026, 10:{i:02}</div></dt><dd class=posts>{i * 2} <dfn>Replies</dfn></dd><dd class=views>{i * 70} <dfn>Views</dfn></dd><dd class=lastpost><span>by <a href=./u{i + 3}>user{i + 3}</a> 04 May 2026, 11:{i:02}</span></dd></dl></li>'
        for i in range(1, 21)
    )
    + "</ul></div>"
)
_WIKI = page(
    "<main><h1>List of bridges</h1><p>"
    + LOREM * 4
    + '</p><table class="wikitable sortable"><caption>Bridges</caption><tbody><tr><th>Name</th><th>Length (m)</th><th>Opened</th><th>City</th></tr>'
    + "".join(
        f"<tr><td><a href=/wiki/B{i}>Bridge {i}</a><sup>[{i}]</sup></td><td>{i * 131:,}</td><td>{1900 + i * 3}</td><td>Town {i % 4}</td></tr>"
        for i in range(1, 14)
    )
    + "</tbody></table></main>"
)
_TENDER = page(
    "<main>"
    + table(
        ("Reference", "Title", "Closing date", "Status"),
        [
            (f"T-2026-{i:03}", f"Supply of goods of kind {i}", f"2026-12-{i:02}", "Open" if i % 3 else "Closed")
            for i in range(1, 13)
        ],
        'class="table table-striped"',
    )
    + "</main>"
)
_CN_EXAM = (
    "<html lang=zh><body><div class=nav><ul>"
    + "".join(f"<li><a href=/{i}>导航{i}</a></li>" for i in range(10))
    + "</ul></div><table border=1><tr><td colspan=5>2026年公务员考试职位表</td></tr><tr><td>职位代码</td><td>招录机关</td><td>职位名称</td><td>招考人数</td><td>备注</td></tr>"
    + "".join(
        f"<tr><td>1001100{i:02}</td><td>某某局{i}</td><td>科员</td><td>{i % 4 + 1}</td><td>不限</td></tr>"
        for i in range(1, 16)
    )
    + "</table></body></html>"
)
_PLANS = page(
    "<main><h1>Plans</h1><div class=plans>"
    + "".join(
        f"<div class=plan><h3>{n}</h3><p class=plan-price>${p}<small>/month</small></p><ul><li>Feature a</li><li>Feature b</li><li>Feature c</li></ul><a class=btn href=/signup?plan={n}>Choose</a></div>"
        for n, p in (("Free", 0), ("Pro", 12), ("Team", 49))
    )
    + "</div></main>"
)
_CALENDAR = page(
    "<main><h1>May 2026</h1>"
    + table(
        ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
        [[w * 7 + d for d in range(1, 8)] for w in range(4)],
        "class=calendar",
    )
    + "</main>"
)
_SITEMAP = page(
    "<main><h1>Sitemap</h1><ul>"
    + "".join(
        f"<li><a href=/s/{i}>Section {i}</a><ul>"
        + "".join(f"<li><a href=/s/{i}/{j}>Page {i}.{j}</a></li>" for j in range(5))
        + "</ul></li>"
        for i in range(12)
    )
    + "</ul></main>"
)
_RECIPE = page(
    f"<main><h1>Soup</h1><p>{LOREM}</p><h2>Ingredients</h2><ul class=ingredients>"
    + "".join(f"<li><span class=amount>{i * 50} g</span> <span class=what>Thing {i}</span></li>" for i in range(1, 8))
    + "</ul><h2>Steps</h2><ol>"
    + "".join(f"<li>{LOREM}</li>" for i in range(5))
    + "</ol></main>"
)
_NORESULTS = page(
    "<main><h1>Search</h1><p>No results found for “dune”. Try another word.</p><div class=suggestions><h3>Popular searches</h3><a href=/s?q=a>alpha</a> <a href=/s?q=b>beta</a> <a href=/s?q=c>gamma</a> <a href=/s?q=d>delta</a></div></main>"
)
_EMPTYTABLE = page("<main>" + table(("Code", "Title", "Seats"), []) + "<p>No courses.</p></main>")
_PROWS = page(
    "<div id=main>"
    + "".join(
        f"<p><a href=art{i * 3}.htm>The {i}th letter to the members</a> <i>{i} May 2026</i></p>" for i in range(1, 12)
    )
    + "</div>"
)
_HEADS = page(
    "<div id=main>"
    + "".join(
        f"<h3><a href=/2026/{i * 3}/a-story>The {i}th story of this long summer</a></h3><p>{LOREM}</p>"
        for i in range(1, 12)
    )
    + "</div>"
)
_QUOTE = page(
    "<main><h1>ACME Corp (ACM)</h1><div class=quote><span class=last-price>182.31</span><span class=change>+1.20 (0.66%)</span></div><table><tr><td>Open</td><td>181.00</td></tr><tr><td>Volume</td><td>1,203,400</td></tr></table></main>"
)
_MULTI = page(
    "<h1>Books</h1><div class=list>"
    + "".join(
        f'<div class=item itemscope itemtype="https://schema.org/Product"><a itemprop=url href=/p/{n}><span itemprop=name>{n}</span></a><div itemprop=offers itemscope itemtype="https://schema.org/Offer"><meta itemprop=priceCurrency content=EUR><span itemprop=price content={p.replace(",", "")}>{p} €</span></div></div>'
        for n, p in BOOKS
    )
    + "</div>"
)
_OG = page(
    "<main><h1>Lamp</h1><div><span>EUR 49,00</span></div><a href=#buy>Buy</a></main>",
    head='<meta property="product:price:amount" content="49.00"><meta property="product:price:currency" content="EUR"><meta property="product:availability" content="in stock">',
)
_TEAM = page(
    "<main><h1>Our team</h1><div class=team>"
    + "".join(f"<div class=member><img src=/t{i}.jpg alt=x><h3>Person {i}</h3><p>Role {i}</p></div>" for i in range(8))
    + "</div></main>"
)
_MENU = page(
    "<main><h1>Menu</h1><div class=menu>"
    + "".join(
        f"<div class=menu-item><span class=dish>Dish {i} with rice</span><span class=price>€ {i + 5},50</span></div>"
        for i in range(9)
    )
    + "</div></main>"
)
_SPECLIST = page(
    "<main><h1>Clinic</h1><ul class=facts><li><b>Next appointment:</b> <span>12 December 2026</span></li><li><b>Waiting:</b> <span>14 people</span></li><li><b>Doctor:</b> <span>Ada</span></li></ul></main>"
)
_RESULTS = page(
    "<div class=sr>"
    + "".join(
        f'<div class="journey css-1x{i % 2}abc"><div class=times><span class=dep>0{i}:15</span> – <span class=arr>1{i}:40</span></div><div class=op>Train G{i * 3}</div><div class=fare>from <b>€ {i * 10},90</b></div><div class=left>{i} seats left</div><button>Select</button></div>'
        for i in range(1, 9)
    )
    + "</div>"
)
_ARTICLE_COMMENTS = page(
    f"<article><h1>News</h1>{f'<p>{LOREM}</p>' * 5}</article><section class=comments><h2>Comments (4)</h2>"
    + "".join(
        f"<div class=comment><a class=author href=/u/{i}>user{i}</a> <time datetime=2026-05-0{i}>{i} May</time><p>{LOREM}</p></div>"
        for i in range(1, 6)
    )
    + "</section>"
)
_GALLERY = page(
    "<main><h1>Photos</h1><div class=g>"
    + "".join(f"<a href=/img/{i}.jpg><img src=/t/{i}.jpg alt=''></a>" for i in range(20))
    + "</div></main>"
)
_CTA = page(
    "<main><section class=hero><h1>Grow faster</h1><a class=btn href=/trial>Start free trial</a></section><section class=logos>"
    + "".join(f"<a href=https://c{i}.example><img alt='Customer {i}'></a>" for i in range(8))
    + "</section><section class=stats><div><b>500+</b><span>customers</span></div><div><b>99.9%</b><span>uptime</span></div><div><b>24/7</b><span>support</span></div></section><section class=quotes>"
    + "".join(f"<blockquote><p>{LOREM}</p><cite>Person {i}</cite></blockquote>" for i in range(4))
    + "</section></main>"
)

PAGES = [
    Truth(
        name="a product with data",
        html=page(
            f"<main><h1>Dune</h1><p class=price>12,99 €</p><button>Add to cart</button></main>{RELATED}",
            head=linked("Product", name="Dune", offers=OFFER),
        ),
        accepted=any_of(("product",), "12.99", "in stock"),
    ),
    Truth(
        name="a product in microdata",
        html=page(
            "<div itemscope itemtype=https://schema.org/Product><h1 itemprop=name>Dune</h1><div itemprop=offers itemscope itemtype=https://schema.org/Offer><span itemprop=price content=12.99>12,99</span><meta itemprop=priceCurrency content=EUR><link itemprop=availability href=https://schema.org/OutOfStock></div></div>"
            + RELATED
        ),
        accepted=any_of(("product",), "12.99", "out of stock"),
    ),
    Truth(
        name="a product with the site's feed",
        html=page(
            "<main><h1>Dune</h1><p class=price>12,99 €</p></main>",
            head='<link rel=alternate type=application/rss+xml title="Site news" href=/blog/feed.xml>'
            + linked("Product", name="Dune", offers=OFFER),
        ),
        accepted=any_of(
            ("product",),
            "12.99",
        ),
    ),
    Truth(
        name="a product without data",
        html=page(
            f"<main><div class=product><h1>Dune</h1><div class=pricing><span class=product-price>€ 12.99</span></div><button class=add>Add to cart</button></div></main>{RELATED}"
        ),
        accepted=any_of(("value",), "price: €12.99", "in stock"),
    ),
    Truth(
        name="a product that is sold out",
        html=page(
            f"<main><div class=product><h1>Dune</h1><span class=was>€ 19.99</span> <span class=now-price>€ 12.99</span><p class=availability>Sold out</p></div></main>{RELATED}{COOKIES}"
        ),
        accepted=any_of(("value",), "price: €12.99", "out of stock"),
    ),
    Truth(
        name="cards of bootstrap",
        html=_shop_rows(
            5,
            "<div class=carousel><div class=slide><a href=/s1>Sale</a></div><div class=slide><a href=/s2>New</a></div><div class=slide><a href=/s3>Hot</a></div></div>",
        ),
        accepted=any_of(("list",), "Thing 3 of wool", "$10.50"),
    ),
    Truth(name="cards of tailwind", html=_tailwind(), accepted=any_of(("list",), "Dune", "$12.99")),
    Truth(
        name="cards of CSS modules", html=_modules(), accepted=any_of(("list",), "Dune", "€12.99", "@data-product-id")
    ),
    Truth(
        name="cards that are links",
        html=page(
            "<main><div class=listing>"
            + _cards(
                "<a class=tile href=/p/{slug}><span class=tile-name>{name}</span><span class=tile-price>€{price}</span></a>"
            )
            + "</div></main>"
            + COOKIES
        ),
        accepted=any_of(("list",), "Dune", "€12.99"),
    ),
    Truth(
        name="cards with filters",
        html=page(
            "<div class=shop><div class=filters><h3>Brand</h3><ul>"
            + "".join(
                f"<li><label>Brand {number}</label><span>({number * 3})</span><a href=?b={number}>only</a></li>"
                for number in range(15)
            )
            + "</ul></div><ul class=products>"
            + _cards(
                "<li class=product><a href=/p/{slug}?ref=list><h2>{name}</h2></a><span class=amount>£{price}</span></li>"
            )
            + "</ul></div>"
        ),
        accepted=any_of(("list",), "Dune", "£12.99", "^[^?#]+"),
    ),
    Truth(
        name="courses",
        html=page(
            f"<main><h1>Courses</h1>{table(('Code', 'Title', 'Lecturer', 'Seats', 'Time'), COURSES, 'id=courses')}</main>"
        ),
        accepted=any_of(("table",), "CS101", '"seats"', "integer"),
    ),
    Truth(
        name="courses with a feed of news",
        html=page(
            f"<main><h1>Courses</h1>{table(('Code', 'Title', 'Lecturer', 'Seats', 'Time'), COURSES)}</main>",
            head="<link rel=alternate type=application/rss+xml title=News href=/news/rss.xml>",
        ),
        url="https://uni.example/courses/cs",
        accepted=any_of(
            ("table",),
            "CS101",
        ),
    ),
    Truth(
        name="a timetable in Chinese",
        html=page(
            f"<div class=main>{table(('车次', '出发时间', '到达时间', '二等座', '票价'), [(f'G{number}', f'0{number}:15', f'1{number}:40', '有' if number % 2 else '无', f'¥{number * 100}.5') for number in range(1, 8)])}</div>",
            lang="zh",
        ),
        accepted=any_of(("table",), "G1", "车次", "¥100.5"),
    ),
    Truth(
        name="a table with the header in cells",
        html=f"<html><body><table><tr><td><b>Name</b></td><td><b>Rate</b></td><td><b>Change</b></td></tr>{''.join(f'<tr><td>{code}</td><td>{rate}</td><td>{rate}</td></tr>' for code, rate in (('USD', '1.0812'), ('GBP', '0.8433'), ('JPY', '163.20'), ('CHF', '0.9530')))}</table></body></html>",
        accepted=any_of(("table",), "USD", "1.0812"),
    ),
    Truth(
        name="tickets",
        html=page(
            f"<main><h1>Concert</h1>{table(('Category', 'Price', 'Availability'), [('Stalls', '€ 89.00', 'Sold out'), ('Circle', '€ 59.00', 'Available'), ('Gallery', '€ 29.00', 'Few left')])}</main>"
        ),
        accepted=any_of(("table",), "Stalls", "€89.00"),
    ),
    Truth(name="a forum", html=_forum(), accepted=any_of(("list",), "thing number 1", "replies", "next")),
    Truth(
        name="stories",
        html=_hacker_news(),
        accepted=any_of(
            ("list",),
            "A story about number 1",
        ),
    ),
    Truth(name="an old layout of tables", html=_old_layout(), accepted=any_of(("list", "table"), "Lot 3", "$36.00")),
    Truth(
        name="notices of a government",
        html=_notices(),
        accepted=any_of(("list",), "关于做好2026年第1批", "2026-02-11", "下一页"),
    ),
    Truth(
        name="releases on GitHub",
        html=_github_releases(),
        url="https://github.com/o/r/releases",
        accepted=any_of(
            ("feed",),
            "releases.atom",
        ),
    ),
    Truth(
        name="a repository on GitHub",
        html=page(f"<main><h1>r</h1><p>{LOREM}</p><a href=/o/r/releases>12 releases</a></main>"),
        url="https://github.com/o/r",
        accepted=any_of(
            ("feed",),
            "releases.atom",
        ),
    ),
    Truth(
        name="a blog",
        html=page(
            "<main>"
            + "".join(
                f"<article><h2><a href=/2026/05/{number}>Post {number}</a></h2><time datetime=2026-05-{number:02}>May {number}</time><p>{LOREM}</p></article>"
                for number in range(1, 8)
            )
            + "</main>",
            head='<link rel=alternate type=application/rss+xml title="The blog" href=/feed/><link rel=alternate type=application/rss+xml title="Comments Feed" href=/comments/feed/>',
        ),
        url="https://blog.example/",
        accepted=any_of(
            ("feed",),
            "https://blog.example/feed/",
        ),
    ),
    Truth(
        name="a blog without a feed",
        html=page(
            "<main>"
            + "".join(
                f"<article class=post><h2><a href=/2026/05/{number}>Post {number}</a></h2><time datetime=2026-05-{number:02}>May {number}</time><p>{LOREM}</p></article>"
                for number in range(1, 8)
            )
            + "</main><aside><h3>Tags</h3><div class=tagcloud>"
            + "".join(f"<a href=/tag/{number}>tag{number}</a> " for number in range(30))
            + "</div></aside>"
        ),
        accepted=any_of(("list",), "Post 1", "2026-05-01"),
    ),
    Truth(name="jobs beside filters", html=_jobs(), accepted=any_of(("list",), "Engineer for team 1", "2026-04-01")),
    Truth(name="a programme of concerts", html=_events(), accepted=any_of(("list",), "Concert 1", "2026-05-11")),
    Truth(name="doctors with free hours", html=_departments(), accepted=any_of(("list",), "王医生", "¥30.00")),
    Truth(name="a shop of Next.js", html=_next_shop(), accepted=any_of(("json",), "Dune", "12.99", "__NEXT_DATA__")),
    Truth(
        name="an event with a date",
        html=page(
            f"<main><h1>Concert</h1><dl><dt>Sale begins</dt><dd>12 December 2026 10:00</dd><dt>Organiser</dt><dd>Hall Ltd</dd></dl><p>{LOREM}</p></main>"
        ),
        accepted=any_of(
            ("value",),
            "2026-12-12",
        ),
    ),
    Truth(
        name="places that are left",
        html=page(f"<main><h1>Workshop</h1><p>{LOREM}</p><p class=places><strong>12 places left</strong></p></main>"),
        accepted=any_of(
            ("value",),
            "12",
        ),
    ),
    Truth(
        name="a price somebody looks for",
        html=page(
            f"<main><h1>Flat 12</h1><p>{LOREM}</p><div class=facts><div>Rent: 1.299,00 €</div><div>Size: 54 m²</div></div></main>"
        ),
        value="1299",
        accepted=any_of(
            ("value",),
            "1299",
        ),
    ),
    Truth(
        name="a text somebody looks for",
        html=page(f"<main><h1>Visa bulletin</h1><p>{LOREM}</p><div id=status>Applications are closed</div></main>"),
        value="applications are closed",
        accepted=any_of(("value",), "Applications are closed", "#status"),
    ),
    # Traps: pages that have nothing.
    Truth(
        name="a page about us",
        html=page(
            f"<main><h1>About us</h1>{f'<p>{LOREM}</p>' * 6}<p>Founded in 1998, with 300 employees.</p></main>{COOKIES}"
        ),
    ),
    Truth(
        name="navigation alone",
        html=page(
            "<div class=mega-menu>"
            + "".join(
                f"<div class=group><h4>Group {group}</h4><ul>"
                + "".join(f"<li><a href=/g{group}/{number}>Entry {group} {number}</a></li>" for number in range(12))
                + "</ul></div>"
                for group in range(8)
            )
            + f"</div><p>{LOREM}</p>"
        ),
    ),
    Truth(
        name="contact",
        html=page(
            "<main><h1>Contact</h1><table><tr><th>Phone</th><td>+49 30 1234567</td></tr><tr><th>Fax</th><td>+49 30 7654321</td></tr><tr><th>Open</th><td>9:00–17:00</td></tr></table><form><label>Name<input name=n></label><label>Text<textarea></textarea></label><button>Send</button></form></main>"
        ),
    ),
    Truth(
        name="features of a service",
        html=page(
            "<main><h1>Fast. Safe. Ours.</h1><div class=features>"
            + "".join(f"<div class=feature><h3>Feature {number}</h3><p>{LOREM}</p></div>" for number in range(6))
            + "</div><a class=button href=/signup>Sign up now</a></main>"
        ),
    ),
    Truth(
        name="not found",
        html=page(
            "<main><h1>404</h1><p>Page not found. The page you were looking for does not exist.</p></main>",
            title="Page not found",
            frame=False,
        ),
    ),
    Truth(
        name="a login",
        html=page(
            "<main><h1>Sign in</h1><form><label>E-mail<input type=email></label><label>Password<input type=password></label><button>Sign in</button></form></main>",
            title="Sign in",
        ),
    ),
    Truth(
        name="a shell",
        html="<html><head><title>App</title></head><body><div id=root></div><noscript>You need to enable JavaScript to run this app.</noscript><script src=/static/js/main.8f2a.js></script></body></html>",
    ),
    Truth(
        name="an article with related ones",
        html=page(
            f"<article><h1>What we did</h1><p class=byline>By Ada, 3 May 2026</p>{f'<p>{LOREM}</p>' * 8}</article><section><h2>Related articles</h2><ul>{''.join(f'<li><a href=/a/{number}>Another long article about thing {number}</a><span>2026-04-0{number}</span></li>' for number in range(1, 7))}</ul></section>{COOKIES}"
        ),
    ),
    Truth(
        name="questions",
        html=page(
            "<main><h1>Questions</h1><div class=faq>"
            + "".join(
                f"<div class=faq-item><h3>How does part {number} work?</h3><div class=answer>{LOREM} It costs € {number}.00 a month.</div></div>"
                for number in range(1, 8)
            )
            + "</div></main>"
        ),
    ),
    Truth(
        name="terms",
        html=page(
            f"<main><h1>Terms</h1><ol>{''.join(f'<li><a href=#s{number}>Section {number} of the terms</a></li>' for number in range(9))}</ol>{''.join(f'<h2 id=s{number}>Section {number}</h2><p>{LOREM}</p>' for number in range(9))}</main>"
        ),
    ),
    Truth(name="a product of WooCommerce", html=_WOO, accepted=any_of(("value",), "price: €20.00", "in stock")),
    Truth(name="a shop of WooCommerce", html=_WOO_CAT, accepted=any_of(("list",), "Dune", "€12.99")),
    Truth(
        name="results of a large shop", html=_AMAZON, accepted=any_of(("list",), "Dune in hard", "$12.99", "data-asin")
    ),
    Truth(
        name="a board of phpBB", html=_PHPBB, accepted=any_of(("list",), "Problem with part 1 of it", "posts", "views")
    ),
    Truth(name="a table of an encyclopedia", html=_WIKI, accepted=any_of(("table",), "Bridge 1", "131")),
    Truth(name="tenders", html=_TENDER, accepted=any_of(("table",), "T-2026-001", "2026-12-01")),
    Truth(
        name="posts of an examination in Chinese", html=_CN_EXAM, accepted=any_of(("table",), "100110001", "招考人数")
    ),
    Truth(name="plans and their prices", html=_PLANS, accepted=any_of(("list",), "Pro", "$12")),
    Truth(name="paragraphs with dates", html=_PROWS, accepted=any_of(("list",), "1th letter", "2026-05-01")),
    Truth(
        name="headlines",
        html=_HEADS,
        accepted=any_of(
            ("list",),
            "1th story",
        ),
    ),
    Truth(
        name="a quote of a share",
        html=_QUOTE,
        accepted=any_of(
            ("value",),
            "182.31",
        ),
    ),
    Truth(name="products with data each", html=_MULTI, accepted=any_of(("list",), "Dune", "12.99")),
    Truth(
        name="a product with Open Graph",
        html=_OG,
        accepted=any_of(
            ("product", "value"),
            "49",
        ),
    ),
    Truth(name="a menu", html=_MENU, accepted=any_of(("list",), "Dish 1", "€6.50")),
    Truth(
        name="facts behind labels",
        html=_SPECLIST,
        accepted=any_of(
            ("value",),
            "2026-12-12",
        ),
    ),
    Truth(name="journeys", html=_RESULTS, accepted=any_of(("list",), "G3", "€10.90")),
    Truth(name="a calendar", html=_CALENDAR),
    Truth(name="a map of the site", html=_SITEMAP),
    Truth(name="a recipe", html=_RECIPE),
    Truth(name="no results", html=_NORESULTS),
    Truth(name="a table without rows", html=_EMPTYTABLE),
    Truth(name="a team", html=_TEAM),
    Truth(name="a gallery", html=_GALLERY),
    Truth(name="a page that sells", html=_CTA),
]
