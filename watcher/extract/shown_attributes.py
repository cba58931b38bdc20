"""
Which attribute a reader sees of an element, where nobody names one (`attr`).

| element | what is read |
|---|---|
| `<input>`, but for passwords, check boxes, radio buttons and files | `value`: what the field or the button says |
| `<meta>` | `content` |
| `<img>`, `<area>` | `alt` |
| `<data>`, `<meter>`, `<progress>` without a text | `value` |
| `<time>` without a text, or with `type: date` where it is a day | `datetime` |
| a link or an image with `type: url` | `href`, else `src` |

All others: none, their text is read.
"""

from __future__ import annotations

import re

from turbohtml import Element

from watcher.core.values import ValueType

_ALWAYS = {"input": "value", "meta": "content", "img": "alt", "area": "alt"}
_WITHOUT_TEXT = {"data": "value", "meter": "value", "progress": "value", "time": "datetime"}
_UNSEEN_INPUTS = frozenset({"password", "checkbox", "radio", "file"})
_DAY = re.compile(r"\A\s*\d{4}-\d{2}-\d{2}")


def shown_attribute(element: Element, type_: ValueType) -> str | None:
    """Return the name of the attribute to read in place of the text; None for the text."""
    if type_ is ValueType.URL:
        return _first_of(element, "href", "src")
    tag = element.tag
    if tag in _ALWAYS:
        is_unseen = tag == "input" and (element.attr("type") or "").lower() in _UNSEEN_INPUTS
        return None if is_unseen else _first_of(element, _ALWAYS[tag])
    if tag not in _WITHOUT_TEXT:
        return None
    if tag == "time" and type_ is ValueType.DATE and _DAY.match(element.attr("datetime") or ""):
        return "datetime"
    return None if element.text.strip() else _first_of(element, _WITHOUT_TEXT[tag])


def _first_of(element: Element, *names: str) -> str | None:
    return next((name for name in names if element.attr(name) is not None), None)
