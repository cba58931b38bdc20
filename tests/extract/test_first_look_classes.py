"""Kinds of walls that a first look tells by their parts or their words, in many languages, and pages that look alike."""

# ruff: noqa: E501 - a page stands on as many lines as it needs, and no more

from __future__ import annotations

import pytest

from tests.extract.test_first_look import judged

NAV = "<header><nav><a href=/a>Alfa</a><a href=/b>Beta</a></nav></header>"
FOOT = "<footer><p>Nordlicht © 2026</p><a href=/c>Gamma</a></footer>"


def site(heading: str, rest: str, title: str = "Nordlicht", attributes: str = "") -> str:
    return f"<title>{title}</title><body {attributes}>{NAV}<main><h1>{heading}</h1>{rest}</main>{FOOT}"


def _login(heading: str, user: str, secret: str, button: str) -> str:
    return site(
        heading,
        f"<form method=post><label>{user}<input></label><label>{secret}<input type=password></label><button>{button}</button></form>",
    )


def _birth(heading: str, text: str) -> str:
    fields = "<input maxlength=2><input maxlength=2><input maxlength=4>"
    return site(heading, f"<p>{text}</p><form method=post>{fields}<button>OK</button></form>")


def _countries(heading: str, *codes: str) -> str:
    return site(heading, "<ul>" + "".join(f"<li><a href=/{code}/>{code}</a>" for code in codes) + "</ul>")


def _consent(heading: str, text: str, accept: str, refuse: str) -> str:
    return site(
        "",
        f"<div class=consent-box><h2>{heading}</h2><p>{text}</p><button>{accept}</button><button>{refuse}</button></div>",
    ).replace("<h1></h1>", "")


CODES = ("at", "be", "dk", "fr", "de", "it", "nl", "es", "se")
WALLS = {
    "a login": [
        _login("Portali i Studentit", "Emri", "Fjalëkalimi", "Hyr në portal"),
        _login("Nemendavefur", "Notandi", "Lykilorð", "Áfram"),
        _login("Gestión académica", "Usuario", "Clave", "Adelante"),
        _login("ระบบทะเบียน", "ชื่อผู้ใช้", "รหัสผ่าน", "ตกลง"),
        _login("Wi-Fi ospiti Hotel Bellavista", "Camera", "Cognome", "Connetti"),
    ],
    "a date of birth": [
        _birth("Bodegas Robledo", "Introduce tu fecha de nacimiento."),
        _birth("Weingut Holl", "Geben Sie Ihr Geburtsdatum ein."),
        _birth("Destilaria do Norte", "Indique a sua data de nascimento."),
        _birth("Browar Leśny", "Podaj datę urodzenia."),
        _birth("Cantina Alta", "Inserisci la data di nascita."),
    ],
    "a choice of countries": [
        _countries("Choose where you shop", *(f"{code}-en" for code in CODES)),
        _countries("Wählen Sie Ihr Land", *(f"{code}-de" for code in CODES)),
        _countries("Choisissez votre pays", *CODES),
        _countries("Elige tu país", *(f"{code}_es" for code in CODES)),
        _countries("Välj land", *(f"{code}/sv" for code in CODES)),
    ],
    "a spinner": [
        f"<title>Nordlicht</title><div id=app><div class=app-{name}><i></i><span>{text}</span></div></div>"
        for name, text in zip(("loader", "spinner", "loading"), ("Augnablik", "Itxaron", "Fanya subira"), strict=True)
    ] + [f"<title>Nordlicht</title><div id=root><p>{text}</p></div>" for text in ("טוען...", "Načítání…", "加载中", "로딩 중", "Betöltés...")],
    "a request for consent": [
        _consent("Kako nadaljevati?", "Mi in naši partnerji uporabljamo piškotke.", "Accept all", "Ne"),
        _consent("We are part of Meridian", "We and our partners use cookies to measure our audience.", "Accept all", "Reject all"),
        _consent("Noi e i nostri partner", "I cookie servono a misurare il pubblico.", "Accetta e continua", "Rifiuta e abbonati"),
        _consent("Egy pillanat", "A partnereink cookie-kat használnak.", "Elfogadom", "Elutasítom"),
        _consent("Hej igen", "Vi og vores partnere bruger cookies.", "Tillad alle", "Afvis alle"),
    ],
    "what a program prints": [
        site("", text).replace("<h1></h1>", "")
        for text in (
            "<h4>A PHP Error was encountered</h4><p>Severity: Warning</p>",
            "<b>Fatal error</b>: Uncaught TypeError: x in /var/www/a.php on line 12",
            "SQLSTATE[HY000] [2002] Connection refused",
            "<p>Traceback (most recent call last):</p><p>File app.py, line 3</p>",
            "<p>Unable to connect to your database server using the provided settings.</p>",
        )
    ],
    "what is kept for subscribers": [
        site(heading, "<p>1 € / 4</p><a href=/o>+</a>", title="Artikel")
        for heading in ("Cet article est réservé aux abonnés", "Dieser Artikel ist nur für Abonnenten", "Questo articolo è riservato agli abbonati", "Artikkeli on vain tilaajille", "Tento článek je pouze pro předplatitele")
    ],
    "a site that is mended": [
        site("الموقع تحت الصيانة", "<p>يرجى المحاولة لاحقاً"),
        site("האתר בתחזוקה", "<p>אנא נסו שוב מאוחר יותר"),
        site("Sivusto on huollossa", "<p>Yritä myöhemmin uudelleen"),
        site("Az oldal karbantartás alatt áll", "<p>Kérjük, próbálja később"),
        site("Site-ul este în mentenanță", "<p>Vă rugăm reveniți"),
        site("Něco pro vás ladíme", "<p>Prosím vraťte se za chvíli.", attributes="class=maintenance"),
    ],
    "a session that is over": [
        _login("OBS", "No", "Şifre", "Giriş").replace("<form", "<p>Oturumunuzun süresi doldu.</p><form"),
        site("Votre session a expiré", "<p>Veuillez recommencer."),
        site("Sesja wygasła", "<p>Prosimy zacząć jeszcze raz."),
        site("Ваша сесія закінчилася", "<p>Спробуйте ще раз."),
        site("Sitzung abgelaufen", "<p>Bitte beginnen Sie von vorn."),
    ],
    "a check of security": [
        site("正在检测客户端环境", "<p>请稍候"),
        site("보안 확인을 완료해 주세요", "<p>잠시만 기다려 주세요"),
        site("Kiểm tra trình duyệt", "<p>Vui lòng chờ"),
        site("Sprawdzamy połączenie", "<p>Prosimy o cierpliwość"),
        site("Memeriksa browser", "<p>Mohon tunggu"),
    ],
    "gone, with a way out": [
        site(heading, "<p><a href=/>⌂</a></p>")
        for heading in ("Hups! Sivua ei löytynyt", "Ups! Nie znaleziono strony", "Oj, sidan finns inte", "Упс… Страница не найдена", "Oeps, pagina niet gevonden")
    ],
    "a place in a line": [
        site(heading, "<div role=progressbar></div><p>2 418 / 23 min</p>", title="Tickets")
        for heading in ("Du står nå i kø", "Du är i kön", "Sie sind in der Warteschlange", "Jesteś w kolejce", "Вы в очереди")
    ],
}  # fmt: skip
GOOD = {
    "a thread of a forum": "<title>Access denied when mounting a share - Forum</title><h3>Access denied when mounting a share</h3><p class=author>by tobyk</p><div>The Pi says Permission denied.</div>",
    "a post on robot checks": site("Por qué me piden verificar que soy humano", "<article>" + "<p>Desde que uso la VPN, media red me recibe con una casilla que marcar.</p>" * 3 + "</article>"),
    "a post on logins": site("Session expired", "<p itemprop=author>Ruth</p><p>Three reasons why it says so."),
    "a question with comments": site("Too many requests", "<p>What does it mean?</p><ul class=comment-list><li>Wait.</ul>"),
    "an article on queues": site("Du står nå i kø", "<article>" + "<p>Hvorfor blir vi så irriterte av å stå i kø, spør forskerne i en ny bok.</p>" * 3 + "</article>"),
    "a form in the header": f"<title>Hours</title><header><form><input type=password></form></header><h1>Library</h1><p>Open all day.</p>{FOOT}",
    "a login beside the seats": site("Library", "<form><input type=password></form><p>Free seats: 12"),
    "a login beside the news": site("News", "<form><input type=password></form>" + "".join(f"<a href=/n{n}>Item</a>" for n in "abcdefg")),
    "a form for a booking": site("Book a table", "<form method=post><input name=name><input maxlength=2><textarea></textarea></form>"),
    "a registration with a captcha": site("Write to us", "<form><input type=email><input name=captcha><textarea></textarea></form>"),
    "countries of a guide": site("Countries", "<ul>" + "".join(f"<li><a href=/guide/{code}-travel>{code}</a>" for code in CODES) + "</ul>"),
    "languages in the footer": site("Museum", "<p>Closed on Mondays.") + "<footer>" + "".join(f"<a href=/{code}/>{code}</a>" for code in CODES) + "</footer>",
    "a spinner beside the page": site("Tide", "<p>Low water</p><div class=spinner>Loading</div>"),
    "a page that is called loading": site("Loading dock", "<div class=loading-dock><p>Gate B is open</div>"),
    "a banner before a list": site("Lamps", "<a href=/p/dune>Dune</a><div class=cookie><p>We use cookies.</p><button>Accept all</button></div>"),
    "a banner before a line": site("Pegel", "<p>hoch</p><div class=cookie-consent><h2>Cookies</h2><button>Alle akzeptieren</button></div>"),
    "a recipe for cookies": site("Cookies", "<p>Accept all flavours, says the baker."),
    "a dump in a guide": site("How to read a trace", "<p>Look at the end.</p><pre>Traceback (most recent call last):</pre>"),
    "an error in a glossary": site("SQLSTATE", "<p>A class of codes. SQLSTATE[HY000] is a general one."),
    "a teaser of an article": site("Les crues du Rhône", "<p>Le fleuve monte.</p><h2>Cet article est réservé aux abonnés</h2>"),
    "a plan of works": site("Údržba tramvají", "<p>Trať do Zlína je dočasně mimo provoz."),
    "an elevator": site("Huoltokatko hississä", "<p>A-talo, torstaina"),
    "a progress of a campaign": site("Our roof", "<progress></progress><p>418 of 600 tiles"),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "source"), [(kind, source) for kind, sources in WALLS.items() for source in sources])
def test_a_wall_of_a_known_kind_is_told_in_any_language(kind: str, source: str) -> None:
    assert judged(source) is not None, kind


@pytest.mark.parametrize("name", GOOD)
def test_a_page_that_looks_like_a_kind_of_wall_is_believed(name: str) -> None:
    assert judged(GOOD[name]) is None
