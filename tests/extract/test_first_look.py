"""Which pages a first look takes for a wall."""

# ruff: noqa: E501 - a page stands on as many lines as it needs, and no more

from __future__ import annotations

import time

import pytest

from watcher.core.page import Page
from watcher.extract.body import open_body
from watcher.extract.first_look import doubt_first
from watcher.extract.walls import NoPage

SECONDS = 0.5


def judged(source: str, media_type: str = "text/html", *, is_valued: bool = False) -> NoPage | None:
    page = Page(url="https://x.example/", body=source.encode(), media_type=media_type)
    return doubt_first(page, open_body(page), is_valued=is_valued)


def page(title: str, heading: str, rest: str) -> str:
    return f"<title>{title}</title><ul><li><a href=/>Nordlicht</a></ul><h1>{heading}</h1>{rest}"


BUTTON = "<form><input type=email><input type=password><button>Hyrje</button></form>"


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        pytest.param(page("Hyrje | Nordlicht", "Hyrje", BUTTON), "blocked", id="named as the button beside a password"),
        pytest.param(page("403 Ndaluar", "Ndaluar (403)", "<p>Mungon një biskotë."), "unexpected", id="a status twice"),
        pytest.param(page("Nordlicht", "Nejste robot?", "<altcha-widget>"), "blocked", id="a tag of a robot check"),
        pytest.param(page("IIS Windows Server", "", ""), "unexpected", id="nothing else is said"),
        pytest.param(page("Nordlicht", "Hi", "<p>This site is suspended. Contact your host."), "unexpected", id="a sentence"),
        pytest.param(page("Sidan finns inte", "Sidan finns inte", "<p>Fri frakt över 49 kr"), "missing", id="gone, in a shop"),
        pytest.param(page("Zeitung", "Zustimmung", "<p>" + "Wir. " * 300 + "Alle akzeptieren"), "blocked", id="a long request"),
    ],
)  # fmt: skip
def test_two_signs_that_agree_make_a_wall(source: str, kind: str) -> None:
    error = judged(source)
    assert error is not None
    assert error.kind == kind


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(page("Nordlicht", "Hyrje", "<p>Salla e parë"), id="no password"),
        pytest.param(page("Nordlicht", "Maintenance", "<p>Boilers, lifts and doors"), id="a heading alone"),
        pytest.param(page("Maintenance", "Maintenance", "<p>From € 12"), id="it sells"),
        pytest.param(page("Just a moment", "Just a moment", "<p>Seats left: 12"), id="a figure"),
        pytest.param(page("404", "404", "<p>" + "The band was founded in Leeds. " * 30), id="much to tell"),
        pytest.param(page("Pegel", "Pegel", "<div><h2>Wir schätzen Ihre Privatsphäre</h2>Alle akzeptieren"), id="a banner"),
        pytest.param(page("Login form", "Login form", "<pre>&lt;input type=password&gt;</pre>"), id="a source that is shown"),
    ],
)  # fmt: skip
def test_less_than_two_accuse_nobody(source: str) -> None:
    assert judged(source) is None


HIDDEN = "<meta name=robots content=noindex>"
MARKET = "<a href=https://market.example/buy>Market</a>"


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        pytest.param(page("Alma", "Bezárt a bolt", HIDDEN + "<div class=page-maintenance><p>Kérjük"), "unexpected", id="what its parts are called"),
        pytest.param(page("x.example", "x.example", "<p>Na prodaju: € 950<p>" + MARKET), "unexpected", id="its own name, for sale"),
        pytest.param(page("Tiles", "On us", HIDDEN + "<p>Request 9f3c1e7b22d04a6689e0"), "unexpected", id="the number of a request"),
        pytest.param(page("Systém má odstávku", "Web: údržba", "<p>Prosíme 10. 12.<img src=/maintenance.svg>"), "unexpected", id="words beside a look"),
        pytest.param(page("現在の国からは", "お住まいの国ではご覧いただけません", "<p>申し訳"), "blocked", id="a country"),
        pytest.param(page("Lístky", "Čakáte v rade", "<meta http-equiv=refresh content=9><p>Prosíme"), "blocked", id="a queue that reloads"),
        pytest.param(page("Webseite blockiert", "Diese Webseite wurde blockiert", "<p>Bitte nennen: 10.1.2.3"), "blocked", id="the address of the reader"),
        pytest.param(page("Kuusi", "Oletko täyttänyt 18 vuotta?", "<button>Kyllä, olen"), "blocked", id="an age, asked"),
        pytest.param("<title>Courrier</title><div class=cookiewall><h2>Votre vie privée</h2><button>Tout accepter", "blocked", id="a request without a heading"),
        pytest.param(page("Default page", "Default web page", "<p>" + "Nobody has put a site here. " * 30 + "Contact your host. " + MARKET), "unexpected", id="a default that explains itself"),
    ],
)  # fmt: skip
def test_the_looks_of_a_page_are_signs_too(source: str, kind: str) -> None:
    error = judged(source)
    assert error is not None
    assert error.kind == kind


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(page("x.example", "x.example", "<p>I write code. " + MARKET), id="a personal page"),
        pytest.param(page("y.example", "y.example", "<p>For sale: € 950<p>" + MARKET), id="the name of another site"),
        pytest.param(page("Kiosk", "Offen", HIDDEN + "<meta http-equiv=refresh content=9>" + MARKET), id="a display"),
        pytest.param(page("Loipe", "Loipe gesperrt", HIDDEN + "<p>Bitte beachten Sie die Schilder."), id="a track that is closed"),
        pytest.param(page("Antrean Loket", "Antrean loket", "<p>Mohon tunggu."), id="a hospital's queue"),
        pytest.param(page("“Access Denied”", "“Access Denied”", "<p>Please help. <a href=/t/2>Next"), id="a heading that quotes"),
        pytest.param(page("Access denied | Help", "Access denied", "<p>Tom <time>2 Dec</time> Please help."), id="a dated post"),
        pytest.param(page("Release", "v2.4", HIDDEN + "<p>Commit 9f3c1e7b22d04a6689e0aa11"), id="a hash"),
    ],
)  # fmt: skip
def test_looks_alone_accuse_nobody(source: str) -> None:
    assert judged(source) is None


def test_a_price_vouches_for_all_but_a_request_and_a_name_that_is_for_sale() -> None:
    pay = "<div class=cmp-wall><p>Alle akzeptieren, oder € 2,99"
    assert judged(page("Zustimmung", "Willkommen", pay), is_valued=True) is not None
    assert judged(page("This domain is for sale", "x.example", "<p>$ 2,495"), is_valued=True) is not None
    assert judged(page("Consent | Books", "Consent", "<p>£ 9.99<button>Accept all"), is_valued=True) is None
    assert judged(page("Slow down", "Too many requests", "<p>Please wait. $ 9"), is_valued=True) is None


def test_a_line_of_plain_text_may_be_a_server_s_error() -> None:
    assert judged("no healthy upstream", "text/plain") is not None
    assert judged("Water level 143 cm", "text/plain") is None


@pytest.mark.faults
@pytest.mark.parametrize(
    "piece", ["<a ", "<a>", "<nav><a>", "<input ", "<input type=x ", "<h1>", "<button>", "< captch"]
)
def test_no_page_takes_long(piece: str) -> None:
    source = "<title>403 Forbidden</title><h1>Forbidden</h1>" + piece * (400_000 // len(piece))
    opened = Page(url="https://x.example/", body=source.encode(), media_type="text/html")
    body = open_body(opened)
    body.document.select("title")  # type: ignore[attr-defined]  # parsed beforehand
    before = time.thread_time()
    doubt_first(opened, body)
    assert time.thread_time() - before < SECONDS
