"""Pages whose tables, formatting and forms are nested badly, and selectors of what stands on them, all by chance."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

_T = TypeVar("_T")

_STARTS = [
    "",
    "<!doctype html>",
    "<!doctype html><html class=x><head><title class=y>t</title>",
    "<!doctype html><body>",
]
_TABLES = ["table", "table", "tbody", "tr", "tr", "td", "td", "th", "caption", "thead", "colgroup", "col"]
_FORMATTING = ["a", "b", "i", "nobr", "font", "em", "b", "a"]
_BLOCKS = ["div", "div", "p", "p", "section", "ul", "li", "h1", "h2", "main", "center", "dd", "address"]
_PLAIN = ["span", "span", "span", "label", "x-tag", "br", "img", "time"]
_FORMS = ["form", "form", "button", "select", "option", "optgroup", "selectedcontent", "input"]
_ODD = ["svg", "math", "foreignObject", "desc", "mi", "annotation-xml", "object", "applet", "template", "noscript"]
_ALL = [*[_TABLES] * 5, *[_FORMATTING] * 5, *[_BLOCKS] * 6, *[_PLAIN] * 5, *[_FORMS] * 3, _ODD]
_THEMES = [_ALL, _ALL, [_TABLES, _TABLES, _PLAIN, _FORMATTING], [_FORMATTING, _BLOCKS], [_BLOCKS, _PLAIN]]
_LATE = ["html", "body", "head", "frameset", "/body", "/html", "/head", "meta", "link", "frame", "plaintext"]
_RAW = ["script", "style", "title", "textarea", "iframe", "xmp", "noscript", "template"]
_SELECTS = [
    "<select><button><selectedcontent class=x></selectedcontent></button><option>1",
    "<select class=y><selectedcontent></selectedcontent><option class=x>1</option>",
]
_TEXTS = ["1", "text", " ", "\n", "a > b", "&amp", "12.50 €", "<!-- c > -->", "<![CDATA[>]]>", "<", "</ x>", "\0"]
_BLANKS = ["", " ", "\n", "<!-- c > -->"]
_ATTRIBUTES = ["class=x", "class=y", "class='x y'", "class=z", "id=x", "title='a>b'", "selected", "type=hidden"]
_POSITIONS = [":first-child", ":first-of-type", ":nth-child(2)", ":nth-child(odd)", ":nth-of-type(2)"]
_COMBINATORS = [" ", " ", " > ", " > ", " + ", " ~ ", ", "]


def misnested(random: Random, most_pieces: int = 30) -> str:
    """Return a page: of most elements the end tag comes where it belongs, of some anywhere or never."""
    maker = _Maker(random)
    return "".join((random.choice(_STARTS), *(maker.piece() for _ in range(random.randint(3, most_pieces)))))


def looking_back(random: Random, words: Sequence[str]) -> str:
    """Return a plain selector that looks back only, made of words of a page."""
    css = _compound(random, words)
    while random.random() < 0.4:
        css += random.choice(_COMBINATORS) + _compound(random, words)
    return css


class _Maker:
    """Makes the pieces of one page, which is more or less wild, and has all kinds of elements, or a few."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._wildness = random.choice((0.02, 0.1, 0.4))
        self._kinds = random.choice(_THEMES)
        self._texts = random.choice((_TEXTS, _TEXTS, _BLANKS))
        self._open: list[str] = []

    def piece(self) -> str:
        """Return a tag, a text, or a few of them."""
        if self._is_wild(4):
            return f"<{self._one_of(_LATE)}{self._attributes()}>"
        match self._random.random():
            case chance if chance < 0.4:
                self._open.append(self._one_of(self._one_of(self._kinds)))
                return f"<{self._open[-1]}{self._attributes()}>"
            case chance if chance < 0.74 and self._open:
                place = self._random.randrange(len(self._open)) if self._is_wild() else -1
                return f"</{self._open.pop(place)}>"
            case chance if chance < 0.76 and self._texts is not _BLANKS:
                return self._raw()
            case chance if chance < 0.78 and self._texts is not _BLANKS:
                return self._one_of(_SELECTS)
            case _:
                return self._one_of(self._texts)

    def _raw(self) -> str:
        tag = self._one_of(_RAW)
        return f"<{tag}{self._attributes()}>a > b <p class=x></{'p' if self._is_wild() else tag}>"

    def _attributes(self) -> str:
        return "".join(f" {self._one_of(_ATTRIBUTES)}" for _ in range(self._one_of((0, 0, 1, 1, 2))))

    def _is_wild(self, times_less: int = 1) -> bool:
        return self._random.random() < self._wildness / times_less

    def _one_of(self, choices: Sequence[_T]) -> _T:
        return self._random.choice(choices)


def _compound(random: Random, words: Sequence[str]) -> str:
    return random.choice(words) + (random.choice(_POSITIONS) if random.random() < 0.2 else "")
