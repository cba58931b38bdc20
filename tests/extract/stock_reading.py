"""Reads HTML for its stock, as a watch does whose selector finds it."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from tests.extract.builders import css, single
from watcher.core.values import ValueType
from watcher.errors import PageError

REFUSED = "REFUSED"


class Figures(Struct, frozen=True):
    """How a table was read: the rows that are right, and the wrong ones with what was read, false or refused."""

    count: int
    false: dict[str, str]
    refused: frozenset[str]

    @property
    def right(self) -> int:
        return self.count - len(self.false) - len(self.refused)

    def __str__(self) -> str:
        wrong = "".join(f"\n  {html!r} is read as {answer}" for html, answer in self.false.items())
        refused = "".join(f"\n  {html!r} is refused" for html in sorted(self.refused))
        return (
            f"{self.right} of {self.count} right, {len(self.false)} false, {len(self.refused)} refused{wrong}{refused}"
        )


def read_stock(html: str, lang: str = "en") -> str:
    """Return the state that is read, or `REFUSED`."""
    try:
        page = f'<!doctype html><html lang="{lang}"><body><div id="stock">{html}</div>'
        return str(single(page, state=css("#stock", ValueType.STOCK))["state"])
    except PageError:
        return REFUSED


def figures(rows: Iterable[tuple[str, str, str]]) -> Figures:
    """Return how rows of language, HTML and answer are read; a refusal where something was to be read is wrong, too."""
    answers = [(html, expected, read_stock(html, lang)) for lang, html, expected in rows]
    wrong = {html: answer for html, expected, answer in answers if answer != expected}
    return Figures(
        len(answers),
        {html: answer for html, answer in wrong.items() if answer != REFUSED},
        frozenset(html for html, answer in wrong.items() if answer == REFUSED),
    )


def main() -> None:
    """Print how the tables are read: `python -m tests.extract.stock_reading`."""
    from tests.extract.stock_held_out import HELD_OUT
    from tests.extract.stock_held_out_later import HELD_OUT_LATER
    from tests.extract.stock_later import LATER
    from tests.extract.stock_platforms import PLATFORMS
    from tests.extract.stock_shop_parts import SHOP_PARTS
    from tests.extract.stock_snippets import SNIPPETS
    from tests.extract.stocks import STOCKS

    print("texts:", figures((lang, text, state) for text, lang, _, state in STOCKS))
    print("parts of pages, our own:", figures(SNIPPETS))
    print("parts of pages, written later:", figures(LATER))
    print("parts of pages, of platforms and countries:", figures(PLATFORMS))
    print("parts of pages, once more:", figures(SHOP_PARTS))
    print("parts of pages, by one who did not see the reader:", figures(HELD_OUT))
    print("parts of pages, by another who did not:", figures(HELD_OUT_LATER))


if __name__ == "__main__":
    main()
