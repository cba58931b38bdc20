"""Pages of many kinds with marked truth. What reads pages may be tuned on these, and on none of `held_out.py`."""

from __future__ import annotations

from typing import Final

from tests.extract.mutated.frames import (
    INTEGER,
    MONEY,
    STOCK,
    Place,
    Rows,
    Template,
    application,
    boxes,
    plain,
)

_SHOP = """
<ol class="breadcrumb"><li><a href="/">Home</a></li><li><a href="/lamps">Lamps</a></li><li>Dune</li></ol>
<article class="product" x-is="main"><h1 class="product-title">Dune desk lamp</h1>
<div class="product-gallery"><img src="/dune.jpg" alt="Dune"></div>
<div class="product-info"><p class="sku">SKU <span x-v="digits" x-t="sku">48213</span></p>
<div class="price-box"><span class="price-label" x-w="Our price|Price today">Price</span>
<span class="price" x-t="price" x-v="digits" x-gone="">€ 129.00</span></div>
<p class="tax" x-w="VAT included|Including VAT, plus delivery">incl. VAT, plus shipping</p>
<p class="stock" x-t="stock" x-v="In stock|Only 3 left|Sold out">In stock</p>
<form class="buy">
<button class="btn btn-primary" x-w="Buy now|Add to cart">Add to basket</button></form></div>
<div class="product-description"><h2>Description</h2>
<p>A lamp for the desk with a warm light and a brass arm.</p>
<p>Height 48 cm, weight 2.1 kg, cable 1.8 m.</p></div></article>
<section class="related" x-is="related"><h2 x-w="You may also like|More lamps">Customers also bought</h2>
<div class="product" x-is="item"><h3 class="product-title">Atlas lamp</h3><div class="price-box">
<span class="price" x-v="digits">€ 89.00</span></div><p class="stock">In stock</p></div>
<div class="product"><h3 class="product-title">Emil lamp</h3><div class="price-box">
<span class="price" x-v="digits">€ 149.00</span></div>
<p class="stock" x-v="Sold out|In stock">In stock</p></div>
<div class="product"><h3 class="product-title">Brass bulb</h3><div class="price-box">
<span class="price" x-v="digits">€ 12.50</span></div><p class="stock">In stock</p></div></section>
<section class="reviews"><h2>Reviews (<span x-v="digits">24</span>)</h2>
<p>Stays where I put it.</p></section>"""

_PLANS = """
<h1>Plans and prices</h1><p class="lead" x-w="Change at any time.|No contract.">Cancel at any time.</p>
<table class="pricing table"><thead><tr><th>Plan</th><th>Storage</th><th>Per month</th>
<th>Per year</th></tr></thead>
<tbody><tr><td>Free</td><td>5 GB</td><td x-v="digits">$0.50</td><td x-v="digits">$5.00</td></tr>
<tr><td>Basic</td><td>50 GB</td><td x-v="digits">$4.00</td><td x-v="digits">$40.00</td></tr>
<tr><td>Pro</td><td x-t="storage" x-v="digits">500 GB</td><td x-t="monthly" x-v="digits">$9.00</td>
<td x-t="yearly" x-v="digits">$90.00</td></tr>
<tr><td>Team</td><td>2000 GB</td><td x-v="digits">$19.00</td>
<td x-v="digits">$190.00</td></tr></tbody></table>
<p class="note" x-w="All prices without tax.|Tax is not included.">Prices exclude tax.</p>
<h2>Questions</h2><dl class="faq"><dt>May I change my plan?</dt><dd>Yes, at any time.</dd>
<dt>Is there a discount?</dt><dd>Schools pay half.</dd></dl>"""

_TICKETS = """
<div class="event-header"><h1>五月天 2026 巡回演唱会 上海站</h1>
<p class="meta"><span>时间：</span><span x-t="date" x-v="date" class="time">2026-12-24 19:30</span></p>
<p class="meta"><span>地点：</span><span>上海体育场</span></p></div>
<div class="notice" x-w="请提前入场。|实名购票，请携带证件。">每人限购两张。</div>
<ul class="ticket-list" x-is="list">
<li class="ticket" x-t="tickets"><b class="name" x-t="tickets.key">内场</b>
<span class="amount" x-t="tickets.price" x-v="digits">¥1280</span>
<button class="btn" x-t="tickets.stock" x-v="缺货登记|立即购买|即将开售">缺货登记</button></li>
<li class="ticket" x-t="tickets"><b class="name" x-t="tickets.key">看台 A</b>
<span class="amount" x-t="tickets.price" x-v="digits">¥880</span>
<button class="btn" x-t="tickets.stock" x-v="缺货登记|立即购买|即将开售">立即购买</button></li>
<li class="ticket" x-t="tickets"><b class="name" x-t="tickets.key">看台 B</b>
<span class="amount" x-t="tickets.price" x-v="digits">¥680</span>
<button class="btn" x-t="tickets.stock" x-v="缺货登记|立即购买|即将开售">缺货登记</button></li>
<li class="ticket" x-t="tickets"><b class="name" x-t="tickets.key">看台 C</b>
<span class="amount" x-t="tickets.price" x-v="digits">¥380</span>
<button class="btn" x-t="tickets.stock" x-v="缺货登记|立即购买|即将开售">缺货登记</button></li></ul>
<div class="status-bar"><span>状态</span><em class="state" x-t="state" x-v="预售|热卖中|已售罄">预售</em></div>
<div class="hot"><h3 x-w="大家都在看|为您推荐">热门演出</h3><p>周杰伦 <span x-v="digits">¥580</span></p>
<p>陈奕迅 <span x-v="digits">¥480</span></p></div>"""

_COURSES = """
<h1>Kurse im Wintersemester</h1>
<p x-w="Die Anmeldung ist offen.|Bitte melden Sie sich an.">Anmeldung ab Oktober.</p>
<table class="kurse" id="kursliste"><tr><th>Nr.</th><th>Kurs</th><th>Tag</th><th>Freie Plätze</th>
<th>Status</th></tr>
<tr x-t="courses"><td>K101</td><td x-t="courses.key">Spanisch A1</td><td>Montag</td>
<td x-t="courses.free" x-v="digits">12</td><td x-v="frei|Warteliste|belegt">frei</td></tr>
<tr x-t="courses"><td>K102</td><td x-t="courses.key">Töpfern</td><td>Dienstag</td>
<td x-t="courses.free" x-v="digits">3</td>
<td x-t="status" x-v="frei|Warteliste|belegt">frei</td></tr>
<tr x-t="courses"><td>K103</td><td x-t="courses.key">Yoga am Abend</td><td>Mittwoch</td>
<td x-t="courses.free" x-v="digits">0</td><td x-v="belegt|frei">belegt</td></tr>
<tr x-t="courses"><td>K104</td><td x-t="courses.key">Aquarell</td><td>Freitag</td>
<td x-t="courses.free" x-v="digits">7</td><td x-v="frei|belegt">frei</td></tr>
<tr x-t="courses"><td>K105</td><td x-t="courses.key">Fotografie</td><td>Samstag</td>
<td x-t="courses.free" x-v="digits">5</td><td x-v="frei|belegt">frei</td></tr></table>
<p class="stand">Stand: <span x-t="as_of" class="datum" x-v="date">14.11.2026</span></p>
<p class="hinweis">Auskunft unter 0123 456.</p>"""

_TIMETABLE = """
<div class="station"><h1>Gare de Lyon</h1><p class="clock" x-v="digits">10:42</p></div>
<div class="tabs"><a href="#d">Départs</a><a href="#a">Arrivées</a></div>
<div class="board departures"><h2>Départs</h2>
<div class="line"><span class="train">TGV 6607</span><span class="dest">Lyon</span>
<span class="time" x-v="digits">11:00</span><span class="platform" x-v="digits">12</span></div>
<div class="line"><span class="train">TGV 6173</span><span class="dest">Marseille</span>
<span class="time" x-t="time" x-v="digits">11:14</span>
<span class="platform" x-t="platform" x-v="digits">7</span></div>
<div class="line"><span class="train">TER 1755</span><span class="dest">Dijon</span>
<span class="time" x-v="digits">11:38</span><span class="platform" x-v="digits">21</span></div>
<div class="line"><span class="train">TGV 9241</span><span class="dest">Milano</span>
<span class="time" x-v="digits">11:52</span><span class="platform" x-v="digits">3</span></div></div>
<div class="info"><h2 x-w="Info trafic|À savoir">Informations</h2>
<p x-w="Trafic normal.|Travaux ce week-end.">
Trafic fluide.</p><p>Retard moyen : <strong x-t="delay" class="delay" x-v="digits">6 min</strong></p></div>"""

_FORUM = """
<h2 class="forumname">Objektive</h2><div class="actions"><a href="/new" x-w="Reply">New topic</a></div>
<table class="forumline" width="100%"><tr><th>Topics</th><th>Replies</th><th>Views</th><th>Last post</th></tr>
<tr class="row1" x-t="topics"><td><a href="/t/31" class="topictitle" x-t="topics.key">Lens for birds</a></td>
<td align="center" x-t="topics.replies" x-v="digits">31</td><td align="center" x-v="digits">4021</td>
<td class="lastpost" x-v="date">2026-11-20</td></tr>
<tr class="row2" x-t="topics"><td><a href="/t/12" class="topictitle" x-t="topics.key">Fungus on glass</a></td>
<td align="center" x-t="topics.replies" x-v="digits">8</td><td align="center" x-v="digits">913</td>
<td class="lastpost" x-v="date">2026-11-18</td></tr>
<tr class="row1" x-t="topics"><td><a href="/t/58" class="topictitle" x-t="topics.key">Tripods again</a></td>
<td align="center" x-t="topics.replies" x-v="digits">145</td><td align="center" x-v="digits">20177</td>
<td class="lastpost" x-v="date">2026-11-17</td></tr>
<tr class="row2" x-t="topics"><td><a href="/t/77" class="topictitle" x-t="topics.key">Manual focus</a></td>
<td align="center" x-t="topics.replies" x-v="digits">22</td><td align="center" x-v="digits">2210</td>
<td class="lastpost" x-v="date">2026-11-11</td></tr></table>
<div class="stats"><h3 x-w="Board statistics|Numbers">Statistics</h3>
<p>Posts: <b x-t="posts" x-v="digits">88214</b></p>
<p>Members: <b x-t="members" x-v="digits">3120</b></p><p>Online: <b x-v="digits">41</b></p></div>"""

_RELEASE = """
<div class="repo-head"><h1>paramix</h1>
<p x-w="A tool for tables.|Tables, quickly.">Reads and writes tables.</p></div>
<div class="cols"><div class="col-main"><section class="release latest"><div class="release-header">
<h2><a href="/r/1" class="Link" x-t="version" x-v="version">v2.14.3</a></h2>
<span class="Label Label--success">Latest</span>
<relative-time class="no-wrap" x-t="released" x-v="date">2026-11-12</relative-time></div>
<div class="markdown-body"><h3>Changes</h3><ul><li>Reads faster.</li>
<li>Fewer errors.</li></ul></div></section>
<section class="release"><div class="release-header"><h2><a href="/r/2" class="Link">v2.14.2</a></h2>
<relative-time class="no-wrap">2026-10-28</relative-time></div>
<div class="markdown-body"><h3>Changes</h3><ul><li>Writes faster.</li></ul></div></section>
<section class="release"><div class="release-header"><h2><a href="/r/3" class="Link">v2.14.1</a></h2>
<relative-time class="no-wrap">2026-10-03</relative-time></div>
<div class="markdown-body"><h3>Changes</h3><ul><li>Quotes are kept.</li></ul></div></section></div>
<aside class="sidebar"><div class="box"><h4 x-w="Project|Details">About</h4><dl class="facts"><dt>License</dt>
<dd>MIT</dd>
<dt>Downloads</dt><dd x-t="downloads" x-v="digits">81322</dd><dt>Stars</dt>
<dd x-t="stars" x-v="digits">5213</dd>
<dt>Open issues</dt><dd x-v="digits">118</dd></dl></div></aside></div>"""

_NOTICES = """
<div class="crumb">当前位置：<a href="/">首页</a> &gt; <a href="/tz">通知公告</a></div>
<div class="listbox"><h3 class="tit" x-w="公告栏|最新通知">通知公告</h3><ul class="newslist">
<li x-t="notices"><a href="/tz/2031.html" x-t="notices.key">关于2026年公务员录用考试的公告</a>
<span x-t="notices.date" x-v="date">2026-11-20</span></li>
<li x-t="notices"><a href="/tz/2027.html" x-t="notices.key">关于城区道路施工的通告</a>
<span x-t="notices.date" x-v="date">2026-11-16</span></li>
<li x-t="notices"><a href="/tz/2019.html" x-t="notices.key">住房公积金缴存比例调整通知</a>
<span x-t="notices.date" x-v="date">2026-11-12</span></li>
<li x-t="notices"><a href="/tz/2012.html" x-t="notices.key">教师资格认定办理时间安排</a>
<span x-t="notices.date" x-v="date">2026-11-10</span></li>
<li x-t="notices"><a href="/tz/2010.html" x-t="notices.key">人才引进拟录用人员公示</a>
<span x-t="notices.date" x-v="date">2026-10-12</span></li></ul>
<div class="pages">共 <b x-t="total" x-v="digits">318</b> 条 第 <i>1</i> 页 <a href="/tz/2">下一页</a></div></div>
<div class="contact"><h3>办事指南</h3>
<p>受理时间：<span x-t="hours" x-v="9:00-17:00|9:30-16:30|8:30-17:30">9:00-17:00</span></p>
<p>咨询电话：<span>010-1234567</span></p></div>"""

_RATES = """
<div class="Card_card__aB3d9 css-3k9d1a"><h2 class="Card_title__kL2m1">Курсы валют</h2>
<div class="Rates_row__Zx81q"><span class="Rates_name__pQ1s4">Доллар США</span>
<span class="Rates_value__mN7v2" x-t="usd" x-v="digits">91,4512</span>
<span class="Rates_delta__yY3w8" x-v="digits">+0,31</span></div>
<div class="Rates_row__Zx81q"><span class="Rates_name__pQ1s4">Евро</span>
<span class="Rates_value__mN7v2" x-t="eur" x-v="digits">99,8071</span>
<span class="Rates_delta__yY3w8" x-v="digits">-0,12</span></div>
<div class="Rates_row__Zx81q"><span class="Rates_name__pQ1s4">Юань</span>
<span class="Rates_value__mN7v2" x-v="digits">12,6104</span>
<span class="Rates_delta__yY3w8" x-v="digits">+0,02</span></div></div>
<div class="Card_card__aB3d9 css-8v2n4c"><h2 class="Card_title__kL2m1">Ключевая ставка</h2>
<p class="KeyRate_value__tT5r6" x-t="key_rate" x-v="digits">16,50 %</p>
<p class="KeyRate_note__hJ8k3" x-w="Следующее заседание в декабре|Действует с октября">Решение от октября</p></div>
<div class="Card_card__aB3d9 css-8v2n4c"><h2 class="Card_title__kL2m1">Инфляция</h2>
<p class="KeyRate_value__tT5r6" x-v="digits">8,20 %</p></div>"""

_JOBS = """
<h1 class="text-2xl font-bold">Open positions</h1><p class="text-gray-500 mt-2" x-w="Join us.|We are hiring.">
Work with us.</p>
<div class="flex gap-2 text-sm">Showing <span x-t="count" x-v="digits" class="font-medium">14</span>
<span>positions</span></div><div class="grid grid-cols-1 gap-4 mt-6">
<a class="block rounded-lg p-4 shadow" href="/jobs/backend" x-t="jobs">
<h3 class="text-lg font-semibold" x-t="jobs.key">
Backend engineer</h3><div class="flex mt-1 text-sm">
<span x-t="jobs.place" x-v="Berlin|Remote|Lisbon">Berlin</span>
<span class="ml-4" x-v="digits">€70,000</span></div></a>
<a class="block rounded-lg p-4 shadow" href="/jobs/designer" x-t="jobs">
<h3 class="text-lg font-semibold" x-t="jobs.key">
Designer</h3><div class="flex mt-1 text-sm"><span x-t="jobs.place" x-v="Berlin|Remote|Lisbon">Remote</span>
<span class="ml-4" x-v="digits">€62,000</span></div></a>
<a class="block rounded-lg p-4 shadow" href="/jobs/support" x-t="jobs">
<h3 class="text-lg font-semibold" x-t="jobs.key">
Support engineer</h3><div class="flex mt-1 text-sm">
<span x-t="jobs.place" x-v="Berlin|Remote|Lisbon">Lisbon</span>
<span class="ml-4" x-v="digits">€48,000</span></div></a>
<a class="block rounded-lg p-4 shadow" href="/jobs/data" x-t="jobs">
<h3 class="text-lg font-semibold" x-t="jobs.key">
Data scientist</h3><div class="flex mt-1 text-sm">
<span x-t="jobs.place" x-v="Berlin|Remote|Lisbon">Berlin</span>
<span class="ml-4" x-v="digits">€75,000</span></div></a></div>
<div class="mt-8 rounded p-6 bg-gray-50"><h2 class="text-xl">Apply by</h2>
<p class="text-3xl font-bold" x-t="deadline" x-v="date">2026-12-11</p></div>"""

_LIBRARY = """
<h1 id="title">Cien años de soledad</h1><dl class="record"><dt>Autor</dt><dd>García Márquez, Gabriel</dd>
<dt>Editorial</dt><dd>Sudamericana</dd><dt>ISBN</dt><dd>978-84-376-0494-7</dd>
<dt x-w="Situación|Disponibilidad">Estado</dt>
<dd x-t="state" x-v="Prestado|Disponible|En tránsito">Prestado</dd>
<dt>Devolución</dt><dd x-t="due" x-v="date">2026-12-04</dd><dt>Reservas</dt>
<dd x-t="holds" x-v="digits">3</dd></dl>
<h2>Ejemplares</h2><table class="holdings"><thead><tr><th>Biblioteca</th><th>Signatura</th>
<th>Estado</th></tr></thead>
<tbody><tr x-t="copies"><td x-t="copies.key">Central</td><td>N GAR</td>
<td x-t="copies.state" x-v="Prestado|Disponible">Prestado</td></tr>
<tr x-t="copies"><td x-t="copies.key">Norte</td><td>N GAR</td>
<td x-t="copies.state" x-v="Prestado|Disponible">Disponible</td></tr>
<tr x-t="copies"><td x-t="copies.key">Puerto</td><td>863 GAR</td>
<td x-t="copies.state" x-v="Prestado|Disponible">Disponible</td></tr></tbody></table>
<div class="similar" x-is="related"><h2>Obras parecidas</h2><div class="hit" x-is="item"><h3>La hojarasca</h3>
<dl class="record"><dt>Estado</dt><dd x-v="Disponible|Prestado">Disponible</dd></dl></div></div>"""

_MARKET = """
<div class="bg-white max-w-4xl mx-auto"><div class="flex" x-is="main"><div class="w-1/2">
<img src="/p.jpg" alt="p"></div>
<div class="w-1/2 pl-8"><h1 class="text-xl font-bold">Câmera Instantânea M2</h1>
<div class="mt-4 flex items-baseline">
<span class="text-3xl font-semibold text-green-700" x-t="price" x-v="digits" x-gone="Indisponível">R$ 749,90</span>
<span class="ml-2 text-sm" x-w="em 10x|sem juros">à vista</span></div>
<div class="mt-2 text-sm">
<span class="text-gray-500">Vendido por</span>
<span x-t="seller" x-v="Loja Azul|FotoMais|Casa Luz">Loja Azul</span></div>
<button class="mt-6 bg-green-700 text-white px-4" data-testid="buy" x-w="Comprar agora">Comprar</button>
<p class="mt-2 text-xs" data-testid="availability" x-t="availability"
x-v="Em estoque|Restam 2 unidades|Esgotado">Em estoque</p></div></div>
<div class="mt-12" x-is="related"><h2 class="text-lg font-bold" x-w="Produtos relacionados">Veja também</h2>
<div class="grid grid-cols-3 gap-4"><div class="flex flex-col" x-is="item">
<span class="text-sm">Câmera M1</span>
<span class="text-3xl font-semibold text-green-700" x-v="digits">R$ 599,90</span></div>
<div class="flex flex-col"><span class="text-sm">Filme, 20 fotos</span>
<span class="text-3xl font-semibold text-green-700" x-v="digits">R$ 119,90</span></div>
<div class="flex flex-col"><span class="text-sm">Bolsa</span>
<span class="text-3xl font-semibold text-green-700" x-v="digits">R$ 89,90</span></div></div></div></div>"""

_LINKS = ("Home", "Products", "News", "About", "Contact")

TAUGHT: Final = (
    Template(
        name="shop product",
        source=plain("en", "Dune desk lamp | Lumen", _SHOP, links=_LINKS, foot="© Lumen & Sons"),
        places={
            "price": Place("article.product .price", MONEY),
            "stock": Place(".product-info .stock", STOCK),
            "sku": Place(".sku span"),
        },
    ),
    Template(
        name="price table",
        source=plain("en", "Prices | Cloudbox", _PLANS, links=_LINKS, foot="© Cloudbox"),
        places={
            "monthly": Place("table.pricing tbody tr:nth-child(3) td:nth-child(3)", MONEY),
            "yearly": Place("table tr:nth-of-type(3) td:last-child", MONEY),
            "storage": Place(".pricing tbody > tr:nth-child(3) > td:nth-child(2)"),
        },
    ),
    Template(
        name="ticket list, Chinese",
        source=boxes(
            "zh-CN", "五月天 上海站", _TICKETS, links=("首页", "演唱会", "话剧", "我的"), foot="客服 400-000-0000"
        ),
        places={
            "tickets": Rows("li.ticket", ".name", {"price": Place(".amount", MONEY), "stock": Place(".btn")}),
            "date": Place(".event-header .time"),
            "state": Place(".status-bar .state"),
        },
    ),
    Template(
        name="course table, German",
        source=boxes(
            "de", "Volkshochschule am See", _COURSES, links=("Kurse", "Anfahrt", "Kontakt"), foot="VHS am See"
        ),
        places={
            "courses": Rows("#kursliste tr:has(td)", "td:nth-child(2)", {"free": Place("td:nth-child(4)", INTEGER)}),
            "status": Place("#kursliste tr:nth-child(3) td:nth-child(5)"),
            "as_of": Place(".stand .datum"),
        },
    ),
    Template(
        name="timetable, French",
        source=plain(
            "fr", "Gare de Lyon | Gares", _TIMETABLE, links=("Départs", "Plan", "Services"), foot="Gares & Cie"
        ),
        places={
            "time": Place(".departures .line:nth-of-type(2) .time"),
            "platform": Place(".departures > div:nth-child(3) .platform"),
            "delay": Place(".info .delay"),
        },
    ),
    Template(
        name="forum",
        source=boxes("en", "Lens forum", _FORUM, links=("Index", "Search", "Members"), foot="Powered by a board"),
        places={
            "topics": Rows("table.forumline tr:has(.topictitle)", ".topictitle", {"replies": Place("td:nth-child(2)")}),
            "posts": Place(".stats p:nth-of-type(1) b", INTEGER),
            "members": Place(".stats p:nth-of-type(2) b", INTEGER),
        },
    ),
    Template(
        name="release page",
        source=plain("en", "paramix | Forge", _RELEASE, links=_LINKS, foot="© Forge"),
        places={
            "version": Place(".release.latest h2 a"),
            "released": Place(".latest relative-time"),
            "downloads": Place("dl.facts dd:nth-of-type(2)", INTEGER),
            "stars": Place(".facts > dd:nth-of-type(3)", INTEGER),
        },
    ),
    Template(
        name="notices, Chinese",
        source=boxes(
            "zh-CN", "市人民政府", _NOTICES, links=("首页", "政务公开", "办事服务"), foot="主办单位：市人民政府办公室"
        ),
        places={
            "notices": Rows("ul.newslist li", "a", {"date": Place("span")}),
            "total": Place(".pages b", INTEGER),
            "hours": Place(".contact p:nth-of-type(1) span"),
        },
    ),
    Template(
        name="exchange rates, Russian, CSS modules",
        source=application("ru", "Курсы", _RATES, links=("Курсы", "Ставки", "О банке"), foot="Банк"),
        places={
            "usd": Place(".Rates_row__Zx81q:nth-of-type(1) .Rates_value__mN7v2"),
            "eur": Place('[class*="Rates_row"]:nth-of-type(2) [class*="Rates_value"]'),
            "key_rate": Place("div:nth-of-type(2) > .KeyRate_value__tT5r6"),
        },
    ),
    Template(
        name="job board, Tailwind",
        source=application("en", "Jobs", _JOBS, links=("Jobs", "Team", "Blog"), foot="© Acme"),
        places={
            "jobs": Rows('a[href^="/jobs/"]', "h3", {"place": Place("div > span:first-child")}),
            "count": Place(".text-sm .font-medium", INTEGER),
            "deadline": Place("p.text-3xl"),
        },
    ),
    Template(
        name="library record, Spanish, dl",
        source=plain(
            "es", "Catálogo | Biblioteca", _LIBRARY, links=("Catálogo", "Horario", "Ayuda"), foot="Biblioteca"
        ),
        places={
            "copies": Rows("table.holdings tbody tr", "td:first-child", {"state": Place("td:last-child")}),
            "state": Place("#title + dl dd:nth-of-type(4)"),
            "due": Place("#title + dl dd:nth-of-type(5)"),
            "holds": Place("main > dl.record > dd:last-of-type", INTEGER),
        },
    ),
    Template(
        name="marketplace, Portuguese, Tailwind",
        source=application("pt-BR", "Câmera", _MARKET, links=("Ofertas", "Vender", "Ajuda"), foot="© Mercado"),
        places={
            "price": Place(".items-baseline .text-3xl", MONEY),
            "availability": Place('[data-testid="availability"]'),
            "seller": Place(".w-1\\/2 .text-gray-500 + span"),
        },
    ),
)
