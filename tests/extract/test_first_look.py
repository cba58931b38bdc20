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


def judged(source: str, media_type: str = "text/html") -> NoPage | None:
    page = Page(url="https://x.example/", body=source.encode(), media_type=media_type)
    return doubt_first(page, open_body(page))


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


def test_a_line_of_plain_text_may_be_a_server_s_error() -> None:
    assert judged("no healthy upstream", "text/plain") is not None
    assert judged("Water level 143 cm", "text/plain") is None


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
