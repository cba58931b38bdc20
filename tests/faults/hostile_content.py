"""Contents of 40,000 characters that are laborious to render, by what they are made of."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Final

_CHARS: Final = 40_000


def _of(unit: str) -> str:
    return (unit * (_CHARS // len(unit) + 1))[:_CHARS]


def _numbered(unit: str) -> str:
    text = ""
    for number in count():
        if len(text) >= _CHARS:
            return text[:_CHARS]
        text += unit.replace("#", str(number))
    raise AssertionError


MARKDOWN: Final[Mapping[str, str]] = {
    "brackets": _of("["),
    "brackets of pictures": _of("!["),
    "brackets that close": "[" * (_CHARS // 2) + "]" * (_CHARS // 2),
    "brackets in emphasis": _of("*["),
    "brackets in backticks": _of("`["),
    "links without an end": _of("[a]("),
    "links in corners": _of("[a](<b"),
    "links with titles": _of('[a](x "'),
    "links of brackets": "[a](" + "(" * (_CHARS - 4),
    "emphasis": _of("*a _b "),
    "emphasis in threes": _of("***a "),
    "emphasis within": _of("a**b"),
    "emphasis of both kinds": _of("_*a*"),
    "emphasis that crosses": _of("*a)_"),
    "struck out": _of("~~a ~b"),
    "runs of stars": ("*" * 100 + "a") * (_CHARS // 101),
    "quotes": ">" * _CHARS,
    "quotes on quotes": "\n".join(">" * depth + "a" for depth in range(1, 280))[:_CHARS],
    "deep quotes with lazy lines": ("> " * 98 + "a\n") + _of("b\n")[: _CHARS - 300] + "\n\nwords",
    "deep lists with lazy lines": ("- " * 90 + "a\n") + _of("b\n")[: _CHARS - 300] + "\n\nwords",
    "quotes of paragraphs": _of(">a\n\n"),
    "lists": _of("- "),
    "lists in lists": "\n".join(" " * 2 * depth + "- a" for depth in range(199))[:_CHARS],
    "empty items": _of("-\n"),
    "lists in quotes": _of(">- "),
    "a table of rows": ("|a" * 200 + "\n" + "|-" * 200 + "\n" + "|\n" * 18_000)[:_CHARS],
    "a table of columns": ("a|" * 1_000 + "\n" + "-|" * 1_000 + "\n" + "a\n" * 18_000)[:_CHARS],
    "a wide table": ("|".join("a" * 5_000) + "\n" + "|".join("-" * 5_000) + "\n" + "|" * 15_000)[:_CHARS],
    "blocks of HTML": _of("<div>\n"),
    "HTML": _of("<a"),
    "comments": _of("<!-- "),
    "sections": _of("<![CDATA["),
    "instructions": _of("<?"),
    "addresses": _of("<http://a"),
    "entities": _of("&amp;"),
    "entities of numbers": _of("&#1234567;"),
    "runs of backticks": "".join("`" * number + "a" for number in range(1, 282))[:_CHARS],
    "backticks": _of("`a``b"),
    "references": _numbered("[#]: x\n"),
    "references that grow": "[a]: http://x/" + "b" * 20_000 + "\n\n" + "[a]" * 5_000,
    "references without an end": _of('[a]: x "\n'),
    "lines": _of("a\n"),
    "headings": _of("a\n=\n"),
    "fences": _of("```\n"),
    "breaks": _of("a  \n"),
}
HTML: Final[Mapping[str, str]] = {
    "blocks": _of("<div>"),
    "lists": _of("<ul><li>"),
    "paragraphs in bold": _of("<b></p>"),
    "bold that stays open": "<b>" * 4_000 + "</p>" * 6_000,
    "spans that stay open": "<span>" * 4_000 + "</div>" * 2_500,
    "links in blocks": _of("<a><div>"),
    "tables": _of("<table><td>"),
    "tables of text": _of("<table>x"),
    "attributes": ("<a " + _numbered("a# "))[: _CHARS - 1] + ">",
    "styles": '<p style="' + _of("color:red;")[:39_000] + '">',
    "colours": '<p style="' + _of("rgb(")[:39_000] + '">',
    "entities": _of("&amp"),
    "comments": _of("<!--"),
    "drawings": _of("<svg>"),
    "formulas": _of("<math><mi>"),
    "templates": _of("<template>"),
    "options": _of("<option>"),
    "buttons": _of("<copy>x</copy>"),
    "pictures": _of('<img src="data:image/png;base64,'),
}
