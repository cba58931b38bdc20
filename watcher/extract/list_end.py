"""
Whether a page without rows is the end of a list: a site under maintenance answers 200 without rows as well.

It is the end where it has the container, which holds all rows of the first page and is no part of the site's layout;
or the pager, a link to the same address with other digits; or, of JSON, the array whose entries are the rows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import dropwhile
from typing import Final

from turbohtml import Element

from watcher.core.watch import Language, Query
from watcher.extract.body import Body, Node
from watcher.extract.element_names import names_of, tag_of
from watcher.extract.json_values import JsonNode
from watcher.extract.jsonpath import normalized_jsonpath

_LAYOUT: Final = frozenset({"html", "body", "main", "h1", "header", "footer", "nav", "aside"})
"""An error page of the same site has them too, and what only such a part of a page holds."""
_PLAIN: Final = frozenset({"div", "section", "article", "form", "center"})  # without a name: anything
_DIGITS: Final = re.compile(r"\d+")
_EACH: Final = re.compile(r"""'[^']*'|"[^"]*"|(?P<each>\[\?.*|\[\s*\*\s*\]|\[[\d:]*:[\d:]*\]|\.\*)""", re.DOTALL)
"""Of a JSONPath. What a filter asks is no step."""


def container_of(rows: Sequence[Node]) -> str:
    """Return a CSS selector of the deepest element that holds all rows; nothing where that may be on any page."""
    if not rows or not isinstance(rows[0], Element) or not isinstance(rows[-1], Element):
        return ""
    shared = set(rows[-1].ancestors)
    around = (each for each in rows[0].ancestors if isinstance(each, Element) and each in shared)
    steps: list[str] = []
    for each in dropwhile(lambda each: each.tag in ("tr", "tbody"), around):  # an empty table has neither
        name = next((part.css for part in names_of(each) if part.css != each.tag), "")
        tags = {one.tag for one in (each, *each) if isinstance(one, Element)}
        if tag_of(each) is None or (not steps and (tags & _LAYOUT or (each.tag in _PLAIN and not name))):
            return ""
        steps.insert(0, each.tag + name)
        if name:
            break
    return " > ".join(steps)


def is_end(body: Body, rows: Query, url: str, container: str) -> bool:
    """Return whether a page without rows is one of the list. `container`: of the first page's rows."""
    match rows.language:
        case Language.FEED:
            return True  # what is no feed is an error
        case Language.JSONPATH:
            path = normalized_jsonpath(rows.expression)
            arrays = (path[: step.start()] for step in _EACH.finditer(path) if step["each"])
            nodes = (node for array in arrays for node in body.select(Query(Language.JSONPATH, array)))
            return any(isinstance(node, JsonNode) and isinstance(node.value, list) for node in nodes)
        case _:
            return bool(container and body.select(Query.css(container))) or _has_pager(body, url)


def _has_pager(body: Body, url: str) -> bool:
    links = (node for node in body.select(Query.css("a[href]")) if isinstance(node, Element))
    hrefs = {(link.attr("href") or "").partition("#")[0].strip() for link in links}
    others = (_DIGITS.sub("0", href) for href in hrefs if _DIGITS.search(href) and not url.endswith(href))
    return any(map(_DIGITS.sub("0", url).endswith, others))
