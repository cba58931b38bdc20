"""What holds for every copy of a page, whatever the page: nothing in it runs, sends or fetches."""

from __future__ import annotations

import re
from typing import Final

from watcher.extract.document import Document
from watcher.extract.page_copy import NUMBER, PageCopy

_RUNS: Final = frozenset(
    {
        "script",
        "iframe",
        "frame",
        "frameset",
        "object",
        "embed",
        "applet",
        "base",
        "meta",
        "form",
        "svg",
        "math",
        "title",
    }
    | {"input", "button", "select", "textarea", "template", "noscript", "xmp", "plaintext", "video", "audio", "source"}
)
_SAYS_NOTHING: Final = re.compile(r"on|src|href|action|formaction|name|target|ping|poster|background|data$|xlink|http-")
_FETCHES: Final = re.compile(
    r"(?:url|src|image-set|expression)\s*\(|@\s*import|@\s*font-face|\\[0-9a-z]", re.IGNORECASE
)


def assert_harmless(copy: PageCopy, *, is_dressed: bool = False, is_ours: bool = False) -> None:
    """
    Check a copy as browsers parse it: only what is known to do nothing is in it.

    Args:
        is_ours: it has the head of the picker's frame, with the `meta` of its charset.
    """
    document = Document(copy.markup)
    for element in document.elements():
        if is_ours and element.tag == "meta":
            assert (element.attr("charset"), element.attr("name")) in {("utf-8", None), (None, "viewport")}
            continue
        assert element.tag not in _RUNS, element.html[:300]
        assert is_dressed or element.tag != "link"
        for name in element.attrs:
            value = element.attr(name) or ""
            if is_dressed and name in ("src", "href"):
                assert element.tag in ("img", "link")
                assert value.startswith(("https://", "http://"))
                continue
            assert name in ("style", "data-n", "data-box", "rel", "media") or not _SAYS_NOTHING.match(name), name
            if name == "style":
                assert not _FETCHES.search(value)
        if element.tag == "style":
            assert not _FETCHES.search(element.text)


def numbers_in(copy: PageCopy) -> list[int]:
    """Return the numbers of the elements that the copy shows, in its order."""
    return [int(each.attr(NUMBER) or "") for each in Document(copy.markup).elements() if each.attr(NUMBER)]
