"""
Ask a real shop: `make shop` renders django-oscar in its languages, and reads the stock of each page as a watch does.

The truth is in the shop's database. Each product is read in three places: the line of its page that says whether it
is there, the form that buys it or promises a mail, and the rows of the products that were looked at before. Where
oscar lacks the words of a language, it says them in English. None may be false, and 90 of 100 must be read.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from tests.extract.builders import css, single
from watcher.core.values import Stock, ValueType
from watcher.errors import PageError

_PLACES: Final = {"line": ".product_main .availability", "form": ".product_main .add-to-basket"}
_ROW_TITLE: Final = re.compile(r'<a [^<>]*title="(X\d)"')
_STATES: Final = frozenset(Stock)
_LEAST_READ: Final = 0.9


class Rendered(msgspec.Struct, frozen=True):
    """The page of a product, and whether the shop's database has it to sell."""

    language: str
    title: str
    is_in_stock: bool
    file: str

    @property
    def truth(self) -> Stock:
        return Stock.IN_STOCK if self.is_in_stock else Stock.OUT_OF_STOCK


class Answer(msgspec.Struct, frozen=True):
    """What was read of a product, or why nothing was."""

    language: str
    place: str
    truth: Stock
    read: str


def answers(directory: Path) -> Iterator[Answer]:
    """Yield what is read in each place of each page."""
    pages = msgspec.json.decode((directory / "pages.json").read_bytes(), type=list[Rendered])
    truths = {page.title: page.truth for page in pages}
    for page in pages:
        body = (directory / page.file).read_text()
        for place, selector in _PLACES.items():
            yield Answer(page.language, place, page.truth, _state(body, selector))
        for title, state in _rows(body).items():
            yield Answer(page.language, "row", truths[title], state)


def _state(body: str, selector: str) -> str:
    try:
        return str(single(body, stock=css(selector, ValueType.STOCK))["stock"])
    except PageError as error:
        return str(error)


def _rows(body: str) -> dict[str, str]:
    """Return the states of the products that were looked at before, by title; the first page has none."""
    titles = dict.fromkeys(_ROW_TITLE.findall(body))
    return {title: _state(body, f'.product_pod:has(a[title="{title}"]) .product_price') for title in titles}


def main(directory: Path) -> int:
    """Print what is wrong and the figures; return 1 if the shop was misread, or too little of it was read."""
    found = [*answers(directory)]
    read = [answer for answer in found if answer.read in _STATES]
    false = [answer for answer in read if answer.read != answer.truth]
    for answer in sorted({*found} - {*read} | {*false}, key=msgspec.json.encode):
        print(f"{answer.language}, {answer.place}, {answer.truth}: {answer.read}")
    languages = len({answer.language for answer in found})
    print(f"{len(found)} states in {languages} languages: {len(read)} read, {len(false)} of them false")
    return int(bool(false) or len(read) < _LEAST_READ * len(found))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
