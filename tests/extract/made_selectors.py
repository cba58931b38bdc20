"""Selectors of everything that both engines answer, and of what only one of them would answer rightly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from random import Random

from turbohtml import Element

_NAME = re.compile(r"[^\W\d_][\w-]*")
_VALUE = re.compile(r"""[^"\\\x00-\x1f]*""")
_NAMES = ["x", "X", "y", "foo-bar", "余票", "É", "é", "ſ", "K", "main", "-x", "_z"]
_TYPES = ["div", "P", "span", "td", "tr", "lineargradient", "linearGradient", "svg", "template", "html", "body", "x-é"]
_ATTRIBUTES = ["id", "class", "type", "lang", "rel", "data-k", "DATA-K", "href", "checked", "title", "dir", "viewBox"]
_VALUES = ["x", "X", "a", '"A"', '"x y"', '"x  y"', '" x"', '""', "'v w'", "next", "en", "LEFT", '"é"', "É", '"]"', "K"]
_POSITIONS = [f":{which}-{kind}" for which in ("first", "last", "only") for kind in ("child", "of-type")]
_COUNTS = ["1", "2", "+3", "odd", "even", "2n+1", "n", "3n - 1", "-n+2", "-2n + 5", "+n", "0", "0n+1", "n-1"]
_COMBINATORS = [" ", " ", " > ", ">", " + ", " ~ ", "\n", " >\t"]
_BEGINNINGS = [*[""] * 8, ":scope > ", ":scope ", ":scope ~ "]
_COMMAS = [", ", ",", " ,\n"]
# What turbohtml alone would refuse, or answer otherwise.
_APART = [
    *("&", ":has(:scope *)", ":has(> :scope > *)", ":nth-child(4294967297)", "[viewBox]", "[CLIPPATHUNITS]"),
    *('[data-k="v w" ſ]', ":is()", ":not(:hover)", ":empty", ":root", ".\\78 ", '[title=":scope"]', ":NOT(p)"),
]


def words_of(elements: Iterable[Element]) -> list[str]:
    """Return simple selectors that find something on the page of these elements."""
    return [word for element in elements for word in _words(element)]


def selector(random: Random, words: Sequence[str]) -> str:
    """Return a selector, half of it made of the page's own words."""
    return _list(random, words, depth=random.choice((0, 0, 1, 1, 2)))


def _words(element: Element) -> Iterable[str]:
    if _NAME.fullmatch(element.tag):
        yield element.tag
    for name, value in element.attrs.items():
        if not _NAME.fullmatch(name):
            continue
        yield f"[{name}]"
        if isinstance(value, str) and _VALUE.fullmatch(value):
            yield f'[{name}="{value}"]'
        elif isinstance(value, list):
            yield from (f".{each}" for each in value if _NAME.fullmatch(each))


def _list(random: Random, words: Sequence[str], *, depth: int) -> str:
    text = random.choice(_BEGINNINGS) + _path(random, words, depth=depth)
    while random.random() < 0.2:
        text += random.choice(_COMMAS) + _path(random, words, depth=depth)
    return text


def _path(random: Random, words: Sequence[str], *, depth: int) -> str:
    text = _compound(random, words, depth=depth)
    while random.random() < 0.35:
        text += random.choice(_COMBINATORS) + _compound(random, words, depth=depth)
    return text


def _compound(random: Random, words: Sequence[str], *, depth: int) -> str:
    chance = random.random()
    if chance < 0.65:
        begin = random.choice(words)
    elif chance < 0.72:
        begin = random.choice(_TYPES)
    elif chance < 0.8:
        begin = f".{random.choice(_NAMES)}"
    else:
        begin = "*"
    return begin + "".join(_simple(random, words, depth=depth) for _ in range(random.choice((0, 0, 0, 1, 1, 2))))


def _simple(random: Random, words: Sequence[str], *, depth: int) -> str:
    kind = random.choice(("name", "attribute", "position", "count", "scope", "function", "function", "function"))
    if random.random() < 0.04:
        return random.choice(_APART)
    match kind if depth or kind != "function" else "position":
        case "name":
            return random.choice(".#") + random.choice(_NAMES)
        case "attribute":
            return _attribute(random)
        case "position":
            return random.choice(_POSITIONS)
        case "count":
            return f":nth-{random.choice(('', 'last-'))}{random.choice(('child', 'of-type'))}({random.choice(_COUNTS)})"
        case "scope":
            return ":scope"
        case _:
            return _function(random, words, depth=depth - 1)


def _function(random: Random, words: Sequence[str], *, depth: int) -> str:
    inner = _list(random, words, depth=depth)
    name = random.choice((":not", ":not", ":is", ":where", ":has", ":has", ":nth-child", ":nth-last-child"))
    if name.endswith("child"):
        return f"{name}({random.choice(_COUNTS)} of {inner})"
    begin = random.choice(("", "", "> ", "+ ", "~")) if name == ":has" else ""
    return f"{name}({begin}{inner})"


def _attribute(random: Random) -> str:
    name = random.choice(_ATTRIBUTES)
    if random.random() < 0.3:
        return f"[{name}]"
    comparison = random.choice(("=", "=", "~=", "^=", "$=", "*=", "|="))
    return f"[{name}{comparison}{random.choice(_VALUES)}{random.choice(('', '', '', ' i', ' s'))}]"
