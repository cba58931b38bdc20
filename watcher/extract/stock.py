"""
Text → whether a thing can be had, as shops write it. The words are in `stock_words.py`, by language.

| answer | phrases |
|---|---|
| out of stock | `售罄`, `候补`, `即将开售`, `到货通知`, sold out, notify me, ausverkauft, épuisé |
| pre-order | `预售`, pre-order, vorbestellen, précommande, preventa, 予約受付中, 예약 구매, back-order |
| in stock | `有货`, `即将售完`, `立即购买`, add to cart, almost sold out, auf Lager, en stock, 在庫あり |

1. Phrases and counts are read as in `stock_phrases.py`.
2. Where several answers stand, out beats pre-order beats in: `Add to cart – Sold out` is out. A page keeps its button
   while a thing is gone far more often than the word for gone while it is there; and an alert that is
   late by one check costs less than one that sends people to a shop with nothing to sell. But two statements that
   contradict each other say nothing: `S: sold out`, `L: in stock`.
3. A clause (`stock_clauses.py`) that says that a thing is gone from a place, or that a service is not there, counts
   where no other clause says anything: `Retrait en magasin indisponible – Ajouter au panier` is in.
4. A later day makes what is offered a pre-order: `Lieferbar ab 15.10. – In den Warenkorb`. Alone it says nothing, but
   what comes back then, or is sold from then on, is out. Weeks until something is sent say nothing, whatever is
   offered.
5. A message to come is out, and beside a button that buys says nothing.
6. What cannot be used or seen offers nothing (`stock_text.py`): of a disabled button alone it is out, beside
   `In stock` the button says nothing. Choices that do not agree say nothing of the goods; one that is left open where
   others are closed as sold out is in.
7. A text without any of these is refused, with the advice to say what it means by `map`.

The time it takes grows with the length of the text, and a text has 300 characters at most.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

from watcher.core.values import Stock
from watcher.core.wording import worded
from watcher.errors import UnparsableError
from watcher.extract.numbers import plain, quoted
from watcher.extract.stock_clauses import (
    BREAK,
    Subject,
    clauses,
    is_offer,
    is_question,
    is_reserved,
    is_waiting_for_a_choice,
    subjects,
)
from watcher.extract.stock_phrases import STATES, normal, states_of
from watcher.extract.text import one_line

# What `stock_text` says of an element's controls.
_CONTROL_MARK = re.compile(r"\[(disabled|hidden|unseen|choice|open): ([^\[\]]*)\]")
_APART = frozenset({Subject.STORE, Subject.PICKUP, Subject.MESSAGE, Subject.OPENS_LATER})
_ELSEWHERE = frozenset({Subject.STORE, Subject.PICKUP, Subject.WEB})
_SERVICES = frozenset({Subject.DELIVERY, Subject.SERVICE})
_SHORT_WORD = 4
_LABEL_WORDS = 2  # `Pickup`, and the end of its line
_NOTHING: frozenset[Stock] = frozenset()
_OUT = frozenset({Stock.OUT_OF_STOCK})
_IN = frozenset({Stock.IN_STOCK})


class Said(Struct, frozen=True, kw_only=True):
    """What a text says of stock: every state that it speaks of."""

    states: frozenset[Stock]

    @property
    def state(self) -> Stock | None:
        """The state that counts, None if the text says nothing."""
        return next((state for state in STATES if state in self.states), None)


def stock(text: str) -> Stock:
    """Return whether the thing can be had; UnparsableError when the text does not say."""
    state = said(text).state
    if state is None:
        raise unknown(text)
    return state


def unknown(text: str) -> UnparsableError:
    """Return the error of a text that does not say, with what to do."""
    line = one_line(text)
    if is_split(text):
        return UnparsableError(
            worded("error_choices", "{text}: the choices do not agree; select the one that counts", text=quoted(line))
        )
    if text.startswith("[unseen: "):
        return UnparsableError(
            worded(
                "error_no_stock_hidden",
                "{text} is no state of stock that a watch knows; what a page hides is not read; say what it means, "
                "as in `map: {{{text}: out_of_stock}}`, or in_stock, or preorder",
                text=quoted(line),
            )
        )
    return UnparsableError(
        worded(
            "error_no_stock",
            "{text} is no state of stock that a watch knows; say what it means, as in "
            "`map: {{{text}: out_of_stock}}`, or in_stock, or preorder",
            text=quoted(line),
        )
    )


def is_split(text: str) -> bool:
    """Return whether the text is choices that do not agree, so nothing that is said of the whole answers it."""
    return any(mark[1] == "choice" for mark in _CONTROL_MARK.finditer(text))


@lru_cache(maxsize=1_000)  # pages show the same at each check, and it takes 0.2 ms
def said(text: str) -> Said:
    """Return what the text says, nothing where it is unknown; UnparsableError when it is too long for a state."""
    plain(text, "state of stock")
    text = "\n".join([plain(line, "state of stock") for line in text.split("\n")])
    if "[" not in text:
        return Said(states=_of_clauses(text))
    marks = [(mark[1], _of_clauses(mark[2])) for mark in _CONTROL_MARK.finditer(text)]
    shown = _of_clauses(_CONTROL_MARK.sub(" ", text))
    if is_split(text):
        return Said(states=frozenset())
    if not shown and any(name == "open" for name, _ in marks):
        shown = _IN
    gone = any(name == "disabled" and Stock.OUT_OF_STOCK in states for name, states in marks)
    withheld = any(name in ("disabled", "hidden") and states - {Stock.OUT_OF_STOCK} for name, states in marks)
    if gone or (withheld and not shown and not is_waiting_for_a_choice(normal(text))):
        shown |= {Stock.OUT_OF_STOCK}
    return Said(states=shown)


class _Clause(Struct, frozen=True):
    """A part of a text, what it speaks of beside the goods, and what it says of stock."""

    text: str
    subjects: frozenset[Subject]

    @property
    def states(self) -> frozenset[Stock]:
        return states_of(self.text)

    @property
    def is_of_goods(self) -> bool:
        """Whether it says of the goods what can be had now."""
        if not self.subjects - {Subject.WEB}:
            return True
        if self.subjects & _APART:
            return False
        if self.subjects & _SERVICES:
            return Stock.OUT_OF_STOCK not in self.states
        return Stock.PREORDER in self.states or (Subject.LONG_TIME in self.subjects and self.states == _OUT)


def _clauses(text: str) -> Iterator[_Clause]:
    """Yield the clauses; what follows a message behind a comma, or a place on a line of its own, speaks of it, too."""
    inherited: frozenset[Subject] = frozenset()
    for part in (clause for clause in clauses(text) if not is_question(clause)):
        own = frozenset(subjects(normal(part)))
        clause = _Clause(part, own if own and Subject.MESSAGE not in inherited else own | inherited)
        yield clause
        if Subject.MESSAGE in clause.subjects and (part[-1].isalnum() or part[-1] == ","):
            inherited = frozenset({Subject.MESSAGE})
        else:
            is_label = part.endswith(BREAK) and len(part.split()) == _LABEL_WORDS and not clause.states
            inherited = own & (_ELSEWHERE | _SERVICES) if is_label else frozenset()


def _of_clauses(text: str) -> frozenset[Stock]:
    """Return what the text says of the goods, where a clause may speak of something else, or of another day."""
    parts = [*_clauses(text)]
    about = frozenset[Subject]().union(*(part.subjects for part in parts))
    goods = [part for part in parts if part.is_of_goods]
    states = states_of(" ".join([part.text for part in goods]))
    if Stock.OUT_OF_STOCK in states:
        is_elsewhere = any(Subject.PICKUP in part.subjects and part.states == _IN for part in parts)
        return _NOTHING if is_elsewhere or _is_contradicted(goods) else states
    if Stock.OUT_OF_STOCK in _states(parts, Subject.MESSAGE):
        return _NOTHING if states else _OUT
    if Subject.OPENS_LATER in about and Stock.PREORDER not in states:
        return _NOTHING if states else _OUT
    if Subject.LATER_DAY in about:
        return _of_later(parts, is_offered=bool(states) or is_reserved(normal(text)))
    if Subject.LONG_TIME in about and states == _IN:
        return _NOTHING
    return states or _of_elsewhere(parts) or _of_a_line(parts)


def _of_a_line(parts: Sequence[_Clause]) -> frozenset[Stock]:
    """Return that it is out where a line of its own says so in a word, and none is a count: `Complet` below a title."""
    lines = [part.text.removesuffix(BREAK).strip() for part in parts if not part.subjects]
    is_out = any(len(line) > _SHORT_WORD and states_of(line) == _OUT for line in lines)
    return _OUT if is_out and not any(line.isdecimal() for line in lines) else _NOTHING


def _of_later(parts: Sequence[_Clause], *, is_offered: bool) -> frozenset[Stock]:
    """Return what a later day says: what is offered is a pre-order, and what comes back then is gone now."""
    if is_offered:
        return frozenset({Stock.PREORDER})
    is_gone = any(Subject.BACK_LATER in part.subjects for part in parts)
    return _OUT if is_gone or Stock.OUT_OF_STOCK in _states(parts, Subject.LATER_DAY) else _NOTHING


def _is_contradicted(goods: Sequence[_Clause]) -> bool:
    """Return whether a clause states that some are there: no button, which stands beside anything, nor `0 in stock`."""
    return any(
        part.states == _IN
        and not is_offer(normal(part.text))
        and Stock.IN_STOCK in states_of(f"{before.text if before else ''} {part.text}")
        for before, part in zip((None, *goods), goods, strict=False)
    )


def _of_elsewhere(parts: Sequence[_Clause]) -> frozenset[Stock]:
    """Return what is said of stores, pick-up and delivery, which counts where nothing is said of the goods."""
    is_elsewhere = any(part.subjects & _ELSEWHERE and Stock.OUT_OF_STOCK not in part.states for part in parts)
    parts = [part for part in parts if Subject.ONLY_THERE not in part.subjects]
    states = _states(parts, Subject.STORE, Subject.DELIVERY) | (_states(parts, Subject.PICKUP) - _OUT)
    return _NOTHING if Stock.OUT_OF_STOCK in states and is_elsewhere else states


def _states(parts: Sequence[_Clause], *about: Subject) -> frozenset[Stock]:
    """Return what the clauses say that speak of one of these."""
    return _NOTHING.union(*(part.states for part in parts if part.subjects.intersection(about)))
