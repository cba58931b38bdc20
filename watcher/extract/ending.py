"""
Where a page ends of which only the end of its connection says that it is whole: it may have been cut.

HTML may leave the end tags of its root out. Then it ends at an element, whatever comes before it, the same one each
time, and within a text with the same words. What is cut at random ends elsewhere each time.
"""

from __future__ import annotations

import re
from contextlib import suppress
from hashlib import blake2b
from typing import Final

import turbohtml
from turbohtml import Comment, Element, Text

from watcher.core.page import Page
from watcher.core.watch import Language, Query
from watcher.errors import PageError
from watcher.extract.body import HtmlBody, JsonBody, open_body
from watcher.extract.charset import decode

_END_TAG: Final = re.compile(rb"</(?:html|body)", re.IGNORECASE)
_MARK: Final = "the end of what came"


def closes_root(html: bytes) -> bool:
    """Return whether a page of HTML has the end tag of its root, or that of all that it shows."""
    is_json = html[:64].lstrip()[:1] in (b"{", b"[")  # with such tags in its texts
    return not is_json and _END_TAG.search(html[-4_096:].replace(b"\0", b"")) is not None  # UTF-16 has zeros


def ending_of(page: Page) -> str:
    """Return a digest of where a page ends; nothing where it closes its root, or is JSON or XML that can be parsed."""
    if closes_root(page.body):
        return ""
    body, place = open_body(page), ""
    if isinstance(body, HtmlBody):
        place = _place_of(decode(page).text)
    else:
        with suppress(PageError):
            body.select(Query(Language.JSONPATH, "$") if isinstance(body, JsonBody) else Query(Language.XPATH, "/*"))
            return ""
    return blake2b(place.encode(errors="surrogatepass") or page.body, digest_size=8).hexdigest()


def _place_of(html: str) -> str:
    """Return the path of what is open at the end, and what is last in it; nothing within a tag or a script."""
    mark = turbohtml.parse(f"{html}<!--{_MARK}-->").xpath_one(f"//comment()[.='{_MARK}']")
    if not isinstance(mark, Comment) or not isinstance(mark.parent, Element) or html.endswith("<"):
        return ""
    before = (each for each in mark.previous_siblings if isinstance(each, (Element, Text)))
    last = next((each for each in before if isinstance(each, Element) or each.data.strip()), mark.parent)
    words = last.xpath_path() if isinstance(last, Element) else re.sub(r"\d{1,20}", "0", last.data)
    return f"{mark.parent.xpath_path()} {words}"
