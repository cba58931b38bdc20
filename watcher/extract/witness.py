"""
Whether a selector still finds what it found: it and the witness of each value must agree.

| the place that the selector finds now                               | is believed                                   |
|---------------------------------------------------------------------|-----------------------------------------------|
| has most of the signs of the usual one                              | yes                                           |
| has some, and no other place on the page has clearly more           | yes                                           |
| has some, and another place, with a value of its type, clearly more | no                                            |
| has next to none                                                    | no                                            |

None is asked of several matches without `pick`, of texts of the whole page, JSON, feeds, product data, and of what is
found by a regular expression alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from turbohtml import Element

from watcher.core.cpu_budget import CpuBudget
from watcher.core.page import Page
from watcher.core.values import SINGLE, Rows, Value
from watcher.core.watch import Language, Pick, Selector, Values, Watch
from watcher.core.witness import Doubt, RowWitness, Witness, Witnesses
from watcher.core.words import cut, one_line
from watcher.extract.body import HtmlBody, open_body
from watcher.extract.labels import find_label
from watcher.extract.reader import Reader
from watcher.extract.signs import likeness, own_marks, share, witness_of

SURE = 0.75
"""A place that has so much of the signs is the usual one."""
_STRANGE = 0.45
"""One that has less is another one."""
_MARGIN = 0.15
"""Another place must have so much more of them."""
_MOST_RIVALS = 40
_MOST_ELEMENTS = 2_000
_SHOWN_CHARACTERS = 40
_WHOLE = frozenset({"html", "body", "main"})
_MARKUP = (Language.CSS, Language.XPATH)


class Heard(Struct, frozen=True, kw_only=True):
    """What witnesses say of a page, and those of what it shows now; of what it does not show, the ones before."""

    witnesses: Witnesses
    doubts: tuple[Doubt, ...]


def hear(page: Page, watch: Watch, usual: Witnesses, before: Rows, rows: Rows, budget: CpuBudget) -> Heard:
    """
    Return what the witnesses of a watch say of a page.

    Args:
        before, rows: what was believed last, and what the watch sees now.
    """
    body = open_body(page, watch.scope)
    if not isinstance(body, HtmlBody) or not isinstance(watch.extraction, Values):
        return Heard(witnesses={}, doubts=())
    reader = Reader(body, page.url, budget)
    witnesses: dict[str, Witness | RowWitness] = {}
    doubts: list[Doubt] = []
    for name, selector in watch.extraction.selectors.items():
        known = usual.get(name)
        element = element_of(reader, selector, is_known=known is not None)
        if element is None:
            witnesses |= {name: known} if known is not None else {}
            continue
        now = witness_of(body.document, element)
        witnesses[name] = now
        if isinstance(known, Witness):
            is_same = before.get(SINGLE, {}).get(name) == rows.get(SINGLE, {}).get(name)
            doubts += () if is_same else _Hearing(body, reader, name, selector).doubts(known, element, now)
    return Heard(witnesses=witnesses, doubts=tuple(doubts))


def element_of(reader: Reader, selector: Selector, *, is_known: bool) -> Element | None:
    """
    Return the element that a value is read of; None where there is none, or no witness is asked.

    Args:
        is_known: it has a witness, from a time when there was one match.
    """
    if selector.query is None or selector.query.language not in _MARKUP:
        return None
    nodes = [node for node in reader.nodes(selector.query) if isinstance(node, Element)]
    if not nodes or (len(nodes) > 1 and (selector.pick not in (None, Pick.FIRST, Pick.LAST) or not is_known)):
        return None
    element = nodes[-1 if selector.pick is Pick.LAST else 0]
    return None if element.tag in _WHOLE else element


class _Hearing:
    """Hears one witness of one value."""

    def __init__(self, body: HtmlBody, reader: Reader, name: str, selector: Selector) -> None:
        self._body = body
        self._reader = reader
        self._name = name
        self._selector = selector

    def doubts(self, usual: Witness, element: Element, now: Witness) -> Iterator[Doubt]:
        """Yield that the element does not stand where the value stood, if it does not."""
        own = likeness(usual, now)
        if own >= SURE:
            return
        rival = self._rival(usual, element, own)
        if rival is not None or own < _STRANGE:
            yield Doubt(name=self._name, text=self._text(usual, element, now, rival))

    def _rival(self, usual: Witness, element: Element, own: float) -> Element | None:
        """Return the place that has clearly more of the signs, and a value."""
        best, most = None, own + _MARGIN
        for other in self._candidates(usual):
            if other != element and self._value(other) is not None:
                like = likeness(usual, witness_of(self._body.document, other))
                if like > most:
                    best, most = other, like
        return best

    def _candidates(self, usual: Witness) -> list[Element]:
        """Return the elements that may be meant, the likeliest by their own names first."""
        document = self._body.document
        found = document.select(usual.tag)[:_MOST_ELEMENTS]
        ranked = sorted(found, key=lambda one: share(usual.own, own_marks(one)) or 0, reverse=True)[:_MOST_RIVALS]
        labelled = find_label(document, usual.label) if usual.label else None
        return list(dict.fromkeys([*([labelled] if labelled is not None else []), *ranked]))

    def _value(self, element: Element) -> Value:
        return self._reader.value_of(element, self._selector)

    def _text(self, usual: Witness, element: Element, now: Witness, rival: Element | None) -> str:
        found = f"{self._name}: {str(self._selector.query)!r} finds {self._shown(element)}{_place(now)}"
        if rival is None:
            return f"{found}, and nothing around it is as it was{_place(usual, 'it stood')}"
        return f"{found}, and {self._shown(rival)} stands where it stood{_place(usual)}"

    def _shown(self, element: Element) -> str:
        text = self._body.read(element, self._selector) or ""
        return repr(cut(one_line(text), _SHOWN_CHARACTERS))


def _place(witness: Witness, verb: str = "") -> str:
    label = witness.header or (witness.label.text if witness.label else "")
    return f"{' when ' + verb if verb else ''} behind {label!r}" if label else ""
