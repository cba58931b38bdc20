"""Pages with a value early on them, and all kinds of things behind it that a prefix may be cut off in, by chance."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

PRICE = "12.00 €"
"""The first value of class `x` on each."""
_HEADS = ["<!doctype html><title>Dune</title><body>"] * 4 + ["<title>Dune</title>", "<!doctype html><body><nav>"]
_TELLING = ["<p>Home</p><h1>Dune</h1>", "<p>Books</p>", "<p>Herbert</p>", "<div class=box><b>Price</b>"]
_TELLING_BEHIND = ["<p>in stock</p>", "<p>ships soon</p>"]
_BEFORE = [
    *(
        "<p>Home</p>",
        "<a href=/>Shop</a>",
        "<b>Price</b>",
        "<h1>Dune</h1>",
        "<h2>Offers</h2>",
        "Price",
        "<br>",
        "2 left",
    ),
    *("<p>Price", "<img alt=Dune>", "text > text", "<div class=box>", "<ul><li>"),
]
_AROUND = [
    *(("<div>", "</div>"), ("<div>", "</div>"), ("<main>", "</main>"), ("<section class=box>", "</section>")),
    *(
        ("<ul><li>", "</ul>"),
        ("<dl><dt>Price", "</dl>"),
        ("<form>", "</form>"),
        ("<b>", "</b>"),
        ("<a href=/>", "</a>"),
    ),
    *(("<table><tr><th>Name<th>Price<tr><td>Dune", "</table>"), ("<table><tr><td>Price", "</table>")),
]
_VALUES = ["p", "p", "span", "span", "strong", "td", "td", "dd", "li"]
_QUIET = ["<br>", "<i></i>", "<img>", "<span></span>", "<hr>", " ", "\n", "<!-- c -->", "<g/>"]
_SAID = ["<p>in stock</p>", "<p>2 left</p>", "<b>new</b>", "<h2>Offers</h2>", "a word", "a > b", "<u>a > b</u>"]
_NESTED = [
    *("<div><div><br></div></div>", "<ul><li>one<li>two</ul>", "<table><tr><td>1<td>2</table>", "<p><i></i></p>"),
]
_LARGE = [f"<{tag}>{'<g></g>' * 30}</{tag}>" for tag in ("div", "section", "p")]
_MOVING = ["<b>", "<a href=/>", "<table>", "<table><tr><td>", "<nobr>", "<font>", "<select>", "<p><b>", "<i>"]
_CLOSING = [
    *(
        "</b>",
        "</a>",
        "<a href=/>",
        "</table>",
        "</font>",
        "</select>",
        "</i>",
        "</p>",
        "</div>",
        "</tr>",
        "</section>",
    ),
    *("</main>", "</ul>", "<div></b>", "<p></i>", "text"),
]
_LIKE = [f"<{tag} class=x>8.00 €</{tag}>" for tag in ("p", "p", "span", "strong", "td", "dd", "li")] + ["<b>Price</b>"]
DANGERS = [
    *_MOVING,
    *_CLOSING,
    *_LIKE,
    *(
        "<div>",
        "<ul>",
        "<div class=box>",
        "<section>",
        "<li>",
        "<article>",
        "<option>",
        "<h1>Dune</h1>",
        "<title>x</title>",
    ),
    *(
        "<p>New</p>",
        "Price",
        "<h2>New</h2>",
        "<tr>",
        "<td>New</td>",
        "<script>a > b</script>",
        "<!--",
        "<body class=y>",
    ),
]
"""What may change what is before or behind it."""
_IN_SVG = ["<td>New</td>", "<g/>", "<td/>", "</tr>", "</svg>"]
_MOST_PIECES = 90
_NEAR = 4
_NODES = 60


def placed(random: Random, *, is_telling: bool = False) -> tuple[str, int]:
    """Return a page, and about where it is cut. `is_telling`: the place of its value tells what page it is."""
    if random.random() < 0.1:
        return _cut(
            "<body><svg><tr><td><text class=x>1</text></td>" + _LARGE_IN_SVG * 3, random.choice(_IN_SVG), random
        )
    around = [random.choice(_AROUND) for _ in range(random.choice((0, 1, 1, 2, 3)))]
    ends = [end for _, end in reversed(around) if random.random() < 0.6]
    tag = random.choice(_VALUES)
    behind = ends + _safe(random)
    for text in _TELLING_BEHIND if is_telling else ():
        behind.insert(random.randint(0, 8), text)
    pieces = [
        random.choice(_HEADS),
        *(_TELLING if is_telling else ()),
        *(random.choice(_BEFORE) for _ in range(random.randint(0, 3 if is_telling else 8))),
        *(start for start, _ in around),
        f"<{tag} class=x>{PRICE}</{tag}>",
        *with_dangers(random, behind, random.choice((DANGERS, _MOVING))),
    ]
    rest = with_dangers(random, _safe(random)[:8], random.choice((DANGERS, _CLOSING, _LIKE)))
    return _cut("".join(pieces), "".join(rest), random)


def with_dangers(random: Random, pieces: list[str], dangers: Sequence[str] = DANGERS) -> list[str]:
    """Return pieces with a few dangers among them, most near the start."""
    for _ in range(random.randint(0, 3)):
        pieces.insert(min(int(random.expovariate(1 / _NEAR)), len(pieces)), random.choice(dangers))
    return pieces


_LARGE_IN_SVG = f"<g>{'<g></g>' * 30}</g>"


def _cut(start: str, rest: str, random: Random) -> tuple[str, int]:
    return start + rest, len(start) - random.randint(0, 4)


def _safe(random: Random) -> list[str]:
    """Return pieces that change nothing: a few large ones, empty ones with a text, or many of a few kinds."""
    match random.random():
        case chance if chance < 0.2:
            return [random.choice(_LARGE) for _ in range(random.randint(2, 5))]
        case chance if chance < 0.4:
            return [random.choice(_QUIET)] * random.randint(_NODES - 8, _NODES + 2) + ["a > b"]
        case _:
            kinds = [random.choice(random.choice((_QUIET, _SAID, _SAID, _NESTED))) for _ in range(random.randint(1, 6))]
            return [random.choice(kinds) for _ in range(random.randint(20, _MOST_PIECES))]
