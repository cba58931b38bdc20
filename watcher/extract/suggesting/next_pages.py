"""
The link to the next page of a list, as `pages:` follows it.

`rel=next` comes first, that of the head only where the page has a pager, too; then a class that says so, then the text
of the link, by XPath: `.pages a:last-child` would be another link on the last page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from turbohtml import Element

from watcher.core.values import ValueType
from watcher.core.watch import Language, NextPages, Query, Selector
from watcher.extract.document import Document
from watcher.extract.lasting import is_lasting
from watcher.extract.suggesting.survey import Survey

_MOST_PAGES = 10
_MOST_LINKS = 3_000
_WORDS = re.compile(
    r"(?:next(?: page)?|older(?: posts| entries)?|more|下一页|下页|下一頁|次へ|次のページ|다음"
    r"|weiter|nächste(?: seite)?|suivante?|page suivante|siguiente|successiva|volgende|próxima"
    r"|следующая|далее)?\s*[›»>→⟩]{0,2}",
    re.IGNORECASE,
)
_BY_NAME = re.compile(r"(?:^|[-_])next(?:$|[-_]|page|link)|^nextpage", re.IGNORECASE)
_NO_TARGET = ("#", "javascript:", "mailto:")


def next_page_of(survey: Survey) -> NextPages | None:
    """Return where the list goes on; None when the page has no link to a next one, or the time to look is over."""
    query = next(_queries(survey), None)
    if query is None:
        return None
    return NextPages(link=Selector(query=query, attr="href", type=ValueType.URL), max_pages=_MOST_PAGES)


def _queries(survey: Survey) -> Iterator[Query]:
    document = survey.document
    if _leads_on(document.select("a[rel~=next][href]")):
        yield Query.css("a[rel~=next]")
    links = [link for link in document.select("a[href]")[:_MOST_LINKS] if _leads_on([link])]
    texts = Counter(" ".join(link.text.split()) for link in links)
    words = [text for text in texts if text and _WORDS.fullmatch(text)]
    has_pager = bool(words) or any(map(str.isdecimal, texts))
    if has_pager and _leads_on(document.select("link[rel~=next][href]")):
        yield Query.css("link[rel~=next]")
    for link in links:
        if survey.is_over():
            return
        yield from _named(document, link)
    for text in words:
        if texts[text] == 1:
            yield Query(Language.XPATH, f"//a[normalize-space()='{text}']")


def _leads_on(links: Sequence[Element]) -> bool:
    """Return whether there is a link, and the first leads to a page."""
    target = (links[0].attr("href") or "").strip().lower() if links else ""
    return bool(target) and not target.startswith(_NO_TARGET)


def _named(document: Document, link: Element) -> Iterator[Query]:
    """Yield a selector by a class of the link, or of what it stands in, that says that it leads on."""
    parent = link.parent
    for element, pattern in ((link, "a.{}"), (parent, ".{} > a")):
        for name in (element.attr("class") or "").split() if isinstance(element, Element) else ():
            css = pattern.format(name)
            if _BY_NAME.search(name) and is_lasting(name) and list(document.probe(css)) == [link]:
                yield Query.css(css)
