"""What kind of page has a heading: the table of `page_titles.py`, in several languages."""

from __future__ import annotations

import pytest

from watcher.extract.suggesting.page_titles import PageKind, is_of_the_past, kind_of_page

KINDS = {
    PageKind.FIXED: [
        "Thank you for your order!",
        "Vielen Dank für Ihre Bestellung",
        "FAQ",
        "Häufige Fragen",
        "Domande frequenti",
        "よくあるご質問",
        "Contact us",
        "Kontakt – Anfahrt",
        "Impressum",
        "Mentions légales",
        "Shipping and delivery",
        "Versand und Zahlung",
        "Envíos y devoluciones",
        "Öffnungszeiten",
        "Guide des tailles : chaussons d’escalade",
        "Tabulka velikostí – dětské oblečení",
        "サイズ表",
        "Sitemap",
    ],
    PageKind.LEGAL: [
        "Privacy policy",
        "Datenschutzerklärung",
        "About us",
        "Über uns",
        "Notre histoire",
        "AGB",
        "利用規約",
    ],
    PageKind.MANUAL: ["User manual", "Bedienungsanleitung P100", "Was ist Zinseszins?", "Troubleshooting", "操作手册"],
    PageKind.CALCULATOR: [
        "Mortgage calculator",
        "Kreditrechner",
        "Simulateur de prêt",
        "房贷计算器",
        "Inch to cm converter",
    ],
    PageKind.OTHER: [
        "Contact lenses",
        "Delivery driver (m/f)",
        "Currency converter",
        "Währungsrechner",
        "About time",
        "What’s on",
        "Co je nového",
        "Horaires des bus",
        "Programm",
        "Returning to the sea, and other stories of ships, storms and long delays",
    ],
}


@pytest.mark.parametrize(("kind", "title"), [(kind, title) for kind, titles in KINDS.items() for title in titles])
def test_a_heading_says_what_kind_of_page_it_is(kind: PageKind, title: str) -> None:
    assert kind_of_page(title, has_form=True) is kind


def test_what_is_called_a_calculator_and_asks_for_nothing_is_sold() -> None:
    assert kind_of_page("Graphing calculator TI-84", has_form=False) is PageKind.OTHER


@pytest.mark.parametrize(
    ("text", "is_over"),
    [
        ("This event has ended.", True),
        ("Die Veranstaltung ist leider vorbei.", True),
        ("L’exposition est terminée.", True),
        ("Konferansen er avsluttet.", True),
        ("Аукцион завершён", True),
        ("活动已结束", True),
        ("このイベントは終了しました", True),
        ("This site is no longer updated.", True),
        ("The event is sold out.", False),
        ("Registration for the event has closed. The waiting list is open.", False),
        ("The event begins when the exhibition of last year is opened.", False),
        ("The season has ended.", False),
    ],
)
def test_a_notice_says_that_something_is_over(text: str, is_over: bool) -> None:
    assert is_of_the_past(text) is is_over
