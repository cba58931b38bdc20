"""What kind of page a survey is of, and whether what it is about is over."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice

from watcher.extract.suggesting.page_titles import PageKind, is_of_the_past, kind_of_page
from watcher.extract.suggesting.region_words import words_of
from watcher.extract.suggesting.survey import Spot, Survey
from watcher.extract.text import clean
from watcher.extract.walls import told_by

_OF_DOCUMENTATION = ", ".join(
    (
        *(
            f'meta[name=generator][content^="{name}" i]'
            for name in ("Docusaurus", "Sphinx", "mkdocs", "VitePress", "mdBook")
        ),
        *(".theme-doc-markdown", ".rst-content", ".vp-doc", ".markdown-section", ".md-content", ".sphinxsidebar"),
    )
)
"""What programs that write documentation leave on each of its pages."""
_ARTICLE = re.compile(r'"@type"\s{0,9}:\s{0,9}\[?\s{0,9}"(?:\w{0,9}Article|BlogPosting)"')
_DUTY = re.compile(
    r"\b(?:on|of) (?:duty|call)\b|notdienst|bereitschaft|\bde garde\b|di turno|de (?:guardia|turno)|plantão|nöbet"
    r"|dyżur|pohotovost"
    r"|ügyelet|de gardă|εφημερ|дежур|чергов|\bvagt|päivyst|当番|值班|輪值|당번|당직|مناوب|תורנ",
    re.IGNORECASE,
)
_ERROR_NAMES = re.compile(
    r"(?:\A|[\s_-])(?:error-?404|(?:page-?)?not-?found|(?:page|error)-(?:40[034]|410|50[0-4]))(?:\Z|[\s_-])",
    re.IGNORECASE,
)
_ERROR_NUMBER = re.compile(
    r"\W{0,9}(?:(?:error|http|code|fehler|erreur)\W{1,3})?(?:40[034]|410|50[0234])\W{0,9}", re.IGNORECASE
)
"""A status of HTTP that says that something went wrong."""
_PAST = frozenset({"past", "ended", "finished", "expired", "archived"})
_CONFIRMED = (
    ", ".join(
        f'[{name}*="{word}" i]'
        for name in ("class", "id")
        for word in (
            "order-received",
            "order-confirmation",
            "order_confirmation",
            "checkout-success",
            "thank-you",
            "thankyou",
        )
    )
    + ", .woocommerce-order"
)
"""How shops call the page that confirms an order."""
_ORDER_NUMBER = re.compile(
    r"[^\d#]{0,40}(?:(?:#|№|Nr\.|No\.) ?[A-Z\d-]{0,12}\d{3,12}|[A-Z]{1,5}-?\d[\dA-Z-]{4,20}|\d{7,12})\.?"
)
_CALLED_CHARACTERS = 1_000
_MOST_SCRIPTS = 5
_SCRIPT_CHARACTERS = 50_000
_NEAR = 60
"""Elements behind the heading."""
_NOTICE_CHARACTERS = 120
_ROWS = 3
_TOLD_CHARACTERS = 20
_LEAST_LINKS = 3
_FIELDS = 2
_FIGURES = frozenset({"", "number", "range", "text", "tel"})


def kind_of(survey: Survey) -> PageKind:
    """Return what kind of page it is by its first heading, or by its title where it has none."""
    document = survey.document
    titles = document.select("h1")[:1] or document.select("title")[:1]
    kind = kind_of_page(clean(titles[0].text) if titles else "", has_form=_asks_for_figures(survey))
    if kind is PageKind.OTHER and _is_of_error(survey):
        return PageKind.FIXED
    if kind is PageKind.OTHER and titles and clean(titles[0].text).endswith(("!", "！")) and _has_number(survey):
        return PageKind.FIXED
    return PageKind.MANUAL if kind is PageKind.OTHER and document.select(_OF_DOCUMENTATION) else kind


def _is_of_error(survey: Survey) -> bool:
    """Return whether a page says that it is none: in its heads, by its program’s names, or by no number but `404`."""
    document = survey.document
    heads = [" ".join(one.text.split()) for one in document.select("title, h1")[:2]]
    called = " ".join(
        value for one in document.select("body")[:1] for name in ("class", "id") if (value := one.attr(name))
    )
    if document.select(_CONFIRMED) or told_by(*heads) or _ERROR_NAMES.search(called[:_CALLED_CHARACTERS]):
        return True
    figures = (spot.own for spot in survey.spots if not spot.is_out and any(map(str.isdigit, spot.own)))
    first = next(figures, "")
    return _ERROR_NUMBER.fullmatch(first) is not None and all(map(_ERROR_NUMBER.fullmatch, figures))


def _has_number(survey: Survey) -> bool:
    """Return whether the page tells the number of an order, which stands for itself: with thanks it confirms one."""
    return any(_ORDER_NUMBER.fullmatch(spot.own) for spot in survey.spots if spot.own and not spot.is_out)


def is_of_duties(survey: Survey) -> bool:
    """Return whether the page says who is on duty, as pharmacies are in turn: its telephones are news."""
    return any(_DUTY.search(clean(title.text)) for title in survey.document.select("h1, title")[:2])


def is_article(survey: Survey) -> bool:
    """Return whether the page says that it is one article."""
    document = survey.document
    if document.select('meta[property="og:type"][content=article i]') or len(document.select("article h1")) == 1:
        return True
    linked = document.select('script[type^="application/ld+json" i]')[:_MOST_SCRIPTS]
    return any(_ARTICLE.search(script.text[:_SCRIPT_CHARACTERS]) for script in linked)


def is_index(survey: Survey) -> bool:
    """Return whether a page leads to several things that it names at some length, as one with news does."""
    links = (spot for spot in survey.spots if spot.tag == "a" and not spot.is_out and spot.chars >= _TOLD_CHARACTERS)
    return sum(1 for _ in islice(links, _LEAST_LINKS)) == _LEAST_LINKS


def is_over(survey: Survey) -> bool:
    """Return whether a notice near the heading says that what the page is about is over."""
    heading = next((spot.place for spot in survey.spots if spot.tag == "h1"), None)
    if heading is None:
        return False
    near = survey.spots[max(0, heading - _NEAR // 2) : heading + _NEAR]
    paths = Counter(spot.path for spot in survey.spots)
    notices = (spot for spot in near if _is_notice(spot) and paths[spot.path] < _ROWS)
    return any(_is_named_past(spot) or is_of_the_past(survey.text(spot)) for spot in notices)


def _is_named_past(spot: Spot) -> bool:
    """Return whether a class says that it is over: `status--past`."""
    return any(_PAST.intersection(words_of(name)) for name in spot.names)


def _is_notice(spot: Spot) -> bool:
    return not spot.is_out and 0 < spot.chars <= _NOTICE_CHARACTERS and bool(spot.own)


def _asks_for_figures(survey: Survey) -> bool:
    """Return whether there are fields for figures in the content, or what is computed of them."""
    fields = [spot for spot in survey.spots if spot.tag in ("input", "output", "select") and not spot.is_out]
    asked = [each for each in fields if each.tag == "select" or (each.element.attr("type") or "").lower() in _FIGURES]
    return len(asked) >= _FIELDS or any(each.tag == "output" for each in fields)
