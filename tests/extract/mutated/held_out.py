"""Pages as in `pages.py` that nothing is tuned on: what reads pages is measured here, and stays as it is."""

from __future__ import annotations

from typing import Final

from tests.extract.mutated.frames import INTEGER, MONEY, Place, Rows, Template, application, boxes, plain

_BOOK = """
<table width="100%" border="0" cellpadding="4" x-is="main"><tr><td valign="top" width="120">
<img src="/c/1.gif" alt="">
</td><td><font size="4"><b>Der Zauberberg</b></font><br><i>Thomas Mann</i><br>
<table class="data"><tr><td>ISBN:</td><td>3-10-348108-1</td></tr>
<tr><td x-w="Ladenpreis:|Preis inkl. MwSt.:">Preis:</td>
<td><b x-t="price" x-v="digits" x-gone="vergriffen">18,90 EUR</b></td></tr>
<tr><td>Lieferzeit:</td><td x-t="delivery" x-v="2 Tage|1 Woche|sofort">2 Tage</td></tr>
<tr><td>Zustand:</td><td>wie neu</td></tr></table></td></tr></table>
<hr><font size="2" x-w="Ebenfalls interessant">Andere kauften auch</font>
<table width="100%" border="0" x-is="related"><tr x-is="item"><td>Buddenbrooks</td><td>
<b x-v="digits">14,00 EUR</b></td></tr>
<tr><td>Joseph und seine Brüder</td><td><b x-v="digits">49,00 EUR</b></td></tr></table>"""

_WEATHER = """
<section class="current" aria-label="now"><h1>Tromsø</h1><div class="temp">
<span class="num" x-t="temperature" x-v="digits">4</span>
<span class="unit">°C</span></div>
<p class="sky" x-t="sky" x-v="Lett skydekke|Regn|Snø|Klart">Lett skydekke</p></section>
<section class="details"><h2 x-w="Nå i detalj|Akkurat nå">Detaljer</h2><ul class="facts">
<li><span>Vind</span> <strong x-t="wind" x-v="digits">7 m/s</strong></li>
<li><span>Nedbør</span> <strong x-v="digits">1 mm</strong></li>
<li><span>Luftfuktighet</span> <strong x-t="humidity" x-v="digits">81 %</strong></li>
<li><span>Lufttrykk</span> <strong x-v="digits">1008 hPa</strong></li></ul></section>
<section class="days"><h2>Langtidsvarsel</h2><table><thead><tr><th>Dag</th><th>Temp.</th>
<th>Nedbør</th></tr></thead>
<tbody><tr x-t="days"><td x-t="days.key">fredag</td><td x-t="days.temp" x-v="digits">3</td>
<td x-v="digits">0</td></tr>
<tr x-t="days"><td x-t="days.key">lørdag</td><td x-t="days.temp" x-v="digits">2</td>
<td x-v="digits">4</td></tr>
<tr x-t="days"><td x-t="days.key">søndag</td><td x-t="days.temp" x-v="digits">5</td>
<td x-v="digits">2</td></tr>
<tr x-t="days"><td x-t="days.key">mandag</td><td x-t="days.temp" x-v="digits">6</td>
<td x-v="digits">1</td></tr>
</tbody></table></section>"""

_FLATS = """
<div class="css-1dk2mf2"><div class="css-9f8s7d"><h2 class="css-77ab1c">Mieszkania do wynajęcia</h2>
<span class="css-3jd8s1" x-t="count" x-v="digits">214</span>
<span class="css-0a0b1c" x-w="wyniki|znalezionych ofert">ofert</span></div>
<ul class="css-2kd9f0"><li class="css-5g6h7j" x-t="flats">
<h3 class="css-8h7g6f" x-t="flats.key">Kawalerka, Wola</h3>
<p class="css-1a2s3d" x-t="flats.rent" x-v="digits">2400 zł</p><p class="css-4f5g6h">28 m²</p></li>
<li class="css-5g6h7j" x-t="flats"><h3 class="css-8h7g6f" x-t="flats.key">Dwa pokoje, Mokotów</h3>
<p class="css-1a2s3d" x-t="flats.rent" x-v="digits">3600 zł</p><p class="css-4f5g6h">44 m²</p></li>
<li class="css-5g6h7j" x-t="flats"><h3 class="css-8h7g6f" x-t="flats.key">Loft, Praga</h3>
<p class="css-1a2s3d" x-t="flats.rent" x-v="digits">5200 zł</p><p class="css-4f5g6h">71 m²</p></li>
<li class="css-5g6h7j" x-t="flats"><h3 class="css-8h7g6f" x-t="flats.key">Pokój, Ochota</h3>
<p class="css-1a2s3d" x-t="flats.rent" x-v="digits">1500 zł</p><p class="css-4f5g6h">14 m²</p></li></ul>
<div class="css-6y7u8i"><h2 class="css-77ab1c">Średni czynsz</h2>
<p class="css-1a2s3d" x-t="mean" x-v="digits">3175 zł</p></div></div>"""

_RUN = """
<h1>八王子マラソン</h1>
<p class="lead" x-w="参加者募集中です。|定員になり次第締め切ります。">たくさんのご参加をお待ちしています。</p>
<dl class="summary"><dt>開催日</dt><dd x-t="day" x-v="date">2026-12-20</dd><dt>会場</dt><dd>富士森公園</dd>
<dt>定員</dt><dd x-v="digits">3000名</dd><dt>残り</dt><dd x-t="left" x-v="digits">128名</dd>
<dt x-w="申込状況|エントリー">受付</dt>
<dd x-t="entry" x-v="受付中|受付終了|まもなく開始">受付中</dd></dl>
<h2>種目</h2><table class="events"><tbody><tr><th>種目</th><th>参加費</th><th>定員</th></tr>
<tr><td>ハーフ</td><td x-t="half_fee" x-v="digits">5,500円</td><td x-v="digits">1500</td></tr>
<tr><td>10km</td><td x-v="digits">4,000円</td><td x-v="digits">1000</td></tr>
<tr><td>親子2km</td><td x-v="digits">2,500円</td><td x-v="digits">500</td></tr></tbody></table>"""

_STATUS = """
<div class="page-status status-none">
<span class="status font-large" x-t="overall" x-v="All Systems Operational|Partial Outage|Minor Outage">
All Systems Operational</span></div><div class="components-container">
<div class="component-inner" data-component-id="k3j9"><span class="name">API</span>
<span class="component-status" x-t="api" x-v="Operational|Degraded Performance|Major Outage">Operational</span></div>
<div class="component-inner" data-component-id="p0s8"><span class="name">Dashboard</span>
<span class="component-status" x-v="Operational|Degraded Performance">Operational</span></div>
<div class="component-inner" data-component-id="z7x1"><span class="name">Webhooks</span>
<span class="component-status" x-t="webhooks"
x-v="Operational|Degraded Performance|Major Outage">Operational</span></div>
<div class="component-inner" data-component-id="q2w3"><span class="name">Search</span>
<span class="component-status" x-v="Operational|Degraded Performance">Operational</span></div></div>
<h2 x-w="Incidents|History">Past incidents</h2><div class="incident"><h3>Nov 20</h3>
<p x-w="Quiet.">No incidents reported.</p></div>
<div class="metric"><h4>Uptime</h4><p><span class="big" x-t="uptime" x-v="digits">99.98 %</span></p></div>"""

_HOTEL = """
<div class="room-list"><h1>Albergo Miramare</h1>
<p x-w="Prezzi per notte.">Prezzi a notte, colazione inclusa.</p>
<div class="room" x-is="item"><h3>Camera singola</h3><ul><li>1 letto</li><li>Vista cortile</li></ul>
<div class="offer">
<span class="rate" x-v="digits">€ 72</span>
<span class="avail" x-v="2 camere|Esaurita">2 camere</span></div></div>
<div class="room" x-is="main"><h3>Camera doppia vista mare</h3><ul><li>2 letti</li><li>Vista mare</li></ul>
<div class="offer"><span class="rate" x-t="rate" x-v="digits" x-gone="">€ 118</span>
<span class="avail" x-t="rooms" x-v="1 camera|3 camere|Esaurita">1 camera</span></div></div>
<div class="room"><h3>Suite</h3><ul><li>Terrazza</li><li>Vista mare</li></ul>
<div class="offer">
<span class="rate" x-v="digits">€ 240</span>
<span class="avail" x-v="1 camera|Esaurita">1 camera</span></div></div></div>
<div class="policy"><h2>Condizioni</h2>
<p>Check-in dalle
<b x-t="check_in" x-v="14:00|15:00|16:00">15:00</b></p></div>"""

HELD_OUT: Final = (
    Template(
        name="antiquarian, German, layout tables",
        source=boxes("de", "Antiquariat", _BOOK, links=("Romane", "Lyrik", "Kasse"), foot="Antiquariat am Markt"),
        places={
            "price": Place("table.data tr:nth-child(2) b", MONEY),
            "delivery": Place(".data tr:nth-child(3) td + td"),
        },
    ),
    Template(
        name="weather, Norwegian",
        source=plain("nb", "Tromsø | Vær", _WEATHER, links=("Varsel", "Kart", "Om"), foot="Værtjenesten"),
        places={
            "temperature": Place(".current .num", INTEGER),
            "sky": Place("p.sky"),
            "wind": Place(".facts li:nth-child(1) strong"),
            "humidity": Place(".details li:nth-of-type(3) > strong"),
            "days": Rows(".days tbody tr", "td:first-child", {"temp": Place("td:nth-child(2)", INTEGER)}),
        },
    ),
    Template(
        name="flats, Polish, hashed classes",
        source=application("pl", "Wynajem", _FLATS, links=("Kup", "Wynajmij", "Pomoc"), foot="Serwis"),
        places={
            "flats": Rows("ul.css-2kd9f0 > li", "h3", {"rent": Place("p:nth-of-type(1)", MONEY)}),
            "count": Place(".css-9f8s7d .css-3jd8s1", INTEGER),
            "mean": Place("div.css-6y7u8i > p", MONEY),
        },
    ),
    Template(
        name="race, Japanese, dl",
        source=plain("ja", "八王子マラソン | 大会", _RUN, links=("大会要項", "コース", "アクセス"), foot="大会事務局"),
        places={
            "day": Place("dl.summary dd:nth-of-type(1)"),
            "left": Place("dl.summary dd:nth-of-type(4)"),
            "entry": Place("dl.summary dd:last-child"),
            "half_fee": Place("table.events tr:nth-child(2) td:nth-child(2)", MONEY),
        },
    ),
    Template(
        name="status page",
        source=plain("en", "Status | Acme", _STATUS, links=("Status", "Docs", "Support"), foot="© Acme"),
        places={
            "overall": Place(".page-status .status"),
            "api": Place('[data-component-id="k3j9"] .component-status'),
            "webhooks": Place(".component-inner:nth-child(3) .component-status"),
            "uptime": Place(".metric .big"),
        },
    ),
    Template(
        name="hotel rooms, Italian",
        source=boxes("it", "Albergo Miramare", _HOTEL, links=("Camere", "Ristorante", "Contatti"), foot="Albergo"),
        places={
            "rate": Place(".room:nth-of-type(2) .rate", MONEY),
            "rooms": Place(".room-list > div:nth-of-type(2) .avail"),
            "check_in": Place(".policy b"),
        },
    ),
)
