"""What kind of page a survey is of, and whether what it is about is over."""

from __future__ import annotations

import re
from collections import Counter

from watcher.extract.suggesting.page_titles import PageKind, is_of_the_past, kind_of_page
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
_MOST_SCRIPTS = 5
_SCRIPT_CHARACTERS = 50_000
_NEAR = 60
"""Elements behind the heading."""
_NOTICE_CHARACTERS = 120
_ROWS = 3
_FIELDS = 2
_FIGURES = frozenset({"", "number", "range", "text", "tel"})


def kind_of(survey: Survey) -> PageKind:
    """Return what kind of page it is by its first heading, or by its title where it has none."""
    document = survey.document
    titles = document.select("h1")[:1] or document.select("title")[:1]
    kind = kind_of_page(clean(titles[0].text) if titles else "", has_form=_asks_for_figures(survey))
    if kind is PageKind.OTHER and told_by(*(" ".join(one.text.split()) for one in document.select("title, h1")[:2])):
        return PageKind.FIXED  # such as “Page not found”
    return PageKind.MANUAL if kind is PageKind.OTHER and document.select(_OF_DOCUMENTATION) else kind


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


def is_over(survey: Survey) -> bool:
    """Return whether a notice near the heading says that what the page is about is over."""
    heading = next((spot.place for spot in survey.spots if spot.tag == "h1"), None)
    if heading is None:
        return False
    near = survey.spots[max(0, heading - _NEAR // 2) : heading + _NEAR]
    paths = Counter(spot.path for spot in survey.spots)
    notices = (spot for spot in near if _is_notice(spot) and paths[spot.path] < _ROWS)
    return any(is_of_the_past(survey.text(spot)) for spot in notices)


def _is_notice(spot: Spot) -> bool:
    return not spot.is_out and 0 < spot.chars <= _NOTICE_CHARACTERS and bool(spot.own)


def _asks_for_figures(survey: Survey) -> bool:
    """Return whether there are fields for figures in the content, or what is computed of them."""
    fields = [spot for spot in survey.spots if spot.tag in ("input", "output", "select") and not spot.is_out]
    asked = [each for each in fields if each.tag == "select" or (each.element.attr("type") or "").lower() in _FIGURES]
    return len(asked) >= _FIELDS or any(each.tag == "output" for each in fields)
