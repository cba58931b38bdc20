"""Names for values, of what a page calls them: of header cells, labels, `itemprop`, and the words of classes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from watcher.core.watch import Operator
from watcher.extract.lasting import is_lasting
from watcher.extract.suggesting.region_words import words_of

_RESERVED = frozenset({*Operator, "key", "topic", "already", "items"})
_MOST_CHARACTERS = 30
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NO_NAME = re.compile(r"[^\w]+")
_COUNT = re.compile(r"\A(?:\d{1,3}_)+(?=[^\W\d_]{3,}\Z)")
_GENERIC = frozenset(
    re.findall(
        r"\w+",
        """
        text label value item items col column cell inner outer wrapper wrap content contents info box left
        right span row body block main primary secondary list container field data card product entry post line
        first last small large big bold link a b c d x th td div section detail details grid flex area group
        media object element el component header heading top bottom middle center muted meta fa icon btn button
        badge tag pill ui js css col1 col2 col3 num even odd
        """,
    )
)
_LAYOUT = frozenset(
    {"col", "cols", "column", "cell", "row", "grid", "wrapper", "wrap", "inner", "outer", "box", "container", "block"}
    | {"left", "right", "item", "items", "flex", "element", "el", "unit", "span", "slide", "area"}
)


def named(wanted: str, taken: set[str]) -> str:
    """
    Return a name for a value that is not taken yet, and take it: `price`, `price_2`.

    Args:
        wanted: any text; of one without a letter the name is `value`, of `24 jobs` it is `jobs`.
    """
    name = _COUNT.sub("", name_of(wanted)) or "value"
    if name in _RESERVED or name[0].isdigit():
        name = f"the_{name}"
    number = 1
    free = name
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    taken.add(free)
    return free


def name_of(text: str) -> str:
    """Return a text as the name of a value: `Seats (left)` and `seatsLeft` are `seats_left`; empty without a letter."""
    return _NO_NAME.sub("_", _HUMP.sub("_", text).casefold()).strip("_")[:_MOST_CHARACTERS].strip("_")


def is_generic(name: str) -> bool:
    """Return whether a class of a row says where it stands, and not what it is: `grid-cell`."""
    return _LAYOUT.issuperset(words_of(name))


def name_of_classes(names: Iterable[str]) -> str:
    """Return the word of the classes that says what an element holds: of `product-card__price`, `price`."""
    for name in names:
        if not is_lasting(name):
            continue
        telling = [word for word in words_of(name) if word not in _GENERIC and len(word) > 2]
        if telling:
            return telling[-1]
    return ""
